/** The status of apps from what the features know of them. */
import type { DeploymentInBrief, DeploymentReads } from '../deployments/deployment.ts'
import { madeImage } from '../deployments/images.ts'
import { nextOf, type Observed, whatRuns } from '../deployments/running.ts'
import { type KnownOfApp, NOTHING_KNOWN, type RunningReads } from '../deployments/running-reads.ts'
import type { AccessReads } from '../properties/access.ts'
import { type App, isDeploying } from './app.ts'
import type { Status } from './status.ts'
import { statusOf } from './status-of.ts'

export interface AppStatuses {
  of(app: App): Status
  /** By app. A few queries, whatever their number. `lasts`: the last deployments of these apps, by id. */
  all(apps: readonly App[], lasts: ReadonlyMap<number, DeploymentInBrief>): ReadonlyMap<number, Status>
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
  /** Of those last deployments that decide what waits where Docker was not read yet: ids of those that do. */
  const waitingIn = (lasts: readonly DeploymentInBrief[]): ReadonlySet<number> => {
    const open = lasts.filter(mayWait).map(({ id }) => id)
    return new Set(
      open.length === 0 ? [] : [...deployments.byIds(open).values()].filter(madeImage).map(({ id }) => id),
    )
  }
  const observe = (app: App, known: KnownOfApp, assumed: number | null, waiting: ReadonlySet<number>) => {
    const isRead = isImageRead(app, known)
    const observed: Observed = {
      ...known,
      isRead,
      isListed: isRead || (isSeen(app) && known.containers.length > 0),
      deploying: isDeploying(app),
      assumed,
      waiting: waiting.has(app.lastDeploymentId ?? 0) ? app.lastDeploymentId : null,
    }
    const runs = whatRuns(observed)
    return { app, runs, next: nextOf(observed, runs) }
  }
  const named = (
    observed: readonly ReturnType<typeof observe>[],
    known: ReadonlyMap<number, DeploymentInBrief>,
  ): ReadonlyMap<number, DeploymentInBrief> => {
    const missing = [...new Set(observed.flatMap(codesOf))].filter((id) => !known.has(id))
    return missing.length === 0 ? known : new Map([...known, ...deployments.inBrief(missing)])
  }

  return {
    of(app) {
      const known = running.ofApp(app.id)
      const last = deployments.inBrief(app.lastDeploymentId === null ? [] : [app.lastDeploymentId])
      const waiting = waitingIn(isImageRead(app, known) ? [] : [...last.values()])
      const observed = observe(app, known, assumedOf(app), waiting)
      return statusOf({ ...observed, deployments: named([observed], last), access: access.of(app.id) })
    },
    all(apps, lasts) {
      const all = running.all()
      const known = apps.map((app) => [app, all.get(app.id) ?? NOTHING_KNOWN] as const)
      const waiting = waitingIn(
        known.flatMap(([app, its]) =>
          isImageRead(app, its) ? [] : (lasts.get(app.lastDeploymentId ?? 0) ?? []),
        ),
      )
      const observed = known.map(([app, its]) => observe(app, its, app.liveDeploymentId, waiting))
      const briefs = named(observed, lasts)
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

/** It ended without going live, and not with nothing to do. */
const mayWait = ({ liveAt, status }: DeploymentInBrief): boolean =>
  liveAt === null && status !== 'running' && status !== 'succeeded'

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
