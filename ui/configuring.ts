/** Config of apps and of the server as the panel mounts it: its pages, what is done there, and the changes that wait. */
import { createMiddleware } from 'hono/factory'
import type { MaybeSignedIn } from './accounts/guard.ts'
import { sessionsIn } from './accounts/sessions.ts'
import type { RecordAudit } from './audit/audit.ts'
import { applier } from './config/applying.ts'
import { configDrafts } from './config/drafts.ts'
import { GLOBAL_SWITCH } from './config/owner.ts'
import { topicOf } from './config/owner-views.ts'
import { configOwners } from './config/owners.ts'
import { NOTHING_RESERVED, SWITCH } from './config/reserved.ts'
import type { Database } from './database/database.ts'
import type { Dokku } from './dokku/dokku.ts'
import type { Jobs } from './jobs/jobs.ts'
import type { Live } from './live/live.ts'
import type { PageReads } from './pages.ts'
import type { Looks } from './reports/report.ts'
import { reservedHere } from './reserved.ts'
import type { Settings } from './settings.ts'

export interface ConfiguringOptions {
  readonly settings: Pick<Settings, 'data' | 'gate'>
  readonly db: Database
  readonly reads: PageReads
  readonly dokku: Dokku
  readonly jobs: Jobs
  readonly live: Pick<Live, 'publish'>
  readonly looks: Looks
  readonly audit: RecordAudit
  readonly clock: () => number
}

const SOON_MS = 3_000
const SWEEP_MS = 600_000

export function configuring(given: ConfiguringOptions) {
  const { settings, db, reads, dokku, jobs, live, looks, audit, clock } = given
  const drafts = configDrafts(`${settings.data}/drafts`)
  const changed = (app: string | null) => live.publish([topicOf(app)])
  const applying = applier({ drafts, jobs, reads: reads.jobs, audit, changed, now: clock })
  const sessions = sessionsIn(db)
  const sweep = () =>
    applying.sweep(
      ({ account }, app) =>
        sessions.list(account.id, clock()).length > 0 &&
        (app === null || reads.apps.named(app)?.destroyedAt === null),
    )
  const timers = [setTimeout(sweep, SOON_MS).unref(), setInterval(sweep, SWEEP_MS).unref()]
  const reserved = reservedHere(settings, reads.reports)
  const allowed = (name: string) => reads.reports.server('allowed')?.body.includes(name) === true
  const options = {
    ...reads,
    looks,
    dokku,
    drafts,
    applier: applying,
    audit,
    changed,
    reserved,
    refuses: () => (allowed(SWITCH) ? NOTHING_RESERVED : reserved()),
    mayGlobal: () => allowed(GLOBAL_SWITCH),
  }
  return {
    routes: configOwners(options),
    /** What waits is taken away with whoever signs out. */
    signedOut: createMiddleware<MaybeSignedIn>(async (c, next) => {
      await next()
      if (c.req.method === 'POST' && c.var.account) drafts.removeOf(c.var.account.id)
    }),
    close(): void {
      for (const timer of timers) clearTimeout(timer)
      applying.close()
    },
  }
}
