import {
  and,
  count,
  desc,
  eq,
  gte,
  inArray,
  isNotNull,
  isNull,
  lt,
  ne,
  or,
  type Placeholder,
  type SQL,
  sql,
} from 'drizzle-orm'
import { index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import type { Database } from '../database/database.ts'
import { chunkTable, logTable } from '../logs/store.ts'
import { type JobState, STATES } from './job.ts'

/**
 * Every job, whichever driver decides when it runs. Nothing in a row is secret: what is lies in a file beside the
 * database, and the row only knows that there is one.
 */
export const jobs = sqliteTable(
  'jobs',
  {
    id: integer('id').primaryKey({ autoIncrement: true }),
    kind: text('kind').notNull(),
    /** Name of the app it changes; null: the server. At most one job of each runs at a time; a few hold two. */
    app: text('app'),
    accountId: integer('account_id'),
    who: text('who').notNull(),
    /** What was asked for, checked when it was and again when it runs. */
    payload: text('payload', { mode: 'json' }).$type<unknown>().notNull(),
    /** As it is shown. */
    command: text('command').notNull(),
    /** Whether it is given something on stdin, which is in no row. */
    input: integer('input', { mode: 'boolean' }).notNull().default(false),
    priority: integer('priority').notNull(),
    runAt: integer('run_at').notNull(),
    attempts: integer('attempts').notNull().default(0),
    /** More than one only where the command may safely run twice. */
    mostAttempts: integer('most_attempts').notNull().default(1),
    backoffMs: integer('backoff_ms').notNull().default(0),
    state: text('state', { enum: STATES }).notNull(),
    progress: text('progress').notNull().default(''),
    exitCode: integer('exit_code'),
    reason: text('reason').notNull().default(''),
    /** Lines of the output that say so. */
    reasonLines: text('reason_lines', { mode: 'json' }).$type<readonly number[]>().notNull().default([]),
    queuedAt: integer('queued_at').notNull(),
    startedAt: integer('started_at'),
    endedAt: integer('ended_at'),
    retryOf: integer('retry_of'),
    /** Name of the schedule that asked for it; null: a person did. */
    schedule: text('schedule'),
    /** Makes its name at the gate one that no other database ever used. */
    token: text('token').notNull(),
    /** Who runs it and until when nobody else may. */
    worker: text('worker').notNull().default(''),
    leaseUntil: integer('lease_until'),
    canceledBy: text('canceled_by'),
  },
  // Of open jobs only: it stays small, and a job that ends costs it nothing more. With the app, so that whether one of
  // an app runs is seen without looking into the table.
  (t) => [
    index('jobs_open').on(t.state, t.priority, t.id, t.app).where(sql`ended_at is null`),
    // Those of two apps are few, and each claim looks whether one is in its way.
    index('jobs_two_apps').on(t.state).where(sql`ended_at is null and kind in ('apps:clone', 'apps:rename')`),
  ],
)
export type JobRow = typeof jobs.$inferSelect

/** Jobs that are asked for by the clock. */
export const jobSchedules = sqliteTable('job_schedules', {
  name: text('name').primaryKey(),
  /** As in a crontab, in the server's own time. */
  pattern: text('pattern').notNull(),
  kind: text('kind').notNull(),
  payload: text('payload', { mode: 'json' }).$type<unknown>().notNull(),
  accountId: integer('account_id'),
  who: text('who').notNull(),
  nextAt: integer('next_at').notNull(),
})
export type ScheduleRow = typeof jobSchedules.$inferSelect

/** What the command of a job said, copied from the gate's file while it is written. */
export const jobOutputs = logTable('job_outputs', 'job_id')
export const jobOutputChunks = chunkTable('job_output_chunks', 'job_id')

export interface JobFilter {
  readonly states?: readonly JobState[] | undefined
  readonly app?: string | undefined
  readonly who?: string | undefined
  readonly kinds?: readonly string[] | undefined
  /** As it is shown. */
  readonly command?: string | undefined
  /** Requested before this time, in milliseconds since 1970. */
  readonly queuedBefore?: number | undefined
}

export interface JobRange {
  /** Only older ones than this. */
  readonly before?: number | undefined
  /** Down to this one. */
  readonly downTo?: number | undefined
  readonly limit: number
}

/** So many of the newest jobs are looked at for what somebody asked lately. */
const LATELY = 100

export type JobReads = ReturnType<typeof jobReads>

export function jobReads(db: Database) {
  const byId = db
    .select()
    .from(jobs)
    .where(eq(jobs.id, sql.placeholder('id')))
    .prepare()
  const countRunning = db
    .select({ count: count() })
    .from(jobs)
    .where(and(isNull(jobs.endedAt), eq(jobs.state, 'running')))
    .prepare()
  const retries = db
    .select({ id: jobs.id, state: jobs.state })
    .from(jobs)
    .where(eq(jobs.retryOf, sql.placeholder('id')))
    .orderBy(desc(jobs.id))
    .limit(1)
    .prepare()

  const openLike = db
    .select()
    .from(jobs)
    .where(
      and(
        isNull(jobs.endedAt),
        eq(jobs.kind, sql.placeholder('kind')),
        eq(jobs.command, sql.placeholder('command')),
        eq(jobs.input, false),
        isNull(jobs.canceledBy),
        or(ne(jobs.state, 'running'), gte(jobs.queuedAt, sql.placeholder('since'))),
      ),
    )
    .limit(1)
    .prepare()
  const runningOf = db
    .select()
    .from(jobs)
    .where(and(isNull(jobs.endedAt), eq(jobs.state, 'running'), eq(jobs.app, sql.placeholder('app'))))
    .limit(1)
    .prepare()
  const lately = db
    .select()
    .from(jobs)
    .where(
      and(
        eq(jobs.accountId, sql.placeholder('account')),
        gte(jobs.id, sql.placeholder('from')),
        or(isNull(jobs.endedAt), gte(jobs.endedAt, sql.placeholder('since'))),
      ),
    )
    .orderBy(desc(jobs.id))
    .limit(3)
    .prepare()
  const newest = db.select({ id: jobs.id }).from(jobs).orderBy(desc(jobs.id)).limit(1).prepare()

  return {
    find: (id: number): JobRow | undefined => byId.get({ id }),
    /**
     * The same command, requested before: one that has not begun, or one that runs and was requested at `since` or
     * later. Never one that is given something by stdin.
     */
    openLike: (kind: string, command: string, since: number): JobRow | undefined =>
      openLike.get({ kind, command, since }),
    /** What runs now of what was asked of an app. */
    runningOf: (app: string): JobRow | undefined => runningOf.get({ app }),
    /** The last three of somebody's that are not over, or ended after `since`. */
    lately: (account: number, since: number): JobRow[] =>
      lately.all({ account, since, from: (newest.get()?.id ?? 0) - LATELY }),
    countRunning: (): number => countRunning.get()?.count ?? 0,
    /** The newest job that is this one once more. */
    retryOf: (id: number) => retries.get({ id }),
    /** Newest first. */
    page: (filter: JobFilter, { before, downTo, limit }: JobRange): JobRow[] =>
      db
        .select()
        .from(jobs)
        .where(
          and(
            narrowed(filter),
            before === undefined ? undefined : lt(jobs.id, before),
            downTo === undefined ? undefined : gte(jobs.id, downTo),
          ),
        )
        .orderBy(desc(jobs.id))
        .limit(limit)
        .all(),
    /** What there is to filter by: every app, and who requested a job of this one; '': of any. */
    choices: (app: string) => ({
      apps: db
        .selectDistinct({ app: jobs.app })
        .from(jobs)
        .where(isNotNull(jobs.app))
        .orderBy(jobs.app)
        .all()
        .flatMap(({ app }) => app ?? []),
      people: db
        .selectDistinct({ who: jobs.who })
        .from(jobs)
        .where(app === '' ? undefined : isAbout(app))
        .orderBy(jobs.who)
        .all()
        .map(({ who }) => who),
    }),
  }
}

/** As `subjectOf` has it. */
export const isAbout = (app: string | Placeholder): SQL =>
  sql`coalesce(${jobs.app}, ${jobs.payload} ->> 'app') = ${app}`

const narrowed = ({ states, app, who, kinds, command, queuedBefore }: JobFilter): SQL | undefined =>
  and(
    states && inArray(jobs.state, [...states]),
    app === undefined ? undefined : isAbout(app),
    who === undefined ? undefined : eq(jobs.who, who),
    kinds && inArray(jobs.kind, [...kinds]),
    command === undefined ? undefined : eq(jobs.command, command),
    queuedBefore === undefined ? undefined : lt(jobs.queuedAt, queuedBefore),
  )
