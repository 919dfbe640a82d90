import { X509Certificate } from 'node:crypto'

export interface Described {
  readonly hostnames: readonly string[]
  readonly issuer: string
  readonly subject: string
  readonly startsAt: string
  readonly expiresAt: string
  readonly selfSigned: boolean
}

/** What certs:report says of a certificate, in openssl's own spelling. */
export function describe(crt: string): Described {
  const certificate = new X509Certificate(crt)
  const subject = certificate.subject.split('\n')
  const common = subject.find((part) => part.startsWith('CN='))?.slice(3)
  const names = (certificate.subjectAltName ?? '')
    .split(', ')
    .flatMap((name) => name.match(/^DNS:(.+)/)?.[1] ?? [])
  return {
    hostnames: [...new Set([...(common === undefined ? [] : [common]), ...names])].sort(),
    issuer: certificate.issuer
      .split('\n')
      .map((part) => part.replace('=', ' = '))
      .join(', '),
    subject: subject.join('; '),
    startsAt: certificate.validFrom,
    expiresAt: certificate.validTo,
    selfSigned: certificate.checkIssued(certificate),
  }
}
