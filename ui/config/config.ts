/** That a config key changed. Never its value. */
export interface ConfigChange {
  readonly key: string
  readonly change: 'set' | 'unset'
  readonly changedAt: number
  readonly changedBy: string
}

export interface ConfigReads {
  /** The keys of an app that changed last. */
  latest(appId: number, limit: number): readonly ConfigChange[]
}
