import { and, asc, eq, sql } from 'drizzle-orm'
import type { Database } from '../database/database.ts'
import { actorOf } from '../events/actor.ts'
import type { Event } from '../events/event.ts'
import type { Projection } from '../journal/journal.ts'
import { NO_CONFIG, SERVER } from './config.ts'
import { GLOBAL, GLOBAL_TOPIC } from './owner.ts'
import { configKeys } from './table.ts'

/** Which keys changed, when and by whom; and what Dokku was seen to have besides, as from before the panel was there. */
export function configProjection(db: Database): Projection {
  const note = (appId: number, key: string, change: 'set' | 'unset', changedAt: number, changedBy: string) =>
    db
      .insert(configKeys)
      .values({ appId, key, change, changedAt, changedBy })
      .onConflictDoUpdate({
        target: [configKeys.appId, configKeys.key],
        set: { change, changedAt, changedBy },
      })
      .run()
  const keys = configKeysOf(db)

  const seen = (appId: number, there: readonly string[], at: number) => {
    const known = keys(appId)
    for (const key of known) if (!there.includes(key)) note(appId, key, 'unset', at, '')
    for (const key of there) if (!known.includes(key)) note(appId, key, 'set', at, '')
  }

  const changed = (appId: number, { args: [, operation, ...named], at }: Event, actor: string) => {
    const change = operation === 'unset' || operation === 'clear' ? 'unset' : 'set'
    const concerned = operation === 'clear' ? keys(appId) : named.filter((key) => !NO_CONFIG.has(key))
    for (const key of concerned) note(appId, key, change, at, actor)
  }

  return {
    project(event, appId) {
      const owner = isOfServer(event) ? SERVER : appId
      if (owner === null) return []
      if (event.trigger === 'config-seen') seen(owner, event.args.slice(1), event.at)
      if (event.trigger === 'post-config-update') changed(owner, event, actorOf(event).actor)
      return owner === SERVER ? [GLOBAL_TOPIC] : []
    },
    rekey(from, into) {
      const rows = (appId: number) => db.select().from(configKeys).where(eq(configKeys.appId, appId)).all()
      const before = new Map(rows(into).map((row) => [row.key, row]))
      for (const row of rows(from))
        if (saysMore(row, before.get(row.key))) note(into, row.key, row.change, row.changedAt, row.changedBy)
      db.delete(configKeys).where(eq(configKeys.appId, from)).run()
    },
  }
}

type Row = typeof configKeys.$inferSelect

/** Who set a key is not forgotten for its having been seen again; of two changes the later one holds. */
const saysMore = (row: Row, than: Row | undefined): boolean => {
  if (than === undefined) return true
  const real = row.changedBy !== ''
  return real === (than.changedBy !== '') ? row.changedAt >= than.changedAt : real
}

/** Commands leave the app's name empty, Dokku's own plugins say what a person would type. */
const isOfServer = ({ trigger, args: [name] }: Event): boolean =>
  (trigger === 'config-seen' || trigger === 'post-config-update') && (name === '' || name === GLOBAL)

/** Keys one app has now; `SERVER`: the server. */
export function configKeysOf(db: Database): (appId: number) => readonly string[] {
  const ofApp = db
    .select({ key: configKeys.key })
    .from(configKeys)
    .where(and(eq(configKeys.appId, sql.placeholder('appId')), eq(configKeys.change, 'set')))
    .orderBy(asc(configKeys.key))
    .prepare()
  return (appId) => ofApp.all({ appId }).map(({ key }) => key)
}
