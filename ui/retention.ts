import { setImmediate } from 'node:timers/promises'
import { eq, inArray, lt } from 'drizzle-orm'
import { removeOldSessions, removeOldTokens } from './accounts/table.ts'
import { removeOldActs } from './audit/table.ts'
import type { Database } from './database/database.ts'
import { deployments } from './deployments/table.ts'
import { removeOldEvents } from './events/table.ts'
//X './jobs/table.ts'
import { removeOldJobs } from './jobs/removal.ts'
import { logChunks, logs } from './logs/table.ts'
import type { Settings } from './settings.ts'

export interface RetentionOptions {
  readonly db: Database
  readonly settings: Pick<
    Settings,
    'auditDays' | 'eventDays' | 'logDays' | 'signInDays' | 'jobDays' | 'jobsKept'
  >
  readonly clock: () => number
  onError(error: unknown): void
}

const DAY_MS = 24 * 60 * 60 * 1000
/** Rows a statement: pages are answered between two. */
const BATCH = 1000

/** Removes what is kept for a time only. Deployments are kept for good; events and logs too, unless it was set. */
export function retention({ db, settings, clock, onError }: RetentionOptions) {
  let timer: NodeJS.Timeout | undefined
  let stopped = false

  const prune = async (): Promise<number> => {
    const audit = clock() - settings.auditDays * DAY_MS
    const jobs = clock() - settings.jobDays * DAY_MS
    const signIns = clock() - settings.signInDays * DAY_MS
    const { eventDays, logDays } = settings
    const removals = [
      ...(eventDays === null ? [] : [() => removeOldEvents(db, clock() - eventDays * DAY_MS, BATCH)]),
      ...(logDays === null ? [] : [() => removeOldLogs(db, clock() - logDays * DAY_MS, BATCH)]),
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

/** The logs of at most `most` deployments that ended before then. The deployments stay, with how they ended. */
function removeOldLogs(db: Database, before: number, most: number): number {
  const old = db
    .select({ of: logs.of })
    .from(logs)
    .innerJoin(deployments, eq(deployments.id, logs.of))
    .where(lt(deployments.endedAt, before))
    .limit(most)
    .all()
    .map(({ of }) => of)
  db.transaction((tx) => {
    tx.delete(logChunks).where(inArray(logChunks.of, old)).run()
    tx.delete(logs).where(inArray(logs.of, old)).run()
  })
  return old.length
}
