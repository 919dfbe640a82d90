import { asc, eq, sql } from 'drizzle-orm'
import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import type { Database } from '../database/database.ts'
import type { CertificateReads } from './certificate.ts'

/** The certificate an app has now, as certs:report last said. */
export const certificates = sqliteTable('certificates', {
  appId: integer('app_id').primaryKey(),
  /** Names it covers. */
  hostnames: text('hostnames', { mode: 'json' }).$type<readonly string[]>().notNull().default([]),
  issuer: text('issuer').notNull().default(''),
  subject: text('subject').notNull().default(''),
  startsAt: integer('starts_at'),
  /** Null until certs:report was read after post-certs-update. */
  expiresAt: integer('expires_at'),
  verified: text('verified').notNull().default(''),
  updatedAt: integer('updated_at').notNull(),
  updatedBy: text('updated_by').notNull().default(''),
})

export function certificateReads(db: Database): CertificateReads {
  const all = db
    .select()
    .from(certificates)
    .where(sql`${certificates.appId} in (select id from apps where destroyed_at is null)`)
    .orderBy(sql`${certificates.expiresAt} is null`, asc(certificates.expiresAt))
    .prepare()
  const ofApp = db
    .select()
    .from(certificates)
    .where(eq(certificates.appId, sql.placeholder('appId')))
    .prepare()
  return {
    all: () => all.all(),
    ofApp: (appId) => ofApp.get({ appId }),
  }
}
