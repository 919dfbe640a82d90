/** Who caused events, to filter by. */
import type { Database } from '../database/database.ts'
import { distinct } from '../database/distinct.ts'

/** So many of the newest events of an app are read: a cron entry may add one each minute for years. */
const NEWEST = 5000

/** Of one app or of all, by name; each causes at least one event. */
export function eventActors(db: Database): (appId?: number) => readonly string[] {
  const all = distinct(db, 'events', 'actor')
  const ofApp = db.$client
    .prepare(
      `select distinct actor from (select actor from events where app_id = ? order by seq desc limit ${NEWEST})
      where actor <> '' order by 1`,
    )
    .pluck()
  return (appId) =>
    appId === undefined ? all().filter((actor) => actor !== '') : ofApp.all(appId).map(String)
}
