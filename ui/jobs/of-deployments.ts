/** What jobs tell of an app's deployments. Times are milliseconds since 1970. */
import { and, between, desc, eq, gte, isNotNull, isNull, lte, or, sql } from 'drizzle-orm'
import type { Database } from '../database/database.ts'
import type { JobInBrief } from './job.ts'
import { isAbout, jobs } from './table.ts'

/** Its payload is as it was requested, with every field its kind takes. */
export interface JobOfDeployment extends JobInBrief {
  readonly kind: string
  readonly payload: unknown
}

export function jobsOfDeployments(db: Database) {
  // A job that ends another's build names the app and does not hold it.
  const ofApp = isAbout(sql.placeholder('app'))
  const during = db
    .select({
      id: jobs.id,
      kind: jobs.kind,
      payload: jobs.payload,
      state: jobs.state,
      command: jobs.command,
      reason: jobs.reason,
      exitCode: jobs.exitCode,
    })
    .from(jobs)
    .where(
      and(
        ofApp,
        lte(jobs.startedAt, sql.placeholder('at')),
        or(isNull(jobs.endedAt), gte(jobs.endedAt, sql.placeholder('at'))),
      ),
    )
    .orderBy(desc(jobs.id))
    .limit(1)
    .prepare()
  const canceler = db
    .select({ who: sql<string>`coalesce(${jobs.canceledBy}, ${jobs.who})` })
    .from(jobs)
    .where(
      and(
        ofApp,
        between(jobs.endedAt, sql.placeholder('from'), sql.placeholder('to')),
        // What deploys began before the build did; what was canceled otherwise was something else.
        or(
          and(isNotNull(jobs.canceledBy), lte(jobs.startedAt, sql.placeholder('from'))),
          and(eq(jobs.kind, 'builds:cancel'), eq(jobs.state, 'succeeded')),
        ),
      ),
    )
    .orderBy(desc(jobs.id))
    .limit(1)
    .prepare()

  return {
    /** The job that ran for an app at a time: an app has one at a time. */
    during: (app: string, at: number): JobOfDeployment | undefined => during.get({ app, at }),
    /** Who canceled a job of an app, or its build, by what ended within these times. */
    cancelerOf: (app: string, from: number, to: number): string | undefined =>
      canceler.get({ app, from, to })?.who,
  }
}
