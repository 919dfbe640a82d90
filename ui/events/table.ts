import { and, asc, desc, eq, getTableColumns, gte, inArray, lt, or, type SQL, sql } from 'drizzle-orm'
import { index, integer, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'
import { FRONT_APP } from '../apps/app.ts'
import type { Database } from '../database/database.ts'
import type { ToldRun, ToldRuns } from '../runs/run.ts'
import { eventActors } from './actors.ts'
import { DEPLOY_SIGNS, runOf } from './event.ts'
import { type EventReads, KINDS, NOTICED, type TimelineEvent } from './timeline.ts'

/**
 * The journal: every event in the order it was recorded. Never changed but for `appId` (rename re-keys it), and gone
 * only where its owner set how long it is kept.
 */
export const events = sqliteTable(
  'events',
  {
    seq: integer('seq').primaryKey({ autoIncrement: true }),
    id: text('id').notNull(),
    host: text('host').notNull().default('local'),
    origin: text('origin', { enum: ['told', 'seen'] }).notNull(),
    trigger: text('trigger').notNull(),
    /** Milliseconds since 1970, when it happened. */
    at: integer('at').notNull(),
    args: text('args', { mode: 'json' }).$type<readonly string[]>().notNull(),
    buildId: text('build_id').notNull().default(''),
    buildSource: text('build_source').notNull().default(''),
    logFile: text('log_file').notNull().default(''),
    command: text('command').notNull().default(''),
    sshUser: text('ssh_user').notNull().default(''),
    sshName: text('ssh_name').notNull().default(''),
    fingerprint: text('fingerprint').notNull().default(''),
    sudoUser: text('sudo_user').notNull().default(''),
    loginUid: text('login_uid').notNull().default(''),
    note: text('note').notNull().default(''),
    /** Derived at recording: name and door of whoever caused it, and the app it is about. */
    actor: text('actor').notNull(),
    door: text('door').notNull(),
    app: text('app'),
    appId: integer('app_id'),
    /** Milliseconds since 1970, when we recorded it. */
    recordedAt: integer('recorded_at').notNull(),
  },
  (t) => [
    uniqueIndex('events_id').on(t.host, t.id),
    index('events_app').on(t.appId, t.seq),
    index('events_build').on(t.buildId).where(sql`${t.buildId} <> ''`),
    index('events_at').on(t.at),
    index('events_actor').on(t.actor, t.seq),
    index('events_trigger').on(t.trigger, t.seq),
    // Of an app that the clock runs something in each minute, what somebody typed in it is found all the same.
    index('events_runs').on(t.appId, sql`door = 'cron'`, t.seq).where(sql`"trigger" = 'scheduler-post-run'`),
    index('events_entries').on(t.appId, t.note, t.seq).where(sql`"trigger" = 'scheduler-post-run'`),
  ],
)

const value = sql.placeholder

const STARTS = sql`('builds-record-start', 'build-seen')`
const SIGNS = sql.raw(`(${DEPLOY_SIGNS.map((trigger) => `'${trigger}'`).join(', ')})`)

/** `ps:rebuild --all` starts no record for its apps: the first sign of each is where its deploy begins. */
const IS_FIRST_SIGN = sql`(${events.trigger} in ${SIGNS} and ${events.buildId} <> '' and ${events.buildSource} <> ''
  and not exists (select 1 from events as earlier
    where earlier.build_id = ${events.buildId} and earlier.build_id <> '' and earlier.host = ${events.host}
      and earlier.app_id = ${events.appId} and earlier.seq < ${events.seq}
      and (earlier."trigger" in ${SIGNS} or earlier."trigger" in ${STARTS})))`

/** How far from each other the deploy of a ps:scale and the formation it left are recorded: events, and milliseconds. */
const NEAR = sql.raw('500')
const NEAR_MS = sql.raw('900000')

/** What a person wants to read: a deploy once, by its beginning, and nothing the service only tells itself. */
const WORTH_READING = or(
  // The panel's own app is built once so that Dokku can build it again; nothing of it is a deploy.
  sql`((${events.trigger} in ${STARTS} or ${IS_FIRST_SIGN}) and ${events.appId} is not null and coalesce(${events.app}, '') <> ${sql.raw(`'${FRONT_APP}'`)})`,
  and(
    eq(events.buildId, ''),
    // A start is told by the deploy it is; without one the app ran already.
    sql`${events.trigger} not in ('build-seen', 'builds-record-finalize', 'build-ended', 'pre-start', 'app-looked', 'post-app-rename-setup')`,
    // A rename and a clone make an app, take one away and clear what is the other's on their way; the sentence of the whole says it all.
    sql`not (${events.command} in ('apps:rename', 'apps:clone') and ${events.trigger} in ('post-create', 'post-delete', 'post-certs-remove'))`,
    // certs:* also says that the domains may have changed, without a word of how.
    sql`(${events.trigger} <> 'post-domains-update' or coalesce(json_extract(${events.args}, '$[1]'), '') <> '')`,
    // ps:scale is told by what changed, which is found when the app is read; its deploy says no more.
    sql`not (${events.trigger} = 'post-deploy' and ${events.command} = 'ps:scale' and exists (select 1 from events as found
      where found.app_id = ${events.appId} and found.seq between ${events.seq} - ${NEAR} and ${events.seq} + ${NEAR}
      and found."trigger" = 'formation-seen' and found.command = 'ps:scale' and abs(found.at - ${events.at}) < ${NEAR_MS}))`,
    // A comparison that a trigger explains only fills in what that trigger left out.
    sql`(${events.origin} <> 'seen' or ${events.command} <> '' or (instr(${events.note}, '"untold":false') = 0 and instr(${events.args}, 'untold\\":false') = 0))`,
  ),
)

const COLUMNS = {
  ...getTableColumns(events),
  begins: sql<string>`case when ${events.trigger} in ${STARTS} then coalesce(json_extract(${events.args}, '$[1]'), '')
    when ${IS_FIRST_SIGN} then ${events.buildId} else '' end`,
}

/**
 * What a timer does every few minutes, and which went well or found nothing, would push out all else: a list narrowed to
 * its kind or its actor shows it.
 */
const OUT_OF_THE_ORDINARY = and(
  sql`not (${events.trigger} = 'scheduler-post-run' and ${events.door} = 'cron' and json_extract(${events.args}, '$[3]') = '0')`,
  sql`not (${events.trigger} = 'builds-record-start' and json_extract(${events.args}, '$[3]') = 'git:sync' and exists (
    select 1 from deployments where deployments.host = ${events.host} and deployments.build_id = json_extract(${events.args}, '$[1]') and deployments.number < 0))`,
)

const narrowing = {
  appId: eq(events.appId, value('appId')),
  actor: eq(events.actor, value('actor')),
  // What is folded into a deploy is of its kind: only the first sign of one passes WORTH_READING.
  kind: sql`(${events.trigger} in (select value from json_each(${value('kind')}))
    or (${value('kind')} = ${JSON.stringify(KINDS.deployments)} and ${events.trigger} in ${SIGNS} and ${events.buildId} <> ''))`,
  seen: and(eq(events.origin, 'seen'), eq(events.command, ''), inArray(events.trigger, [...NOTICED])),
  before: lt(events.seq, value('before')),
  downTo: gte(events.seq, value('downTo')),
}

/** One prepared statement for each combination of filters that was asked for. */
export function eventReads(db: Database): EventReads {
  const list = (conditions: (SQL | undefined)[]) =>
    db
      .select(COLUMNS)
      .from(events)
      .where(and(...conditions))
      .orderBy(desc(events.seq))
      .limit(value('limit'))
      .prepare()
  const prepared = new Map<string, ReturnType<typeof list>>()
  const listOf = (given: object) => {
    const key = Object.keys(given).sort().join(' ')
    const known = prepared.get(key)
    if (known) return known
    const conditions = Object.entries(narrowing).flatMap(([name, condition]) =>
      name in given ? [condition] : [],
    )
    const ordinary = 'kind' in given || 'actor' in given
    const made = list([WORTH_READING, ordinary ? undefined : OUT_OF_THE_ORDINARY, ...conditions])
    prepared.set(key, made)
    return made
  }
  const ofBuild = db
    .select(COLUMNS)
    .from(events)
    .where(
      and(
        eq(events.buildId, value('buildId')),
        sql`${events.buildId} <> ''`,
        eq(events.host, value('host')),
        eq(events.appId, value('appId')),
      ),
    )
    .orderBy(asc(events.seq))
    .limit(500)
    .prepare()
  const one = db
    .select(COLUMNS)
    .from(events)
    .where(eq(events.seq, value('seq')))
    .prepare()
  return {
    page: ({ kind, seen, ...filter }, { limit, ...range }) => {
      const given = {
        ...filter,
        ...range,
        ...(kind && { kind: JSON.stringify(KINDS[kind]) }),
        ...(seen && { seen }),
      }
      return listOf(given)
        .all({ ...given, limit })
        .map(read)
    },
    actors: eventActors(db),
    ofBuild: (host, buildId, appId) => ofBuild.all({ host, buildId, appId }).map(read),
    one(seq) {
      const row = one.get({ seq })
      return row && read(row)
    },
  }
}

const read = ({
  command,
  sshUser,
  sshName,
  fingerprint,
  sudoUser,
  loginUid,
  ...event
}: typeof events.$inferSelect & { readonly begins: string }): TimelineEvent => ({
  ...event,
  caller: { command, sshUser, sshName, fingerprint, sudoUser, loginUid },
})

/** Runs that Dokku told of. */
export function toldRuns(db: Database): ToldRuns {
  const found = (which: SQL) =>
    db
      .select()
      .from(events)
      .where(
        and(
          eq(events.appId, value('appId')),
          sql`${events.trigger} = 'scheduler-post-run'`,
          which,
          lt(events.at, value('before')),
        ),
      )
      .orderBy(desc(events.seq))
      .limit(value('limit'))
      .prepare()
  const ofApp = {
    hand: found(sql`(${events.door} = 'cron') = 0`),
    cron: found(sql`(${events.door} = 'cron') = 1`),
  }
  const ofEntry = found(eq(events.note, value('entry')))
  return {
    ofApp: (appId, by, range) => ofApp[by].all({ appId, ...range }).map(toldRun),
    ofEntry: (appId, entry, range) => ofEntry.all({ appId, entry, ...range }).map(toldRun),
  }
}

const toldRun = ({ seq, at, args, note, actor, door }: typeof events.$inferSelect): ToldRun => {
  const { entry, detached } = runOf({ note })
  const [, , , code = ''] = args
  return { seq, at, actor, door, entry, exitCode: detached || !/^\d+$/.test(code) ? null : Number(code) }
}

/** Removes at most `most` events that happened before then, and says how many. */
export function removeOldEvents(db: Database, before: number, most: number): number {
  const old = db.select({ seq: events.seq }).from(events).where(lt(events.at, before)).limit(most)
  return db.delete(events).where(inArray(events.seq, old)).run().changes
}
