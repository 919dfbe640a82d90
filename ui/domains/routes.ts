import { Hono } from 'hono'
import type { AppReads } from '../apps/app.ts'
import type { AppHeads } from '../apps/head.ts'
import type { CertificateReads } from '../certificates/certificate.ts'
import { type Looks, NO_LOOKS, type ReportReads, reported } from '../reports/report.ts'
import { type AppEnv, knownApp } from '../web/app-page.ts'
import type { DomainReads } from './domain.ts'
import { chosen, DomainsQuery, type RowOfDomain } from './list.ts'
import { domainsOfApp, domainsPage } from './views.ts'

export interface DomainsOptions {
  readonly apps: AppReads
  readonly heads: AppHeads
  readonly domains: DomainReads
  readonly certificates: CertificateReads
  readonly reports: ReportReads
  readonly looks?: Looks
}

export const domains = (options: DomainsOptions) => {
  const { reports, looks = NO_LOOKS } = options
  const globals = () => reports.server('global-domains')?.body
  return new Hono<AppEnv>()
    .get('/domains', (c) => {
      const query = DomainsQuery.parse(c.req.query())
      const rows = chosen(every(options), query)
      return c.html(domainsPage(c.get('frame'), { rows, query, globals: globals() }))
    })
    .get('/apps/:app/domains', knownApp(options.heads), (c) => {
      const { app } = c.get('head')
      const certificate = options.certificates.ofApp(app.id)
      const checks = options.domains.checks()
      const rows = options.domains
        .ofApp(app.id)
        .map((domain) => ({ domain, app: app.name, certificate, check: checks.get(domain.domain) }))
      if (app.destroyedAt === null) looks.shown(app.name, reports.oldest(app.id, ['domains']))
      const disabled = reported(reports.facts(app.id, 'domains')?.body, 'app-enabled') === 'false'
      return c.html(domainsOfApp(c.get('frame'), c.get('head'), { rows, disabled, globals: globals() }))
    })
}

/** Of the apps that are there, each app's in Dokku's order. */
function every({ apps, domains, certificates }: DomainsOptions): readonly RowOfDomain[] {
  const there = new Map(apps.all().flatMap((app) => (app.destroyedAt === null ? [[app.id, app.name]] : [])))
  const certified = new Map(certificates.all().map((certificate) => [certificate.appId, certificate]))
  const checks = domains.checks()
  return domains.all().flatMap((domain): readonly RowOfDomain[] => {
    const app = there.get(domain.appId)
    if (app === undefined) return []
    return [{ domain, app, certificate: certified.get(domain.appId), check: checks.get(domain.domain) }]
  })
}
