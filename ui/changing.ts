/** What a person may have done from the pages: the routes that change something, each a job. Admins only. */
import { Hono } from 'hono'
import { requireRole } from './accounts/guard.ts'
import type { Ask, AskEnv } from './jobs/asking.ts'
import type { PageReads } from './pages.ts'
import { processActions } from './processes/actions.ts'
import { reportActions } from './reports/actions.ts'
import type { Looks } from './reports/report.ts'

export interface ChangingOptions {
  readonly ask: Ask
  readonly reads: PageReads
  readonly looks: Looks
}

export const changing = ({ ask, reads, looks }: ChangingOptions) => {
  const admin = requireRole('admin')
  return new Hono<AskEnv>()
    .on(['POST', 'PUT', 'PATCH', 'DELETE'], '/apps/*', admin)
    .route('/', processActions({ ask, ...reads }))
    .route('/', reportActions({ looks, ...reads }))
}
