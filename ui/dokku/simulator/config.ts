import { readFileSync } from 'node:fs'
import type { Commands } from './dispatch.ts'
import { dotenvLine, goJson, parseDotenv } from './go.ts'
import { type Options, parseOptions } from './options.ts'
import { redeployForConfig } from './release.ts'
import { columns, quietHeadline, quietInfo } from './speech.ts'
import { appNamed, Refused, refuse, type World } from './world.ts'

type Env = Record<string, string>

const FLAGS = ['global', 'no-restart', 'merged', 'quoted', 'replace', 'encoded', 'export', 'shell']

export const commands: Commands = {
  config: show,
  'config:show': show,
  'config:get'(world, args) {
    const { scope, options, rest } = scoped(world, 'config:get', args)
    if (rest[0] === undefined) throw refuse('Expected: key')
    if (rest.length > 1) throw refuse(`Unexpected argument(s): [${rest.slice(1).join(' ')}]`)
    const value = env(world, scope)[rest[0]]
    if (value === undefined) throw new Refused(1)
    world.out(options.flags.has('quoted') ? `'${value.replaceAll("'", "'\\''")}'\n` : `${value}\n`)
  },
  'config:keys'(world, args) {
    const { scope, options } = scoped(world, 'config:keys', args)
    for (const key of keysOf(env(world, scope, options.flags.has('merged')))) world.out(`${key}\n`)
  },
  'config:export'(world, args) {
    const { scope, options } = scoped(world, 'config:export', args)
    const format = options.values.format ?? 'exports'
    const write = FORMATS[format]
    if (write === undefined) throw refuse(`Unknown export format: ${format}`)
    world.out(`${write(env(world, scope, options.flags.has('merged')))}${format === 'shell' ? ' ' : '\n'}`)
  },
  async 'config:set'(world, args) {
    const { scope, options, rest } = scoped(world, 'config:set', args)
    if (rest.length === 0) throw refuse('At least one env pair must be given')
    const pairs = rest.map((pair) => splitPair(pair, options.flags.has('encoded')))
    await setMany(world, scope, Object.fromEntries(pairs), { restart: !options.flags.has('no-restart') })
  },
  async 'config:unset'(world, args) {
    const { scope, options, rest } = scoped(world, 'config:unset', args)
    if (rest.length === 0) throw refuse('At least one key must be given')
    rest.forEach(validateKey)
    const had = env(world, scope)
    for (const key of rest)
      quietInfo(world, key in had ? `Unsetting ${key}` : `Skipping ${key}, it is not set in the environment`)
    if (rest.some((key) => key in had)) {
      remove(world, scope, rest)
      world.fire('post-config-update', scope, 'unset', ...rest)
    }
    await restart(world, scope, !options.flags.has('no-restart'))
  },
  async 'config:clear'(world, args) {
    const { scope, options } = scoped(world, 'config:clear', args)
    const had = keysOf(env(world, scope))
    for (const key of had) quietInfo(world, `Unsetting ${key}`)
    if (had.length > 0) {
      remove(world, scope, had)
      world.fire('post-config-update', scope, 'clear')
    }
    await restart(world, scope, !options.flags.has('no-restart'))
  },
  async 'config:import'(world, args) {
    const { scope, options, rest } = scoped(world, 'config:import', args)
    const pairs = imported(world, rest[0] ?? '', options.values.format ?? 'envfile')
    if (Object.keys(pairs).length === 0) throw refuse('No config vars to set')
    for (const [key, value] of Object.entries(pairs)) quietInfo(world, `Setting config var ${key}=${value}`)
    const { flags } = options
    await setMany(world, scope, pairs, { restart: !flags.has('no-restart'), replace: flags.has('replace') })
  },
}

/** Sets variables, tells the plugins their names and, where asked, brings the app up anew. Empty scope: the server's. */
export async function setMany(
  world: World,
  scope: string,
  pairs: Env,
  {
    restart: wanted,
    replace = false,
    silent = false,
  }: { restart: boolean; replace?: boolean; silent?: boolean },
): Promise<void> {
  const keys = Object.keys(pairs)
  keys.forEach(validateKey)
  changeEnv(world, scope, (changed) => {
    if (replace) for (const key of Object.keys(changed)) delete changed[key]
    Object.assign(changed, pairs)
  })
  if (!silent) {
    quietInfo(world, 'Setting config vars')
    if (!world.flags.quiet) world.out(pretty(pairs, '       '))
  }
  world.fire('post-config-update', scope, 'set', ...keys)
  await restart(world, scope, wanted)
}

async function restart(world: World, scope: string, wanted: boolean): Promise<void> {
  if (scope === '' || !wanted) return
  const app = appNamed(world, scope)
  if (app.properties['ps.restore'] === 'false' || !app.deployed) return
  await redeployForConfig(world, scope)
}

/** An app's name, or '' with --global. */
function scoped(
  world: World,
  command: string,
  args: readonly string[],
): { scope: string; options: Options; rest: readonly string[] } {
  const options = parseOptions(command, args, { flags: FLAGS, values: ['format'] })
  if (options.flags.has('global')) return { scope: '', options, rest: options.rest }
  return { scope: appNamed(world, options.rest[0]).name, options, rest: options.rest.slice(1) }
}

function env(world: World, scope: string, merged = false): Env {
  const host = world.state.host().config
  if (scope === '') return host
  const own = appNamed(world, scope).config
  return merged ? { ...host, ...own } : own
}

function changeEnv(world: World, scope: string, change: (env: Env) => void): void {
  if (scope === '') world.state.changeHost((host) => change(host.config))
  else world.state.change(scope, (app) => change(app.config))
}

function remove(world: World, scope: string, keys: readonly string[]): void {
  changeEnv(world, scope, (changed) => {
    for (const key of keys) delete changed[key]
  })
}

function show(world: World, args: readonly string[]): void {
  const { scope, options } = scoped(world, 'config:show', args)
  quietHeadline(world, `${scope === '' ? 'global' : scope} env vars`)
  const shown = env(world, scope, options.flags.has('merged'))
  world.out(Object.keys(shown).length === 0 ? '\n' : pretty(shown, ''))
}

function splitPair(pair: string, encoded: boolean): [string, string] {
  const at = pair.indexOf('=')
  if (at === -1) throw refuse(`Invalid env pair: ${pair}`)
  const value = pair.slice(at + 1)
  return [pair.slice(0, at), encoded ? Buffer.from(value, 'base64').toString() : value]
}

function validateKey(key: string): void {
  if (!/^[a-zA-Z_][a-zA-Z0-9_]*$/.test(key)) throw refuse(`Invalid key name: '${key}'`)
}

function imported(world: World, file: string, format: string): Env {
  if (file === '-') quietInfo(world, 'Reading config vars from stdin')
  if (format !== 'envfile' && format !== 'json') throw refuse(`Unknown format: ${format}`)
  const text = file === '-' ? world.stdin().toString() : readFileSync(file, 'utf8')
  return format === 'json' ? parseObject(text) : parseDotenv(text)
}

function parseObject(text: string): Env {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value !== 'object' || value === null) throw new Error('no object')
    return Object.fromEntries(Object.entries(value).map(([key, v]) => [key, String(v)]))
  } catch {
    throw refuse(
      text.trim() === '' ? 'EOF' : `invalid character '${text.trim()[0]}' looking for beginning of value`,
    )
  }
}

const keysOf = (shown: Env): string[] => Object.keys(shown).sort()
const sorted = (shown: Env): [string, string][] => keysOf(shown).map((key) => [key, shown[key] ?? ''])
const quoted = (value: string): string => `'${value.replaceAll("'", "'\\''")}'`

const pretty = (shown: Env, prefix: string): string =>
  columns(
    sorted(shown).map(([key, value]) => [`${key}:`, value.trim()]),
    prefix,
  )

const FORMATS: Readonly<Record<string, (shown: Env) => string>> = {
  exports: (shown) =>
    sorted(shown)
      .map(([key, value]) => `export ${key}=${quoted(value)}`)
      .join('\n'),
  envfile: (shown) =>
    sorted(shown)
      .map(([key, value]) => dotenvLine(key, value))
      .join('\n'),
  'docker-args': (shown) =>
    sorted(shown)
      .map(([key, value]) => `--env=${key}=${quoted(value)}`)
      .join(' '),
  'docker-args-keys': (shown) =>
    keysOf(shown)
      .map((key) => `--env=${key}`)
      .join(' '),
  'pack-keys': (shown) =>
    keysOf(shown)
      .map((key) => `--env ${key}`)
      .join(' '),
  shell: (shown) =>
    sorted(shown)
      .map(([key, value]) => `${key}=${quoted(value)}`)
      .join(' '),
  pretty: (shown) => pretty(shown, '').replace(/\n$/, ''),
  json: (shown) => goJson(Object.fromEntries(sorted(shown))),
  'json-list': (shown) =>
    Object.keys(shown).length === 0
      ? 'null'
      : goJson(sorted(shown).map(([name, value]) => ({ name, value }))),
}
