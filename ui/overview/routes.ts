import { Hono } from 'hono'
import { type App, type AppReads, hasVisitors } from '../apps/app.ts'
import { type CertificateReads, isRenewed } from '../certificates/certificate.ts'
import type { DeploymentReads } from '../deployments/deployment.ts'
import { buildsOf, type EventReads } from '../events/timeline.ts'
import { type AccessReads, OPEN } from '../properties/access.ts'
import { type ReportReads, reported } from '../reports/report.ts'
import { DAY_MS, startOfDay } from '../web/format.ts'
import type { PageEnv } from '../web/frame.ts'
import { calendar, DAYS_SHOWN, issuesOf, type PanelTrouble } from './overview.ts'
import { overviewPage } from './views.ts'

export interface OverviewOptions {
  readonly apps: AppReads
  readonly deployments: DeploymentReads
  readonly certificates: CertificateReads
  readonly events: EventReads
  readonly reports: Pick<ReportReads, 'facts'>
  readonly access: AccessReads
  /** What is wrong with the panel itself. */
  readonly troubles: () => readonly PanelTrouble[]
}

/** Whose last outcome that counts was a success needs no look at its deployments; a canceled or running one is none. */
const mayFail = ({ recent, destroyedAt }: App): boolean =>
  destroyedAt === null && recent !== '' && !/[sb][rc]*$/.test(recent)

/** Whether the letsencrypt plugin says that the app's certificate is its own; undefined where it was not read. */
const activeOf = (reports: OverviewOptions['reports'], appId: number): boolean | undefined => {
  const facts = reports.facts(appId, 'letsencrypt')?.body
  return facts === undefined || facts.unreadable !== undefined
    ? undefined
    : reported(facts, 'active') === 'true'
}

export const overview = ({ apps, deployments, certificates, events, reports, ...options }: OverviewOptions) =>
  new Hono<PageEnv>().get('/', (c) => {
    const frame = c.get('frame')
    const { now } = frame
    const all = apps.all()
    const names = new Map(all.map(({ id, name }) => [id, name]))
    const failing = deployments.failing(all.filter(mayFail).map(({ id }) => id))
    const certified = certificates.all()
    const lately = events.page({}, { limit: 10 })
    const accessOf = options.access.all()
    return c.html(
      overviewPage(frame, {
        apps: all,
        accessOf: (app) => (hasVisitors(app) ? accessOf(app.id) : OPEN),
        issues: issuesOf({
          apps: all,
          failing,
          certificates: certified,
          isRenewed: (certificate) => isRenewed(certificate, activeOf(reports, certificate.appId)),
          panel: options.troubles(),
          now,
        }),
        running: deployments.running({}).map((deployment) => ({
          deployment,
          app: names.get(deployment.appId) ?? '',
          usual: deployments.usual(deployment.appId, deployment.kind),
        })),
        days: calendar(deployments.days(startOfDay(now) - (DAYS_SHOWN - 1) * DAY_MS), now),
        events: lately,
        deployments: deployments.byBuilds(buildsOf(lately)),
        certificates: certified.slice(0, 8).map((certificate) => ({
          certificate,
          app: names.get(certificate.appId) ?? '',
        })),
      }),
    )
  })
