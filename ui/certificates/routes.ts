import { Hono } from 'hono'
import { type App, type AppReads, isRead } from '../apps/app.ts'
import type { AppHeads } from '../apps/head.ts'
import { type DomainReads, isCertifiable } from '../domains/domain.ts'
import { type Looks, NO_LOOKS, type ReportReads, reported } from '../reports/report.ts'
import { type AppEnv, knownApp } from '../web/app-page.ts'
import type { CertificateReads } from './certificate.ts'
import { meaning, obstacles, readLetsencrypt } from './letsencrypt.ts'
import { CertificatesQuery, sorted } from './list.ts'
import { certificateOfApp, certificatesPage, type FailedTry } from './views.ts'

export interface CertificatesOptions {
  readonly apps: AppReads
  readonly heads: AppHeads
  readonly domains: DomainReads
  readonly certificates: CertificateReads
  readonly reports: ReportReads
  readonly jobs: {
    page(filter: { readonly app: string }, range: { readonly limit: number }): readonly Try[]
  }
  /** The last lines of what a job's command said. */
  readonly said?: (job: number) => readonly string[]
  readonly looks?: Looks
}

interface Try {
  readonly id: number
  readonly kind: string
  readonly state: string
  readonly endedAt: number | null
}

export const certificates = (options: CertificatesOptions) => {
  const { apps, heads, domains, certificates, reports, jobs, said = () => [], looks = NO_LOOKS } = options
  const pluginThere = () => reports.server('plugins')?.body.includes('letsencrypt')

  /** Null where it went well, or nobody tried lately. */
  const lastTry = (app: string): FailedTry | null => {
    const last = jobs.page({ app }, { limit: LATELY }).find(({ kind }) => TRIES.has(kind))
    if (last === undefined || last.state !== 'failed' || last.endedAt === null) return null
    const lines = said(last.id)
    return { job: last.id, at: last.endedAt, means: meaning(lines), lines: lines.slice(-SHOWN) }
  }

  const letsencryptOf = ({ id, name, destroyedAt }: App, names: readonly string[]) => {
    if (pluginThere() !== true || destroyedAt !== null) return undefined
    looks.shown(name, reports.oldest(id, ['letsencrypt']))
    const facts = reports.facts(id, 'letsencrypt')?.body
    if (facts === undefined || facts.unreadable !== undefined) return undefined
    const standing = readLetsencrypt(facts)
    const checks = domains.checks()
    const astray = names.filter((domain) => ASTRAY.has(checks.get(domain)?.where ?? ''))
    return { standing, obstacles: obstacles(standing, names), astray, lastTry: lastTry(name) }
  }

  return new Hono<AppEnv>()
    .get('/certificates', (c) => {
      const there = apps.all().filter(({ destroyedAt }) => destroyedAt === null)
      const names = new Map(there.map(({ id, name }) => [id, name]))
      const all = certificates.all()
      const rows = all.flatMap((certificate) => {
        const app = names.get(certificate.appId)
        return app === undefined ? [] : [{ certificate, app }]
      })
      const { sort } = CertificatesQuery.parse(c.req.query())
      const certified = new Set(all.map(({ appId }) => appId))
      const answering = domains.first()
      const facts = there
        .map(({ id }) => reports.facts(id, 'letsencrypt')?.body)
        .find((each) => each !== undefined)
      return c.html(
        certificatesPage(c.get('frame'), {
          rows: sorted(rows, sort),
          sort,
          without: there
            .filter((app) => isRead(app) && answering.has(app.id) && !certified.has(app.id))
            .map(({ name }) => name),
          email: pluginThere() === true && facts !== undefined ? reported(facts, 'global-email') : undefined,
        }),
      )
    })
    .get('/apps/:app/certificate', knownApp(heads), (c) => {
      const head = c.get('head')
      const names = domains.ofApp(head.app.id).map(({ domain }) => domain)
      return c.html(
        certificateOfApp(c.get('frame'), head, {
          certificate: certificates.ofApp(head.app.id),
          domains: names.filter(isCertifiable),
          proxy: reported(reports.facts(head.app.id, 'proxy')?.body, 'computed-type'),
          letsencrypt: letsencryptOf(head.app, names),
          pluginThere: pluginThere(),
          reading:
            pluginThere() === true
              ? {
                  at: reports.oldest(head.app.id, ['letsencrypt']),
                  isLooking: looks.isLooking(head.app.name),
                }
              : undefined,
        }),
      )
    })
}

const TRIES: ReadonlySet<string> = new Set(['letsencrypt:enable', 'letsencrypt:auto-renew'])
const ASTRAY: ReadonlySet<string> = new Set(['elsewhere', 'partly', 'nowhere'])
/** So many of an app's newest jobs are looked through. */
const LATELY = 30
const SHOWN = 8
