import { existsSync, mkdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { type Event, eventId, formatEventFile } from '../../events/event.ts'
import { Interrupted, movingClock } from './clock.ts'
import { readCommit } from './commit.ts'
import { dispatch } from './dispatch.ts'
import { type Fault, parseFaults } from './fault.ts'
import { parseFlags } from './flags.ts'
import { callerOf } from './host.ts'
import { enabledPlugins, lockOf, type Place, placeOf } from './place.ts'
import { executable } from './plugin.ts'
import { endRecord, recordNamed } from './record.ts'
import { settle } from './retire.ts'
import { openState, type State } from './state.ts'
import { gatheringTee } from './tee.ts'
import { processTerminal, say, silence, type Terminal } from './terminal.ts'
import type { Caller, World } from './world.ts'

/** A command that happened at another time than now. */
export interface Then {
  /** Milliseconds since 1970. */
  readonly at: number
  readonly caller: Omit<Caller, 'command'>
  readonly faults?: readonly Fault[]
  /** How much slower than recorded that server was. */
  readonly pace?: number
  /** Canceled after so many seconds, by builds:cancel in another terminal. */
  readonly canceledAfter?: number
  readonly random?: () => number
  readonly terminal?: Terminal
  readonly stdin?: Buffer
}

export interface Server {
  readonly place: Place
  readonly state: State
}

const PLUGIN = 'dokkubase'
const NOBODY = '4294967295'
/** Beyond what Linux gives out, so that no process ever has one of them. */
const FIRST_DEAD_PID = 5_000_000

/**
 * Plays a command at its own time without waiting. The hooks' clock is now, so instead of running them the events
 * they would have written are put into the outbox with ids of then: history enters through the same intake.
 */
export async function playThen(
  server: Server,
  then: Then,
  argv: readonly string[],
): Promise<{ exitCode: number; endedAt: number }> {
  const world = worldThen(server, then, argv)
  const exitCode = await dispatch(world, argv).catch((error: unknown) => canceled(world, error))
  settle(world)
  world.tee.end()
  const endedAt = world.clock.now()
  if (world.build !== null && existsSync(world.build.log))
    utimesSync(world.build.log, endedAt / 1000, endedAt / 1000)
  return { exitCode, endedAt }
}

/** What builds:cancel leaves: a record that says so and no lock. */
function canceled(world: World, error: unknown): number {
  if (!(error instanceof Interrupted) || world.build === null) throw error
  const { app, id } = world.build
  endRecord(world, recordNamed(world, app, id), 'canceled', -1)
  rmSync(lockOf(world.place, app), { force: true })
  return 128
}

function worldThen(server: Server, then: Then, argv: readonly string[]): World {
  const { name, flags } = parseFlags(argv)
  const random = then.random ?? Math.random
  const pid = FIRST_DEAD_PID + Math.floor(random() * 4_000_000)
  const world: World = {
    ...server,
    clock: movingClock(then.at, then.pace, then.at + (then.canceledAfter ?? Number.POSITIVE_INFINITY) * 1000),
    caller: { ...then.caller, command: name },
    stdin: () => then.stdin ?? Buffer.alloc(0),
    pid: () => pid,
    random,
    faults: new Set(then.faults),
    tee: gatheringTee(),
    terminal: then.terminal ?? silence,
    out: (text) => say(world, 1, Buffer.from(text)),
    err: (text) => say(world, 2, Buffer.from(text)),
    bytes: (bytes) => say(world, 1, bytes),
    fire: (trigger, ...args) => writeEvent(world, trigger, args),
    lock(file) {
      mkdirSync(dirname(file), { recursive: true })
      return { release: () => rmSync(file, { force: true }) }
    },
    docker: () => {},
    build: null,
    cronId: '',
    forgets: false,
    flags,
  }
  return world
}

/** DOKKU_SIMULATOR_AT on the command line: the same, one process a command. */
export async function mainThen(
  env: Readonly<Record<string, string | undefined>>,
  argv: readonly string[],
): Promise<number> {
  const place = placeOf(env)
  const state = openState(place)
  const at = Number(env.DOKKU_SIMULATOR_AT)
  const faults = [...parseFaults(env.DOKKU_SIMULATOR_FAULT)]
  const { exitCode } = await playThen(
    { place, state },
    { at, caller: callerOf(env, ''), faults, terminal: processTerminal },
    argv,
  )
  state.close()
  return exitCode
}

function writeEvent(world: World, trigger: string, args: readonly string[]): void {
  if (!executable(join(enabledPlugins(world.place), PLUGIN, trigger))) return
  const outbox = join(world.place.lib, 'data', PLUGIN, 'outbox')
  mkdirSync(outbox, { recursive: true })
  const event = eventOf(world, trigger, args)
  writeFileSync(join(outbox, event.id), formatEventFile(event))
}

/** Two events of one moment must keep their order, and ids sort by microseconds first. */
let lastAt = 0
function eventOf(world: World, trigger: string, args: readonly string[]): Event {
  const { caller, build } = world
  const now = world.clock.now()
  lastAt = Math.abs(now - lastAt) < 1 ? lastAt + 0.002 : now
  return {
    id: eventId(lastAt, world.pid(), Math.floor(world.random() * 2 ** 32)),
    host: 'local',
    origin: 'told',
    trigger,
    at: lastAt,
    args: trigger === 'deploy-source-set' ? args.map(withoutCredentials) : args,
    buildId: build?.id ?? '',
    buildSource: build?.source ?? '',
    logFile: build?.log ?? '',
    caller: {
      command: caller.command,
      sshUser: caller.sshUser,
      sshName: caller.sshName,
      fingerprint: caller.fingerprint,
      sudoUser: caller.sudoUser,
      loginUid: caller.sudoUser === '' ? NOBODY : '0',
    },
    note: noteOf(world, trigger, args),
  }
}

/** What the hook adds of its own: the build's process, the commit's author, the cron entry. */
function noteOf(world: World, trigger: string, [app = '', , third = '']: readonly string[]): string {
  if (trigger === 'scheduler-post-run') return world.cronId
  const pid = trigger === 'builds-record-start' ? third : String(world.pid())
  const process = `${pid} (dokku) S 1 ${pid} ${pid} 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 1`
  if (trigger === 'builds-record-start') return process
  const inBuild = world.build !== undefined && world.build !== null
  if (SIGNS.has(trigger)) return inBuild ? process : ''
  if (trigger !== 'post-extract') return ''
  const commit = readCommit(join(world.place.home, app), third)
  const said = commit === null ? [] : [commit.author, commit.email, commit.at, commit.subject]
  return (inBuild ? [...(commit === null ? ['', '', '', ''] : said), process] : said).join('\n')
}

const SIGNS: ReadonlySet<string> = new Set(['pre-receive-app', 'post-release-builder', 'post-deploy'])

const withoutCredentials = (text: string): string => text.replace(/:\/\/[^/@]*@/, '://')
