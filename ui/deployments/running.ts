/** Which code an app runs and which it starts next, by the images of its containers. Pure. */
import type { ContainerState } from '../processes/process.ts'

/** One code that runs. */
export interface RunningCode {
  /** Id of the deployment it came with; null: not known. */
  readonly code: number | null
  readonly imageId: string
  /** web.1, worker.1 */
  readonly processes: readonly string[]
}

export type WhatRuns =
  | { readonly basis: 'nothing' }
  /** Docker is not read, or was not since they were started: what went live last; null: nothing did. */
  | { readonly basis: 'assumed'; readonly code: number | null }
  /** One code, or several: while a deploy replaces one process after the other, or after one that failed half way. */
  | { readonly basis: 'images'; readonly codes: readonly RunningCode[] }

/** What Dokku starts with the next restart, scaling or change of config. */
export type Next =
  | { readonly kind: 'not read' }
  /** A deployment runs, and changes it. */
  | { readonly kind: 'changing' }
  /** It has no image of the app. */
  | { readonly kind: 'nothing' }
  /** What runs now, all of it. */
  | { readonly kind: 'same' }
  /** `imageId` null: Docker was not read, but the last deployment built an image and did not go live. */
  | { readonly kind: 'other'; readonly code: number | null; readonly imageId: string | null }

/** What was read of one app. */
export interface Observed {
  readonly deploying: boolean
  readonly containers: readonly {
    readonly processType: string
    readonly number: number
    readonly state: ContainerState
    /** Whether Dokku counts it as the app's own; null: not read. */
    readonly inService: boolean | null
    readonly imageId: string | null
  }[]
  /** By image, the deployment whose code it holds. */
  readonly codes: ReadonlyMap<string, number>
  /** Whether its containers are known. */
  readonly isListed: boolean
  /** Whether Dokku was asked what starts next. */
  readonly isRead: boolean
  readonly nextImageId: string | null
  /** For as long as Docker was not read: the code of what went live last. */
  readonly assumed: number | null
  /** The last deployment, where it built an image and did not go live; null otherwise. */
  readonly waiting: number | null
}

/** A deploy that nginx refused leaves new containers in service under their first names; a crash loop starts again and again. */
const isUp = ({ state, inService }: Observed['containers'][number]): boolean =>
  state === 'running' || state === 'restarting' || (state === 'starting' && inService === true)

export function whatRuns({ containers, codes, isListed, assumed }: Observed): WhatRuns {
  const running = containers.filter(isUp)
  if (running.length === 0) return isListed ? { basis: 'nothing' } : { basis: 'assumed', code: assumed }
  const found = new Map<string, { code: number | null; imageId: string; processes: string[] }>()
  for (const { imageId, processType, number } of running) {
    if (imageId === null) return { basis: 'assumed', code: assumed }
    const code = codes.get(imageId) ?? null
    const key = code === null ? imageId : String(code)
    const known = found.get(key) ?? { code, imageId, processes: [] }
    known.processes.push(`${processType}.${number}`)
    found.set(key, known)
  }
  return { basis: 'images', codes: [...found.values()] }
}

export function nextOf({ deploying, isRead, nextImageId, codes, waiting }: Observed, runs: WhatRuns): Next {
  if (deploying) return { kind: 'changing' }
  if (!isRead)
    return waiting === null ? { kind: 'not read' } : { kind: 'other', code: waiting, imageId: null }
  if (nextImageId === null) return { kind: 'nothing' }
  const code = codes.get(nextImageId) ?? null
  if (runs.basis === 'assumed') return code === runs.code ? { kind: 'same' } : { kind: 'not read' }
  const isSame =
    runs.basis === 'images' &&
    runs.codes.every((one) => one.imageId === nextImageId || (code !== null && one.code === code))
  return isSame ? { kind: 'same' } : { kind: 'other', code, imageId: nextImageId }
}
