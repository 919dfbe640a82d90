import { spawnSync } from 'node:child_process'
import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { basename, join, resolve } from 'node:path'
import type { Commands, Handler } from './dispatch.ts'
import { environmentOf } from './environment.ts'
import { enabledPlugins, type Place } from './place.ts'
import type { World } from './world.ts'

const VERSION = '0.38.27'
const CORE =
  '00_dokku-standard 20_events app-json apps builder builder-dockerfile builder-herokuish builder-lambda ' +
  'builder-nixpacks builder-null builder-pack builder-railpack buildpacks builds caddy-vhosts certs checks common ' +
  'config cron docker-options domains enter git haproxy-vhosts logs network nginx-vhosts openresty-vhosts plugin ' +
  'ports proxy ps registry repo resource run scheduler scheduler-docker-local scheduler-k3s scheduler-null shell ' +
  'ssh-keys storage trace traefik-vhosts'
/** Where Dokku's own word isn't the rule. */
const DESCRIPTIONS: Readonly<Record<string, string>> = {
  '00_dokku-standard': 'dokku core standard plugin',
  '20_events': 'dokku core events logging plugin',
  certs: 'dokku core certificate management plugin',
}
const VERSIONS: Readonly<Record<string, string>> = { builds: '0.34.0' }

export const commands: Commands = {
  'plugin:list'(world, args) {
    const core = CORE.split(' ').map((name) =>
      listed(name, VERSIONS[name] ?? VERSION, true, DESCRIPTIONS[name] ?? `dokku core ${name} plugin`),
    )
    const plugins = [...core, ...community(world.place)].sort((a, b) => (a.name < b.name ? -1 : 1))
    if (args.includes('json')) return world.out(`${JSON.stringify(plugins)}\n`)
    for (const { name, version, description } of plugins)
      world.out(`  ${name.padEnd(20)} ${version} enabled    ${description}\n`)
  },
}

const listed = (name: string, version: string, core: boolean, description: string) => ({
  name,
  version,
  enabled: true,
  core,
  description,
  source_url: '',
  committish: '',
  branch: '',
})

function community(place: Place) {
  return pluginNames(place).map((name) => {
    const file = join(enabledPlugins(place), name, 'plugin.toml')
    const toml = existsSync(file) ? readFileSync(file, 'utf8') : ''
    const field = (key: string) => new RegExp(`^${key}\\s*=\\s*"(.*)"`, 'm').exec(toml)?.[1] ?? ''
    return listed(name, field('version') || '0.0.0', false, field('description'))
  })
}

/** Enabled plugins in the order plugn asks them. */
export const pluginNames = (place: Place): string[] =>
  existsSync(enabledPlugins(place)) ? readdirSync(enabledPlugins(place)).sort() : []

export function executable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/**
 * Enables the plugin in `folder` as its own `install` would: the hooks of its triggers/ are linked to the plugin's
 * root, which here is a folder of the simulated server, so that nothing in `folder` is touched.
 */
export function enablePlugin(
  place: Place,
  folder: string,
  name = basename(folder).replace(/^dokku-/, ''),
): void {
  const plugin = join(enabledPlugins(place), name)
  rmSync(plugin, { recursive: true, force: true })
  mkdirSync(plugin, { recursive: true })
  mkdirSync(join(place.lib, 'data', name, 'outbox'), { recursive: true })
  const from = resolve(folder)
  const link = (target: string) => symlinkSync(target, join(plugin, basename(target)))
  for (const part of ['subcommands', 'commands', 'plugin.toml'])
    if (existsSync(join(from, part))) link(join(from, part))
  const triggers = join(from, 'triggers')
  if (existsSync(triggers)) for (const hook of readdirSync(triggers)) link(join(triggers, hook))
}

/** Plugins the simulator plays itself: nothing of theirs is installed but their names. */
const PLAYED: Readonly<Record<string, { readonly version: string; readonly description: string }>> = {
  letsencrypt: {
    version: '0.25.1',
    description: "Automated installation of let's encrypt TLS certificates",
  },
}

export function playPlugin(place: Place, name: string): void {
  const played = PLAYED[name]
  if (played === undefined)
    throw new Error(`there is no plugin "${name}" to play; known: ${Object.keys(PLAYED).join(', ')}`)
  const folder = join(enabledPlugins(place), name)
  mkdirSync(folder, { recursive: true })
  const lines = Object.entries(played).map(([key, value]) => `${key} = "${value}"`)
  writeFileSync(join(folder, 'plugin.toml'), `[plugin]\n${lines.join('\n')}\n[plugin.config]\n`)
}

/** A command of an enabled plugin: subcommands/default, subcommands/NAME, else its `commands` file. */
export function pluginCommand(world: World, command: string): Handler | null {
  const [plugin = '', name = 'default'] = command.split(':')
  if (!pluginNames(world.place).includes(plugin)) return null
  const folder = join(enabledPlugins(world.place), plugin)
  const file = [join(folder, 'subcommands', name), join(folder, 'commands')].find(executable)
  if (file === undefined) return null
  return (_, args) => {
    const { status } = spawnSync(file, [command, ...args], { stdio: 'inherit', env: environmentOf(world) })
    return status ?? 1
  }
}
