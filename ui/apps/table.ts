import { and, asc, count, desc, eq, inArray, isNull, notLike, or, sql } from 'drizzle-orm'
import { index, integer, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'
import type { Database } from '../database/database.ts'
import { LOCAL } from '../events/event.ts'
import { APP_STATES, NEEDS_ATTENTION, type StateDetail } from '../processes/process.ts'
import type { AppReads } from './app.ts'

/** One row an app, kept after it was destroyed; a rename keeps the row. */
export const apps = sqliteTable(
  'apps',
  {
    id: integer('id').primaryKey({ autoIncrement: true }),
    host: text('host').notNull().default('local'),
    name: text('name').notNull(),
    /** The name it had before its last rename. */
    formerName: text('former_name'),
    createdAt: integer('created_at'),
    destroyedAt: integer('destroyed_at'),
    /** What runs, from Docker's containers against the formation. */
    state: text('state', { enum: APP_STATES }).notNull().default('unknown'),
    stateAt: integer('state_at'),
    /** Why it is in that state. */
    stateDetail: text('state_detail', { mode: 'json' }).$type<StateDetail>(),
    /** Whether the owner stopped it (post-stop without a later start): then "stopped" is no trouble. */
    stopped: integer('stopped', { mode: 'boolean' }).notNull().default(false),
    locked: integer('locked', { mode: 'boolean' }).notNull().default(false),
    deploySource: text('deploy_source').notNull().default(''),
    deploySourceMetadata: text('deploy_source_metadata').notNull().default(''),
    /** The panel's own front app. */
    front: integer('front', { mode: 'boolean' }).notNull().default(false),
    /** The last deployment that went live. What runs is known by the images of its containers. */
    liveDeploymentId: integer('live_deployment_id'),
    lastDeploymentId: integer('last_deployment_id'),
    /** Number given to the next deployment. */
    nextNumber: integer('next_number').notNull().default(1),
    /** Outcomes of the last ten deployments that changed something, oldest first: s f c b r. */
    recent: text('recent').notNull().default(''),
    lastEventAt: integer('last_event_at'),
    /** When Dokku was first asked about it; before that a difference says nothing. */
    lookedAt: integer('looked_at'),
    /** When its formation was last read; before, what there are to be of each process type is not known. */
    formationReadAt: integer('formation_read_at'),
    /** `sha256:…` of what `dokku/APP:latest` names: what Dokku starts next. A dated snapshot, as the next four. */
    nextImageId: text('next_image_id'),
    scheduler: text('scheduler'),
    proxy: text('proxy'),
    webListener: text('web_listener'),
    /** Addresses that nginx's configuration of the app sends requests to; null: not read yet. */
    upstreams: text('upstreams', { mode: 'json' }).$type<readonly string[]>(),
  },
  (t) => [
    uniqueIndex('apps_name').on(t.host, t.name).where(sql`${t.destroyedAt} is null`),
    index('apps_any_name').on(t.name),
    index('apps_former_name').on(t.formerName).where(sql`${t.formerName} is not null`),
  ],
)

export function appReads(db: Database): AppReads {
  const name = eq(apps.name, sql.placeholder('name'))
  const all = db.select().from(apps).orderBy(asc(apps.name), desc(apps.id)).prepare()
  // Null sorts first: the one that is there before those that are gone, and of those that are there this server's own.
  const named = db
    .select()
    .from(apps)
    .where(name)
    .orderBy(asc(apps.destroyedAt), desc(eq(apps.host, LOCAL)), desc(apps.id))
    .limit(1)
    .prepare()
  const gone = db.select().from(apps).where(name).orderBy(desc(apps.id)).limit(1).prepare()
  const formerly = db
    .select()
    .from(apps)
    .where(and(eq(apps.formerName, sql.placeholder('name')), isNull(apps.destroyedAt)))
    .orderBy(desc(eq(apps.host, LOCAL)), desc(apps.id))
    .limit(1)
    .prepare()
  // The same as isInTrouble says of one; a test holds them together.
  const inTrouble = db
    .select({ count: count() })
    .from(apps)
    .where(
      and(
        isNull(apps.destroyedAt),
        eq(apps.front, false),
        notLike(apps.recent, '%r%'),
        or(
          inArray(apps.state, [...NEEDS_ATTENTION]),
          and(
            eq(apps.state, 'stopped'),
            eq(apps.stopped, false),
            sql`coalesce(json_extract(${apps.stateDetail}, '$.kind'), '') <> 'scaled'`,
          ),
        ),
      ),
    )
    .prepare()
  const byIds = db
    .select()
    .from(apps)
    .where(sql`${apps.id} in (select value from json_each(${sql.placeholder('ids')}))`)
    .prepare()
  return {
    all: () => all.all(),
    named(name) {
      const found = named.get({ name })
      return found?.destroyedAt === null ? found : gone.get({ name })
    },
    formerly: (name) => formerly.get({ name }),
    countInTrouble: () => inTrouble.get()?.count ?? 0,
    byIds: (ids) => new Map(byIds.all({ ids: JSON.stringify(ids) }).map((app) => [app.id, app])),
  }
}
