import { blob, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core'

/** How far the copy of a deployment's log has come. Not part of the replay: logs are copies of files. */
export const logs = sqliteTable('logs', {
  deploymentId: integer('deployment_id').primaryKey(),
  /** Bytes read from Dokku's file so far, and whole lines among them. */
  bytes: integer('bytes').notNull().default(0),
  lines: integer('lines').notNull().default(0),
  /** Lines dropped from the middle because the log grew past its bound. */
  droppedLines: integer('dropped_lines').notNull().default(0),
  complete: integer('complete', { mode: 'boolean' }).notNull().default(false),
})

/** The log itself in zstd-compressed pieces of whole lines. */
export const logChunks = sqliteTable(
  'log_chunks',
  {
    deploymentId: integer('deployment_id').notNull(),
    /** Number of its first line, from 1. */
    firstLine: integer('first_line').notNull(),
    lines: integer('lines').notNull(),
    rawBytes: integer('raw_bytes').notNull(),
    /** [line number, ms since the deployment started] for each time a batch of lines came. */
    times: text('times', { mode: 'json' }).$type<readonly (readonly [number, number])[]>().notNull(),
    data: blob('data', { mode: 'buffer' }).notNull(),
  },
  (t) => [primaryKey({ columns: [t.deploymentId, t.firstLine] })],
)
