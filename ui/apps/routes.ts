import { Hono } from 'hono'
import { getCookie, setCookie } from 'hono/cookie'
import type { CertificateReads } from '../certificates/certificate.ts'
import type { ConfigReads } from '../config/config.ts'
import type { Deployment, DeploymentReads } from '../deployments/deployment.ts'
import type { DomainReads } from '../domains/domain.ts'
import { buildsOf, type EventReads } from '../events/timeline.ts'
import type { ProcessReads } from '../processes/process.ts'
import { type AppEnv, knownApp } from '../web/app-page.ts'
import type { AppReads } from './app.ts'
import type { AppHeads } from './head.ts'
import { type AppRow, AppsQuery, type View } from './list.ts'
import { appOverview } from './overview-views.ts'
import type { Status } from './status.ts'
import type { AppStatuses } from './statuses.ts'
import { appsPage } from './views.ts'

export interface AppsOptions {
  readonly apps: AppReads
  readonly heads: AppHeads
  readonly statuses: AppStatuses
  readonly deployments: DeploymentReads
  readonly domains: DomainReads
  readonly certificates: CertificateReads
  readonly processes: ProcessReads
  readonly config: ConfigReads
  readonly events: EventReads
}

export const apps = (options: AppsOptions) =>
  new Hono<AppEnv>()
    .get('/apps', (c) => {
      const query = AppsQuery.parse(c.req.query())
      const view = query.view ?? viewOf(getCookie(c, VIEW_COOKIE))
      if (query.view) setCookie(c, VIEW_COOKIE, query.view, { path: '/apps', maxAge: YEAR, sameSite: 'Lax' })
      return c.html(appsPage(c.get('frame'), { rows: rowsOf(options), query, view }))
    })
    .get('/apps/:app', knownApp(options.heads), (c) => {
      const { app, status } = c.get('head')
      const { deployments, domains, certificates, processes, config, events } = options
      const ids = [app.liveDeploymentId, app.lastDeploymentId].filter((id) => id !== null)
      const found = deployments.byIds(ids)
      const lately = events.page({ appId: app.id }, { limit: 5 })
      return c.html(
        appOverview(c.get('frame'), c.get('head'), {
          live: found.get(app.liveDeploymentId ?? 0),
          codes: deployments.byIds(codesOf(status, found.get(app.liveDeploymentId ?? 0))),
          last: found.get(app.lastDeploymentId ?? 0),
          usual: deployments.usual(app.id, 'build'),
          formation: processes.formation(app.id),
          containers: processes.containers(app.id),
          deaths: processes.deaths(app.id),
          domains: domains.ofApp(app.id),
          certificate: certificates.ofApp(app.id),
          events: lately,
          deploymentsOfEvents: deployments.byBuilds(buildsOf(lately)),
          config: config.latest(app.id, 5),
        }),
      )
    })

/** Deployments whose code runs, or ran last. */
const codesOf = ({ running }: Status, live: Deployment | undefined): readonly number[] => [
  ...(running.kind === 'code' ? running.codes.flatMap(({ deployment }) => deployment?.id ?? []) : []),
  ...(live === undefined ? [] : [live.codeId ?? live.id]),
]

const VIEW_COOKIE = 'apps-view'
const YEAR = 365 * 24 * 3600

const viewOf = (cookie: string | undefined): View => (cookie === 'list' ? 'list' : 'grid')

/** A few queries, whatever the number of apps. */
function rowsOf({ apps, domains, deployments, processes, statuses }: AppsOptions): readonly AppRow[] {
  const all = apps.all()
  const first = domains.first()
  const last = deployments.inBrief(all.flatMap(({ lastDeploymentId }) => lastDeploymentId ?? []))
  const formations = processes.formations()
  const status = statuses.all(all, last)
  return all.map((app) => ({
    app,
    status: status.get(app.id) ?? statuses.of(app),
    domain: first.get(app.id),
    last: last.get(app.lastDeploymentId ?? 0),
    formation: formations.get(app.id) ?? [],
  }))
}
