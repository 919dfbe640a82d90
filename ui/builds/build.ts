import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type BuildEnd, FAILS_AT, type FailedStep, type StepTime } from '../deployments/deployment.ts'
import { type BuildRecord, readBuildRecord } from '../dokku/report.ts'
import { type Event, eventId, type RecordedEvent, seenEvent } from '../events/event.ts'
import type { Processes } from './process.ts'

/** A deployment whose process was not yet found gone. */
export interface RunningBuild {
  readonly id: number
  readonly host: string
  readonly app: string
  readonly buildId: string
  readonly source: string
  readonly pid: number
  readonly pidStart: string
  readonly logFile: string
  readonly startedAt: number
}

/** What the rows know of a build whose process is gone. */
export interface EndedBuild extends RunningBuild {
  readonly status: 'running' | 'succeeded' | 'failed' | 'canceled'
  readonly exitCode: number | null
  readonly liveAt: number | null
  readonly builder: string
}

/** The copy of the build's log, and what the log says. */
export interface BuildLog {
  start(build: RunningBuild): void
  /** Copies what is left. `lastWriteAt` is milliseconds since 1970, null when there was no log. */
  finish(build: RunningBuild): Promise<LogSays>
}

export interface LogSays {
  readonly failure: {
    /** Null: it broke after the new code was live. */
    readonly step: FailedStep | null
    readonly reason: string
    readonly lines: readonly number[]
  } | null
  /** Where the log broke off, for a build that ended without a word of why. */
  readonly stopped: { readonly reason: string; readonly lines: readonly number[] } | null
  readonly steps: readonly StepTime[]
  readonly lastWriteAt: number | null
}

export interface BuildsOptions {
  readonly dokkuLibRoot: string
  readonly processes: Processes
  readonly log: BuildLog
  /** Deployments of this host that are still to be judged. */
  running(): readonly RunningBuild[]
  find(id: number): EndedBuild | undefined
  record(events: readonly Event[]): readonly RecordedEvent[]
  /** Reads what waits in the outbox: the end of a build is told there before its process is gone. Rejects where it cannot. */
  drain(): Promise<unknown>
  now(): number
  onError(error: unknown): void
  readonly everyMs?: number
  /** From one try to judge a build to the next, milliseconds: a full disk or a locked database passes. */
  readonly againMs?: number
}

/** How many ended builds are judged at once: after a long absence there may be hundreds. */
const AT_ONCE = 8

/**
 * Watches the process of every running build. Dokku never tells of a build that dies in its build phase, of a
 * canceled one, nor of the end of a ps:restart, so the end of the process is the one sign that is always there.
 */
export function builds(options: BuildsOptions) {
  const { processes, log, everyMs = 100, againMs = 5000 } = options
  const watched = new Map<number, RunningBuild>()
  const judging = new Set<number>()
  const judgements = new Set<Promise<void>>()
  /** Builds whose process we saw alive; of the others only the record or the log's last write says when they ended. */
  const seenAlive = new Set<number>()
  /** Builds that could not be judged: when their process was found gone, and when to try again. */
  const postponed = new Map<
    number,
    { readonly goneAt: number; readonly until: number; readonly why: string }
  >()
  let timer: NodeJS.Timeout | undefined
  let stopped = false

  const look = () => {
    if (stopped) return
    for (const build of watched.values()) {
      if (judging.size >= AT_ONCE) break
      if (judging.has(build.id) || performance.now() < (postponed.get(build.id)?.until ?? 0)) continue
      if (!processes.alive(build.pid, build.pidStart)) judge(build)
    }
    if (watched.size === 0) {
      clearInterval(timer)
      timer = undefined
    }
  }

  const judge = (build: RunningBuild) => {
    const goneAt = postponed.get(build.id)?.goneAt ?? options.now()
    judging.add(build.id)
    const judgement = end(build, goneAt)
      .then(() => {
        for (const known of [watched, seenAlive, postponed]) known.delete(build.id)
      })
      .catch((error: unknown) => {
        // Said once: a full disk is full for every build and at every try.
        const why = String(error)
        if (![...postponed.values()].some((other) => other.why === why)) options.onError(error)
        postponed.set(build.id, { goneAt, until: performance.now() + againMs, why })
      })
      .finally(() => {
        judging.delete(build.id)
        judgements.delete(judgement)
        look()
      })
    judgements.add(judgement)
  }

  const end = async (build: RunningBuild, goneAt: number) => {
    await options.drain()
    const says = await log.finish(build)
    const ended = options.find(build.id)
    if (ended === undefined) return
    const record = readRecord(options.dokkuLibRoot, ended)
    const verdict = verdictOn(ended, seenAlive.has(build.id) ? says : readLate(says), record)
    // Dokku closes the record of a build it lost sight of much later, so the log's last write goes first.
    const wrote = says.lastWriteAt ?? Date.parse(record?.finished_at ?? '')
    const at = seenAlive.has(build.id) ? goneAt : wrote || goneAt
    options.record([buildEnded(ended, verdict, Math.floor(Math.max(at, build.startedAt)))])
  }

  /** Takes up every running deployment that is not watched yet; cheap when there is none. */
  const takeUp = () => {
    for (const build of options.running()) {
      if (watched.has(build.id)) continue
      watched.set(build.id, build)
      if (processes.alive(build.pid, build.pidStart)) seenAlive.add(build.id)
      log.start(build)
    }
    if (watched.size > 0 && timer === undefined) timer = setInterval(look, everyMs)
    look()
  }

  return {
    /** At start: whatever ran when the service ended. */
    start: takeUp,
    /** After each commit. A deployment begins with whatever is first heard of its build. */
    recorded(events: readonly RecordedEvent[]) {
      if (events.some(({ trigger, buildId }) => buildId !== '' || trigger === 'build-seen')) takeUp()
    },
    /** Whatever is not judged by now is taken up at the next start. */
    async stop() {
      stopped = true
      clearInterval(timer)
      await Promise.all(judgements)
    },
    watching: () => watched.size,
  }
}

/** A log read after the fact: when its lines came is not known. */
const readLate = (says: LogSays): LogSays => ({
  ...says,
  steps: says.steps.map((step) => ({ ...step, at: null })),
})

/** How a build ended. Dokku's own word counts first, then what happened, then what the log says. */
export function verdictOn(
  build: EndedBuild,
  says: LogSays,
  record: Pick<BuildRecord, 'status' | 'exit_code'> | null,
): BuildEnd {
  const { steps } = says
  const said = says.failure ?? says.stopped
  const reached = steps.at(-1)?.step ?? (build.builder === '' ? 'received' : 'build')
  const recordStatus = record?.status ?? null
  const failed = (exitCode: number): BuildEnd => ({
    status: 'failed',
    exitCode,
    failedStep: says.failure ? says.failure.step : FAILS_AT[reached],
    reason: said?.reason ?? `Ended without a word of why; the last step it reached was ${reached}`,
    lines: said?.lines ?? [],
    steps,
  })
  const succeeded: BuildEnd = {
    status: 'succeeded',
    exitCode: 0,
    failedStep: null,
    reason: '',
    lines: [],
    steps,
  }
  if (build.status === 'succeeded') return succeeded
  if (build.status === 'failed') return failed(build.exitCode ?? -1)
  if (build.status === 'canceled' || recordStatus === 'canceled')
    return { status: 'canceled', exitCode: -1, failedStep: 'canceled', reason: 'Canceled', lines: [], steps }
  if (build.liveAt !== null || recordStatus === 'succeeded') return succeeded
  if (says.failure === null && says.steps.some(({ step }) => step === 'live')) return succeeded
  // git:sync without --build fetches and ends: no builder ever ran, and nothing in the log says it failed.
  if (build.source === 'git:sync' && build.builder === '' && says.failure === null) return succeeded
  return failed(record?.exit_code ?? -1)
}

const buildEnded = (build: RunningBuild, verdict: BuildEnd, at: number): Event =>
  seenEvent({
    id: eventId(at, build.pid, `${build.buildId}-end`),
    host: build.host,
    trigger: 'build-ended',
    at,
    args: [build.app, build.buildId],
    buildId: build.buildId,
    buildSource: build.source,
    logFile: build.logFile,
    note: JSON.stringify(verdict),
  })

/** Dokku's own record of the build. Destroyed with its app, so it may be gone. */
function readRecord(libRoot: string, { app, buildId }: RunningBuild): BuildRecord | null {
  if (!/^[\w-]+$/.test(buildId) || !/^[\w-][\w.-]*$/.test(app)) return null
  try {
    return readBuildRecord(readFileSync(join(libRoot, 'data/builds', app, `${buildId}.json`), 'utf8'))
  } catch {
    return null
  }
}
