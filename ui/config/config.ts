/** That a config key changed. Never its value. */
export interface ConfigChange {
  readonly key: string
  readonly change: 'set' | 'unset'
  readonly changedAt: number
  /** Empty where Dokku was only seen to have it. */
  readonly changedBy: string
}

export interface ConfigReads {
  /** The keys of an app that changed last. */
  latest(appId: number, limit: number): readonly ConfigChange[]
  /** Every key of an app that was ever known, by name. */
  ofApp(appId: number): readonly ConfigChange[]
}

/** In place of an app's id: the server's. */
export const SERVER = 0

/** Dokku sets it itself at each build: that is no config of anybody's. */
export const NO_CONFIG: ReadonlySet<string> = new Set(['GIT_REV'])

/** What is known of a container of an app; times are milliseconds since 1970. */
interface RunningContainer {
  readonly processType: string
  readonly state: string
  /** Null: Docker has not listed it yet. */
  readonly createdAt: number | null
  /** Whether Dokku counts it as the app's own; null: not known. */
  readonly inService: boolean | null
}

export interface ConfigNotApplied {
  /** By name. */
  readonly keys: readonly string[]
  /** Whether the server's config, which every app has besides its own, changed as well. */
  readonly global: boolean
  /** Process types, each once. */
  readonly types: readonly string[]
}

/**
 * Keys that were set or removed after running containers were created, which keep the values of that time. Null: none
 * is known. A change that was only seen may be older than it was seen, so that nothing is said of it.
 */
export function configNotApplied(
  { own, global }: { readonly own: readonly ConfigChange[]; readonly global: readonly ConfigChange[] },
  containers: readonly RunningContainer[],
): ConfigNotApplied | null {
  const running = containers.filter(({ state, inService }) => state === 'running' && inService !== false)
  const lacking = (change: ConfigChange) =>
    change.changedBy === '' || isOfDokku(change.key)
      ? []
      : running.filter(({ createdAt }) => createdAt !== null && createdAt < change.changedAt)
  const kept = new Set(own.flatMap(({ key, change }) => (change === 'set' ? [key] : [])))
  const changed = own.filter((change) => lacking(change).length > 0)
  const around = global.filter((change) => !kept.has(change.key) && lacking(change).length > 0)
  const types = new Set([...changed, ...around].flatMap(lacking).map(({ processType }) => processType))
  return types.size === 0
    ? null
    : { keys: changed.map(({ key }) => key), global: around.length > 0, types: [...types] }
}

/** Switches that Dokku reads on the server: no app waits for them. */
const isOfDokku = (key: string): boolean => NO_CONFIG.has(key) || /^(?:DOKKU_|NO_VHOST$)/.test(key)
