/** What ran in a container of an app: asked for from here, typed at a terminal, begun by the clock. Pure. */
import { entryOf } from '../dokku/cron-id.ts'
import type { JobState } from '../jobs/job.ts'

/** A job that ran something. */
export interface RunJob {
  readonly id: number
  readonly kind: string
  readonly command: string
  readonly state: JobState
  readonly exitCode: number | null
  readonly reason: string
  readonly who: string
  readonly queuedAt: number
  readonly startedAt: number | null
  readonly endedAt: number | null
}

/** What Dokku told of a run when it was over. */
export interface ToldRun {
  /** Its event. */
  readonly seq: number
  readonly at: number
  /** Null where it went on in the background, so that nobody told how it ended. */
  readonly exitCode: number | null
  /** Id of the cron entry; empty where it was none. */
  readonly entry: string
  readonly actor: string
  readonly door: string
}

/** At most `limit` of what was told before this time, in milliseconds since 1970. */
export interface ToldRange {
  readonly before: number
  readonly limit: number
}

export interface ToldRuns {
  /** Newest first. */
  ofApp(appId: number, by: By, range: ToldRange): readonly ToldRun[]
  ofEntry(appId: number, entry: string, range: ToldRange): readonly ToldRun[]
}

/** Whether somebody ran it or the clock did. */
export const BY = ['hand', 'cron'] as const
export type By = (typeof BY)[number]

/** Either of the two, as it is shown. */
export interface Run {
  readonly href: string
  readonly at: number
  readonly state: JobState | 'began'
  readonly reason: string
  readonly exitCode: number | null
  /** Null where Dokku did not say what it was. */
  readonly command: string | null
  readonly who: string
  readonly door: string
  readonly startedAt: number | null
  readonly endedAt: number | null
}

/**
 * Newest first, each once: what is asked for here is a job, and Dokku tells of it too. The jobs of an app run one
 * after another and the oldest are forgotten first, so what the panel ran since the first of these is one of them.
 */
export function historyOf(jobs: readonly RunJob[], told: readonly ToldRun[]): readonly Run[] {
  const first = Math.min(...jobs.flatMap(({ startedAt }) => startedAt ?? []))
  const others = told.filter(({ door, at }) => door !== 'panel' || at < first)
  const own = told.filter(({ door }) => door === 'panel')
  return [...jobs.map((job) => ofJob(job, own)), ...others.map(ofTold)].sort(
    (one, other) => other.at - one.at,
  )
}

export interface PageOfRuns {
  readonly runs: readonly Run[]
  /** Whether there are older ones. */
  readonly more: boolean
}

/** The first `count` of them; the next page begins before the time of the last, so those of one moment stay together. */
export function pageOf(all: readonly Run[], count: number): PageOfRuns {
  const last = all[count - 1]?.at
  const runs = all.filter(({ at }, index) => index < count || at === last)
  return { runs, more: all.length > runs.length }
}

/** Of a cron entry Dokku's own command ends with 1, whatever the entry ended with. */
const exitCodeOf = (
  { startedAt, endedAt, exitCode }: Pick<RunJob, 'startedAt' | 'endedAt' | 'exitCode'>,
  own: readonly ToldRun[],
): number | null =>
  startedAt === null || endedAt === null
    ? exitCode
    : (own.find(({ at }) => startedAt <= at && at <= endedAt)?.exitCode ?? exitCode)

const ofJob = ({ id, who, queuedAt, command, ...job }: RunJob, own: readonly ToldRun[]): Run => ({
  ...job,
  exitCode: exitCodeOf(job, own),
  href: `/jobs/${id}`,
  at: queuedAt,
  command: commandOf(command),
  who,
  door: 'panel',
})

/** Without what every command begins with. */
const commandOf = (command: string): string => {
  const [, id = ''] = /^dokku cron:run \S+ (\S+)$/.exec(command) ?? []
  return entryOf(id)?.command ?? command.replace(/^dokku run \S+ /, '').replace(/^dokku /, '')
}

const ofTold = ({ seq, at, exitCode, entry, actor, door }: ToldRun): Run => ({
  href: `/events/${seq}`,
  at,
  state: exitCode === null ? 'began' : exitCode === 0 ? 'succeeded' : 'failed',
  reason: '',
  exitCode,
  command: entryOf(entry)?.command ?? null,
  who: actor,
  door,
  startedAt: null,
  endedAt: null,
})
