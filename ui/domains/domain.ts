/** A domain an app answers to. */
export interface Domain {
  readonly appId: number
  readonly domain: string
  readonly since: number
  readonly addedBy: string
}

export interface DomainReads {
  /** Of every app, by app and in the order they were added. */
  all(): readonly Domain[]
  ofApp(appId: number): readonly Domain[]
  /** The first one of each app: where a person would look. */
  first(): ReadonlyMap<number, string>
}

/** Names only nginx knows what to do with: wildcards and patterns are no address to open. */
export const isAddress = (domain: string): boolean => /^[a-z0-9.-]+$/i.test(domain)

/** Whether a certificate's name covers a domain: itself, or one level below a wildcard. */
export const covers = (hostname: string, domain: string): boolean =>
  hostname === domain ||
  (hostname.startsWith('*.') && domain.slice(domain.indexOf('.') + 1) === hostname.slice(2))
