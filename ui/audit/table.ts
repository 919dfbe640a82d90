import { index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'

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
