import { sql } from 'drizzle-orm'
import { index, integer, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'
import type { FailedStep, StepTime } from './deployment.ts'

/** One row for each of Dokku's build records, kept for good. */
export const deployments = sqliteTable(
  'deployments',
  {
    id: integer('id').primaryKey({ autoIncrement: true }),
    host: text('host').notNull().default('local'),
    appId: integer('app_id').notNull(),
    /** app #42 */
    number: integer('number').notNull(),
    buildId: text('build_id').notNull(),
    kind: text('kind', { enum: ['build', 'deploy'] }).notNull(),
    /** Dokku's own: git-hook, ps:rebuild, ps:restart, deploy, config-redeploy, git:sync, git:from-archive, git:from-image, git:load-image */
    source: text('source').notNull(),
    status: text('status', { enum: ['running', 'succeeded', 'failed', 'canceled'] }).notNull(),
    actor: text('actor').notNull(),
    door: text('door').notNull(),
    fingerprint: text('fingerprint').notNull().default(''),
    command: text('command').notNull().default(''),
    revision: text('revision').notNull().default(''),
    author: text('author').notNull().default(''),
    subject: text('subject').notNull().default(''),
    image: text('image').notNull().default(''),
    builder: text('builder').notNull().default(''),
    /** deploy-source-set's type and metadata (credentials stripped): git-push, git-sync, docker-image, tar … */
    sourceType: text('source_type').notNull().default(''),
    sourceMetadata: text('source_metadata').notNull().default(''),
    pid: integer('pid').notNull(),
    /** Field 22 of /proc/PID/stat when it began; tells a reused PID from the build's own. Empty: not known. */
    pidStart: text('pid_start').notNull().default(''),
    logFile: text('log_file').notNull(),
    startedAt: integer('started_at').notNull(),
    /** When post-deploy fired: the new code serves. */
    liveAt: integer('live_at'),
    endedAt: integer('ended_at'),
    /** When its process was found gone and its log read to the end; null: still to be watched. */
    judgedAt: integer('judged_at'),
    /** Dokku's exit code; null while running, -1 where Dokku never told. */
    exitCode: integer('exit_code'),
    failedStep: text('failed_step').$type<FailedStep>(),
    /** One line: "Build failed at step 4/5 RUN npm ci". */
    reason: text('reason').notNull().default(''),
    /** Line numbers (from 1) of the log that say so. */
    reasonLines: text('reason_lines', { mode: 'json' }).$type<readonly number[]>().notNull().default([]),
    steps: text('steps', { mode: 'json' }).$type<readonly StepTime[]>().notNull().default([]),
  },
  (t) => [
    uniqueIndex('deployments_build').on(t.host, t.buildId, t.appId),
    uniqueIndex('deployments_number').on(t.appId, t.number),
    index('deployments_to_judge').on(t.id).where(sql`${t.judgedAt} is null`),
    index('deployments_app').on(t.appId, t.id),
    index('deployments_status').on(t.status, t.id),
    index('deployments_actor').on(t.actor, t.id),
    index('deployments_door').on(t.door, t.id),
    index('deployments_started').on(t.startedAt),
  ],
)
