import { and, count, desc, eq, gt, gte, isNotNull, lt, lte, ne, or, type SQL, sql } from 'drizzle-orm'
import { index, integer, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'
import type { Database } from '../database/database.ts'
import { distinct } from '../database/distinct.ts'
import { byDay, distinctOfApp } from './counts.ts'
import {
  type DeploymentFilter,
  type DeploymentReads,
  type FailedStep,
  STATUSES,
  type StepTime,
} from './deployment.ts'

/** One row for each of Dokku's build records, kept for good. */
export const deployments = sqliteTable(
  'deployments',
  {
    id: integer('id').primaryKey({ autoIncrement: true }),
    host: text('host').notNull().default('local'),
    appId: integer('app_id').notNull(),
    /** app #42; below 0 for one that is not listed */
    number: integer('number').notNull(),
    buildId: text('build_id').notNull(),
    kind: text('kind', { enum: ['build', 'deploy'] }).notNull(),
    /** Dokku's own: git-hook, ps:rebuild, ps:restart, deploy, config-redeploy, git:sync, git:from-archive, git:from-image, git:load-image */
    source: text('source').notNull(),
    status: text('status', { enum: STATUSES }).notNull(),
    actor: text('actor').notNull(),
    door: text('door').notNull(),
    fingerprint: text('fingerprint').notNull().default(''),
    command: text('command').notNull().default(''),
    revision: text('revision').notNull().default(''),
    author: text('author').notNull().default(''),
    subject: text('subject').notNull().default(''),
    image: text('image').notNull().default(''),
    /** `sha256:…` of what Dokku started, or starts next, once this deployment had ended; null: not read. */
    imageId: text('image_id'),
    /** Id of the deployment whose code that image holds: a restart's holds the code of an earlier one. */
    codeId: integer('code_id'),
    builder: text('builder').notNull().default(''),
    /** deploy-source-set's type and metadata (credentials stripped): git-push, git-sync, docker-image, tar … */
    sourceType: text('source_type').notNull().default(''),
    sourceMetadata: text('source_metadata').notNull().default(''),
    pid: integer('pid').notNull(),
    /** Field 22 of /proc/PID/stat when it began; tells a reused PID from the build's own. Empty: not known. */
    pidStart: text('pid_start').notNull().default(''),
    logFile: text('log_file').notNull(),
    startedAt: integer('started_at').notNull(),
    /** When post-deploy fired: the new code serves. */
    liveAt: integer('live_at'),
    endedAt: integer('ended_at'),
    /** When its process was found gone and its log read to the end; null: still to be watched. */
    judgedAt: integer('judged_at'),
    /** Dokku's exit code; null while running, -1 where Dokku never told. */
    exitCode: integer('exit_code'),
    failedStep: text('failed_step').$type<FailedStep>(),
    /** One line: "Build failed at step 4/5 RUN npm ci". */
    reason: text('reason').notNull().default(''),
    /** Line numbers (from 1) of the log that say so. */
    reasonLines: text('reason_lines', { mode: 'json' }).$type<readonly number[]>().notNull().default([]),
    steps: text('steps', { mode: 'json' }).$type<readonly StepTime[]>().notNull().default([]),
  },
  (t) => [
    uniqueIndex('deployments_build').on(t.host, t.buildId, t.appId),
    uniqueIndex('deployments_number').on(t.appId, t.number),
    index('deployments_to_judge').on(t.id).where(sql`${t.judgedAt} is null`),
    index('deployments_app').on(t.appId, t.id),
    index('deployments_status').on(t.status, t.id),
    index('deployments_actor').on(t.actor, t.id),
    index('deployments_door').on(t.door, t.id),
    index('deployments_started').on(t.startedAt),
    index('deployments_image').on(t.appId, t.imageId).where(sql`${t.imageId} is not null`),
  ],
)

const value = sql.placeholder
const ids = (name: string) => sql`(select value from json_each(${value(name)}))`

/** One prepared statement for each combination of filters that was asked for. */
export function deploymentReads(db: Database): DeploymentReads {
  const narrowing = {
    appId: eq(deployments.appId, value('appId')),
    statuses: sql`${deployments.status} in ${ids('statuses')}`,
    door: eq(deployments.door, value('door')),
    actor: eq(deployments.actor, value('actor')),
    from: gte(deployments.startedAt, value('from')),
    to: lt(deployments.startedAt, value('to')),
    before: lt(deployments.id, value('before')),
    downTo: gte(deployments.id, value('downTo')),
  }
  const narrowed = (given: object): SQL[] =>
    Object.entries(narrowing).flatMap(([name, condition]) => (name in given ? [condition] : []))
  const list = (conditions: SQL[]) =>
    db
      .select(IN_BRIEF)
      .from(deployments)
      .where(and(...conditions))
      .orderBy(desc(deployments.id))
      .limit(value('limit'))
      .prepare()
  const prepared = new Map<string, ReturnType<typeof list>>()
  const listOf = (running: boolean, given: object) => {
    const key = `${running} ${Object.keys(given).sort().join(' ')}`
    const known = prepared.get(key)
    if (known) return known
    const state = running ? eq(deployments.status, 'running') : ne(deployments.status, 'running')
    const made = list([state, gt(deployments.number, 0), ...narrowed(given)])
    prepared.set(key, made)
    return made
  }

  const running = db
    .select({ count: count() })
    .from(deployments)
    .where(eq(deployments.status, 'running'))
    .prepare()
  const byIds = db
    .select()
    .from(deployments)
    .where(sql`${deployments.id} in ${ids('ids')}`)
    .prepare()
  const inBrief = db
    .select(IN_BRIEF)
    .from(deployments)
    .where(sql`${deployments.id} in ${ids('ids')}`)
    .prepare()
  const failing = db
    .select(IN_BRIEF)
    .from(deployments)
    .where(
      and(
        eq(deployments.status, 'failed'),
        sql`${deployments.id} in (select (
          select id from deployments as its
          where its.app_id = asked.value and (its.status in ('failed', 'succeeded', 'built') or its.live_at is not null)
          order by id desc limit 1
        ) from json_each(${value('ids')}) as asked)`,
      ),
    )
    .prepare()
  const byBuilds = db
    .select(IN_BRIEF)
    .from(deployments)
    .where(
      sql`(${deployments.host}, ${deployments.buildId}, ${deployments.appId}) in (select value ->> 0, value ->> 1, value ->> 2 from json_each(${value('builds')}))`,
    )
    .prepare()
  const numbered = db
    .select()
    .from(deployments)
    .where(and(eq(deployments.appId, value('appId')), eq(deployments.number, value('number'))))
    .prepare()
  const newest = (...conditions: (SQL | undefined)[]) =>
    db
      .select()
      .from(deployments)
      .where(and(narrowing.appId, ...conditions))
      .orderBy(desc(deployments.id))
      .limit(1)
      .prepare()
  const liveBefore = newest(isNotNull(deployments.liveAt), narrowing.before)
  const codeOf = newest(
    lte(deployments.id, value('id')),
    ne(deployments.revision, ''),
    or(isNotNull(deployments.liveAt), ne(deployments.image, '')),
  )
  const lately = db
    .select({ took: sql<number>`${deployments.endedAt} - ${deployments.startedAt}` })
    .from(deployments)
    .where(
      and(
        narrowing.appId,
        eq(deployments.kind, value('kind')),
        eq(deployments.status, 'succeeded'),
        isNotNull(deployments.endedAt),
      ),
    )
    .orderBy(desc(deployments.id))
    .limit(10)
    .prepare()
  const days = db
    .select({ day: DAY_OF, status: deployments.status, count: count() })
    .from(deployments)
    .where(gte(deployments.startedAt, value('from')))
    .groupBy(DAY_OF, deployments.status)
    .prepare()

  return {
    page: (filter, { limit, ...range }) =>
      listOf(false, { ...filter, ...range }).all({ ...valuesOf(filter), ...range, limit }),
    running: (filter) => listOf(true, filter).all({ ...valuesOf(filter), limit: MOST_RUNNING }),
    countRunning: () => running.get()?.count ?? 0,
    byIds: (wanted) => new Map(byIds.all({ ids: JSON.stringify(wanted) }).map((row) => [row.id, row])),
    inBrief: (wanted) => new Map(inBrief.all({ ids: JSON.stringify(wanted) }).map((row) => [row.id, row])),
    failing: (appIds) => new Map(failing.all({ ids: JSON.stringify(appIds) }).map((row) => [row.appId, row])),
    byBuilds: (wanted) =>
      new Map(
        byBuilds.all({ builds: JSON.stringify(wanted) }).map((row) => [`${row.buildId} ${row.appId}`, row]),
      ),
    numbered: (appId, number) => numbered.get({ appId, number }),
    liveBefore: (appId, id) => liveBefore.get({ appId, before: id }),
    codeOf: (appId, id) => codeOf.get({ appId, id }),
    usual(appId, kind) {
      const took = lately.all({ appId, kind }).map((row) => row.took)
      return took.length < 3 ? null : (took.sort((one, other) => one - other)[took.length >> 1] ?? null)
    },
    days: (from) => byDay(days.all({ from })),
    actors: choices(db, 'actor'),
    doors: choices(db, 'door'),
  }
}

const choices = (db: Database, column: 'actor' | 'door') => {
  const [all, ofApp] = [distinct(db, 'deployments', column), distinctOfApp(db, column)]
  return (appId?: number) => (appId === undefined ? all() : ofApp(appId))
}

const valuesOf = ({ statuses, ...filter }: DeploymentFilter) => ({
  ...filter,
  ...(statuses && { statuses: JSON.stringify(statuses) }),
})

/** Two hundred cards need two hundred deployments, but not their steps and images. */
const IN_BRIEF = {
  id: deployments.id,
  appId: deployments.appId,
  buildId: deployments.buildId,
  number: deployments.number,
  kind: deployments.kind,
  source: deployments.source,
  status: deployments.status,
  actor: deployments.actor,
  door: deployments.door,
  revision: deployments.revision,
  subject: deployments.subject,
  sourceType: deployments.sourceType,
  sourceMetadata: deployments.sourceMetadata,
  startedAt: deployments.startedAt,
  liveAt: deployments.liveAt,
  endedAt: deployments.endedAt,
  failedStep: deployments.failedStep,
  reason: deployments.reason,
}

/** More at once than any server builds. */
const MOST_RUNNING = 100

const DAY_OF = sql<number>`${deployments.startedAt} / 86400000 * 86400000`
