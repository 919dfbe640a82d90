/** The job that changes an app now. */
import { and, desc, eq, isNull, sql } from 'drizzle-orm'
import type { Database } from '../database/database.ts'
import { isAbout, jobs } from './table.ts'

export interface RunningJob {
  readonly id: number
  readonly kind: string
  /** Name of the account that requested it. */
  readonly who: string
}

/** Of several that are about one app, the latest. */
export function runningJob(db: Database): (app: string) => RunningJob | undefined {
  const ofApp = db
    .select({ id: jobs.id, kind: jobs.kind, who: jobs.who })
    .from(jobs)
    .where(and(isNull(jobs.endedAt), eq(jobs.state, 'running'), isAbout(sql.placeholder('app'))))
    .orderBy(desc(jobs.id))
    .limit(1)
    .prepare()
  return (app) => ofApp.get({ app })
}
