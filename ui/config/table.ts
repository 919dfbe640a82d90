import { integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core'

/** Which config keys changed when and by whom. Never a value. */
export const configKeys = sqliteTable(
  'config_keys',
  {
    appId: integer('app_id').notNull(),
    key: text('key').notNull(),
    change: text('change', { enum: ['set', 'unset'] }).notNull(),
    changedAt: integer('changed_at').notNull(),
    changedBy: text('changed_by').notNull(),
  },
  (t) => [primaryKey({ columns: [t.appId, t.key] })],
)
