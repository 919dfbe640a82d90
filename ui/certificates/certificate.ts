import * as z from 'zod'

/** What certs:report says of an app's certificate; null: it has none. Times in milliseconds since 1970. */
export const CertificateSeen = z
  .object({
    hostnames: z.array(z.string()),
    issuer: z.string(),
    subject: z.string(),
    startsAt: z.number().nullable(),
    expiresAt: z.number().nullable(),
    verified: z.string(),
  })
  .nullable()

export type CertificateSeen = z.infer<typeof CertificateSeen>

/** Nothing is known of it but that it is there: its report was not read yet, or says nothing. */
export const isUnread = ({
  hostnames,
  issuer,
  subject,
  startsAt,
  expiresAt,
}: Pick<Certificate, 'hostnames' | 'issuer' | 'subject' | 'startsAt' | 'expiresAt'>): boolean =>
  hostnames.length === 0 && issuer === '' && subject === '' && startsAt === null && expiresAt === null

/** The certificate an app has now. */
export interface Certificate {
  readonly appId: number
  readonly hostnames: readonly string[]
  readonly issuer: string
  readonly subject: string
  readonly startsAt: number | null
  /** Null until Dokku was asked for it. */
  readonly expiresAt: number | null
  readonly verified: string
  readonly updatedAt: number
  readonly updatedBy: string
}

export interface CertificateReads {
  /** Of all apps that are there, soonest to expire first; those not read yet last. */
  all(): readonly Certificate[]
  ofApp(appId: number): Certificate | undefined
}

/** Let's Encrypt renews at 30 days left; who has less than this was not renewed. */
export const SOON_DAYS = 21
const DAY = 24 * 3600 * 1000

export type CertificateState = 'valid' | 'expires soon' | 'expired' | 'unknown'

export function certificateState(
  { expiresAt }: Pick<Certificate, 'expiresAt'>,
  now: number,
): CertificateState {
  if (expiresAt === null) return 'unknown'
  if (expiresAt <= now) return 'expired'
  return expiresAt - now < SOON_DAYS * DAY ? 'expires soon' : 'valid'
}

export const wantsALook = (certificate: Certificate, now: number): boolean => {
  const state = certificateState(certificate, now)
  return state === 'expired' || state === 'expires soon'
}

/**
 * Whether the letsencrypt plugin renews it. `active` is what the plugin says of the app; undefined where it was not read:
 * then the issuer tells. One put on by hand is renewed by nothing.
 */
export const isRenewed = ({ issuer }: Pick<Certificate, 'issuer'>, active: boolean | undefined): boolean =>
  active ?? /let.?s encrypt/i.test(issuer)

/** The organisation of an issuer such as `C=US; O=Let's Encrypt; CN=R11`, else its name. */
export const issuerName = (issuer: string): string => part(issuer, 'O') ?? part(issuer, 'CN') ?? issuer

const part = (name: string, key: string): string | undefined =>
  new RegExp(`(?:^|[;,/\\s])${key} ?= ?([^;,/]+)`).exec(name)?.[1]?.trim()
