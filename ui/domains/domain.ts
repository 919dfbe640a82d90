import type { Pointing } from './pointing.ts'

/** A domain an app answers to. */
export interface Domain {
  readonly appId: number
  readonly domain: string
  readonly since: number
  readonly addedBy: string
}

/** Where it pointed when DNS was last asked. */
export interface DomainCheck extends Pointing {
  readonly domain: string
  readonly checkedAt: number
}

export interface DomainReads {
  /** Of every app, by app and in the order they were added. */
  all(): readonly Domain[]
  ofApp(appId: number): readonly Domain[]
  /** The first one of each app: where a person would look. */
  first(): ReadonlyMap<number, string>
  /** By domain. */
  checks(): ReadonlyMap<string, DomainCheck>
}

/** Names only nginx knows what to do with: wildcards and patterns are no address to open. */
export const isAddress = (domain: string): boolean => /^[a-z0-9.-]+$/i.test(domain)

/** Whether a certificate's name covers a domain: itself, or one level below a wildcard. */
export const covers = (hostname: string, domain: string): boolean =>
  hostname === domain ||
  (hostname.startsWith('*.') && domain.slice(domain.indexOf('.') + 1) === hostname.slice(2))

/**
 * What `domains:remove` takes away besides: Dokku makes an expression of the name, in which a dot is any letter.
 */
export const removedBesides = (domain: string, others: readonly string[]): readonly string[] =>
  others.filter(
    (other) =>
      other !== domain &&
      other.length === domain.length &&
      [...domain].every((letter, at) => letter === '.' || letter === other[at]),
  )
