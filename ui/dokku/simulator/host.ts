import { spawnSync } from 'node:child_process'
import { appendFileSync, closeSync, mkdirSync, openSync, readFileSync, rmSync } from 'node:fs'
import { userInfo } from 'node:os'
import { dirname, join } from 'node:path'
import { wallClock } from './clock.ts'
import { environmentOf } from './environment.ts'
import { type Fault, parseFaults } from './fault.ts'
import { parseFlags } from './flags.ts'
import { enabledPlugins, placeOf } from './place.ts'
import { executable, pluginNames } from './plugin.ts'
import { openState } from './state.ts'
import { lateTee } from './tee.ts'
import { processTerminal, say } from './terminal.ts'
import { type Caller, type Lock, Refused, type World } from './world.ts'

type Env = Readonly<Record<string, string | undefined>>

/** The descriptor Dokku's shell holds its deploy lock on; hooks inherit it. */
const LOCK_FD = 200
/** How much longer everything takes under the fault `slow`. */
const SLOWNESS = 10
/** How long after its process a log gets its last words: as a `tee` does, and under the fault `late-log`. */
const LAG_MS = 30
const LATE_MS = 300

/** The world of one real `dokku` process: this terminal, this clock, real hooks, a real lock. */
export function hostWorld(env: Env, argv: readonly string[]): World {
  const place = placeOf(env)
  const { name, flags } = parseFlags(argv)
  const faults = parseFaults(env.DOKKU_SIMULATOR_FAULT)
  let stdin: Buffer | undefined
  const world: World = {
    place,
    state: openState(place),
    clock: wallClock(speedOf(env), () => (faults.has('slow') ? SLOWNESS : 1)),
    caller: callerOf(env, name),
    stdin: () => (stdin ??= readStdin()),
    pid: () => process.pid,
    random: Math.random,
    faults,
    tee: lateTee(() => lagOf(faults, speedOf(env))),
    terminal: processTerminal,
    out: (text) => say(world, 1, Buffer.from(text)),
    err: (text) => say(world, 2, Buffer.from(text)),
    bytes: (bytes) => say(world, 1, bytes),
    fire: (trigger, ...args) => fire(world, trigger, args),
    lock: (file) => takeLock(file),
    docker: (event) => appendFileSync(place.dockerEvents, `${JSON.stringify(event)}\n`),
    build: null,
    cronId: '',
    forgets: true,
    flags,
  }
  return world
}

/** Without waiting there is no lag either, unless it is asked for. */
function lagOf(faults: ReadonlySet<Fault>, speed: number): number {
  if (faults.has('late-log')) return LATE_MS
  return speed === 0 ? 0 : LAG_MS
}

/** Recorded pace is 1. */
function speedOf(env: Env): number {
  const speed = Number(env.DOKKU_SIMULATOR_SPEED ?? 1)
  if (!(speed >= 0)) throw new Error('DOKKU_SIMULATOR_SPEED must be a number, 0 or more')
  return speed
}

/** Who calls, as Dokku finds out: sshd sets the key's name, sudo the user's; a bare environment is cron's. */
export function callerOf(env: Env, command: string): Caller {
  const user = userInfo().username
  const viaSsh = env.SSH_USER !== undefined || env.FINGERPRINT !== undefined
  const name = env.NAME ?? ''
  return {
    command,
    sshUser: env.SSH_USER ?? (viaSsh ? 'dokku' : user),
    sshName: name || 'default',
    name,
    fingerprint: env.FINGERPRINT ?? '',
    sudoUser: env.SUDO_USER ?? (viaSsh || user === 'dokku' ? '' : user),
  }
}

/** Each enabled plugin in turn; the first that fails ends it, as plugn's `set -e` does. */
function fire(world: World, trigger: string, args: readonly string[]): void {
  for (const plugin of pluginNames(world.place)) {
    const hook = join(enabledPlugins(world.place), plugin, trigger)
    if (!executable(hook)) continue
    const env = { ...environmentOf(world), PLUGIN: plugin }
    const { status, stdout, stderr } = spawnSync(hook, args, { env, stdio: hookStdio(), maxBuffer: 64 << 20 })
    if (stdout !== null && stdout.length > 0) world.bytes(stdout)
    if (stderr !== null && stderr.length > 0) world.err(stderr.toString())
    if (status !== 0) throw new Refused(status ?? 1)
  }
}

function hookStdio(): ('inherit' | 'pipe' | 'ignore' | number)[] {
  if (held === null) return ['inherit', 'pipe', 'pipe']
  const stdio: ('inherit' | 'pipe' | 'ignore' | number)[] = Array.from(
    { length: LOCK_FD + 1 },
    () => 'ignore',
  )
  stdio.splice(0, 3, 'inherit', 'pipe', 'pipe')
  stdio[LOCK_FD] = held
  return stdio
}

let held: number | null = null

/** flock(1) locks the open file we hand it; it stays locked as long as we, or a hook's child, keep it open. */
function takeLock(file: string): Lock | null {
  mkdirSync(dirname(file), { recursive: true })
  const fd = openSync(file, 'w')
  const { status, error } = spawnSync('flock', ['-n', '3'], { stdio: ['ignore', 'ignore', 'ignore', fd] })
  if (error === undefined && status !== 0) {
    closeSync(fd)
    return null
  }
  held = fd
  return {
    release() {
      rmSync(file, { force: true })
      closeSync(fd)
      held = null
    },
  }
}

function readStdin(): Buffer {
  try {
    return readFileSync(0)
  } catch {
    return Buffer.alloc(0)
  }
}
