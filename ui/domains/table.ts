import { asc, eq, sql } from 'drizzle-orm'
import { integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import type { Database } from '../database/database.ts'
import type { DomainReads } from './domain.ts'

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

export function domainReads(db: Database): DomainReads {
  const all = db.select().from(domains).orderBy(asc(domains.appId), asc(domains.position)).prepare()
  const ofApp = db
    .select()
    .from(domains)
    .where(eq(domains.appId, sql.placeholder('appId')))
    .orderBy(asc(domains.position))
    .prepare()
  return {
    all: () => all.all(),
    ofApp: (appId) => ofApp.all({ appId }),
    first() {
      const first = new Map<number, string>()
      for (const { appId, domain } of all.all()) if (!first.has(appId)) first.set(appId, domain)
      return first
    },
  }
}
