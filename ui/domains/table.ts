import { asc, eq, inArray, sql } from 'drizzle-orm'
import { integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import type { Database } from '../database/database.ts'
import type { DomainCheck, DomainReads } from './domain.ts'
import { WHERE } from './pointing.ts'

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

/** Where domains pointed when DNS was last asked. */
export const domainChecks = sqliteTable('domain_checks', {
  domain: text('domain').primaryKey(),
  checkedAt: integer('checked_at').notNull(),
  where: text('where', { enum: WHERE }).notNull(),
  /** Those that are not this server's. */
  addresses: text('addresses', { mode: 'json' }).$type<readonly string[]>().notNull(),
})

export function domainReads(db: Database): DomainReads {
  const all = db.select().from(domains).orderBy(asc(domains.appId), asc(domains.position)).prepare()
  const ofApp = db
    .select()
    .from(domains)
    .where(eq(domains.appId, sql.placeholder('appId')))
    .orderBy(asc(domains.position))
    .prepare()
  const checks = db.select().from(domainChecks).prepare()
  return {
    all: () => all.all(),
    ofApp: (appId) => ofApp.all({ appId }),
    first() {
      const first = new Map<number, string>()
      for (const { appId, domain } of all.all()) if (!first.has(appId)) first.set(appId, domain)
      return first
    },
    checks: () => new Map(checks.all().map((check) => [check.domain, check])),
  }
}

/** Keeps what DNS said. */
export function domainCheckRows(db: Database) {
  return {
    keep({ domain, ...check }: DomainCheck): void {
      db.insert(domainChecks)
        .values({ domain, ...check })
        .onConflictDoUpdate({ target: domainChecks.domain, set: check })
        .run()
    },
    forget: (gone: readonly string[]): void =>
      void db
        .delete(domainChecks)
        .where(inArray(domainChecks.domain, [...gone]))
        .run(),
  }
}
