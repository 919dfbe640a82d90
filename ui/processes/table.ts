import { index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core'

/** The formation: process type → quantity, as Dokku last told or was seen to have it. */
export const processTypes = sqliteTable(
  'process_types',
  {
    appId: integer('app_id').notNull(),
    processType: text('process_type').notNull(),
    quantity: integer('quantity').notNull(),
  },
  (t) => [primaryKey({ columns: [t.appId, t.processType] })],
)

/** Containers that exist now by Dokku's labels; rows go when Docker removes them. */
export const containers = sqliteTable(
  'containers',
  {
    id: text('id').primaryKey(),
    appId: integer('app_id').notNull(),
    processType: text('process_type').notNull(),
    /** 1 for web.1 */
    number: integer('number').notNull(),
    name: text('name').notNull(),
    /** starting: `.upcoming-N`; retiring: renamed to `.EPOCH` and waiting to be stopped. */
    state: text('state', { enum: ['starting', 'running', 'retiring', 'exited', 'crashed'] }).notNull(),
    exitCode: integer('exit_code'),
    since: integer('since').notNull(),
  },
  (t) => [index('containers_app').on(t.appId)],
)
