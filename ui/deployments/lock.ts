/** Who held an app's lock when Dokku refused a deploy because of it. Pure. */
import { endOf } from './build-end.ts'
import { changedNothing, type DeploymentInBrief } from './deployment.ts'

/** What was refused, and when it was at it. */
export interface Refused {
  /** Of its own deployment, where it got so far. */
  readonly id?: number
  readonly from: number
  readonly to: number
}

/** Dokku's words, and ours for them. */
export const isLockRefusal = (reason: string): boolean =>
  /currently has a deploy lock in place|another deploy of this app was running/.test(reason)

/** Only a build takes the lock, and one that was itself refused, or had nothing to build, never had it. */
export const holderOf = (
  all: readonly DeploymentInBrief[],
  { id, from, to }: Refused,
): DeploymentInBrief | undefined =>
  all
    .filter((other) => other.id !== id && other.kind === 'build' && !changedNothing(other.status))
    .filter((other) => other.startedAt <= to && endOf(other) >= from)
    .sort((one, other) => one.startedAt - other.startedAt)[0]
