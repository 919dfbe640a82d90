import type { CertificateReads } from '../certificates/certificate.ts'
import { type DomainReads, isAddress } from '../domains/domain.ts'
import type { Frame } from '../web/frame.ts'
import type { Html } from '../web/layout.ts'
import { type App, type AppHead, type AppReads, isDeploying } from './app.ts'
import type { AppStatuses } from './statuses.ts'

/** What every page about one app needs to know of it, from the features that know it. */
export interface AppHeads {
  /** The app of that name; destroyed ones too. */
  find(name: string): AppHead | undefined
  /** What an app of that former name is called now. */
  renamed(name: string): string | undefined
}

interface Reads {
  readonly apps: AppReads
  readonly domains: DomainReads
  readonly certificates: CertificateReads
  readonly statuses: AppStatuses
  /** What the features let somebody do to an app. */
  readonly buttons?: (frame: Frame, app: App) => Html | ''
}

export const appHeads = ({ apps, domains, certificates, statuses, buttons = () => '' }: Reads): AppHeads => ({
  find(name) {
    const app = apps.named(name)
    if (app === undefined) return undefined
    const all = domains.ofApp(app.id)
    const first = all.find(({ domain }) => isAddress(domain))?.domain
    const scheme = certificates.ofApp(app.id) === undefined ? 'http' : 'https'
    const gone = app.destroyedAt !== null
    return {
      app,
      status: statuses.of(app),
      url: first === undefined || gone ? null : `${scheme}://${first}`,
      deploying: !gone && isDeploying(app),
      domains: gone ? 0 : all.length,
      buttons: (frame) => (app.front || gone ? '' : buttons(frame, app)),
    }
  },
  renamed: (name) => apps.formerly(name)?.name,
})
