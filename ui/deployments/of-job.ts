/** Which deployment a job began. */
import type { AppReads } from '../apps/app.ts'
import { type DeploymentOfJob, subjectOf } from '../jobs/job.ts'
import type { DeploymentReads } from './deployment.ts'

export interface JobThatDeploys {
  readonly app: string | null
  readonly payload: unknown
  readonly startedAt: number | null
  readonly endedAt: number | null
}

/** The last deployment of the job's app that the panel began while the job ran: an app has one job at a time. */
export const beganBy =
  (
    { apps, deployments }: { apps: Pick<AppReads, 'named'>; deployments: DeploymentReads },
    now: () => number,
  ) =>
  (job: JobThatDeploys): DeploymentOfJob | undefined => {
    const app = apps.named(subjectOf(job) ?? '')
    if (app === undefined || job.startedAt === null) return undefined
    const during = { appId: app.id, door: 'panel', from: job.startedAt, to: (job.endedAt ?? now()) + 1 }
    const [last] = [...deployments.running(during), ...deployments.page(during, { limit: 1 })]
    return last && { app: app.name, number: last.number }
  }
