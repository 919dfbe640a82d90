import { integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core'

/** Domains an app has now. */
export const domains = sqliteTable(
  'domains',
  {
    appId: integer('app_id').notNull(),
    domain: text('domain').notNull(),
    since: integer('since').notNull(),
    addedBy: text('added_by').notNull().default(''),
    /** Dokku lists an app's domains in the order they were added. */
    position: integer('position').notNull(),
  },
  (t) => [primaryKey({ columns: [t.appId, t.domain] })],
)
