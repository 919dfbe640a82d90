import { X509Certificate } from 'node:crypto'
import * as fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { makeCertificate } from '../../../ui/certificates/making.ts'
import { checkPair, packed, selfSigned, unpacked } from '../../../ui/certificates/pair.ts'
import { Unfit } from '../../../ui/certificates/pem.ts'
import { tar } from '../../../ui/certificates/tar.ts'
import { opensslMade } from './openssl.ts'

let made: ReturnType<typeof opensslMade>
beforeAll(() => {
  made = opensslMade()
})
afterAll(() => made.remove())

// openssl's begin when they are made.
const now = Date.now() + 3600 * 1000
const DAY = 24 * 3600 * 1000
const SHOP = 'shop.example.com'
const chain = (...names: readonly string[]) => names.map((name) => made.read(`${name}.crt`)).join('\n')
const key = () => made.read(`${SHOP}.key`)
const check = (certificate: string, of = key(), domains: readonly string[] = [SHOP]) =>
  checkPair({ certificate, key: of }, domains, now)
const why = (...args: Parameters<typeof check>) => {
  try {
    check(...args)
  } catch (error) {
    if (error instanceof Unfit) return `${error.field}: ${error.message}`
    throw error
  }
  return 'nothing'
}

describe('a certificate with its key', () => {
  test('in the right order goes on as it came, without what stood around it', () => {
    const { pair, hostnames, doubts } = check(`Bag Attributes\r\n${chain(SHOP, 'Intermediate')}\n# the end`)
    expect(hostnames).toEqual([SHOP, '*.shop.example.com'])
    expect(doubts).toEqual([])
    expect(pair.crt).toBe(chain(SHOP, 'Intermediate').replaceAll('\n\n', '\n'))
    expect(pair.key).toBe(key())
  })

  test('may come as one text, and with a key of the old kind', () => {
    const { pair } = check(`${chain(SHOP, 'Intermediate', 'Root')}\n${key()}`, '')
    expect(pair.key).toBe(key())
    expect(check(chain(SHOP, 'Intermediate'), made.read('traditional.key')).pair.key).toBe(key())
  })

  test('by itself is doubted: not everybody will trust it', () => {
    expect(check(chain(SHOP)).doubts).toEqual([expect.stringContaining('is missing below it')])
  })

  test('for other names is doubted, and what stays without https is named', () => {
    const domains = [SHOP, 'www.shop.example.com', 'a.b.shop.example.com', 'blog.example.com']
    expect(check(chain(SHOP, 'Intermediate'), key(), domains).doubts).toEqual([
      'it is for shop.example.com, *.shop.example.com and does not cover a.b.shop.example.com, blog.example.com',
    ])
    expect(check(chain(SHOP, 'Intermediate'), key(), []).doubts).toEqual([])
  })
})

describe('is refused with what to do:', () => {
  test.each([
    ['nothing at all', () => why(''), 'certificate: choose a file with the certificate, or paste it'],
    ['no key', () => why(chain(SHOP), ''), 'key: choose a file with the key'],
    ['only a key', () => why(key(), ''), 'certificate: this is only the key'],
    ['two certificates', () => why(chain(SHOP), chain(SHOP)), 'key: this is a certificate'],
    ['a CSR', () => why(made.read(`${SHOP}.csr`)), 'certificate: this is a signing request (CSR)'],
    [
      'a CSR as key',
      () => why(chain(SHOP), made.read(`${SHOP}.csr`)),
      'key: this is a signing request (CSR)',
    ],
    ['DER', () => why(made.read('certificate.der')), 'certificate: this is binary (DER or PKCS#12), not PEM'],
    [
      'a DER key',
      () => why(chain(SHOP), made.read('key.der')),
      'key: this is binary (DER or PKCS#12), not PEM',
    ],
    ['PKCS#7', () => why(made.read('chain.p7b')), 'certificate: this is PKCS#7'],
    [
      'an encrypted key',
      () => why(chain(SHOP), made.read('encrypted.key')),
      'key: it is encrypted, and nginx',
    ],
    ['one of old', () => why(chain(SHOP), made.read('old-encrypted.key')), 'key: it is encrypted, and nginx'],
    ['a public key', () => why(chain(SHOP), made.read('public.key')), 'key: this is the public key'],
    [
      'another key',
      () => why(chain(SHOP), made.read('Root.key')),
      'key: it is the key of another certificate, not of',
    ],
    ['two keys', () => why(chain(SHOP), key() + key()), 'key: these are 2 keys'],
    ['some words', () => why('hello'), 'certificate: this is no PEM'],
    ['half of one', () => why(chain(SHOP).slice(0, 500)), 'certificate: its end is missing'],
    [
      'a short key',
      () => why(made.read('short.crt'), made.read('short.key')),
      'key: it is an RSA key of 1024 bits',
    ],
    ['ed25519', () => why(made.read('ed.crt'), made.read('ed.key')), 'key: it is a key of the kind ed25519'],
    ['too much', () => why('x'.repeat(200_000)), 'certificate: it is too large'],
  ])('%s', (_, said, words) => {
    expect(said()).toContain(words)
  })

  test('a damaged one', () => {
    expect(why(chain(SHOP).replace(/\n.{20}/, '\nAAAAAAAAAAAAAAAAAAAA'))).toContain(
      'certificate: it cannot be read',
    )
    expect(why(chain(SHOP), key().replace(/\n.{20}/, '\nAAAAAAAAAAAAAAAAAAAA'))).toContain(
      'key: it cannot be read',
    )
  })

  test('a chain in the wrong order, and which comes where', () => {
    expect(why(chain('Intermediate', SHOP))).toBe(
      'certificate: the chain is in the wrong order: shop.example.com, to which the key belongs, is number 2 and must be the first',
    )
    expect(why(chain(SHOP, 'Root', 'Intermediate'))).toBe(
      'certificate: the chain is in the wrong order: number 1, shop.example.com, was signed by number 3, Intermediate, which must come right after it',
    )
    expect(why(chain(SHOP, 'Root'))).toContain('certificate 2, Root, does not belong here')
  })

  test('one that expired, and one that is not valid yet', () => {
    const from = (start: number, end: number) =>
      makeCertificate({ names: [SHOP], from: now + start * DAY, until: now + end * DAY, issuer: null })
    const over = from(-30, -1)
    expect(why(over.crt, over.key)).toContain('certificate: it expired on ')
    const early = from(2, 9)
    expect(why(early.crt, early.key)).toContain('certificate: it is valid only from ')
  })
})

test('whatever is sent, the answer is a pair or a reason that holds nothing of it', () => {
  const parts = fc.constantFrom(
    ...[
      '-----BEGIN CERTIFICATE-----\n',
      '-----END CERTIFICATE-----',
      '-----BEGIN PRIVATE KEY-----',
      '----',
      '-',
    ],
    ...[
      '-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n',
      '-----END RSA PRIVATE KEY-----',
      '\0',
      '0\ufffd',
    ],
    chain(SHOP, 'Intermediate'),
    key(),
  )
  const text = fc
    .array(fc.oneof(parts, fc.string({ unit: 'binary' })), { maxLength: 6 })
    .map((all) => all.join(''))
  const body = key().split('\n').slice(1, -2)
  fc.assert(
    fc.property(text, text, (certificate, ofIt) => {
      const said = why(certificate, ofIt)
      for (const line of body) if (said.includes(line)) return false
      return said === 'nothing' || /^(certificate|key): \S/.test(said)
    }),
    { numRuns: 300 },
  )
})

describe('the archive for Dokku', () => {
  test('holds one certificate and one key, and is read again as it was', () => {
    const { pair } = check(chain(SHOP, 'Intermediate'))
    expect(unpacked(packed(pair))).toEqual(pair)
  })

  test('with anything else is none', () => {
    const { crt, key } = check(chain(SHOP, 'Intermediate')).pair
    for (const files of [
      { 'server.crt': crt },
      { 'server.crt': crt, 'server.key': key, 'more.key': key },
      { '../server.crt': crt, 'server.key': key },
      { 'server.crt': crt, 'server.key': made.read('Root.key') },
    ])
      expect(() => unpacked(tar(files).toString())).toThrow()
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(() => unpacked(text)).toThrow()
      }),
    )
  })
})

test('one signed by itself is for every name, for a year, with a key nobody had before', () => {
  const names = [SHOP, `${'long.'.repeat(20)}example.com`, '*.example.com']
  const { crt, key } = selfSigned(names, now)
  const one = new X509Certificate(crt)
  expect(one.subjectAltName).toBe(names.map((name) => `DNS:${name}`).join(', '))
  expect(one.verify(one.publicKey)).toBe(true)
  expect((Date.parse(one.validTo) - now) / DAY).toBeCloseTo(365, 0)
  expect(check(crt, key, names).doubts).toEqual([])
  expect(selfSigned(names, now).key).not.toBe(key)
})
