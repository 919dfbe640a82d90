/** How rows of jobs change, and nothing else changes them. Both drivers use it. */
import { randomUUID } from 'node:crypto'
import { and, asc, eq, inArray, isNull, lte, ne, type SQL, sql } from 'drizzle-orm'
import type { Database } from '../database/database.ts'
import { lightly, withoutWait } from './durability.ts'
import { isOver, nextTry, type Outcome } from './job.ts'
import { type JobRow, jobSchedules, jobs } from './table.ts'
import { holds, isAbout, isAboutTwo, meet } from './two-apps.ts'

export type NewJob = Pick<
  JobRow,
  | 'kind'
  | 'app'
  | 'accountId'
  | 'who'
  | 'payload'
  | 'command'
  | 'input'
  | 'priority'
  | 'runAt'
  | 'mostAttempts'
  | 'backoffMs'
  | 'retryOf'
  | 'schedule'
>

export interface Settled {
  readonly job: JobRow
  readonly outcome: Outcome | null
}

export type JobRows = ReturnType<typeof jobRows>

export function jobRows(db: Database) {
  const [id, now, app, worker, leaseUntil] = [
    sql.placeholder('id'),
    sql.placeholder('now'),
    sql.placeholder('app'),
    sql.placeholder('worker'),
    sql.placeholder('leaseUntil'),
  ]
  const insert = prepareInsert(db)
  // `ended_at is null` is what makes SQLite use the small index of open jobs.
  const isOpen = isNull(jobs.endedAt)
  // Nothing overtakes a job that waits for one of its two apps: what is asked of the other one comes after it.
  const [job, running, two] = [sql`j`, sql`r`, sql`t`]
  const best = (of: SQL) => sql`(select j.id from jobs j
    where j.ended_at is null and j.state = 'waiting' and ${of}
      and not exists (select 1 from jobs r
        where r.ended_at is null and r.state = 'running' and r.app is j.app)
      and not (${isAboutTwo(job)} and exists (select 1 from jobs r
        where r.ended_at is null and r.state = 'running' and ${holds(running, job)}))
      and not exists (select 1 from jobs t
        where t.ended_at is null and ${isAboutTwo(two)} and ${meet(two, job)}
          and (t.state = 'running' or t.state = 'waiting' and (t.priority, t.id) < (j.priority, j.id)))
    order by j.priority, j.id limit 1)`
  const begun = { state: 'running', attempts: sql`attempts + 1`, progress: '', reason: '', exitCode: null }
  const claiming = (of: SQL) =>
    db
      .update(jobs)
      .set({
        ...begun,
        state: 'running',
        worker: sql`${worker}`,
        leaseUntil: sql`${leaseUntil}`,
        startedAt: sql`coalesce(started_at, ${now})`,
      })
      .where(eq(jobs.id, best(of)))
      .returning()
      .prepare()
  const claimAny = claiming(sql`true`)
  const claimIn = claiming(isAbout(job, app))
  const headOf = db
    .select()
    .from(jobs)
    .where(eq(jobs.id, best(isAbout(job, app))))
    .prepare()
  const promote = db
    .update(jobs)
    .set({ state: 'waiting' })
    .where(and(isOpen, eq(jobs.state, 'delayed'), lte(jobs.runAt, now)))
    .prepare()
  const nextDelayed = db
    .select({ at: sql<number | null>`min(${jobs.runAt})` })
    .from(jobs)
    .where(and(isOpen, eq(jobs.state, 'delayed')))
    .prepare()
  const nextScheduled = db
    .select({ at: sql<number | null>`min(${jobSchedules.nextAt})` })
    .from(jobSchedules)
    .prepare()
  const one = db.select().from(jobs).where(eq(jobs.id, id)).prepare()
  const mine = and(eq(jobs.id, id), eq(jobs.worker, worker), eq(jobs.state, 'running'))
  const finish = db
    .update(jobs)
    .set({
      state: sql`${sql.placeholder('state')}`,
      exitCode: sql`${sql.placeholder('exitCode')}`,
      reason: sql`${sql.placeholder('reason')}`,
      reasonLines: sql`${sql.placeholder('reasonLines')}`,
      runAt: sql`coalesce(${sql.placeholder('runAt')}, run_at)`,
      endedAt: sql`${sql.placeholder('endedAt')}`,
      worker: '',
      leaseUntil: null,
    })
    .where(mine)
    .returning()
    .prepare()
  const open = (states: readonly ['waiting', 'delayed'] | readonly ['running']) =>
    and(isOpen, inArray(jobs.state, [...states]))

  return {
    /** Rows in the order asked for. */
    add(all: readonly NewJob[], at: number): JobRow[] {
      const add = () => all.map((job) => insert(rowOf(job, at)))
      return all.length === 1 ? withoutWait(db, add) : lightly(db, add)
    },
    find: (of: number): JobRow | undefined => one.get({ id: of }),
    claim: (by: string, until: number, at: number): JobRow | undefined =>
      claimAny.get({ worker: by, leaseUntil: until, now: at }),
    claimIn: (of: string | null, by: string, until: number, at: number): JobRow | undefined =>
      claimIn.get({ app: of, worker: by, leaseUntil: until, now: at }),
    /** What would be claimed next of an app; none while one of it runs. */
    head: (of: string | null): JobRow | undefined => headOf.get({ app: of }),
    promote: (at: number): void => void promote.run({ now: at }),
    /** When a delayed job or a schedule is due. */
    nextTime(): number | null {
      const times = [nextDelayed.get()?.at ?? null, nextScheduled.get()?.at ?? null].filter(
        (at) => at !== null,
      )
      return times.length === 0 ? null : Math.min(...times)
    },
    /** Undefined when another worker has it now. */
    settle({ job, outcome }: Settled, by: string, at: number): JobRow | undefined {
      const canceled = one.get({ id: job.id })?.canceledBy !== null
      const again = outcome?.state === 'failed' && job.attempts < job.mostAttempts && !canceled
      const state = outcome === null ? 'running' : again ? 'delayed' : outcome.state
      return finish.get({
        id: job.id,
        worker: by,
        state,
        exitCode: outcome?.exitCode ?? null,
        reason: outcome?.reason ?? '',
        reasonLines: JSON.stringify(outcome?.lines ?? []),
        runAt: again ? nextTry(job, at) : null,
        endedAt: isOver(state) ? at : null,
      })
    },
    progress: (of: number, by: string, words: string): JobRow | undefined =>
      db
        .update(jobs)
        .set({ progress: words })
        .where(and(eq(jobs.id, of), eq(jobs.worker, by)))
        .returning()
        .get(),
    /** Keeps what this worker runs; returns what it still has. */
    renew: (by: string, until: number): readonly Pick<JobRow, 'id' | 'canceledBy'>[] =>
      db
        .update(jobs)
        .set({ leaseUntil: until })
        .where(and(open(['running']), eq(jobs.worker, by)))
        .returning({ id: jobs.id, canceledBy: jobs.canceledBy })
        .all(),
    /** What other workers run, or ran. */
    others: (by: string): JobRow[] =>
      db
        .select()
        .from(jobs)
        .where(and(open(['running']), ne(jobs.worker, by)))
        .all(),
    /** Of several workers who try, one gets it. */
    takeUp: ({ id: of, worker: from }: JobRow, by: string, until: number): JobRow | undefined =>
      db
        .update(jobs)
        .set({ worker: by, leaseUntil: until })
        .where(and(eq(jobs.id, of), eq(jobs.worker, from), open(['running'])))
        .returning()
        .get(),
    /** A job that has not begun ends here; one that runs is marked, and whoever runs it is told. */
    cancel(of: number, by: string, at: number): JobRow | undefined {
      return (
        db
          .update(jobs)
          .set({ state: 'canceled', canceledBy: by, endedAt: at })
          .where(and(eq(jobs.id, of), open(['waiting', 'delayed'])))
          .returning()
          .get() ??
        db
          .update(jobs)
          .set({ canceledBy: by })
          .where(and(eq(jobs.id, of), open(['running'])))
          .returning()
          .get()
      )
    },
    /** Everything that has not begun, for a driver that was told of none of it. */
    pending: (): JobRow[] =>
      db
        .select()
        .from(jobs)
        .where(open(['waiting', 'delayed']))
        .orderBy(asc(jobs.priority), asc(jobs.id))
        .all(),
  }
}

type Fresh = Omit<JobRow, 'id'>

const rowOf = (job: NewJob, now: number): Fresh => ({
  ...job,
  state: job.runAt > now ? 'delayed' : 'waiting',
  queuedAt: now,
  token: randomUUID().replaceAll('-', '').slice(0, 12),
  attempts: 0,
  progress: '',
  exitCode: null,
  reason: '',
  reasonLines: [],
  startedAt: null,
  endedAt: null,
  worker: '',
  leaseUntil: null,
  canceledBy: null,
})

/** What a new row does not leave to the defaults of the table. */
const COLUMNS = [
  ...(['kind', 'app', 'accountId', 'who', 'payload', 'command', 'input', 'priority', 'runAt'] as const),
  ...(['mostAttempts', 'backoffMs', 'retryOf', 'schedule', 'state', 'queuedAt', 'token'] as const),
] as const

/** By better-sqlite3 itself: drizzle takes longer to fill in so many values than SQLite to keep them. */
function prepareInsert({ $client }: Database): (row: Fresh) => JobRow {
  const names = COLUMNS.map((column) => jobs[column].name)
  const insert = $client.prepare(
    `insert into jobs (${names.join(', ')}) values (${names.map(() => '?').join(', ')})`,
  )
  return (row) => {
    const values = COLUMNS.map((column) => {
      const value = row[column]
      return column === 'payload' ? JSON.stringify(value) : typeof value === 'boolean' ? Number(value) : value
    })
    return { ...row, id: Number(insert.run(values).lastInsertRowid) }
  }
}
