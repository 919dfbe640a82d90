/**
 * Which deployment's code an image holds. Pure.
 *
 * A build makes an image, a predeploy task and the release change it, and `dokku/APP:latest` names it from then on, also
 * when the deploy fails later: Dokku starts that image with the next restart. A start and a change of config release
 * it anew, so that its id changes and its code does not. So an image that was read after a deployment had ended, and
 * before another began, is the one that deployment left.
 */
import { endOf } from './build-end.ts'
import { changedNothing, type Deployment, STEPS } from './deployment.ts'

/** As much of a deployment as tells what it did to the app's image. */
export type Imaged = Pick<
  Deployment,
  | 'id'
  | 'buildId'
  | 'kind'
  | 'source'
  | 'status'
  | 'startedAt'
  | 'liveAt'
  | 'endedAt'
  | 'judgedAt'
  | 'image'
  | 'steps'
  | 'imageId'
  | 'codeId'
>

/** What Docker had of one app. Times are milliseconds since 1970. */
export interface ImageReading {
  readonly begunAt: number
  /** What Dokku would have started when that was read before, with no deployment under way; null: nothing, or not read. */
  readonly previousImageId: string | null
  /** What Dokku starts next; null: it has no image. */
  readonly nextImageId: string | null
  /** Containers that run. */
  readonly containers: readonly { readonly imageId: string; readonly createdAt: number }[]
}

/** The image there was after a deployment, and the deployment whose code it holds. */
export interface ImageSeen {
  readonly buildId: string
  readonly imageId: string
  readonly codeId: number
}

/**
 * What is new in a reading. `deployments`: of the app, in the order they began, at least from the newest with a known
 * image on. `known`: of each image in the reading whose code it holds, by deployment id; without those not known.
 */
export function imagesSeen(
  reading: ImageReading,
  deployments: readonly Imaged[],
  known: ReadonlyMap<string, number>,
): readonly ImageSeen[] {
  const { nextImageId, previousImageId } = reading
  // An image that no deployment made came between: what was known before it says nothing of what came after it.
  const isUnbroken = previousImageId === null || known.has(previousImageId)
  const own = deployments
    .filter(({ status }) => !changedNothing(status))
    .map((each) => (isUnbroken ? each : { ...each, codeId: null }))
  const last = lastBefore(own, reading)
  const isNew = last !== undefined && last.imageId === null && nextImageId !== null
  const ofNext = isNew ? seen(last, nextImageId, codeOfNext(own, last, nextImageId, known)) : []
  const ofContainers = new Map(
    reading.containers
      .filter(({ imageId }) => imageId !== nextImageId && !known.has(imageId))
      .flatMap(({ imageId, createdAt }) => {
        const starter = starterOf(own, createdAt)
        const isOpen = starter !== undefined && starter.imageId === null && (!isNew || starter !== last)
        return isOpen ? seen(starter, imageId, codeAfter(own, starter)) : []
      })
      .map((one) => [one.imageId, one]),
  )
  return [...ofNext, ...ofContainers.values()]
}

const seen = ({ buildId }: Imaged, imageId: string, codeId: number | null): readonly ImageSeen[] =>
  codeId === null ? [] : [{ buildId, imageId, codeId }]

/** The last deployment, where all were done with the image before reading began and none began meanwhile. */
const lastBefore = (deployments: readonly Imaged[], reading: ImageReading): Imaged | undefined =>
  areDone(deployments, reading) ? deployments.at(-1) : undefined

/** Whether all of these were done with the image before reading began. */
export const areDone = (
  deployments: readonly Imaged[],
  { begunAt }: Pick<ImageReading, 'begunAt'>,
): boolean =>
  deployments
    .filter(({ status }) => !changedNothing(status))
    .every((each) => (doneWithImageAt(each) ?? Number.POSITIVE_INFINITY) <= begunAt)

/** From when on it changes the image no more: it is live, or it has ended. Null: it may still. */
const doneWithImageAt = ({ liveAt, judgedAt, endedAt }: Imaged): number | null =>
  liveAt ?? (judgedAt === null ? null : (endedAt ?? judgedAt))

/** Only a build that got so far makes an image. */
export const madeImage = ({ kind, status, liveAt, image, steps }: Imaged): boolean =>
  kind === 'build' &&
  (liveAt !== null || status === 'succeeded' || status === 'built' || image !== '' || steps.some(isPastBuild))
const isPastBuild = ({ step }: Imaged['steps'][number]): boolean =>
  STEPS.indexOf(step) > STEPS.indexOf('build')
/** A restart starts the image there is; a start and a change of config release it first. */
const releases = ({ kind, source }: Imaged): boolean => kind === 'deploy' && source !== 'ps:restart'
const changesImage = (deployment: Imaged): boolean => madeImage(deployment) || releases(deployment)

/** Of a known image its code; of a new one what the deployments since the last known one come to; null: not known. */
function codeOfNext(
  deployments: readonly Imaged[],
  last: Imaged,
  imageId: string,
  known: ReadonlyMap<string, number>,
): number | null {
  const code = known.get(imageId)
  if (code !== undefined) return code
  const base = deployments.findLastIndex((each) => each.imageId !== null)
  // Where nothing made one since, somebody else did, or it is older than what is known.
  if (base >= 0 && !deployments.slice(base + 1).some(changesImage)) return null
  return codeAfter(deployments, last)
}

/** Whose code Dokku starts next after this deployment; null: not known. */
function codeAfter(deployments: readonly Imaged[], until: Imaged): number | null {
  let code: number | null = null
  /** Whether it is labelled as released: after a build that failed Dokku puts the last such image back. */
  let isReleased = false
  let busyUntil = 0
  for (const each of deployments.slice(0, deployments.indexOf(until) + 1)) {
    const changes = changesImage(each)
    if (each.imageId !== null) code = each.codeId
    // Of two that changed it at once nobody knows which came last.
    else if (changes && each.startedAt < busyUntil) code = null
    else if (madeImage(each)) code = each.id
    else if (each.kind === 'build' && !isReleased) code = null
    if (!changes) continue
    isReleased = wasReleased(each)
    busyUntil = Math.max(busyUntil, doneWithImageAt(each) ?? Number.POSITIVE_INFINITY)
  }
  return code
}

const wasReleased = ({ liveAt, image, status }: Imaged): boolean =>
  liveAt !== null || image !== '' || status === 'succeeded' || status === 'built'

/** The one deployment that ran when a container was created; undefined where there was none, or more than one. */
function starterOf(deployments: readonly Imaged[], createdAt: number): Imaged | undefined {
  const [starter, ...more] = deployments.filter(
    (each) => each.startedAt <= createdAt && createdAt <= endOf(each),
  )
  return more.length > 0 ? undefined : starter
}
