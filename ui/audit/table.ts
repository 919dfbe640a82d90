import { and, desc, eq, inArray, lt } from 'drizzle-orm'
import { index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import type { Database } from '../database/database.ts'
import type { Live } from '../live/live.ts'
import type { RecordAudit } from './audit.ts'

/** What people did in the panel: never changed, never a secret. */
export const audit = sqliteTable(
  'audit',
  {
    id: integer('id').primaryKey({ autoIncrement: true }),
    at: integer('at').notNull(),
    /** Account name; empty where nobody was signed in. */
    who: text('who').notNull(),
    action: text('action').notNull(),
    subject: text('subject').notNull().default(''),
    ip: text('ip').notNull(),
    userAgent: text('user_agent').notNull(),
    before: text('before', { mode: 'json' }).$type<Readonly<Record<string, unknown>> | null>(),
    after: text('after', { mode: 'json' }).$type<Readonly<Record<string, unknown>> | null>(),
  },
  (t) => [index('audit_at').on(t.at), index('audit_who').on(t.who, t.id)],
)

export type AuditRow = typeof audit.$inferSelect

/** `live` is absent where no page can be open, as in `node ui/main.ts login`. */
export function recordAudit({
  db,
  live,
  clock,
}: {
  readonly db: Database
  readonly live?: Pick<Live, 'publish'>
  readonly clock: () => number
}): RecordAudit {
  return ({ who, action, subject = '', by, before = null, after = null }) => {
    const { ip, userAgent } = by
    db.insert(audit).values({ at: clock(), who, action, subject, ip, userAgent, before, after }).run()
    live?.publish(['audit'])
  }
}

export interface AuditFilter {
  readonly who: string | null
  readonly action: string | null
  /** Only rows older than this one. */
  readonly before: number | null
}

/** The newest acts first; asks for one more than `limit`, so that the page knows whether there are older ones. */
export const auditRows = (db: Database, { who, action, before }: AuditFilter, limit: number): AuditRow[] =>
  db
    .select()
    .from(audit)
    .where(
      and(
        who === null ? undefined : eq(audit.who, who),
        action === null ? undefined : eq(audit.action, action),
        before === null ? undefined : lt(audit.id, before),
      ),
    )
    .orderBy(desc(audit.id))
    .limit(limit + 1)
    .all()

/** The oldest acts go, at most so many; returns how many went. */
export const removeOldActs = (db: Database, before: number, most: number): number =>
  db
    .delete(audit)
    .where(
      inArray(
        audit.id,
        db.select({ id: audit.id }).from(audit).where(lt(audit.at, before)).orderBy(audit.at).limit(most),
      ),
    )
    .run().changes

/** Everybody and everything there is to filter by. */
export const auditChoices = (db: Database) => ({
  who: db
    .selectDistinct({ who: audit.who })
    .from(audit)
    .orderBy(audit.who)
    .all()
    .map((row) => row.who),
  actions: db
    .selectDistinct({ action: audit.action })
    .from(audit)
    .orderBy(audit.action)
    .all()
    .map((row) => row.action),
})
