/** The panel's side of the gate, the one door to Dokku: how it is called, and what its jobs left behind. */
import { execFile, spawn } from 'node:child_process'
import { closeSync, openSync, readdirSync, readFileSync, readSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import * as z from 'zod'
import { localProcesses, type Processes } from '../builds/process.ts'
import { type Command, DokkuError, spoken } from './dokku.ts'

export interface GateOptions {
  /** The script `gate`. */
  readonly script: string
  /** Dokku's user, whom the gate is run as by sudo; null runs it directly: the demo, tests. */
  readonly user: string | null
  /** The executable that is Dokku. Through sudo the gate knows it by itself. */
  readonly dokku: string
  readonly dokkuLibRoot: string
}

export interface Gate {
  /** The whole command line for one call, and the environment it gets. */
  call(
    verb: 'run' | 'attend' | 'cancel' | 'builds' | 'outbox' | 'allowed' | 'reserved',
    ...args: readonly string[]
  ): GateCall
  /** Folder of the jobs. */
  readonly jobs: string
}

export interface GateCall {
  readonly file: string
  readonly args: readonly string[]
  readonly env: Readonly<Record<string, string>>
}

/** Who asks where nobody does: the panel itself, for its reports. */
export const PANEL_ITSELF = 'dokkubase'
/** Exit code of the gate for what is not on its list. */
export const REFUSED = 77

export function gateAt({ script, user, dokku, dokkuLibRoot }: GateOptions): Gate {
  const env = user === null ? { DOKKU: dokku, DOKKU_LIB_ROOT: dokkuLibRoot } : {}
  const [file, ...before] = user === null ? [script] : ['/usr/bin/sudo', '-n', '-u', user, '--', script]
  return {
    call: (verb, ...args) => ({ file: file ?? script, args: [...before, verb, ...args], env }),
    jobs: join(dokkuLibRoot, 'data/dokkubase/jobs'),
  }
}

/** The switches (`allow-docker-options` …) that the server's root has put on. */
export const allowedBy = (gate: Gate): Promise<readonly string[]> => linesOf(gate.call('allowed'), 10_000)

/** The keys of config that only root may set: `dokku PATTERN`, `program PATTERN` or `script NAME`. */
export const reservedBy = (gate: Gate): Promise<readonly string[]> =>
  linesOf(gate.call('reserved'), DERIVED_MS)

/** After an update of Dokku the gate has them derived anew first. */
const DERIVED_MS = 90_000

async function linesOf({ file, args, env }: GateCall, timeout: number): Promise<readonly string[]> {
  const { stdout } = await promisify(execFile)(file, [...args], { env, timeout })
  return stdout.split('\n').filter((line) => line !== '')
}

/** Makes the outbox again where it was deleted. Throws where that cannot be done: only an install can then. */
export async function remakeOutbox(gate: Gate): Promise<void> {
  const { code, said } = await calling(gate.call('outbox'), 'ignore')
  if (code !== 0) throw new Error(`the outbox could not be made again: ${said || `exit code ${code}`}`)
}

/** A job's name: made by the panel, never typed by anybody. */
export const JobName = z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/)

/** What the gate knows of a job. Times are milliseconds since 1970, whole seconds. */
export interface GateJob {
  readonly job: string
  readonly user: string
  readonly askedAt: number
  readonly state: GateJobState
}
export type GateJobState =
  | { readonly kind: 'running' }
  | { readonly kind: 'ended'; readonly exitCode: number; readonly endedAt: number }
  /** It ended and nobody knows how: the server crashed or was switched off. */
  | { readonly kind: 'lost' }

export interface GateJobs {
  /**
   * Starts a command that goes on whatever becomes of the panel. `stdin` names a file whose content Dokku gets: the
   * only way for a secret. `there already`: a job of this name was started before, and nothing ran now.
   * Throws DokkuError, with exit code REFUSED for what is not on the gate's list.
   */
  start(
    job: string,
    user: string,
    command: Command,
    options?: { readonly stdin?: string },
  ): Promise<'started' | 'there already'>
  /** Ends everything the job started: asks, and after ten seconds does not ask any more. */
  cancel(job: string): Promise<'canceled' | 'not running'>
  /** Whether the build of this app that Dokku would cancel is the job's, and nobody else's. */
  builds(job: string, app: string): Promise<boolean>
  /** Null where there is none (any more: the gate forgets them a week after their end). */
  read(job: string): GateJob | null
  /** All there are, oldest first: how a panel that was away finds what it had started. */
  all(): readonly GateJob[]
  /** At most `max` bytes of what Dokku said, stdout and stderr as they came. Empty where there is nothing (yet). */
  output(job: string, from: number, max: number): Buffer
}

export function gateJobs(gate: Gate, processes: Processes = localProcesses): GateJobs {
  const read = (job: string): GateJob | null => readJob(join(gate.jobs, JobName.parse(job)), job, processes)
  return {
    async start(job, user, command, { stdin = '/dev/null' } = {}) {
      const file = openSync(stdin, 'r')
      try {
        const { code, said } = await calling(gate.call('run', job, user, '--', ...command), file)
        if (code === 0) return 'started'
        if (code === THERE_ALREADY) return 'there already'
        throw new DokkuError(command, code, said)
      } finally {
        closeSync(file)
      }
    },
    async cancel(job) {
      const { code, said } = await calling(gate.call('cancel', job), 'ignore')
      if (code === 0) return 'canceled'
      if (code === NOT_RUNNING) return 'not running'
      throw new Error(`the gate could not cancel ${job}: ${said}`)
    },
    async builds(job, app) {
      const { code } = await calling(gate.call('builds', job, app), 'ignore')
      return code === 0
    },
    read,
    all() {
      const names = namesIn(gate.jobs).filter((name) => JobName.safeParse(name).success)
      return names
        .flatMap((name) => read(name) ?? [])
        .toSorted((a, b) => a.askedAt - b.askedAt || (a.job < b.job ? -1 : 1))
    },
    output(job, from, max) {
      const text = Buffer.alloc(max)
      const file = opened(join(gate.jobs, JobName.parse(job), 'output'))
      if (file === null) return text.subarray(0, 0)
      try {
        return text.subarray(0, readSync(file, text, 0, max, from))
      } finally {
        closeSync(file)
      }
    },
  }
}

const THERE_ALREADY = 17
const NOT_RUNNING = 3
/** Between the making of a job's folder and its process being told lie milliseconds. */
const STARTING_MS = 20_000

const Seconds = z.coerce
  .number()
  .int()
  .nonnegative()
  .transform((seconds) => seconds * 1000)
const Asked = z.tuple([Seconds, z.string().regex(/^[a-z][a-z0-9._-]{0,31}$/)])
const Process = z.tuple([z.coerce.number().int().positive(), z.string().regex(/^\d+$/)])
const Exit = z.tuple([z.coerce.number().int().min(0).max(255), Seconds])

function readJob(folder: string, job: string, processes: Processes): GateJob | null {
  const asked = Asked.safeParse(wordsIn(join(folder, 'asked'))).data
  if (asked === undefined) return null
  const [askedAt, user] = asked
  const running = Process.safeParse(wordsIn(join(folder, 'process'))).data
  const isRunning =
    running === undefined ? Date.now() - askedAt < STARTING_MS : processes.alive(running[0], running[1])
  // Read last: it may have ended since its process was looked at.
  const exit = Exit.safeParse(wordsIn(join(folder, 'exit'))).data
  if (exit !== undefined)
    return { job, user, askedAt, state: { kind: 'ended', exitCode: exit[0], endedAt: exit[1] } }
  return { job, user, askedAt, state: { kind: isRunning ? 'running' : 'lost' } }
}

const wordsIn = (file: string): readonly string[] => {
  try {
    return readFileSync(file, 'utf8').trim().split(' ')
  } catch {
    return []
  }
}

const namesIn = (folder: string): readonly string[] => {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}

const opened = (file: string): number | null => {
  try {
    return openSync(file, 'r')
  } catch {
    return null
  }
}

function calling(
  { file, args, env }: GateCall,
  stdin: number | 'ignore',
): Promise<{ readonly code: number | null; readonly said: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, { env, detached: true, stdio: [stdin, 'ignore', 'pipe'] })
    let said = ''
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      said = (said + text).slice(-4096)
    })
    child.on('error', reject)
    child.on('close', (code) => resolve({ code, said: spoken(said) }))
  })
}
