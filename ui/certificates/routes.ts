import { Hono } from 'hono'
import type { AppReads } from '../apps/app.ts'
import type { AppHeads } from '../apps/head.ts'
import type { DomainReads } from '../domains/domain.ts'
import { type AppEnv, knownApp } from '../web/app-page.ts'
import type { CertificateReads } from './certificate.ts'
import { certificateOfApp, certificatesPage } from './views.ts'

export interface CertificatesOptions {
  readonly apps: AppReads
  readonly heads: AppHeads
  readonly domains: DomainReads
  readonly certificates: CertificateReads
}

export const certificates = ({ apps, heads, domains, certificates }: CertificatesOptions) =>
  new Hono<AppEnv>()
    .get('/certificates', (c) => {
      const there = apps.all().filter(({ destroyedAt }) => destroyedAt === null)
      const names = new Map(there.map(({ id, name }) => [id, name]))
      const all = certificates.all()
      const certified = new Set(all.map(({ appId }) => appId))
      const answering = domains.first()
      return c.html(
        certificatesPage(c.get('frame'), {
          rows: all.flatMap((certificate) => {
            const app = names.get(certificate.appId)
            return app === undefined ? [] : [{ certificate, app }]
          }),
          without: there.filter(({ id }) => answering.has(id) && !certified.has(id)).map(({ name }) => name),
        }),
      )
    })
    .get('/apps/:app/certificate', knownApp(heads), (c) => {
      const head = c.get('head')
      return c.html(certificateOfApp(c.get('frame'), head, certificates.ofApp(head.app.id)))
    })
