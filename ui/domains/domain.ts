import { AnyDomain } from '../dokku/names.ts'
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

const ADDRESS = /^(?=.{1,253}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/i
/** A whole host name. Wildcards, `_` and what Dokku takes besides are no address to open, to look up or to certify. */
export const isAddress = (domain: string): boolean => ADDRESS.test(domain)

/** Whether a certificate can be for it: a host name, or all names one level below one. */
export const isCertifiable = (domain: string): boolean => isAddress(domain.replace(/^\*\./, ''))

/** Names of hosts are the same in capitals. */
export const isSameName = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase()

/** Whether a certificate's name covers a domain: itself, or one level below a wildcard. */
export const covers = (hostname: string, domain: string): boolean =>
  isSameName(hostname, domain) ||
  (hostname.startsWith('*.') && isSameName(domain.slice(domain.indexOf('.') + 1), hostname.slice(2)))

/** Whether one of these names of a certificate covers it. */
export const isCovered = (domain: string, hostnames: readonly string[]): boolean =>
  hostnames.some((name) => covers(name, domain))

/**
 * Whether `domains:remove` of a name takes another away: Dokku makes an expression of sed of the name, in which a dot is
 * any letter and an asterisk behind a letter any number of it. All places of the name are followed at once, for an
 * expression of JavaScript would try them one after the other.
 */
function removes(domain: string, other: string): boolean {
  const signs = [...domain.matchAll(/(.)(\**)/gs)].map(([, sign = '', stars = '']) => ({
    sign,
    repeats: stars !== '',
  }))
  const withSkipped = (places: Set<number>) => {
    for (const at of places) if (signs[at]?.repeats) places.add(at + 1)
    return places
  }
  let places = withSkipped(new Set([0]))
  for (const letter of other) {
    const next = [...places].flatMap((at) => {
      const { sign, repeats } = signs[at] ?? { sign: '', repeats: false }
      return sign === '.' || sign === letter ? [repeats ? at : at + 1] : []
    })
    places = withSkipped(new Set(next))
  }
  return places.has(signs.length)
}

/** Of the others of an app or the server, those that would go with it. Of what is no domain Dokku is asked nothing. */
export const removedBesides = (domain: string, others: readonly string[]): readonly string[] =>
  AnyDomain.safeParse(domain).success
    ? others.filter((other) => other !== domain && removes(domain, other))
    : []

/** Whether Dokku can be asked to remove it by its name: not what would be an option, nor what does not match itself. */
export const isRemovable = (domain: string): boolean =>
  AnyDomain.safeParse(domain).success && removes(domain, domain)

/** What Dokku gives an app that is created, or whose domains are enabled: of a name with dots, the name itself. */
export const defaultDomains = (app: string, globals: readonly string[]): readonly string[] =>
  globals.length === 0 ? [] : app.includes('.') ? [app] : globals.map((domain) => `${app}.${domain}`)
