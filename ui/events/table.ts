import { sql } from 'drizzle-orm'
import { index, integer, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'

/** The journal: every event in the order it was recorded. Never changed but for `appId` (rename re-keys it). */
export const events = sqliteTable(
  'events',
  {
    seq: integer('seq').primaryKey({ autoIncrement: true }),
    id: text('id').notNull(),
    host: text('host').notNull().default('local'),
    origin: text('origin', { enum: ['told', 'seen'] }).notNull(),
    trigger: text('trigger').notNull(),
    /** Milliseconds since 1970, when it happened. */
    at: integer('at').notNull(),
    args: text('args', { mode: 'json' }).$type<readonly string[]>().notNull(),
    buildId: text('build_id').notNull().default(''),
    buildSource: text('build_source').notNull().default(''),
    logFile: text('log_file').notNull().default(''),
    command: text('command').notNull().default(''),
    sshUser: text('ssh_user').notNull().default(''),
    sshName: text('ssh_name').notNull().default(''),
    fingerprint: text('fingerprint').notNull().default(''),
    sudoUser: text('sudo_user').notNull().default(''),
    loginUid: text('login_uid').notNull().default(''),
    note: text('note').notNull().default(''),
    /** Derived at recording: name and door of whoever caused it, and the app it is about. */
    actor: text('actor').notNull(),
    door: text('door').notNull(),
    app: text('app'),
    appId: integer('app_id'),
    /** Milliseconds since 1970, when we recorded it. */
    recordedAt: integer('recorded_at').notNull(),
  },
  (t) => [
    uniqueIndex('events_id').on(t.host, t.id),
    index('events_app').on(t.appId, t.seq),
    index('events_build').on(t.buildId).where(sql`${t.buildId} <> ''`),
    index('events_at').on(t.at),
  ],
)
