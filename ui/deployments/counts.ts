/** Counts and choices over all deployments. */
import type { Database } from '../database/database.ts'
import { changedNothing, type DayOfDeployments, type DeploymentStatus } from './deployment.ts'

/** One entry a day, without deployments that changed nothing. */
export function byDay(
  counts: readonly { day: number; status: DeploymentStatus; count: number }[],
): DayOfDeployments[] {
  const days = new Map<number, Omit<DayOfDeployments, 'day'>>()
  for (const { day, status, count } of counts) {
    if (changedNothing(status)) continue
    const counted = days.get(day) ?? { running: 0, succeeded: 0, failed: 0, canceled: 0, built: 0 }
    days.set(day, { ...counted, [status]: count })
  }
  return [...days].map(([day, counted]) => ({ day, ...counted })).sort((one, other) => one.day - other.day)
}

/** Every value of a column in the deployments of one app. */
export function distinctOfApp(db: Database, column: 'actor' | 'door'): (appId: number) => readonly string[] {
  const values = db.$client
    .prepare(`select distinct ${column} from deployments where app_id = ? order by 1`)
    .pluck()
  return (appId) => values.all(appId).map(String)
}

/** Every value of an indexed column by jumping from one to the next: `distinct` would read the whole index. */
export function distinct(db: Database, column: 'actor' | 'door'): () => readonly string[] {
  const jumps = db.$client
    .prepare(
      `with recursive jump(value) as (
        select min(${column}) from deployments
        union all
        select (select min(${column}) from deployments where ${column} > jump.value) from jump where jump.value is not null
      ) select value from jump where value is not null`,
    )
    .pluck()
  return () => jumps.all().map(String)
}
