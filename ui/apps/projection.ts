import { and, desc, eq, isNotNull, isNull, sql } from 'drizzle-orm'
import type { Database } from '../database/database.ts'
import type { AppSummary } from '../deployments/deployment.ts'
import { type Event, LOCAL } from '../events/event.ts'
import type { AppOfEvent, Projection } from '../journal/journal.ts'
import { FRONT_APP } from './app.ts'
import { apps } from './table.ts'

/**
 * Which app an event is about, and the life of the row: made, renamed, destroyed.
 *
 * Dokku renames by making the new app, telling of the rename, and then destroying the old one, so a
 * post-delete of a name that was just renamed away is no destroy.
 */
export function appOfEvent(db: Database): AppOfEvent {
  const rows = appRows(db)

  const lifeOf = (event: Event, name: string) => {
    const { host, at } = event
    const [formerName = ''] = event.args
    if (RENAMES.has(event.trigger) && formerName !== name) return renamed(event, formerName, name)
    const active = rows.active(host, name)
    if (event.trigger === 'post-delete' || event.trigger === 'app-gone') {
      if (active) rows.destroy.run({ id: active.id, at })
      return { id: active?.id ?? rows.formerly(host, name)?.id ?? null }
    }
    if (active) {
      if (event.trigger === 'post-create') rows.create.run({ id: active.id, at })
      return { id: active.id }
    }
    const gone = BEGINS.has(event.trigger) ? undefined : (rows.formerly(host, name) ?? rows.last(host, name))
    if (gone) return { id: gone.id }
    return { id: rows.make.get({ host, name, createdAt: event.trigger === 'post-create' ? at : null }).id }
  }

  const renamed = (event: Event, oldName: string, newName: string) => {
    const { host } = event
    const fresh = rows.active(host, newName)
    if (fresh?.formerName === oldName) return { id: fresh.id }
    const old =
      rows.active(host, oldName) ?? rows.destroyedBetween(host, oldName, event.at - RENAME_MS, event.at)
    if (old === undefined)
      return { id: fresh?.id ?? rows.make.get({ host, name: newName, createdAt: event.at }).id }
    if (fresh) rows.remove.run({ id: fresh.id })
    rows.rename.run({ id: old.id, name: newName, formerName: oldName })
    return fresh ? { id: old.id, rekey: { from: fresh.id, into: old.id } } : { id: old.id }
  }

  return (event, name, owner) => {
    if (name === null) return { id: null, topics: [] }
    const found = owner === undefined ? lifeOf(event, name) : { id: owner }
    if (found.id !== null && isNews(event)) rows.touch.run({ id: found.id, at: event.at })
    return { ...found, topics: ['apps', ...event.args.slice(0, 1).map((first) => `app:${first}`)] }
  }
}

/** An app that is not there can only come (back) by these; anything else is late word of the one that went. */
const BEGINS: ReadonlySet<string> = new Set(['post-create', 'builds-record-start', 'app-seen'])

const RENAMES: ReadonlySet<string> = new Set(['post-app-rename-setup', 'post-app-rename'])

/** A rename whose setup was not told is known by its end; until then the old app looked destroyed. */
const RENAME_MS = 10 * 60_000

/** What events say of an app as a whole: stopped, started, where its code came from. */
export function appProjection(db: Database): Projection {
  const setStopped = db
    .update(apps)
    .set({ stopped: sql`${sql.placeholder('stopped')}` })
    .where(eq(apps.id, sql.placeholder('id')))
    .prepare()
  const setLocked = db
    .update(apps)
    .set({ locked: sql`${sql.placeholder('locked')}` })
    .where(eq(apps.id, sql.placeholder('id')))
    .prepare()
  const setLooked = db
    .update(apps)
    .set({ lookedAt: sql`${sql.placeholder('at')}` })
    .where(eq(apps.id, sql.placeholder('id')))
    .prepare()
  const setSource = db
    .update(apps)
    .set({
      deploySource: sql`${sql.placeholder('source')}`,
      deploySourceMetadata: sql`${sql.placeholder('metadata')}`,
    })
    .where(eq(apps.id, sql.placeholder('id')))
    .prepare()
  return {
    project({ trigger, args, at }, id) {
      if (id === null) return []
      if (trigger === 'post-stop') setStopped.run({ id, stopped: 1 })
      else if (trigger === 'pre-start' || trigger === 'post-deploy') setStopped.run({ id, stopped: 0 })
      else if (trigger === 'app-looked') setLooked.run({ id, at })
      else if (trigger === 'lock-seen') setLocked.run({ id, locked: args[1] === 'true' ? 1 : 0 })
      else if (trigger === 'deploy-source-set')
        setSource.run({ id, source: args[1] ?? '', metadata: args[2] ?? '' })
      return []
    },
  }
}

/** Whether something happened to the app just now: what was only read for the first time did so before. */
const isNews = ({ origin, trigger, note, args }: Event): boolean =>
  origin !== 'seen' ||
  (!READ.has(trigger) && ![note, ...args].some((text) => text.includes('"untold":false')))
const READ: ReadonlySet<string> = new Set(['app-looked', 'image-seen', 'build-seen', 'build-ended'])

/** What deployments change on their app's row. */
export function appSummary(db: Database): AppSummary {
  const byId = eq(apps.id, sql.placeholder('id'))
  const take = db
    .update(apps)
    .set({ nextNumber: sql`${apps.nextNumber} + 1` })
    .where(byId)
    .returning({ next: apps.nextNumber })
    .prepare()
  const giveBack = db
    .update(apps)
    .set({ nextNumber: sql`${sql.placeholder('number')}` })
    .where(and(byId, sql`${apps.nextNumber} = ${sql.placeholder('number')} + 1`))
    .prepare()
  const setLatest = db
    .update(apps)
    .set({ lastDeploymentId: sql`${sql.placeholder('deployment')}` })
    .where(byId)
    .prepare()
  const setLive = db
    .update(apps)
    .set({ liveDeploymentId: sql`${sql.placeholder('deployment')}` })
    .where(and(byId, sql`coalesce(${apps.liveDeploymentId}, 0) < ${sql.placeholder('deployment')}`))
    .prepare()
  const setRecent = db
    .update(apps)
    .set({ recent: sql`${sql.placeholder('outcomes')}` })
    .where(byId)
    .prepare()
  return {
    takeNumber: (id) => take.get({ id }).next - 1,
    returnNumber: (id, number) => giveBack.run({ id, number }),
    latest: (id, deployment) => setLatest.run({ id, deployment }),
    live: (id, deployment) => setLive.run({ id, deployment }),
    recent: (id, outcomes) => setRecent.run({ id, outcomes }),
  }
}

function appRows(db: Database) {
  const named = (condition: ReturnType<typeof and>) =>
    db
      .select({ id: apps.id, formerName: apps.formerName })
      .from(apps)
      .where(and(eq(apps.host, sql.placeholder('host')), condition))
      .orderBy(desc(apps.id))
      .limit(1)
      .prepare()
  const activeByName = named(and(eq(apps.name, sql.placeholder('name')), isNull(apps.destroyedAt)))
  const formerlyNamed = named(eq(apps.formerName, sql.placeholder('name')))
  const lastNamed = named(eq(apps.name, sql.placeholder('name')))
  const destroyedSince = named(
    and(
      eq(apps.name, sql.placeholder('name')),
      isNotNull(apps.destroyedAt),
      sql`${apps.destroyedAt} between ${sql.placeholder('from')} and ${sql.placeholder('to')}`,
    ),
  )
  const byId = eq(apps.id, sql.placeholder('id'))
  return {
    active: (host: string, name: string) => activeByName.get({ host, name }),
    formerly: (host: string, name: string) => formerlyNamed.get({ host, name }),
    last: (host: string, name: string) => lastNamed.get({ host, name }),
    destroyedBetween: (host: string, name: string, from: number, to: number) =>
      destroyedSince.get({ host, name, from, to }),
    make: db
      .insert(apps)
      .values({
        host: sql.placeholder('host'),
        name: sql.placeholder('name'),
        createdAt: sql.placeholder('createdAt'),
        front: sql`${sql.placeholder('name')} = ${FRONT_APP} and ${sql.placeholder('host')} = ${LOCAL}`,
      })
      .returning({ id: apps.id })
      .prepare(),
    create: db
      .update(apps)
      .set({ createdAt: sql`coalesce(${apps.createdAt}, ${sql.placeholder('at')})` })
      .where(byId)
      .prepare(),
    destroy: db
      .update(apps)
      .set({ destroyedAt: sql`${sql.placeholder('at')}`, state: 'stopped' })
      .where(byId)
      .prepare(),
    rename: db
      .update(apps)
      .set({
        name: sql`${sql.placeholder('name')}`,
        formerName: sql`${sql.placeholder('formerName')}`,
        destroyedAt: null,
      })
      .where(byId)
      .prepare(),
    remove: db.delete(apps).where(byId).prepare(),
    touch: db
      .update(apps)
      .set({ lastEventAt: sql`max(coalesce(${apps.lastEventAt}, 0), ${sql.placeholder('at')})` })
      .where(byId)
      .prepare(),
  }
}
