import { and, asc, desc, eq, ne, sql } from 'drizzle-orm'
import { integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import type { Database } from '../database/database.ts'
import type { ConfigReads } from './config.ts'

/** Which config keys changed when and by whom. Never a value. */
export const configKeys = sqliteTable(
  'config_keys',
  {
    /** 0: the server's own. */
    appId: integer('app_id').notNull(),
    key: text('key').notNull(),
    change: text('change', { enum: ['set', 'unset'] }).notNull(),
    changedAt: integer('changed_at').notNull(),
    changedBy: text('changed_by').notNull(),
  },
  (t) => [primaryKey({ columns: [t.appId, t.key] })],
)

export function configReads(db: Database): ConfigReads {
  const ofApp = eq(configKeys.appId, sql.placeholder('appId'))
  const latest = db
    .select()
    .from(configKeys)
    .where(and(ofApp, ne(configKeys.changedBy, '')))
    .orderBy(desc(configKeys.changedAt))
    .limit(sql.placeholder('limit'))
    .prepare()
  const all = db.select().from(configKeys).where(ofApp).orderBy(asc(configKeys.key)).prepare()
  return {
    latest: (appId, limit) => latest.all({ appId, limit }),
    ofApp: (appId) => all.all({ appId }),
  }
}
