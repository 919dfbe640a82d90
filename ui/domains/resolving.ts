/** Whether domains point at this server: looked up in the background, a few a minute, never while a page waits. */
import { Resolver } from 'node:dns/promises'
import { isIP } from 'node:net'
import type { DomainCheck } from './domain.ts'
import { type Own, pointing } from './pointing.ts'

export interface ResolvingOptions {
  /** Of apps that are there. */
  domains(): readonly string[]
  checks(): ReadonlyMap<string, DomainCheck>
  keep(check: DomainCheck): void
  /** Those no app has any more. */
  forget(domains: readonly string[]): void
  readonly own: Own
  readonly addressesOf?: AddressesOf
  now(): number
  onError(error: unknown): void
  /** From one look-up to the next, milliseconds; 0: never by itself. */
  readonly everyMs?: number
}

/** Throws where nobody could say. */
export type AddressesOf = (domain: string) => Promise<readonly string[]>

const MINUTE = 60_000
/** What is well changes seldom; where something is amiss, somebody is about to change it. */
const FRESH_MS = { well: 6 * 60 * MINUTE, amiss: 10 * MINUTE }

const NAME = /^(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]$/i
/** Names that nobody can have, so nobody is asked for them. */
const RESERVED = /\.(?:test|example|invalid|localhost|local|internal|onion|arpa)$/i

/** Patterns, addresses and names without a dot point nowhere by themselves. */
export const isLookedUp = (domain: string): boolean =>
  NAME.test(domain) && isIP(domain) === 0 && !RESERVED.test(domain)

export function resolving(options: ResolvingOptions) {
  const { now, everyMs = 15_000, addressesOf = systemResolver() } = options
  const wanted = new Set<string>()
  let timer: NodeJS.Timeout | undefined
  let working: Promise<void> | undefined

  const look = async (): Promise<void> => {
    const there = new Set(options.domains())
    const checks = options.checks()
    const gone = [...checks.keys()].filter((domain) => !there.has(domain))
    if (gone.length > 0) options.forget(gone)
    const domain = nextOf([...there].filter(isLookedUp), checks)
    if (domain === undefined) return
    wanted.delete(domain)
    const addresses = await addressesOf(domain).catch(() => null)
    options.keep({ domain, checkedAt: now(), ...pointing(addresses, options.own) })
  }

  /** Asked for by somebody, then never looked at, then the one looked at longest ago. */
  const nextOf = (
    domains: readonly string[],
    checks: ReadonlyMap<string, DomainCheck>,
  ): string | undefined => {
    const since = (domain: string): number => {
      const check = checks.get(domain)
      if (check === undefined || wanted.has(domain)) return Number.MAX_SAFE_INTEGER
      const fresh = check.where === 'here' ? FRESH_MS.well : FRESH_MS.amiss
      return now() - check.checkedAt - fresh
    }
    const [first] = domains.toSorted(
      (one, other) => Number(wanted.has(other)) - Number(wanted.has(one)) || since(other) - since(one),
    )
    return first !== undefined && since(first) >= 0 ? first : undefined
  }

  const turn = (): Promise<void> => {
    working ??= look()
      .catch(options.onError)
      .finally(() => {
        working = undefined
      })
    return working
  }

  return {
    start() {
      if (everyMs > 0) timer = setInterval(() => void turn(), everyMs)
    },
    /** One look-up now. */
    turn,
    /** It is the next; how many a minute there are stays as it is. */
    want: (domain: string) => void wanted.add(domain),
    async stop() {
      clearInterval(timer)
      await working
    },
  }
}

const TIMEOUT_MS = 3000
const MOST_ADDRESSES = 16

/** A and AAAA records by the server's own resolvers. No file of hosts, no search list, nothing but these two questions. */
function systemResolver(): AddressesOf {
  const resolver = new Resolver({ timeout: TIMEOUT_MS, tries: 2 })
  const none = (error: unknown): readonly string[] => {
    if (error instanceof Error && 'code' in error && NO_SUCH.has(String(error.code))) return []
    throw error
  }
  return async (domain) => {
    // The dot at the end: this name and no other.
    const all = await Promise.all([
      resolver.resolve4(`${domain}.`).catch(none),
      resolver.resolve6(`${domain}.`).catch(none),
    ])
    return all.flat().slice(0, MOST_ADDRESSES)
  }
}

const NO_SUCH: ReadonlySet<string> = new Set(['ENOTFOUND', 'ENODATA'])
