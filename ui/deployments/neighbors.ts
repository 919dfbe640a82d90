/** The deployments of an app beside one of them, by their numbers. */
import type { Database } from '../database/database.ts'

export interface Neighbors {
  /** Null: there is none. */
  readonly previous: number | null
  readonly next: number | null
}

/** Reads of `beside`; those that are not listed have a number below 1 and are passed over. */
export function neighborReads(db: Database) {
  const before = db.$client
    .prepare('select max(number) from deployments where app_id = ? and number between 1 and ?')
    .pluck()
  const after = db.$client
    .prepare('select min(number) from deployments where app_id = ? and number > ?')
    .pluck()
  const numberOf = (value: unknown): number | null => (typeof value === 'number' ? value : null)
  return {
    beside: (appId: number, number: number): Neighbors => ({
      previous: numberOf(before.get(appId, number - 1)),
      next: numberOf(after.get(appId, number)),
    }),
  }
}
