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
