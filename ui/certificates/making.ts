import { createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto'

export interface Wanted {
  /** All of them are alternative names, and the first that is short enough the common name. */
  readonly names: readonly string[]
  readonly subject?: Subject
  /** Milliseconds since 1970. */
  readonly from: number
  readonly until: number
  /** Null: signed by itself. */
  readonly issuer: Subject | null
}

export type Subject = readonly (readonly [attribute: keyof typeof ATTRIBUTES, value: string])[]

/** A certificate with its key, both PEM, valid between any two times: openssl's own command can only begin now. */
export function makeCertificate({ names, subject = [], from, until, issuer }: Wanted): {
  crt: string
  key: string
} {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const common = names.find(({ length }) => length <= LONGEST_COMMON_NAME)
  const own = name(common === undefined ? subject : [...subject, ['CN', common]])
  const signer = issuer === null ? privateKey : generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey
  const body = sequence(
    tagged(0xa0, integer(Buffer.from([2]))),
    integer(serial(names, from)),
    ECDSA_SHA256,
    issuer === null ? own : name(issuer),
    sequence(time(from), time(until)),
    own,
    publicKey.export({ type: 'spki', format: 'der' }),
    tagged(0xa3, sequence(alternativeNames(names))),
  )
  const signature = tagged(0x03, Buffer.concat([Buffer.from([0]), sign('sha256', body, signer)]))
  return { crt: pem('CERTIFICATE', sequence(body, ECDSA_SHA256, signature)), key: keyPem(privateKey) }
}

const LONGEST_COMMON_NAME = 64

/** DER: a tag, a length, a content. */
function tagged(tag: number, content: Buffer): Buffer {
  const size = content.length
  const length = size < 128 ? [size] : size < 256 ? [0x81, size] : [0x82, size >> 8, size & 255]
  return Buffer.concat([Buffer.from([tag, ...length]), content])
}

const sequence = (...parts: readonly Buffer[]): Buffer => tagged(0x30, Buffer.concat(parts))
const integer = (bytes: Buffer): Buffer => tagged(0x02, bytes)
const oid = (hex: string): Buffer => tagged(0x06, Buffer.from(hex, 'hex'))

const ECDSA_SHA256 = sequence(oid('2a8648ce3d040302'))
const ATTRIBUTES = { C: '550406', O: '55040a', CN: '550403' } as const

function name(parts: Subject): Buffer {
  const set = ([attribute, value]: Subject[number]) =>
    tagged(0x31, sequence(oid(ATTRIBUTES[attribute]), tagged(0x0c, Buffer.from(value))))
  return sequence(...parts.map(set))
}

/** UTCTime, which is what certificates use until 2049. */
function time(ms: number): Buffer {
  const digits = new Date(ms).toISOString().replace(/[-:T]/g, '').slice(2, 14)
  return tagged(0x17, Buffer.from(`${digits}Z`))
}

function alternativeNames(names: readonly string[]): Buffer {
  const list = sequence(...names.map((each) => tagged(0x82, Buffer.from(each))))
  return sequence(oid('551d11'), tagged(0x04, list))
}

const serial = (names: readonly string[], from: number): Buffer => {
  const digest = createHash('sha256').update(`${names.join()} ${from}`).digest().subarray(0, 16)
  return Buffer.concat([Buffer.from([0x03]), digest])
}

function pem(label: string, der: Buffer): string {
  const lines = der.toString('base64').match(/.{1,64}/g) ?? []
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`
}

const keyPem = (key: KeyObject): string => String(key.export({ type: 'pkcs8', format: 'pem' }))
