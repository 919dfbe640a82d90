/** What a person may have done from the pages: the routes that change something, each a job. Admins only. */
import { Hono } from 'hono'
import { requireRole } from './accounts/guard.ts'
import type { Ask, AskEnv } from './jobs/asking.ts'
import { processActions } from './processes/actions.ts'

export interface ChangingOptions {
  readonly ask: Ask
}

export const changing = (options: ChangingOptions) => {
  const admin = requireRole('admin')
  return new Hono<AskEnv>()
    .on(['POST', 'PUT', 'PATCH', 'DELETE'], '/apps/*', admin)
    .route('/', processActions(options))
}
