import { z } from 'zod'

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
