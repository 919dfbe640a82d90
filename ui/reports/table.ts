import { and, eq, sql } from 'drizzle-orm'
import { integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import * as z from 'zod'
import type { Database } from '../database/database.ts'
import type { CronEntry, Dated, Facts, ReportName, ReportReads } from './report.ts'

/** What Dokku said last, one row a report; what it said before is nobody's question. */
export const reports = sqliteTable(
  'reports',
  {
    /** 0: the server. */
    appId: integer('app_id').notNull(),
    name: text('name').$type<ReportName>().notNull(),
    body: text('body', { mode: 'json' }).$type<unknown>().notNull(),
    at: integer('at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.appId, t.name] })],
)

export const SERVER = 0

const Names = z.array(z.string())
const FactsBody: z.ZodType<Facts> = z.record(z.string(), z.union([z.string(), z.array(z.string())]))
const CronBody: z.ZodType<readonly CronEntry[]> = z.array(
  z.object({
    id: z.string(),
    command: z.string(),
    schedule: z.string(),
    appSuspended: z.boolean(),
    suspended: z.boolean(),
  }),
)

export function reportReads(db: Database): ReportReads {
  const one = db
    .select({ body: reports.body, at: reports.at })
    .from(reports)
    .where(and(eq(reports.appId, sql.placeholder('appId')), eq(reports.name, sql.placeholder('name'))))
    .prepare()
  const all = db
    .select({ appId: reports.appId, body: reports.body })
    .from(reports)
    .where(eq(reports.name, sql.placeholder('name')))
    .prepare()
  /** A row another version wrote may be of another shape: it is read anew as if it had never been. */
  const read = <Body>(appId: number, name: ReportName, body: z.ZodType<Body>): Dated<Body> | undefined => {
    const row = one.get({ appId, name })
    const parsed = body.safeParse(row?.body)
    return row === undefined || !parsed.success ? undefined : { body: parsed.data, at: row.at }
  }
  return {
    facts: (appId, name) => read(appId, name, FactsBody),
    every: (name) =>
      new Map(
        all.all({ name }).flatMap(({ appId, body }) => {
          const parsed = FactsBody.safeParse(body)
          return parsed.success ? [[appId, parsed.data] as const] : []
        }),
      ),
    cron: (appId) => read(appId, 'cron', CronBody),
    server: (name) => read(SERVER, name, Names),
    oldest(appId, names) {
      const all = names.map((name) => one.get({ appId, name })?.at)
      return all.reduce<number | null>(
        (oldest, at) => (oldest === null || at === undefined ? null : Math.min(oldest, at)),
        Number.MAX_SAFE_INTEGER,
      )
    },
  }
}

/** Keeps what was read. */
export const keepReport = (db: Database) => {
  const put = db
    .insert(reports)
    .values({
      appId: sql.placeholder('appId'),
      name: sql.placeholder('name'),
      body: sql.placeholder('body'),
      at: sql.placeholder('at'),
    })
    .onConflictDoUpdate({
      target: [reports.appId, reports.name],
      set: { body: sql`excluded.body`, at: sql`excluded.at` },
    })
    .prepare()
  return (appId: number, name: ReportName, body: unknown, at: number): void =>
    void put.run({ appId, name, body, at })
}
