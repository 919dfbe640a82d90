import { asc, eq, sql } from 'drizzle-orm'
import { index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import type { Database } from '../database/database.ts'
import {
  CONTAINER_STATES,
  type Death,
  type Deaths,
  type Loop,
  type ProcessReads,
  type ProcessType,
} from './process.ts'

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
    state: text('state', { enum: CONTAINER_STATES }).notNull(),
    exitCode: integer('exit_code'),
    since: integer('since').notNull(),
    /** Of the last event or list that told of it. */
    toldAt: integer('told_at').notNull().default(0),
    stopRequestedAt: integer('stop_requested_at'),
    oomAt: integer('oom_at'),
    createdAt: integer('created_at'),
    /** Whether Dokku's CONTAINER.web.1 … name it. */
    inService: integer('in_service', { mode: 'boolean' }),
    /** What Docker said when it was last listed; null until then. `sha256:…` of the image it runs. */
    imageId: text('image_id'),
    image: text('image'),
    startedAt: integer('started_at'),
    finishedAt: integer('finished_at'),
    oomKilled: integer('oom_killed', { mode: 'boolean' }).notNull().default(false),
    /** How often Docker started it again by its restart policy. */
    restarts: integer('restarts').notNull().default(0),
    restartPolicy: text('restart_policy').notNull().default(''),
    maxRestarts: integer('max_restarts').notNull().default(0),
    /** Bytes. */
    memoryLimit: integer('memory_limit'),
    /** Its address in each of its networks. */
    addresses: text('addresses', { mode: 'json' }).$type<readonly string[]>().notNull().default([]),
  },
  (t) => [index('containers_app').on(t.appId)],
)

/** How processes ended: at most ten deaths each, and the loop they are in. A dated snapshot, as containers are. */
export const processDeaths = sqliteTable(
  'process_deaths',
  {
    appId: integer('app_id').notNull(),
    /** web.1 */
    process: text('process').notNull(),
    containerId: text('container_id').notNull(),
    recent: text('recent', { mode: 'json' }).$type<readonly Death[]>().notNull(),
    loop: text('loop', { mode: 'json' }).$type<Loop>(),
    ooms: text('ooms', { mode: 'json' }).$type<NonNullable<Deaths['ooms']>>(),
  },
  (t) => [primaryKey({ columns: [t.appId, t.process] })],
)

export function processReads(db: Database): ProcessReads {
  const order = [sql`${processTypes.processType} <> 'web'`, asc(processTypes.processType)] as const
  const all = db
    .select()
    .from(processTypes)
    .orderBy(asc(processTypes.appId), ...order)
    .prepare()
  const ofApp = db
    .select()
    .from(processTypes)
    .where(eq(processTypes.appId, sql.placeholder('appId')))
    .orderBy(...order)
    .prepare()
  const containersOf = db
    .select()
    .from(containers)
    .where(eq(containers.appId, sql.placeholder('appId')))
    .orderBy(asc(containers.processType), asc(containers.number), asc(containers.since))
    .prepare()
  const deathsOf = db
    .select()
    .from(processDeaths)
    .where(eq(processDeaths.appId, sql.placeholder('appId')))
    .prepare()
  return {
    formations() {
      const formations = new Map<number, ProcessType[]>()
      for (const row of all.all()) formations.set(row.appId, [...(formations.get(row.appId) ?? []), row])
      return formations
    },
    formation: (appId) => ofApp.all({ appId }),
    containers: (appId) => containersOf.all({ appId }),
    deaths: (appId) => new Map(deathsOf.all({ appId }).map((row) => [row.process, row])),
  }
}
