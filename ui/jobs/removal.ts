/** Old jobs go, so that the database does not grow without end. */
import { and, desc, inArray, isNotNull, lt, lte, or } from 'drizzle-orm'
import type { Database } from '../database/database.ts'
import { jobOutputChunks, jobOutputs, jobs } from './table.ts'

/** Removes at most `most` jobs that ended before then, or of which there are `keep` newer ones, with their output. */
export function removeOldJobs(db: Database, before: number, keep: number, most: number): number {
  const [oldestKept] = db
    .select({ id: jobs.id })
    .from(jobs)
    .orderBy(desc(jobs.id))
    .limit(1)
    .offset(keep)
    .all()
  return db.transaction((tx) => {
    const old = tx
      .select({ id: jobs.id })
      .from(jobs)
      .where(
        and(isNotNull(jobs.endedAt), or(lt(jobs.endedAt, before), oldestKept && lte(jobs.id, oldestKept.id))),
      )
      .limit(most)
      .all()
      .map(({ id }) => id)
    tx.delete(jobOutputChunks).where(inArray(jobOutputChunks.of, old)).run()
    tx.delete(jobOutputs).where(inArray(jobOutputs.of, old)).run()
    tx.delete(jobs).where(inArray(jobs.id, old)).run()
    return old.length
  })
}
