import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { BuildEnd } from '../deployments/build-end.ts'
import { type BuildRecord, readBuildRecord } from '../dokku/report.ts'
import { type Event, eventId, type RecordedEvent, seenEvent } from '../events/event.ts'
import type { Processes } from './process.ts'
import { type EndedBuild, type LogSays, type RunningBuild, verdictOn } from './verdict.ts'

/** The copy of the build's log, and what the log says. */
export interface BuildLog {
  start(build: RunningBuild): void
  /** Copies what is left. `lastWriteAt` is milliseconds since 1970, null when there was no log. */
  finish(build: RunningBuild): Promise<LogSays>
}

export interface BuildsOptions {
  readonly dokkuLibRoot: string
  readonly processes: Processes
  readonly log: BuildLog
  /** Deployments of this host that are still to be judged. */
  running(): readonly RunningBuild[]
  find(id: number): EndedBuild | undefined
  /** `andThen` is done in the same transaction, whatever becomes of the events. */
  record(events: readonly Event[], andThen: () => void): readonly RecordedEvent[]
  /** Judged from now on, whatever its events made of it. */
  judged(id: number, at: number): void
  /** Reads what waits in the outbox: the end of a build is told there before its process is gone. Rejects where it cannot. */
  drain(): Promise<unknown>
  now(): number
  onError(error: unknown): void
  readonly everyMs?: number
  /**
   * From the first try to judge a build to the next, milliseconds, and from then on twice as long each time: a full
   * disk or a locked database passes.
   */
  readonly againMs?: number
}

/** How many ended builds are judged at once: after a long absence there may be hundreds. */
const AT_ONCE = 8
/** The longest wait between two tries, milliseconds. */
const SLOWEST_MS = 300_000

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
  const postponed = new Map<number, Postponed>()
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
        const waitMs = Math.min(SLOWEST_MS, (postponed.get(build.id)?.waitMs ?? againMs / 2) * 2)
        postponed.set(build.id, { goneAt, until: performance.now() + waitMs, waitMs, why })
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
    const wasSeen = seenAlive.has(build.id)
    const verdict = verdictOn(ended, wasSeen ? says : readLate(says), record)
    const endedAt = wasSeen ? goneAt : (says.lastWriteAt ?? finishedAt(record))
    const at = Math.floor(Math.max(endedAt ?? goneAt, build.startedAt))
    const event = buildEnded(ended, endedAt === null ? { ...verdict, isEndKnown: false } : verdict, at)
    options.record([event], () => options.judged(build.id, at))
  }

  /** Takes up every running deployment that is not watched yet; cheap when there is none. */
  const takeUp = () => {
    if (stopped) return
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

/** A build that could not be judged: when its process was found gone, and when to try again. */
interface Postponed {
  readonly goneAt: number
  readonly until: number
  readonly waitMs: number
  readonly why: string
}

/** A log read after the fact: when its lines came is not known. */
const readLate = (says: LogSays): LogSays => ({
  ...says,
  steps: says.steps.map((step) => ({ ...step, at: null })),
})

const buildEnded = (build: RunningBuild, verdict: BuildEnd, at: number): Event =>
  seenEvent({
    // Of its own: the builds of several apps may share one process and one id, and end at once.
    id: eventId(at, build.pid, `${build.id}-end`),
    host: build.host,
    trigger: 'build-ended',
    at,
    args: [build.app, build.buildId, String(build.id)],
    buildId: build.buildId,
    buildSource: build.source,
    logFile: build.logFile,
    note: JSON.stringify(verdict),
  })

/** Null also where Dokku closed the record of a build it had lost sight of: that may be days after its end. */
function finishedAt(record: BuildRecord | null): number | null {
  const isClosedLate = record?.status === 'failed' && record.exit_code === -1
  return (isClosedLate ? 0 : Date.parse(record?.finished_at ?? '')) || null
}

/** Dokku's own record of the build. Destroyed with its app, so it may be gone. */
function readRecord(libRoot: string, { app, buildId }: RunningBuild): BuildRecord | null {
  if (!/^[\w-]+$/.test(buildId) || !/^[\w-][\w.-]*$/.test(app)) return null
  try {
    return readBuildRecord(readFileSync(join(libRoot, 'data/builds', app, `${buildId}.json`), 'utf8'))
  } catch {
    return null
  }
}
