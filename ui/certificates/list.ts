/** The list of all certificates, sorted by a column. Pure. */
import * as z from 'zod'
import { compared, type Order, turned } from '../web/order.ts'
import { type Certificate, issuerName } from './certificate.ts'

export interface RowOfCertificate {
  readonly certificate: Certificate
  readonly app: string
}

export const SORTS = ['expires', '-expires', 'app', '-app', 'issuer', '-issuer'] as const
export type Sort = (typeof SORTS)[number]

/** What stands in the address; anything else there is ignored. */
export const CertificatesQuery = z.object({ sort: z.enum(SORTS).catch('expires') })

/** `rows`: soonest to expire first; those that are alike stay so. One whose end is not known is always last. */
export const sorted = (rows: readonly RowOfCertificate[], sort: Sort): readonly RowOfCertificate[] =>
  rows.toSorted(ORDERS[sort])

const byApp: Order<RowOfCertificate> = (one, other) => compared(one.app, other.app)
const byIssuer: Order<RowOfCertificate> = (one, other) => compared(issuerOf(one), issuerOf(other))
const issuerOf = ({ certificate }: RowOfCertificate): string => issuerName(certificate.issuer).toLowerCase()

/** `sign`: 1 or -1. */
const byEnd =
  (sign: number): Order<RowOfCertificate> =>
  ({ certificate: { expiresAt: end } }, { certificate: { expiresAt: otherEnd } }) =>
    end === null || otherEnd === null
      ? Number(end === null) - Number(otherEnd === null)
      : sign * (end - otherEnd)

const ORDERS: Readonly<Record<Sort, Order<RowOfCertificate>>> = {
  expires: byEnd(1),
  '-expires': byEnd(-1),
  app: byApp,
  '-app': turned(byApp),
  issuer: byIssuer,
  '-issuer': turned(byIssuer),
}
