/** What somebody sent as a certificate or a key, taken apart, with words for everything it turns out to be instead. */
import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto'

export type Field = 'certificate' | 'key'

/** What is wrong, where, in words for whoever sent it. Never with any of what was sent. */
export class Unfit extends Error {
  override readonly name = 'Unfit'
  readonly field: Field
  constructor(field: Field, reason: string) {
    super(reason)
    this.field = field
  }
}

interface Block {
  readonly label: string
  readonly text: string
}

/** What a key is written as within PEM; its label is often not the right one. */
const KEY_TYPES = ['pkcs8', 'pkcs1', 'sec1'] as const

const MOST_BYTES = 120_000

/** In the order they came. */
export function readCertificates(text: string): readonly X509Certificate[] {
  const blocks = blocksOf(text, 'certificate', 'certificate')
  const all = blocks.filter(({ label }) => CERTIFICATE.test(label))
  if (all.length === 0) throw new Unfit('certificate', insteadOfCertificate(blocks))
  return all.map(({ text: pem }, at) => {
    try {
      return new X509Certificate(pem)
    } catch {
      const which = all.length === 1 ? 'it' : `certificate ${at + 1} of ${all.length}`
      throw new Unfit('certificate', `${which} cannot be read: it is damaged, or a part of it is missing`)
    }
  })
}

export function readKey(text: string): KeyObject {
  const blocks = blocksOf(text, 'key', 'key')
  if (blocks.some(isEncrypted))
    throw new Unfit(
      'key',
      'it is encrypted, and nginx cannot ask for its password. Take the password off first: openssl pkey -in encrypted.key -out plain.key',
    )
  const keys = blocks.filter(({ label }) => KEY.test(label))
  const [first] = keys
  if (first === undefined) throw new Unfit('key', insteadOfKey(blocks))
  if (keys.length > 1)
    throw new Unfit('key', `these are ${keys.length} keys; send the one of this certificate`)
  const key = keyOf(first)
  if (key === null) throw new Unfit('key', 'it cannot be read: it is damaged, or a part of it is missing')
  return key
}

/** Whatever its label says: forum advice has people change that. */
function keyOf({ text }: Block): KeyObject | null {
  const der = Buffer.from(text.replaceAll(/-----[^-]*-----/g, ''), 'base64')
  const reads = [
    () => createPrivateKey(text),
    ...KEY_TYPES.map((type) => () => createPrivateKey({ key: der, format: 'der', type })),
  ]
  for (const read of reads)
    try {
      return read()
    } catch {}
  return null
}

/** Whoever has all of it in one file sends it as the certificate. */
export const holdsKey = (text: string): boolean => /-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(text)

const CERTIFICATE = /^(?:X509 |TRUSTED )?CERTIFICATE$/
const KEY = /^(?:RSA |EC )?PRIVATE KEY$/
const REQUEST = /CERTIFICATE REQUEST$/

const isEncrypted = ({ label, text }: Block): boolean =>
  label === 'ENCRYPTED PRIVATE KEY' || /^Proc-Type: 4,ENCRYPTED/m.test(text)

function blocksOf(text: string, field: Field, what: string): readonly Block[] {
  if (text.trim() === '') throw new Unfit(field, `choose a file with the ${what}, or paste it`)
  if (text.length > MOST_BYTES) throw new Unfit(field, `it is too large for a ${what}`)
  // As it stands in JSON or an environment, on one line.
  const lines = text.replaceAll(/\\r?\\n/g, '\n').replaceAll('\\n', '\n')
  const blocks = [...lines.matchAll(/-----BEGIN ([A-Z0-9 ]+)-----([^-]*(?:-[^-]+)*)-----END \1-----/g)].map(
    ([block, label = '', body = '']) => ({ label, text: inLines(block, label, body) }),
  )
  if (blocks.length > 0) return blocks
  if (/-----BEGIN /.test(text))
    throw new Unfit(field, 'its end is missing: it goes down to the line that begins with -----END')
  if (isArchive(text)) throw new Unfit(field, archive(what))
  throw new Unfit(field, isBinary(text) ? binary(what) : noPem(what))
}

const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/

/** With the line ends that its copy may have lost, or the blanks it got. What has headers stays in its own lines. */
function inLines(block: string, label: string, body: string): string {
  const code = body.replaceAll(/\s+/g, '')
  if (!BASE64.test(code)) return withoutTrailingBlanks(block)
  return [`-----BEGIN ${label}-----`, ...(code.match(/.{1,64}/g) ?? []), `-----END ${label}-----`].join('\n')
}

/** Line by line: `/[ \t]+$/gm` takes the square of the length of a run of blanks. */
const withoutTrailingBlanks = (block: string): string =>
  block
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n')

/** DER begins with a sequence; read as text, what is not ASCII became the replacement sign. */
const isBinary = (text: string): boolean =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what tells bytes from text.
  /^0[\x80-\uffff]/.test(text) || /[\x00-\x08\ufffd]/.test(text)

/** A zip, a gzip or a tar, as authorities send what they made. Read as text, the second byte of gzip is none. */
const isArchive = (text: string): boolean =>
  text.startsWith('PK\u0003\u0004') || text.startsWith('\u001f\ufffd') || text.slice(257, 262) === 'ustar'

const archive = (what: string): string =>
  what === 'key'
    ? 'this is an archive (a zip or a tar): unpack it, and upload the .key within it, if it has one'
    : 'this is an archive (a zip or a tar): unpack it, and upload the .crt within it, with the chain (often .ca-bundle) below it in one file'

const binary = (what: string): string =>
  what === 'key'
    ? 'this is binary (DER or PKCS#12), not PEM. Convert it: openssl pkey -inform der -in key.der -out key.pem, or from a .pfx: openssl pkcs12 -in all.pfx -nocerts -noenc -out key.pem'
    : 'this is binary (DER or PKCS#12), not PEM. Convert it: openssl x509 -inform der -in certificate.der -out certificate.pem, or from a .pfx: openssl pkcs12 -in all.pfx -nokeys -out certificate.pem'

const noPem = (what: string): string =>
  `this is no PEM: a ${what} begins with -----BEGIN ${what === 'key' ? 'PRIVATE KEY' : 'CERTIFICATE'}-----`

function insteadOfCertificate(blocks: readonly Block[]): string {
  const has = (label: RegExp) => blocks.some((block) => label.test(block.label))
  if (has(REQUEST))
    return 'this is a signing request (CSR). The authority makes the certificate of it: send what you got back'
  if (has(/PRIVATE KEY$/))
    return 'this is only the key. The certificate belongs here, the key into its own field'
  if (has(/^PKCS7$/))
    return 'this is PKCS#7. Convert it: openssl pkcs7 -print_certs -in chain.p7b -out chain.pem'
  return 'there is no certificate in this'
}

function insteadOfKey(blocks: readonly Block[]): string {
  const has = (label: RegExp) => blocks.some((block) => label.test(block.label))
  if (has(/^OPENSSH PRIVATE KEY$/)) return 'this is a key for SSH, not the key of a certificate'
  if (has(/PUBLIC KEY$/)) return 'this is the public key. The private one is needed'
  if (has(REQUEST)) return 'this is a signing request (CSR). The key it was made with is needed'
  if (has(CERTIFICATE))
    return 'this is a certificate. The key belongs here, the certificate into its own field'
  return 'there is no key in this'
}
