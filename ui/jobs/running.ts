/** A turn at a job: its command through the gate, followed until it ends, or until somebody else is to follow it. */
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { isEnvironment } from '../database/environment.ts'
import { logReader } from '../deployments/reading.ts'
import { DokkuError } from '../dokku/dokku.ts'
import type { GateJobState, GateJobs } from '../dokku/gate.ts'
import { type Copies, lastLines } from '../logs/copies.ts'
import type { LoggedBuild, Progress } from '../logs/copy.ts'
import { plain } from '../logs/line.ts'
import type { LogLine } from '../logs/log.ts'
import type { Inputs } from './input.ts'
import type { Outcome } from './job.ts'
import { type Asked, isText, type Kinds } from './kind.ts'
import { masking } from './masking.ts'
import { CANCELED, type Turn, type Work } from './queue.ts'
import type { JobRow } from './table.ts'

/** A command that outlives the panel, and what there is to see of it. */
export type JobGate = Pick<GateJobs, 'start' | 'cancel' | 'builds' | 'read'>

export interface RunningOptions {
  readonly gate: JobGate
  /** Folder in which the gate has one for each job. */
  readonly outputs: string
  readonly kinds: Kinds
  readonly inputs: Inputs
  readonly output: Copies
  /** What the next try says comes below what earlier ones said. */
  readonly outputAgain: (job: JobRow) => void
  /** Who canceled it. */
  readonly canceledBy: (job: JobRow) => string
  readonly onError?: (error: unknown) => void
  readonly now?: () => number
  /** From one look at how a command stands to the next. */
  readonly lookMs?: number
  /** From one try to keep its output to the next, on a full disk. */
  readonly againMs?: number
}

/** The gate forgets a job a week after it ended: what it does not know by then may have run. */
const GATE_KEEPS_MS = 6 * 24 * 3600 * 1000
/** So long Dokku may take to end a deploy by its own means. */
const DOKKU_CANCELS_MS = 20_000
/** What it killed is gone after so many looks, or is the gate's to end. */
const LOOKS_AFTER = 20
/** A cancellation that failed is tried again. */
const CANCEL_AGAIN_MS = 5000

export const running = (options: RunningOptions): Work => {
  const { gate, kinds, output, canceledBy, onError = () => {}, now = Date.now } = options
  const { lookMs = 100, againMs = 5000 } = options

  return async (turn) => {
    const { job, signal } = turn
    const name = gateName(job)
    if (gate.read(name) === null) {
      if (turn.takenUp && now() - (job.startedAt ?? 0) > GATE_KEEPS_MS) return FORGOTTEN
      // Not known to the gate, so it never began, however often it was taken up.
      if (signal.aborted) return signal.reason === CANCELED ? canceled(null) : null
      const refused = await begin(turn, options)
      if (refused !== null) return refused
    }
    const build = loggedBuild(job, options)
    output.start(build)
    const end = await follow(name, turn)
    if (end === 'left') return null
    const said = await allSaid(build, signal)
    if (said === 'left') return null
    const outcome = outcomeOf(end, said, signal, (line) => output.read(job.id, line, 1))
    return outcome.state === 'succeeded' ? (inVain(job, options) ?? outcome) : outcome
  }

  /**
   * All of its output, kept. How the command ended is known and stays so: a full disk is waited for, and output that
   * cannot be kept for another reason changes nothing of it. 'left': another is to keep it.
   */
  async function allSaid(build: LoggedBuild, signal: AbortSignal): Promise<Progress | 'left'> {
    for (let waited = 0; ; waited += 1) {
      try {
        return await output.finish(build)
      } catch (error) {
        if (waited === 0) onError(error)
        if (!isEnvironment(error)) return output.progress(build.id) ?? NOTHING_SAID
      }
      for (const until = now() + againMs; now() < until; await sleep(lookMs))
        if (signal.aborted && signal.reason !== CANCELED) return 'left'
    }
  }

  /** How it ended; 'left' when it goes on and another is to follow it. */
  async function follow(name: string, { job, signal, progress }: Turn): Promise<End | 'left'> {
    let words = job.progress
    let canceling = false
    const cancel = async () => {
      canceling = true
      await endIt(name, job).catch(async (error: unknown) => {
        onError(error)
        await sleep(CANCEL_AGAIN_MS)
        canceling = false
      })
    }
    for (;;) {
      const state = gate.read(name)?.state ?? LOST
      if (state.kind !== 'running') return state
      if (signal.aborted && signal.reason !== CANCELED) return 'left'
      if (signal.aborted && !canceling) void cancel()
      const said = wordsOf(output.progress(job.id))
      if (said !== words) progress(said)
      words = said
      await sleep(lookMs)
    }
  }

  /** By Dokku's own command where that ends this very deploy, and by the gate whatever is left. */
  async function endIt(name: string, job: JobRow): Promise<void> {
    const command = kinds.get(job.kind)?.canceling(job.payload) ?? null
    const runs = (of: string) => gate.read(of)?.state.kind === 'running'
    if (command !== null && job.app !== null && (await gate.builds(name, job.app))) {
      const own = `${name}-cancel`
      await gate.start(own, canceledBy(job), command).catch(onError)
      const until = now() + DOKKU_CANCELS_MS
      while (runs(own) && now() < until) await sleep(lookMs)
      for (let look = 0; look < LOOKS_AFTER && runs(name); look++) await sleep(lookMs)
    }
    if (runs(name)) await gate.cancel(name)
  }
}

const NOTHING_SAID: Progress = { ...logReader().reading(), steps: [], lines: 0 }

type End = Exclude<GateJobState, { readonly kind: 'running' }>
const LOST: End = { kind: 'lost' }

/** Null when the command runs now. */
async function begin(
  { job }: Turn,
  { gate, kinds, inputs, outputAgain }: RunningOptions,
): Promise<Outcome | null> {
  const asked = stored(job, kinds, inputs)
  if (typeof asked === 'string') return failed(null, asked)
  if (job.attempts > 1) outputAgain(job)
  const options = job.input ? { stdin: inputs.path(job.id) } : {}
  try {
    await gate.start(gateName(job), job.who, asked.command, options)
    return null
  } catch (error) {
    if (!(error instanceof DokkuError)) throw error
    // The gate may have been ended right after it began it.
    return gate.read(gateName(job)) === null ? failed(error.exitCode, error.said) : null
  }
}

/** What is stored is checked as if somebody had just typed it; a text says what is wrong with it. */
function stored(job: JobRow, kinds: Kinds, inputs: Inputs): Asked | string {
  const kind = kinds.get(job.kind)
  if (kind === undefined) return `This version of the panel knows no ${job.kind}.`
  if (job.input && !inputs.has(job.id)) return ENTER_AGAIN
  try {
    if (isText(kind.input)) kind.input.check(inputs.read(job.id))
    const asked = kind.read(job.payload)
    return asked.app === job.app ? asked : CHANGED
  } catch {
    return CHANGED
  }
}

export const ENTER_AGAIN =
  'What it was to be given is gone: it is kept until a job ends and no longer. Enter it again.'
const CHANGED = 'What was stored of it is no longer valid, so it was not run.'

/** Another at each try, and never one of another database: the gate runs nothing twice under one name. */
export const gateName = ({ id, token, attempts }: JobRow): string => `job-${id}-${token}-${attempts}`

function loggedBuild(job: JobRow, { kinds, inputs, outputs }: RunningOptions): LoggedBuild {
  const { input = null } = kinds.get(job.kind) ?? {}
  const mask = isText(input) && inputs.has(job.id) && masking(input.secrets(inputs.read(job.id)))
  return {
    id: job.id,
    logFile: join(outputs, gateName(job), 'output'),
    startedAt: job.startedAt ?? job.queuedAt,
    ...(mask && { mask }),
  }
}

/** How far a deploy has come; empty for a command that says nothing of the kind. */
function wordsOf(progress: Progress | null): string {
  const step = progress?.steps.at(-1)?.step
  if (progress === null || step === undefined || step === 'received') return ''
  return step === 'build' && progress.buildStep !== '' ? `${step} ${progress.buildStep}` : step
}

function outcomeOf(
  end: End,
  said: Progress,
  { aborted, reason }: AbortSignal,
  read: (line: number) => readonly LogLine[],
): Outcome {
  if (end.kind === 'lost') return { state: 'interrupted', exitCode: null, reason: GONE }
  const code = end.exitCode
  if (code === 0) return { state: 'succeeded', exitCode: 0, reason: '' }
  if (aborted && reason === CANCELED) return canceled(code)
  // A deploy's log is read for the step it broke at; what other commands say last is the reason itself.
  const failure = said.failure ?? said.ending ?? said.stopped
  const isDeploy = said.steps.length > 1
  const [[, , text = ''] = []] = read(failure?.lines[0] ?? 0)
  const spoken = plain(text).replace(/^(?:[-=]+> |[ !]+)/, '')
  return { ...failed(code, isDeploy ? (failure?.reason ?? '') : spoken), lines: failure?.lines ?? [] }
}

/** Dokku ended well and yet did nothing of what it was asked. */
function inVain({ id, kind }: JobRow, { kinds, output }: RunningOptions): Outcome | null {
  const { vain = [] } = kinds.get(kind) ?? {}
  if (vain.length === 0) return null
  for (const [line, , said] of lastLines(output, id, 10)) {
    const found = vain.find(([words]) => words.test(plain(said)))
    if (found) return { ...failed(0, found[1]), lines: [line] }
  }
  return null
}

const GONE =
  'The command was ended from outside, as by a restart of the server, before it could say how it went.'

const canceled = (exitCode: number | null): Outcome => ({ state: 'canceled', exitCode, reason: '' })

const failed = (exitCode: number | null, reason: string): Outcome => ({ state: 'failed', exitCode, reason })

const FORGOTTEN: Outcome = {
  state: 'interrupted',
  exitCode: null,
  reason: 'It had begun, but the gate knows nothing of it any more, so how it ended is not known.',
}
