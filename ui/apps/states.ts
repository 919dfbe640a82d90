import { and, desc, eq, isNull, sql } from 'drizzle-orm'
import type { Database } from '../database/database.ts'
import type { AppLine } from '../dokku/container.ts'
import type { AppState, StateDetail } from '../processes/process.ts'
import { isDeploying } from './app.ts'
import { apps } from './table.ts'

/** What the reconciler and the states of processes need to know and change of an app's row. */
export function appStates(db: Database, host = 'local') {
  const alive = and(eq(apps.host, host), isNull(apps.destroyedAt))
  const named = db
    .select()
    .from(apps)
    .where(and(alive, eq(apps.name, sql.placeholder('name'))))
    .prepare()
  const numbered = db
    .select()
    .from(apps)
    .where(and(alive, eq(apps.id, sql.placeholder('id'))))
    .prepare()
  const former = db
    .select()
    .from(apps)
    .where(and(alive, eq(apps.formerName, sql.placeholder('name'))))
    .orderBy(desc(apps.id))
    .limit(1)
    .prepare()
  const every = db
    .select({ id: apps.id, name: apps.name })
    .from(apps)
    .where(alive)
    .orderBy(apps.name)
    .prepare()
  const setState = db
    .update(apps)
    .set({
      state: sql`${sql.placeholder('state')}`,
      stateDetail: sql`${sql.placeholder('detail')}`,
      stateAt: sql`case when ${apps.state} = ${sql.placeholder('state')} then ${apps.stateAt} else ${sql.placeholder('at')} end`,
    })
    .where(eq(apps.id, sql.placeholder('id')))
    .prepare()
  const setFormationRead = db
    .update(apps)
    .set({ formationReadAt: sql`${sql.placeholder('at')}` })
    .where(eq(apps.id, sql.placeholder('id')))
    .prepare()
  const setNext = db
    .update(apps)
    .set({
      nextImageId: sql`${sql.placeholder('nextImageId')}`,
      scheduler: sql`${sql.placeholder('scheduler')}`,
      proxy: sql`${sql.placeholder('proxy')}`,
      webListener: sql`${sql.placeholder('webListener')}`,
      upstreams: sql`${sql.placeholder('upstreams')}`,
    })
    .where(eq(apps.id, sql.placeholder('id')))
    .prepare()
  return {
    find: (name: string) => withDeployed(named.get({ name })),
    byId: (id: number) => withDeployed(numbered.get({ id })),
    formerly: (name: string) => withDeployed(former.get({ name })),
    every: () => every.all(),
    setState: (id: number, verdict: { state: AppState; detail: StateDetail | null }, at: number) => {
      const detail = verdict.detail === null ? null : JSON.stringify(verdict.detail)
      setState.run({ id, state: verdict.state, detail, at })
    },
    /** What Dokku starts next and where nginx sends requests; null: Dokku has no such app. */
    setNext: (id: number, next: Omit<AppLine, 'app' | 'current' | 'access'> | null) => {
      const { nextImageId = null, scheduler = null, proxy = null, webListener = null } = next ?? {}
      const upstreams = next === null ? null : JSON.stringify(next.upstreams)
      setNext.run({ id, nextImageId, scheduler, proxy, webListener, upstreams })
    },
    setFormationRead: (id: number, at: number) => void setFormationRead.run({ id, at }),
  }
}

const withDeployed = (row: typeof apps.$inferSelect | undefined) =>
  row && {
    ...row,
    deployed: row.liveDeploymentId !== null || row.deploySource !== '',
    deploying: isDeploying(row),
  }
