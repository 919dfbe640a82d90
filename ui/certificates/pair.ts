/** A certificate with its chain and its key: whether nginx and browsers will take it, before Dokku does. Pure. */
import type { KeyObject, X509Certificate } from 'node:crypto'
import { isCertifiable, isCovered } from '../domains/domain.ts'
import { makeCertificate } from './making.ts'
import { holdsKey, readCertificates, readKey, Unfit } from './pem.ts'
import { tar, untar } from './tar.ts'

/** PEM, as Dokku gets it: only what was looked at, the server's own certificate first. */
export interface Pair {
  readonly crt: string
  readonly key: string
}

export interface Sent {
  readonly certificate: string
  readonly key: string
}

export interface Checked {
  readonly pair: Pair
  /** Names it is for. */
  readonly hostnames: readonly string[]
  /** What works, and may not be meant: to be put on only by somebody who says so. */
  readonly doubts: readonly string[]
  /** What was mended, in words. */
  readonly mended: readonly string[]
}

/** Throws Unfit. `domains`: those of the app it is for. */
export function checkPair({ certificate, key }: Sent, domains: readonly string[], now: number): Checked {
  const { chain, mended } = withoutUseless(readCertificates(certificate), now)
  const own = readKey(key.trim() === '' && holdsKey(certificate) ? certificate : key)
  const [first, ...others] = chain
  if (first === undefined) throw new Unfit('certificate', 'there is no certificate in this')
  if (!first.checkPrivateKey(own)) throw mismatch(chain, own)
  checkStrength(own)
  checkOrder(chain)
  for (const one of chain) checkDates(one, chain, now)
  const hostnames = namesOf(first)
  const pair = {
    crt: chain.map(String).join(''),
    key: String(own.export({ type: 'pkcs8', format: 'pem' })),
  }
  return { pair, hostnames, doubts: doubtsOf(first, others, hostnames, domains), mended }
}

/** Each once, and without the expired roots that some chains still end with: browsers have a root of their own. */
function withoutUseless(all: readonly X509Certificate[], now: number) {
  const mended: string[] = []
  const chain = all.filter(
    (one, at) => all.findIndex((other) => other.fingerprint256 === one.fingerprint256) === at,
  )
  if (chain.length < all.length) mended.push('a certificate that was in it twice was left off')
  for (
    let last = chain.at(-1);
    chain.length > 2 && last !== undefined && isOver(last, now);
    last = chain.at(-1)
  ) {
    mended.push(
      `${nameOf(last)} at the end of the chain, which expired on ${day(last.validTo)}, was left off`,
    )
    chain.pop()
  }
  return { chain, mended }
}

const isOver = ({ validTo }: X509Certificate, now: number): boolean => Date.parse(validTo) <= now

/** The archive that certs:add takes; it may lie on the disk only where a job's input does. */
export const packed = ({ crt, key }: Pair): string => tar({ 'server.crt': crt, 'server.key': key }).toString()

/** What `packed` made, looked at once more. Throws where it is anything else. */
export function unpacked(text: string): Pair {
  const { 'server.crt': crt = '', 'server.key': key = '', ...others } = untar(Buffer.from(text)) ?? {}
  const [first] = readCertificates(crt)
  if (!first?.checkPrivateKey(readKey(key)) || Object.keys(others).length > 0)
    throw new Error('this is no certificate with its key')
  return { crt, key }
}

const SELF_SIGNED_DAYS = 365
const DAY = 24 * 3600 * 1000

/** For these names, signed by itself: browsers warn of it. */
export const selfSigned = (names: readonly string[], now: number): Pair =>
  // From a day ago: clocks differ.
  makeCertificate({ names, from: now - DAY, until: now + SELF_SIGNED_DAYS * DAY, issuer: null })

/** All its alternative names; its common name counts only where there are none, as for browsers of old. */
function namesOf({ subject, subjectAltName = '' }: X509Certificate): readonly string[] {
  const names = [...subjectAltName.matchAll(/(?:^|, )DNS:([^,\s"]+)/g)].map(([, name = '']) =>
    name.toLowerCase(),
  )
  const [, common] = /^CN=(.+)$/m.exec(subject ?? '') ?? []
  return names.length > 0 || common === undefined ? names : [common.toLowerCase()]
}

function mismatch(chain: readonly X509Certificate[], key: KeyObject): Unfit {
  const at = chain.findIndex((one) => one.checkPrivateKey(key))
  return at === -1
    ? new Unfit('key', `it is the key of another certificate, not of ${nameOf(chain[0])}`)
    : new Unfit(
        'certificate',
        `the chain is in the wrong order: ${nameOf(chain[at])}, to which the key belongs, is number ${at + 1} and must be the first`,
      )
}

const SHORTEST_RSA = 2048

/** What nginx refuses, it refuses for all sites of the server at once. */
function checkStrength({ asymmetricKeyType: type, asymmetricKeyDetails: details }: KeyObject): void {
  const bits = details?.modulusLength ?? 0
  if (type === 'rsa' && bits < SHORTEST_RSA)
    throw new Unfit(
      'key',
      `it is an RSA key of ${bits} bits: nginx wants ${SHORTEST_RSA} or more, and would load no site any more`,
    )
  if (type !== 'rsa' && type !== 'ec')
    throw new Unfit('key', `it is a key of the kind ${type ?? 'unknown'}: browsers take RSA and EC`)
}

/** Each is signed by the next. */
function checkOrder(chain: readonly X509Certificate[]): void {
  for (const [at, one] of chain.entries()) {
    const next = chain[at + 1]
    if (next === undefined || signed(one, next)) continue
    const right = chain.findIndex((other, place) => place !== at && signed(one, other))
    throw new Unfit(
      'certificate',
      right === -1
        ? `certificate ${at + 2}, ${nameOf(next)}, does not belong here: it did not sign number ${at + 1}, ${nameOf(one)}`
        : `the chain is in the wrong order: number ${at + 1}, ${nameOf(one)}, was signed by number ${right + 1}, ${nameOf(chain[right])}, which must come right after it`,
    )
  }
}

const signed = (one: X509Certificate, by: X509Certificate): boolean =>
  one.checkIssued(by) && one.verify(by.publicKey)

function checkDates(one: X509Certificate, [first]: readonly X509Certificate[], now: number): void {
  const which = one === first ? 'it' : `${nameOf(one)} of its chain`
  if (isOver(one, now))
    throw new Unfit('certificate', `${which} expired on ${day(one.validTo)}: get a new one`)
  if (Date.parse(one.validFrom) > now)
    throw new Unfit('certificate', `${which} is valid only from ${day(one.validFrom)} on`)
}

function doubtsOf(
  first: X509Certificate,
  others: readonly X509Certificate[],
  hostnames: readonly string[],
  domains: readonly string[],
): readonly string[] {
  const uncovered = domains.filter(isCertifiable).filter((domain) => !isCovered(domain, hostnames))
  const selfSigned = first.checkIssued(first)
  return [
    ...(uncovered.length === 0
      ? []
      : [`it is for ${listed(hostnames) || 'no name at all'} and does not cover ${listed(uncovered)}`]),
    ...(others.length > 0 || selfSigned
      ? []
      : [
          'the certificate of the authority that signed it is missing below it, so not everybody will trust it',
        ]),
  ]
}

const MOST_LISTED = 5
const listed = (names: readonly string[]): string =>
  names.length > MOST_LISTED
    ? `${names.slice(0, MOST_LISTED).join(', ')} and ${names.length - MOST_LISTED} more`
    : names.join(', ')

const nameOf = (one: X509Certificate | undefined): string =>
  /^CN=(.+)$/m.exec(one?.subject ?? '')?.[1] ??
  /^O=(.+)$/m.exec(one?.subject ?? '')?.[1] ??
  'one without a name'

const day = (time: string): string => new Date(time).toISOString().slice(0, 10)
