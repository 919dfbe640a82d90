/** The list of all certificates, sorted by a column. Pure. */
import * as z from 'zod'
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
export function sorted(rows: readonly RowOfCertificate[], sort: Sort): readonly RowOfCertificate[] {
  const [column, sign] = sort.startsWith('-') ? [sort.slice(1), -1] : [sort, 1]
  if (column === 'app') return rows.toSorted((one, other) => sign * compared(one.app, other.app))
  if (column === 'issuer')
    return rows.toSorted((one, other) => sign * compared(issuerOf(one), issuerOf(other)))
  return rows.toSorted((one, other) => {
    const [end, otherEnd] = [one.certificate.expiresAt, other.certificate.expiresAt]
    if (end === null || otherEnd === null) return Number(end === null) - Number(otherEnd === null)
    return sign * (end - otherEnd)
  })
}

const issuerOf = ({ certificate }: RowOfCertificate): string => issuerName(certificate.issuer).toLowerCase()
const compared = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0)
