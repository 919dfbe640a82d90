/** The list of all domains as a person wants to see it: narrowed, and sorted by a column. Pure. */
import * as z from 'zod'
import type { Certificate } from '../certificates/certificate.ts'
import { compared, type Order, turned } from '../web/order.ts'
import { type Domain, type DomainCheck, isCovered } from './domain.ts'
import type { Where } from './pointing.ts'

export interface RowOfDomain {
  readonly domain: Domain
  readonly app: string
  /** The certificate of its app, whether or not it covers this name. */
  readonly certificate: Certificate | undefined
  readonly check: DomainCheck | undefined
}

export const SORTS = ['app', '-app', 'domain', '-domain', 'dns', '-dns', 'expires', '-expires'] as const
export type Sort = (typeof SORTS)[number]

/** What stands in the address; anything else there is ignored. */
export const DomainsQuery = z.object({
  q: z.string().trim().max(200).catch(''),
  sort: z.enum(SORTS).catch('app'),
})
export type DomainsQuery = z.infer<typeof DomainsQuery>

/** The query as an address says it: what is the default is left out. */
export const asked = ({ q, sort }: DomainsQuery) => ({ q, sort: sort === 'app' ? '' : sort })

export const isSecured = ({ domain, certificate }: RowOfDomain): boolean =>
  isCovered(domain.domain, certificate?.hostnames ?? [])

/** Rows that are alike stay as they were: by app, and within one in Dokku's order. */
export const chosen = (rows: readonly RowOfDomain[], { q, sort }: DomainsQuery): readonly RowOfDomain[] => {
  const wanted = q.toLowerCase()
  return rows
    .filter(({ app, domain }) => app.includes(wanted) || domain.domain.toLowerCase().includes(wanted))
    .toSorted(byApp)
    .sort(ORDERS[sort])
}

/** What needs to be mended comes first: names that lead elsewhere, then those of which it is not known. */
const URGENCY: readonly Where[] = ['nowhere', 'elsewhere', 'partly', 'unanswered', 'somewhere', 'here']
const urgencyOf = ({ check }: RowOfDomain): number => URGENCY.indexOf(check?.where ?? 'unanswered')

/** Without a certificate comes before the one that ends first. */
const endOf = (row: RowOfDomain): number =>
  isSecured(row) ? (row.certificate?.expiresAt ?? Number.MAX_SAFE_INTEGER) : 0

const byApp: Order<RowOfDomain> = (one, other) => compared(one.app, other.app)
const byDomain: Order<RowOfDomain> = (one, other) =>
  compared(one.domain.domain.toLowerCase(), other.domain.domain.toLowerCase())
const byPointing: Order<RowOfDomain> = (one, other) => urgencyOf(one) - urgencyOf(other)
const byEnd: Order<RowOfDomain> = (one, other) => endOf(one) - endOf(other)

const ORDERS: Readonly<Record<Sort, Order<RowOfDomain>>> = {
  app: byApp,
  '-app': turned(byApp),
  domain: byDomain,
  '-domain': turned(byDomain),
  dns: byPointing,
  '-dns': turned(byPointing),
  expires: byEnd,
  '-expires': turned(byEnd),
}
