import { setImmediate } from 'node:timers/promises'
import { removeOldSessions, removeOldTokens } from './accounts/table.ts'
import { removeOldActs } from './audit/table.ts'
import type { Database } from './database/database.ts'
import { removeOldJobs } from './jobs/table.ts'
import type { Settings } from './settings.ts'

export interface RetentionOptions {
  readonly db: Database
  readonly settings: Pick<Settings, 'auditDays' | 'signInDays' | 'jobDays' | 'jobsKept'>
  readonly clock: () => number
  onError(error: unknown): void
}

const DAY_MS = 24 * 60 * 60 * 1000
/** Rows a statement: pages are answered between two. */
const BATCH = 1000

/** Removes what is kept for a time only. Events, deployments and their logs are kept for good. */
export function retention({ db, settings, clock, onError }: RetentionOptions) {
  let timer: NodeJS.Timeout | undefined
  let stopped = false

  const prune = async (): Promise<number> => {
    const audit = clock() - settings.auditDays * DAY_MS
    const jobs = clock() - settings.jobDays * DAY_MS
    const signIns = clock() - settings.signInDays * DAY_MS
    const removals = [
      () => removeOldActs(db, audit, BATCH),
      () => removeOldTokens(db, signIns, BATCH),
      () => removeOldSessions(db, signIns, BATCH),
      () => removeOldJobs(db, jobs, settings.jobsKept, BATCH),
    ]
    let removed = 0
    for (const remove of removals) {
      for (let gone = BATCH; gone === BATCH && !stopped; removed += gone) {
        gone = remove()
        await setImmediate()
      }
    }
    return removed
  }

  return {
    prune,
    /** Now and every day from now on; keeps no process up. */
    start() {
      const now = () => void prune().catch(onError)
      timer = setInterval(now, DAY_MS).unref()
      now()
    },
    stop() {
      stopped = true
      clearInterval(timer)
    },
  }
}
