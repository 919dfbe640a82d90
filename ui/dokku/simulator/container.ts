/** One container that Dokku started for an app. */
export interface Container {
  readonly id: string
  name: string
  readonly app: string
  readonly processType: string
  readonly number: number
  readonly command: string
  readonly image: string
  /** `sha256:…` */
  readonly imageId: string
  /** Port it listens on; null for types that aren't web. */
  readonly port: number | null
  /** Its address while it runs; it may be another after each start. */
  ip: string
  /** Milliseconds since 1970. */
  readonly createdAt: number
  startedAt: number
  status: 'created' | 'running' | 'restarting' | 'exited'
  exitCode: number | null
  endedAt: number | null
  /** Its last end was the kernel's, for want of memory. */
  oomKilled: boolean
  /** How often Docker started it again by its restart policy. */
  restarts: number
  /** Dokku's: no, always, unless-stopped, on-failure, on-failure:10 */
  restartPolicy: string
  /** Bytes; 0: none. */
  readonly memoryLimit: number
  /** It was told to end and will have done so by then. */
  diesAt: number | null
  /** When Dokku gives up waiting and stops it for good. */
  stopAt: number | null
  /** When Docker starts it again by its restart policy, and how long it waits the next time, milliseconds. */
  restartsAt: number | null
  backoffMs: number
  /** How its process ends each time, so long after it started. */
  fate: Fate | null
  readonly voice: string
}

/** An end that a process comes to by itself. */
export interface Fate {
  readonly afterMs: number
  readonly exitCode: number
  /** The kernel kills it for want of memory. */
  readonly memory: boolean
}

export const dynoOf = ({ processType, number }: Container): string => `${processType}.${number}`
export const shortId = (id: string): string => id.slice(0, 12)
