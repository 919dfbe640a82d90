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

/** Dokku sets it itself at each build: that is no config of anybody's. */
export const NO_CONFIG: ReadonlySet<string> = new Set(['GIT_REV'])
