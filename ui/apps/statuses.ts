/** The status of apps from what the features know of them. */
import type { Deployment, DeploymentInBrief, DeploymentReads } from '../deployments/deployment.ts'
import { madeImage } from '../deployments/images.ts'
import { nextOf, type Observed, whatRuns } from '../deployments/running.ts'
import { type KnownOfApp, NOTHING_KNOWN, type RunningReads } from '../deployments/running-reads.ts'
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
  const waitingOf = (last: Deployment | undefined): number | null => {
    const isWaiting =
      last !== undefined && last.liveAt === null && last.status !== 'running' && madeImage(last)
    return isWaiting && last.status !== 'succeeded' ? last.id : null
  }
  /** The last deployments of those apps of which that decides what waits, by id. */
  const lastsOf = (apps: readonly (readonly [App, KnownOfApp])[]): ReadonlyMap<number, Deployment> =>
    deployments.byIds(
      apps.flatMap(([app, known]) => (isImageRead(app, known) ? [] : (app.lastDeploymentId ?? []))),
    )
  const observe = (
    app: App,
    known: KnownOfApp,
    assumed: number | null,
    lasts: ReadonlyMap<number, Deployment>,
  ) => {
    const isRead = isImageRead(app, known)
    const observed: Observed = {
      ...known,
      isRead,
      isListed: isRead || (isSeen(app) && known.containers.length > 0),
      deploying: isDeploying(app),
      assumed,
      waiting: isRead ? null : waitingOf(lasts.get(app.lastDeploymentId ?? 0)),
    }
    const runs = whatRuns(observed)
    return { app, runs, next: nextOf(observed, runs) }
  }
  const named = (observed: readonly ReturnType<typeof observe>[]): ReadonlyMap<number, DeploymentInBrief> =>
    deployments.inBrief([...new Set(observed.flatMap(codesOf))])

  return {
    of(app) {
      const known = running.ofApp(app.id)
      const observed = observe(app, known, assumedOf(app), lastsOf([[app, known]]))
      return statusOf({ ...observed, deployments: named([observed]), access: access.of(app.id) })
    },
    all(apps) {
      const all = running.all()
      const known = apps.map((app) => [app, all.get(app.id) ?? NOTHING_KNOWN] as const)
      const lasts = lastsOf(known)
      const observed = known.map(([app, its]) => observe(app, its, app.liveDeploymentId, lasts))
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

const isSeen = ({ state }: App): boolean => state !== 'unknown'

/** Whether Docker told what runs and what is started next. */
const isImageRead = (app: App, { isRead }: KnownOfApp): boolean => isSeen(app) && isRead

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
