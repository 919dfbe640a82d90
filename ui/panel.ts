import { Hono } from 'hono'
import type { Logger } from 'pino'
import { accounts } from './accounts/accounts.ts'
import { requireRole, requireSession } from './accounts/guard.ts'
import { audit } from './audit/routes.ts'
import { recordAudit } from './audit/table.ts'
import type { Database } from './database/database.ts'
import { health } from './health.ts'
import type { Journal } from './journal/journal.ts'
import type { Live } from './live/live.ts'
import { liveRoutes } from './live/routes.ts'
import type { OutboxStatus } from './outbox/outbox.ts'
import { intake } from './outbox/routes.ts'
import type { Settings } from './settings.ts'
import type { assets } from './web/assets.ts'
import { errors } from './web/errors.ts'
import { frame } from './web/frame.ts'
import type { Metrics } from './web/metrics.ts'
import { security } from './web/security.ts'

export interface PanelOptions {
  readonly settings: Settings
  readonly version: string
  readonly db: Database
  readonly live: Live
  readonly journal: Journal
  readonly outbox: () => OutboxStatus
  readonly assets: ReturnType<typeof assets>
  readonly metrics: Metrics
  readonly logger: Logger
  readonly clock: () => number
}

/** Everything a browser or another host can ask, one line each, in the order it is tried. */
export function panel(options: PanelOptions) {
  const { settings, db, live, journal, metrics, logger, clock } = options
  const { asset, routes: assetRoutes } = options.assets
  const people = accounts({
    db,
    clock,
    audit: recordAudit({ db, live, clock }),
    registry: metrics.registry,
  })
  const framed = frame({
    clock,
    asset,
    counts: () => ({ apps: 0, deployments: 0, certificates: 0 }),
    position: () => live.latest(),
  })
  const { onError, notFound } = errors({ log: logger, counter: metrics.errors, clock, asset })

  const app = new Hono()
    .use(...security({ trustedProxy: settings.trustedProxies }))
    .route(
      '/',
      health({
        outbox: options.outbox,
        database: () => db.$client.prepare('select 1').get(),
        version: options.version,
      }),
    )
    .route('/', assetRoutes)
    .route('/', intake({ token: settings.token, record: journal.record }))
    .use(people.remember)
    .use(framed)
  for (const routes of people.publicRoutes) app.route('/', routes)
  app
    .use(requireSession)
    .route('/', people.routes)
    .route('/', liveRoutes({ live, stillAllowed: (c) => people.isOpen(c.get('sessionId')) }))
    .use('/audit', requireRole('admin'))
    .route('/', audit({ db }))
  app.onError(onError)
  app.notFound(notFound)
  return { fetch: app.fetch, request: app.request, close: people.close }
}
