import { parseFlags } from './flags.ts'
import { pluginCommand, pluginNames } from './plugin.ts'
import { NOT_IMPLEMENTED, Refused, type World } from './world.ts'

/** One command of Dokku's, with what stood after its name. A number it gives is its exit code; else that is 0. */
export type Handler = (world: World, args: readonly string[]) => unknown
export type Commands = Readonly<Record<string, Handler>>

interface Plugin {
  readonly commands: Commands
}

/** Read only when called: a short command must not pay for the others. */
const PLUGINS: Readonly<Record<string, () => Promise<Plugin>>> = {
  apps: () => import('./apps.ts'),
  builds: () => import('./builds.ts'),
  certs: () => import('./certs.ts'),
  checks: () => import('./checks.ts'),
  config: () => import('./config.ts'),
  domains: () => import('./domains.ts'),
  git: () => import('./git.ts'),
  cron: () => import('./cron.ts'),
  logs: () => import('./logs.ts'),
  network: () => import('./network.ts'),
  plugin: () => import('./plugin.ts'),
  ports: () => import('./ports.ts'),
  ps: () => import('./ps.ts'),
  resource: () => import('./resource.ts'),
  simulator: () => import('./simulator.ts'),
  storage: () => import('./storage.ts'),
}

/** Plugins that are not Dokku's own, played where they are enabled by `simulator:play`. */
const PLAYED: Readonly<Record<string, () => Promise<Plugin>>> = {
  letsencrypt: () => import('./letsencrypt.ts'),
}

/** Runs one command line, its name first. Gives the exit code. */
export async function dispatch(world: World, argv: readonly string[]): Promise<number> {
  const { name, args } = parseFlags(argv)
  try {
    if (!name.startsWith('simulator'))
      world.fire('user-auth', world.caller.sshUser, world.caller.sshName, name, ...args)
    const handler = await handlerOf(world, name)
    if (handler === null) return notACommand(world, [name, ...args])
    const result = await handler(world, args)
    if (result === NOT_IMPLEMENTED) return notACommand(world, [name, ...args])
    return typeof result === 'number' ? result : 0
  } catch (error) {
    if (!(error instanceof Refused)) throw error
    for (const line of error.lines) world.err(`${line}\n`)
    return error.exitCode
  }
}

async function handlerOf(world: World, name: string): Promise<Handler | null> {
  const [plugin = ''] = name.split(':')
  const own = await PLUGINS[plugin]?.()
  const found = own?.commands[name]
  if (found !== undefined) return found
  const { commands } = await import('./server.ts')
  const { propertyCommand } = await import('./properties.ts')
  return commands[name] ?? propertyCommand(name) ?? (await pluginsOwn(world, name))
}

/** What Docker says, the simulator has to answer itself: there is no Docker to ask. */
async function pluginsOwn(world: World, name: string): Promise<Handler | null> {
  if (name === 'dokkubase:containers') return (await import('./containers.ts')).containers
  const [plugin = ''] = name.split(':')
  const played = pluginNames(world.place).includes(plugin) ? PLAYED[plugin] : undefined
  if (played !== undefined) return (await played()).commands[name] ?? null
  return pluginCommand(world, name)
}

function notACommand(world: World, words: readonly string[]): number {
  world.err(` !     \`${words.join(' ')}\` is not a dokku command.\n`)
  world.err(' !     See `dokku help` for a list of available commands.\n')
  return 1
}
