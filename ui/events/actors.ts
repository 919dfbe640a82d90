/** Who caused events, to filter by. */
import type { Database } from '../database/database.ts'

/** So many of the newest events of an app are read: a cron entry may add one each minute for years. */
const NEWEST = 5000

/** Of one app or of all, by name; each causes at least one event. */
export function eventActors(db: Database): (appId?: number) => readonly string[] {
  // By jumping from one to the next: `distinct` would read the whole index.
  const all = db.$client
    .prepare(
      `with recursive jump(actor) as (
        select min(actor) from events
        union all
        select (select min(actor) from events where actor > jump.actor) from jump where jump.actor is not null
      ) select actor from jump where actor <> ''`,
    )
    .pluck()
  const ofApp = db.$client
    .prepare(
      `select distinct actor from (select actor from events where app_id = ? order by seq desc limit ${NEWEST})
      where actor <> '' order by 1`,
    )
    .pluck()
  return (appId) => (appId === undefined ? all.all() : ofApp.all(appId)).map(String)
}
