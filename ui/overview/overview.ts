/** What wants a look, most urgent first, each with its one next step. Pure. */
import { type App, isInTrouble } from '../apps/app.ts'
import { type Certificate, certificateState, wantsALook } from '../certificates/certificate.ts'
import type { DayOfDeployments, DeploymentInBrief } from '../deployments/deployment.ts'
import { DAY_MS, startOfDay } from '../web/format.ts'

export type Issue =
  | { readonly kind: 'app'; readonly app: App }
  | { readonly kind: 'deployment'; readonly app: App; readonly deployment: DeploymentInBrief }
  | {
      readonly kind: 'certificate'
      readonly app: App
      readonly certificate: Certificate
      /** The letsencrypt plugin renews it, or should have. */
      readonly renewed: boolean
    }
  | PanelTrouble

/** Of the panel itself: events that could not be read, an outbox that is not there. */
export interface PanelTrouble {
  readonly kind: 'panel'
  readonly text: string
  /** What to type. */
  readonly command: string
}

export interface Troubles {
  readonly apps: readonly App[]
  /** By app, the failed deployment after which none went well. */
  readonly failing: ReadonlyMap<number, DeploymentInBrief>
  readonly certificates: readonly Certificate[]
  readonly isRenewed: (certificate: Certificate) => boolean
  readonly panel: readonly PanelTrouble[]
  readonly now: number
}

export function issuesOf({ apps, failing, certificates, isRenewed, panel, now }: Troubles): readonly Issue[] {
  const there = apps.filter(({ destroyedAt }) => destroyedAt === null)
  const byId = new Map(there.map((app) => [app.id, app]))
  const ending = certificates
    .filter((certificate) => wantsALook(certificate, now))
    .flatMap((certificate): Issue[] => {
      const app = byId.get(certificate.appId)
      return app === undefined
        ? []
        : [{ kind: 'certificate', app, certificate, renewed: isRenewed(certificate) }]
    })
  const failed = there.flatMap((app): Issue[] => {
    const deployment = failing.get(app.id)
    return deployment === undefined ? [] : [{ kind: 'deployment', app, deployment }]
  })
  return [
    ...panel,
    ...there
      .filter((app) => isInTrouble(app) && !neverRan(app, failing))
      .map((app): Issue => ({ kind: 'app', app })),
    ...ending.filter((issue) => expired(issue, now)),
    ...failed,
    ...ending.filter((issue) => !expired(issue, now)),
  ]
}

/** Nothing of it was ever live, and its failed deploy says why. */
const neverRan = ({ id, liveDeploymentId }: App, failing: Troubles['failing']): boolean =>
  liveDeploymentId === null && failing.has(id)

const expired = (issue: Issue, now: number): boolean =>
  issue.kind === 'certificate' && certificateState(issue.certificate, now) === 'expired'

export const DAYS_SHOWN = 14

/** The last fourteen days, those without deployments too. */
export function calendar(days: readonly DayOfDeployments[], now: number): readonly DayOfDeployments[] {
  const known = new Map(days.map((each) => [each.day, each]))
  const today = startOfDay(now)
  return Array.from({ length: DAYS_SHOWN }, (_, index) => {
    const day = today - (DAYS_SHOWN - 1 - index) * DAY_MS
    return known.get(day) ?? { day, running: 0, succeeded: 0, failed: 0, canceled: 0, built: 0 }
  })
}

export const totalOf = ({ running, succeeded, failed, canceled, built }: DayOfDeployments): number =>
  running + succeeded + failed + canceled + built
