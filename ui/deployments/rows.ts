import { and, between, desc, eq, getTableColumns, gt, max, notInArray, sql } from 'drizzle-orm'
import type { Database } from '../database/database.ts'
import { changedNothing, outcomeLetter, STATUSES } from './deployment.ts'
import { deployments } from './table.ts'

type Deployment = typeof deployments.$inferSelect

const COLUMNS = getTableColumns(deployments)
type Column = keyof typeof COLUMNS
const isColumn = (name: string): name is Column => name in COLUMNS

/** What is known of a deployment when it begins. */
type Begun = Pick<
  Deployment,
  | 'id'
  | 'host'
  | 'appId'
  | 'number'
  | 'buildId'
  | 'kind'
  | 'source'
  | 'status'
  | 'actor'
  | 'door'
  | 'fingerprint'
  | 'command'
  | 'pid'
  | 'pidStart'
  | 'logFile'
  | 'startedAt'
>

/** What of one millisecond fits in; an id of the year 2248 is still a safe integer. */
const IDS_PER_MS = 1024
const LAST_MS = Math.floor(Number.MAX_SAFE_INTEGER / IDS_PER_MS) - 1

/** The rows as the journal's events change them: every statement prepared once. */
export function deploymentRows(db: Database) {
  const found = db
    .select()
    .from(deployments)
    .where(
      and(
        eq(deployments.host, sql.placeholder('host')),
        eq(deployments.buildId, sql.placeholder('buildId')),
        eq(deployments.appId, sql.placeholder('appId')),
      ),
    )
    .prepare()
  const byId = db
    .select()
    .from(deployments)
    .where(eq(deployments.id, sql.placeholder('id')))
    .prepare()
  const unfinished = db
    .select()
    .from(deployments)
    .where(and(eq(deployments.appId, sql.placeholder('appId')), eq(deployments.status, 'running')))
    .prepare()
  /** Of two apps that had the name, the one that is there. */
  const owner = db
    .select({ appId: deployments.appId })
    .from(deployments)
    .where(
      and(
        eq(deployments.host, sql.placeholder('host')),
        eq(deployments.buildId, sql.placeholder('buildId')),
        sql`(select name from apps where apps.id = ${deployments.appId}) = ${sql.placeholder('app')}`,
      ),
    )
    .orderBy(
      sql`(select destroyed_at from apps where apps.id = ${deployments.appId}) is not null`,
      desc(deployments.id),
    )
    .limit(1)
    .prepare()
  const destroyed = db.$client.prepare('select 1 from apps where id = ? and destroyed_at is not null').pluck()
  const newest = db
    .select({ id: deployments.id, status: deployments.status })
    .from(deployments)
    .where(
      and(
        eq(deployments.appId, sql.placeholder('appId')),
        // What was only fetched is numbered below 0; a timer may leave a row of it every few minutes.
        gt(deployments.number, 0),
        notInArray(deployments.status, STATUSES.filter(changedNothing)),
      ),
    )
    .orderBy(desc(deployments.id))
    .limit(10)
    .prepare()
  const value = sql.placeholder
  const lastOf = db
    .select({ id: max(deployments.id) })
    .from(deployments)
    .where(between(deployments.id, value('from'), value('to')))
    .prepare()
  const youngerOf = db
    .select({ id: deployments.id, number: deployments.number })
    .from(deployments)
    .where(
      and(eq(deployments.appId, value('appId')), gt(deployments.id, value('id')), gt(deployments.number, 0)),
    )
    .orderBy(desc(deployments.number))
    .prepare()
  const insert = db
    .insert(deployments)
    .values({
      id: value('id'),
      host: value('host'),
      appId: value('appId'),
      number: value('number'),
      buildId: value('buildId'),
      kind: value('kind'),
      source: value('source'),
      status: value('status'),
      actor: value('actor'),
      door: value('door'),
      fingerprint: value('fingerprint'),
      command: value('command'),
      pid: value('pid'),
      pidStart: value('pidStart'),
      logFile: value('logFile'),
      startedAt: value('startedAt'),
    })
    .prepare()
  /** One prepared statement for each set of columns: building one costs more than running it. */
  const prepared = new Map<string, ReturnType<typeof prepareUpdate>>()
  const prepareUpdate = (columns: readonly Column[]) => {
    const set = Object.fromEntries(
      columns.map((name) => [name, sql`${sql.param(sql.placeholder(name), deployments[name])}`]),
    )
    return db
      .update(deployments)
      .set(set)
      .where(eq(deployments.id, sql.placeholder('rowId')))
      .prepare()
  }
  const updateOf = (columns: readonly Column[]) => {
    const key = columns.join(' ')
    const known = prepared.get(key) ?? prepareUpdate(columns)
    prepared.set(key, known)
    return known
  }

  return {
    find: (host: string, buildId: string, appId: number) => found.get({ host, buildId, appId }),
    byId: (id: number) => byId.get({ id }),
    unfinished: (appId: number) => unfinished.all({ appId }),
    owner: (host: string, buildId: string, app: string) => owner.get({ host, buildId, app })?.appId,
    isDestroyed: (appId: number): boolean => destroyed.get(appId) !== undefined,
    /** An id nobody has: in the order of their ids deployments began, whenever they were heard of. */
    idAt(startedAt: number): number {
      for (
        let from = Math.min(Math.max(1, Math.floor(startedAt)), LAST_MS) * IDS_PER_MS;
        ;
        from += IDS_PER_MS
      ) {
        const last = lastOf.get({ from, to: from + IDS_PER_MS - 1 })?.id ?? from - 1
        if (last < from + IDS_PER_MS - 1) return last + 1
      }
    },
    /** Moves those of the app that began after this one up by a number; the one this leaves free. Undefined: there are none. */
    makeRoom(appId: number, id: number): number | undefined {
      const younger = youngerOf.all({ appId, id })
      for (const { id, number } of younger) updateOf(['number']).run({ number: number + 1, rowId: id })
      return younger.at(-1)?.number
    },
    insert: (values: Begun) => void insert.run({ ...values }),
    update: (id: number, values: Partial<typeof deployments.$inferInsert>) => {
      const columns = Object.keys(values).filter(isColumn).sort()
      if (columns.length > 0) updateOf(columns).run({ ...values, rowId: id })
    },
    /** Its build id is another build's from now on. */
    releaseId({ id, buildId }: Pick<Deployment, 'id' | 'buildId'>): void {
      this.update(id, { buildId: `${buildId}~${id}` })
    },
    ofApp: (appId: number) =>
      db
        .select({
          id: deployments.id,
          host: deployments.host,
          buildId: deployments.buildId,
          number: deployments.number,
        })
        .from(deployments)
        .where(eq(deployments.appId, appId))
        .orderBy(deployments.number)
        .all(),
    /** The last ten that changed something, oldest first, and the last of them; null where there is none. */
    summary(appId: number) {
      const rows = newest.all({ appId })
      const outcomes = rows.map(({ status }) => outcomeLetter(status))
      return { latest: rows[0]?.id ?? null, recent: outcomes.reverse().join('') }
    },
    remove: (id: number) => void db.delete(deployments).where(eq(deployments.id, id)).run(),
  }
}
