/** The status of apps from what the features know of them. */
import type { DeploymentInBrief, DeploymentReads } from '../deployments/deployment.ts'
import { madeImage } from '../deployments/images.ts'
import { nextOf, type Observed, whatRuns } from '../deployments/running.ts'
import type { KnownOfApp, RunningReads } from '../deployments/running-reads.ts'
import type { AccessReads } from '../properties/access.ts'
import { type App, isDeploying } from './app.ts'
import type { Status } from './status.ts'
import { statusOf } from './status-of.ts'

export interface AppStatuses {
  of(app: App): Status
  /** By app. A few queries, whatever their number. */
  all(apps: readonly App[]): ReadonlyMap<number, Status>
}

interface Reads {
  readonly deployments: Pick<DeploymentReads, 'byIds' | 'inBrief' | 'codeOf'>
  readonly running: RunningReads
  readonly access: AccessReads
}

export function appStatuses({ deployments, running, access }: Reads): AppStatuses {
  /** As far as is known without Docker: the code of what went live last. */
  const assumedOf = ({ id, liveDeploymentId }: App): number | null => {
    if (liveDeploymentId === null) return null
    const live = deployments.byIds([liveDeploymentId]).get(liveDeploymentId)
    return live?.codeId ?? deployments.codeOf(id, liveDeploymentId)?.id ?? null
  }
  /** Where Docker was not read yet. */
  const waitingOf = ({ lastDeploymentId }: App): number | null => {
    const last = deployments.byIds([lastDeploymentId ?? 0]).get(lastDeploymentId ?? 0)
    const isWaiting = last !== undefined && last.liveAt === null && last.endedAt !== null && madeImage(last)
    return isWaiting && last.status !== 'succeeded' ? last.id : null
  }
  const observe = (app: App, known: KnownOfApp, assumed: number | null) => {
    const isSeen = app.state !== 'unknown'
    const isRead = isSeen && known.isRead
    const observed: Observed = {
      ...known,
      isRead,
      isListed: isSeen && (known.isRead || known.containers.length > 0),
      deploying: isDeploying(app),
      assumed,
      waiting: isRead ? null : waitingOf(app),
    }
    const runs = whatRuns(observed)
    return { app, runs, next: nextOf(observed, runs) }
  }
  const named = (observed: readonly ReturnType<typeof observe>[]): ReadonlyMap<number, DeploymentInBrief> =>
    deployments.inBrief([...new Set(observed.flatMap(codesOf))])

  return {
    of(app) {
      const observed = observe(app, running.ofApp(app.id), assumedOf(app))
      return statusOf({ ...observed, deployments: named([observed]), access: access.of(app.id) })
    },
    all(apps) {
      const known = running.all()
      const observed = apps.map((app) => observe(app, known.get(app.id) ?? NOTHING, app.liveDeploymentId))
      const briefs = named(observed)
      const accessOf = access.all()
      return new Map(
        observed.map((one) => [
          one.app.id,
          statusOf({ ...one, deployments: briefs, access: accessOf(one.app.id) }),
        ]),
      )
    },
  }
}

const NOTHING: KnownOfApp = { containers: [], codes: new Map(), isRead: false, nextImageId: null }

const codesOf = ({
  runs,
  next,
}: {
  runs: ReturnType<typeof whatRuns>
  next: ReturnType<typeof nextOf>
}): readonly number[] => [
  ...(runs.basis === 'images' ? runs.codes.flatMap(({ code }) => code ?? []) : []),
  ...(runs.basis === 'assumed' && runs.code !== null ? [runs.code] : []),
  ...(next.kind === 'other' && next.code !== null ? [next.code] : []),
]
