/** What an app is made of while it runs: process types, how many of each, their containers, and how these ended. */

export const CONTAINER_STATES = [
  /** Its name ends with `.upcoming-N`: Dokku has not put it in service yet. */
  'starting',
  'running',
  /** Its name ends with `.EPOCH`, or a stop was requested: it goes. */
  'retiring',
  /** It ended, and Docker starts it again by its restart policy. */
  'restarting',
  /** It ended by request, or by itself with exit code 0. */
  'exited',
  'crashed',
] as const
export type ContainerState = (typeof CONTAINER_STATES)[number]

export const APP_STATES = [
  'running',
  'degraded',
  'crash loop',
  'killed for memory',
  'unreachable',
  'starting',
  'stopping',
  'stopped',
  'crashed',
  'not deployed',
  'unknown',
] as const
export type AppState = (typeof APP_STATES)[number]

/** States in which something of an app should run or be reached and is not. `stopped` is one unless it was requested. */
export const NEEDS_ATTENTION = [
  'crashed',
  'crash loop',
  'killed for memory',
  'unreachable',
  'degraded',
] as const satisfies readonly AppState[]

export interface ProcessType {
  readonly appId: number
  readonly processType: string
  readonly quantity: number
}

export interface Container {
  readonly id: string
  readonly appId: number
  readonly processType: string
  /** 1 for web.1 */
  readonly number: number
  readonly name: string
  readonly state: ContainerState
  readonly exitCode: number | null
  /** When it began to be in this state. Milliseconds since 1970, as all times here. */
  readonly since: number
  /** Of the last event or list that told of it: what is older changes nothing. */
  readonly toldAt: number
  /** When a stop was last requested of it (docker stop, and so Dokku) since it started. */
  readonly stopRequestedAt: number | null
  /** When the kernel last killed a process in it for memory and the container went on. */
  readonly oomAt: number | null
  /** `sha256:…` of the image it runs; null until Docker listed it, as is what follows. */
  readonly imageId: string | null
  readonly image: string | null
  readonly createdAt: number | null
  readonly startedAt: number | null
  readonly finishedAt: number | null
  readonly oomKilled: boolean
  readonly restarts: number
  readonly restartPolicy: string
  readonly maxRestarts: number
  /** Bytes. */
  readonly memoryLimit: number | null
  readonly addresses: readonly string[]
  /** Whether Dokku counts it as the app's own: its CONTAINER.web.1 names it. Null: not read yet. */
  readonly inService: boolean | null
}

/** An end of a process that was not requested. */
export interface Death {
  readonly at: number
  /** Null: not seen. */
  readonly exitCode: number | null
  /** The kernel killed it for want of memory. */
  readonly memory: boolean
  /** How long it ran, milliseconds. */
  readonly aliveMs: number | null
  /** More than 1: so many from `from` on, of which only the last one's time is known. */
  readonly count: number
  readonly from: number
}

/** Deaths that come again and again. */
export interface Loop {
  /** The first of them. */
  readonly since: number
  readonly deaths: number
  /** How many of them were for memory. */
  readonly memory: number
  /** Docker has given up: there will be no more. */
  readonly isOver?: true
}

/** How a process (web.1) ended since its container was made. */
export interface Deaths {
  readonly containerId: string
  /** The last ten, oldest first. */
  readonly recent: readonly Death[]
  readonly loop: Loop | null
  /** Kills for memory within it that it survived: how many, when the last, when one was last recorded as an event. */
  readonly ooms: { readonly count: number; readonly lastAt: number; readonly recordedAt: number } | null
}

/** A process with its deaths. */
export interface Ended {
  /** web.1 */
  readonly process: string
  readonly last: Death
  readonly loop: Loop | null
  /** After so many restarts Docker starts it no more; null: it does, or never did. */
  readonly gaveUpAfter: number | null
  /** Bytes. */
  readonly memoryLimit: number | null
}

/** Why an app is in its state. */
export type StateDetail =
  | { readonly kind: 'ended'; readonly ended: Ended }
  | {
      readonly kind: 'fewer'
      readonly running: number
      readonly wanted: number
      readonly ended: Ended | null
    }
  /** nginx sends requests to these, which no container of the app has. `some`: others of them are right. */
  | { readonly kind: 'unreachable'; readonly addresses: readonly string[]; readonly some: boolean }
  /** Its processes ended: a stop was requested, but not by ps:stop; or they came to their end. */
  | { readonly kind: 'stopped'; readonly by: 'request' | 'itself' }
  /** Its formation is 0 of each process type: as its owner set it. */
  | { readonly kind: 'scaled' }
  | { readonly kind: 'unknown'; readonly why: 'docker' | 'scheduler'; readonly scheduler: string }

/** What pages read of processes. */
export interface ProcessReads {
  formations(): ReadonlyMap<number, readonly ProcessType[]>
  formation(appId: number): readonly ProcessType[]
  containers(appId: number): readonly Container[]
  /** By process (web.1). */
  deaths(appId: number): ReadonlyMap<string, Deaths>
}

export const processOf = ({ processType, number }: Pick<Container, 'processType' | 'number'>): string =>
  `${processType}.${number}`

/** How this very container ended; undefined: it did not, or what is known is of the one before it. */
export function deathsOf(container: Container, deaths: ReadonlyMap<string, Deaths>): Deaths | undefined {
  const known = deaths.get(processOf(container))
  return known?.containerId === container.id ? known : undefined
}
