/** What a person may have done from the pages: the routes that change something, each a job. Admins only. */
import { Hono } from 'hono'
import { requireRole } from './accounts/guard.ts'
import { appActions } from './apps/actions.ts'
import { certificateActions } from './certificates/actions.ts'
import { deploymentActions } from './deployments/actions.ts'
import { domainActions } from './domains/actions.ts'
import type { Ask, AskEnv } from './jobs/asking.ts'
import type { End } from './jobs/ending.ts'
import type { PageReads } from './pages.ts'
import { processActions } from './processes/actions.ts'
import { bulkActions } from './processes/bulk.ts'
import { propertyActions } from './properties/actions.ts'
import { reportActions } from './reports/actions.ts'
import type { Looks } from './reports/report.ts'
import { runActions } from './runs/actions.ts'
import { NotFound } from './web/errors.ts'
import type { Uploads } from './web/upload.ts'

export interface ChangingOptions {
  readonly ask: Ask
  readonly end: End
  readonly reads: PageReads
  readonly looks: Looks
  readonly uploads: Uploads
  /** Has a domain looked up next. */
  readonly lookUp?: (domain: string) => void
}

const CHANGES = ['POST', 'PUT', 'PATCH', 'DELETE']

export const changing = ({ ask, end, reads, looks, uploads, lookUp }: ChangingOptions) => {
  const admin = requireRole('admin')
  return new Hono<AskEnv>()
    .on(CHANGES, '/apps/*', admin)
    .on(CHANGES, ['/apps/:app', '/apps/:app/*'], (c, next) => {
      const app = c.req.param('app')
      // Somebody destroyed or renamed it while another looked at its page.
      if (reads.apps.named(app)?.destroyedAt !== null) throw new NotFound(`There is no app named ${app}.`)
      return next()
    })
    .post('/jobs', admin)
    .on(['POST', 'PUT', 'DELETE'], ['/domains', '/domains/*', '/letsencrypt/*'], admin)
    .route('/', appActions({ ask, ...reads }))
    .route('/', bulkActions({ ask }))
    .route('/', certificateActions({ ask, ...reads }))
    .route('/', domainActions({ ask, ...reads, ...(lookUp && { lookUp }) }))
    .route(
      '/',
      deploymentActions({
        ...{ ask, end, uploads, ...reads },
        runningJob: reads.jobs.runningOf,
        jobDuring: reads.jobsOfDeployments.during,
      }),
    )
    .route('/', processActions({ ask, ...reads }))
    .route('/', propertyActions({ ask, ...reads }))
    .route('/', runActions({ ask }))
    .route('/', reportActions({ looks, ...reads }))
}
