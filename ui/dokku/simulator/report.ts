import { readFileSync } from 'node:fs'
import type { App } from './app.ts'
import type { Handler } from './dispatch.ts'
import { type Facts, factsOf, type Value } from './facts.ts'
import { goJson } from './go.ts'
import { quietHeadline, verbose, warn } from './speech.ts'
import { appNamed, refuse, type World } from './world.ts'

/** Every plugin's report: reports.json says which flags it has and what they say of an app without anything. */

interface Shape {
  readonly type: string
  /** Whether JSON names each property a second time, with the plugin's name before it. */
  readonly legacy: boolean
  readonly app: Readonly<Record<string, string>>
  readonly global: Readonly<Record<string, string>>
}

const GLOBAL = '--global'
const NARROWEST = 31

/** The handler of `PLUGIN:report [APP|--global] [--FLAG | --format json]`. */
export function report(plugin: string): Handler {
  return (world, args) => {
    const shape = shapes()[plugin]
    if (shape === undefined) throw new Error(`no report of ${plugin}`)
    const asked = parse(plugin, args)
    const scopes = asked.scope === '' ? world.state.apps() : [asked.scope]
    if (scopes.length === 0) warn(world, "You haven't deployed any applications yet")
    for (const scope of scopes) printOne(world, plugin, shape, scope, asked)
  }
}

interface Asked {
  readonly scope: string
  readonly format: string
  readonly flag: string
}

function parse(plugin: string, args: readonly string[]): Asked {
  let scope = ''
  let format = 'stdout'
  const flags: string[] = []
  for (let i = 0; i < args.length; i += 1) {
    const arg = args[i] ?? ''
    if (arg === '--format') format = args[++i] ?? ''
    else if (arg === GLOBAL) scope = GLOBAL
    else if (arg.startsWith('--')) flags.push(arg)
    else if (scope === '') scope = arg
  }
  if (flags.length > 1) throw refuse(`${plugin}:report command allows only a single flag`)
  return { scope, format, flag: flags[0] ?? '' }
}

function printOne(world: World, plugin: string, shape: Shape, scope: string, { format, flag }: Asked) {
  const app = scope === GLOBAL ? null : appNamed(world, scope)
  if (format !== 'stdout' && format !== 'json') throw refuse(`Format must be "stdout" or "json": "${format}"`)
  if (format === 'json' && flag !== '')
    throw refuse('--format flag cannot be specified when specifying an info flag')
  const facts = collect(world, plugin, shape, app)
  if (format === 'json') return world.out(`${goJson(asJson(shape, facts))}\n`)
  const shown = Object.entries(facts).flatMap(([name, value]) =>
    typeof value === 'string' ? [[name, value] as const] : [],
  )
  if (flag !== '') return world.out(`${only(shown, flag)}\n`)
  quietHeadline(world, `${scope} ${shape.type} information`)
  const width = Math.max(NARROWEST, ...shown.map(([name]) => name.length))
  for (const [name, value] of shown) verbose(world, `${`${label(plugin, name)}:`.padEnd(width)}${value}`)
}

/** Flags in order: those of the plugin with the properties set, then what only this app or server can tell. */
function collect(world: World, plugin: string, shape: Shape, app: App | null): Facts {
  const host = world.state.host()
  const facts: Record<string, Value> = {}
  const flags = app === null ? shape.global : shape.app
  for (const [flag, fallback] of Object.entries(flags)) {
    const name = flag.replace(`--${shape.type}-`, '')
    const [, scope, key = name] = /^(global|computed)-(.+)$/.exec(name) ?? []
    const own = app?.properties[`${plugin}.${key}`] ?? ''
    const shared = host.properties[`${plugin}.${key}`] ?? ''
    const blank = fallback.replace('{app}', app?.name ?? '')
    if (scope === 'global') facts[flag] = shared || blank
    else facts[flag] = scope === 'computed' ? own || shared || blank : own || blank
  }
  Object.assign(facts, factsOf(world, plugin, app))
  return Object.fromEntries(Object.entries(facts).sort(([a], [b]) => (a < b ? -1 : 1)))
}

function asJson(shape: Shape, facts: Facts): Facts {
  const json: Record<string, Value> = {}
  const prefix = `--${shape.type}-`
  for (const [flag, value] of Object.entries(facts)) {
    if (!flag.startsWith(prefix)) json[flag.slice(2)] = value
    else {
      json[flag.slice(prefix.length)] = value
      if (shape.legacy && typeof value === 'string') json[flag.slice(2)] = value
    }
  }
  return Object.fromEntries(Object.entries(json).sort(([a], [b]) => (a < b ? -1 : 1)))
}

function only(shown: readonly (readonly [string, string])[], flag: string): string {
  const found = shown.find(([name]) => name === flag)
  if (found !== undefined) return found[1]
  const valid = shown.map(([name]) => name).filter((name) => !name.startsWith('--status-'))
  throw refuse(`Invalid flag passed, valid flags: ${valid.join(', ')}`)
}

/** `--ps-restart-policy` → `Ps restart policy`; only resource's stay lower-case. */
function label(plugin: string, flag: string): string {
  const words = flag.slice(2).replace(/[-.]/g, ' ')
  return plugin === 'resource' ? words : words.charAt(0).toUpperCase() + words.slice(1)
}

let read: Readonly<Record<string, Shape>> | undefined
function shapes(): Readonly<Record<string, Shape>> {
  read ??= JSON.parse(readFileSync(new URL('reports.json', import.meta.url), 'utf8'))
  return read ?? {}
}

export const reported = (): string[] => Object.keys(shapes())
