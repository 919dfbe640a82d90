import { Hono } from 'hono'
import { html } from 'hono/html'
import type { Logger } from 'pino'
import { accounts } from './accounts/accounts.ts'
import { requireRole, requireSession } from './accounts/guard.ts'
import { madeBy } from './apps/command.ts'
import { audit } from './audit/routes.ts'
import { recordAudit } from './audit/table.ts'
import { letsencryptRemedy } from './certificates/views.ts'
import { changing } from './changing.ts'
import { configuring } from './configuring.ts'
import type { Database } from './database/database.ts'
import { beganBy } from './deployments/of-job.ts'
import { remedies } from './deployments/remedies.ts'
import type { Dokku } from './dokku/dokku.ts'
import type { Unreachable } from './dokku/reachability.ts'
import { health } from './health.ts'
import { asking } from './jobs/asking.ts'
import { ending } from './jobs/ending.ts'
import type { Jobs } from './jobs/jobs.ts'
import { jobRoutes } from './jobs/routes.ts'
import { saidBy } from './jobs/said.ts'
import type { Journal } from './journal/journal.ts'
import { admission } from './live/admission.ts'
import type { Live } from './live/live.ts'
import { liveRoutes } from './live/routes.ts'
import type { Copies } from './logs/copies.ts'
import { logs } from './logs/routes.ts'
import type { OutboxStatus } from './outbox/outbox.ts'
import { intake } from './outbox/routes.ts'
import type { PanelTrouble } from './overview/overview.ts'
import { countsOf, pageReads, pages } from './pages.ts'
import type { FollowerStatus } from './reconcile/containers.ts'
import { type Looks, NO_LOOKS } from './reports/report.ts'
import { nearTo } from './search/near-views.ts'
import { loginCommand, type Settings } from './settings.ts'
import type { assets } from './web/assets.ts'
import { compress } from './web/compress.ts'
import { errors } from './web/errors.ts'
import { frame, type Warning } from './web/frame.ts'
import { overriddenMethod, serveKnownMethods } from './web/methods.ts'
import type { Metrics } from './web/metrics.ts'
import { readForm } from './web/read-form.ts'
import { knowVisitor, security } from './web/security.ts'
import { uploads } from './web/upload.ts'

export interface PanelOptions {
  readonly settings: Settings
  readonly version: string
  readonly db: Database
  readonly live: Live
  readonly dokku: Dokku
  readonly copies: Copies
  readonly jobs: Jobs
  /** How pages have Dokku looked at. */
  readonly looks?: Looks
  /** Has a domain looked up next. */
  readonly lookUp?: (domain: string) => void
  /** Why Dokku does not answer; null while it does. */
  readonly unreachable?: () => Unreachable | null
  readonly journal: Journal
  readonly outbox: () => OutboxStatus
  /** How Docker's containers are followed. */
  readonly containers?: () => FollowerStatus
  readonly assets: ReturnType<typeof assets>
  readonly metrics: Metrics
  readonly logger: Logger
  readonly clock: () => number
}

/** Everything a browser or another host can ask, one line each, in the order it is tried. */
export function panel(options: PanelOptions) {
  const { settings, db, live, journal, metrics, logger, clock, looks = NO_LOOKS } = options
  const { asset, routes: assetRoutes } = options.assets
  const trail = recordAudit({ db, live, clock })
  const people = accounts({
    db,
    clock,
    audit: trail,
    registry: metrics.registry,
    login: loginCommand(settings),
  })
  const admit = admission(people)
  const reads = pageReads(db, settings.uploadBytes)
  const log = logs({ ...reads, copies: options.copies, dokku: options.dokku, admit })
  journal.onRecorded(log.recorded)
  const said = saidBy(options.jobs.output, SAID)
  const remedy = remedies(reads)
  const work = jobRoutes({
    jobs: options.jobs,
    reads: reads.jobs,
    audit: trail,
    knowsApp: (name) => reads.apps.named(name) !== undefined,
    admit,
    makes: madeBy,
    deploymentOf: beganBy(reads, clock),
    remedy: (job, frame) => html`${remedy(job, frame)}${letsencryptRemedy(job, said)}`,
  })
  const asks = { jobs: options.jobs, reads: reads.jobs, audit: trail, card: work.card }
  const ask = asking(asks)
  const config = configuring({ ...options, looks, reads, audit: trail })
  const framed = frame({
    clock,
    asset,
    counts: countsOf(reads),
    asked: ({ id }, now) => work.cards(id, now),
    position: () => live.latest(),
    globalDomain: () => reads.reports.server('global-domains')?.body[0],
    warning: () => unreachableWarning(options.unreachable?.() ?? null),
  })
  const { onError, notFound } = errors({
    ...{ log: logger, counter: metrics.errors, clock, asset },
    near: nearTo(reads.search),
  })

  const alive = db.$client.prepare('select 1')
  const app = new Hono()
  serveKnownMethods(app)
  app
    .use(knowVisitor(settings.trustedProxies))
    .route('/', intake({ tokens: settings.tokens, record: journal.record, clock }))
    .use(compress)
    .use(...security())
    .use(overriddenMethod(app))
    .use(readForm)
    .route(
      '/',
      health({
        outbox: options.outbox,
        database: () => alive.get(),
        version: options.version,
      }),
    )
    .route('/', assetRoutes)
    .use(people.remember)
    .use(framed)
    .use('/sign-out', config.signedOut)
  for (const routes of people.publicRoutes) app.route('/', routes)
  app
    .use(requireSession)
    .route('/', people.routes)
    .route('/', liveRoutes({ live, admit }))
    .route('/', log.routes)
    .route('/', work.routes)
    .route('/', config.routes)
    .route(
      '/',
      changing({
        ask,
        end: ending(asks),
        reads,
        looks,
        uploads: uploads(`${settings.data}/uploads`, settings.uploadBytes, { kept: options.jobs.inputBytes }),
        ...(options.lookUp && { lookUp: options.lookUp }),
      }),
    )
    .route(
      '/',
      pages(reads, {
        log,
        looks,
        said,
        troubles: () => [
          ...troublesOf(options.outbox(), settings.data),
          ...containersTrouble(options.containers?.() ?? null),
        ],
      }),
    )
    .use('/audit', requireRole('admin'))
    .route('/', audit({ db, days: settings.auditDays }))
  app.onError(onError)
  app.notFound(notFound)
  return {
    fetch: app.fetch,
    request: app.request,
    routes: app.routes,
    /** Rejects when the database or a page of the panel's own does not answer. */
    async check() {
      alive.get()
      const { status } = await app.request('/sign-in')
      if (status >= 500) throw new Error(`GET /sign-in answers ${status}`)
    },
    async close() {
      log.close()
      work.close()
      config.close()
      await people.close()
    },
  }
}

/** Said on every page, since each of them may be out of date. */
const unreachableWarning = (unreachable: Unreachable | null): Warning | null =>
  unreachable && {
    text: `Dokku does not answer: ${unreachable.reason}. Pages show what was known before, and no command can run.`,
    command: 'dokku dokkubase:doctor',
  }

/** So many lines of a job are read for what they mean. */
const SAID = 60

/** Without Docker's containers the state of no app is known. */
const containersTrouble = (containers: FollowerStatus | null): readonly PanelTrouble[] =>
  containers?.isLost === true
    ? [
        {
          kind: 'panel',
          text: `The state of processes is not known: ${containers.problem ?? 'Docker does not list its containers'}`,
          command: 'dokku dokkubase:containers',
        },
      ]
    : []

/** What the overview says when the panel itself cannot do its work. */
const troublesOf = ({ problem, setAside }: OutboxStatus, data: string): readonly PanelTrouble[] => [
  ...(problem === null
    ? []
    : [
        {
          kind: 'panel' as const,
          text: `Nothing Dokku does is recorded: ${problem}`,
          command: 'sudo dokku plugin:install',
        },
      ]),
  ...(setAside === 0
    ? []
    : [
        {
          kind: 'panel' as const,
          text: `${setAside} event${setAside === 1 ? '' : 's'} could not be read and were set aside`,
          command: `ls ${data}/set-aside`,
        },
      ]),
]
