import { createPrivateKey, X509Certificate } from 'node:crypto'
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

describe('what people have a certificate in', () => {
  const whole = () => chain(SHOP, 'Intermediate')
  const relabelled = (pem: string, from: string, to: string) => pem.replaceAll(`${from}-----`, `${to}-----`)

  test('a key under the label of another kind is read', () => {
    const old = made.read('traditional.key')
    const keys = [
      relabelled(old, 'RSA PRIVATE KEY', 'PRIVATE KEY'),
      relabelled(key(), 'PRIVATE KEY', 'RSA PRIVATE KEY'),
    ]
    for (const one of keys) expect(check(whole(), one).pair.key).toBe(key())
  })

  test('an EC key under the label of another kind is read', () => {
    const pair = selfSigned([SHOP], now)
    const ec = createPrivateKey(pair.key)
    const old = String(ec.export({ type: 'sec1', format: 'pem' }))
    expect(check(pair.crt, relabelled(old, 'EC PRIVATE KEY', 'PRIVATE KEY')).pair.key).toBe(pair.key)
  })

  test('an expired root after a whole chain is left off with a word; an expired signer is not', () => {
    const old = makeCertificate({ names: ['Old Root'], from: now - 90 * DAY, until: now - DAY, issuer: null })
    const { pair, mended, doubts } = check(`${whole()}\n${old.crt}`)
    expect(pair.crt).toBe(whole().replaceAll('\n\n', '\n'))
    expect([mended, doubts]).toEqual([
      [
        expect.stringMatching(
          /^Old Root at the end of the chain, which expired on \d{4}-\d\d-\d\d, was left off$/,
        ),
      ],
      [],
    ])
    expect(why(`${chain(SHOP)}\n${old.crt}`)).not.toBe('nothing')
  })

  test('one that stands there twice is taken once', () => {
    const { pair, mended } = check(chain(SHOP, SHOP, 'Intermediate', 'Root', 'Root'))
    expect(pair.crt).toBe(chain(SHOP, 'Intermediate', 'Root').replaceAll('\n\n', '\n'))
    expect(mended).toEqual(['a certificate that was in it twice was left off'])
    expect(check(whole()).mended).toEqual([])
  })

  test('PEM on one line, with \\n, blanks or indentation for its line ends, is read', () => {
    const shapes = [
      (pem: string) => pem.replaceAll('\n', '\\n'),
      (pem: string) => JSON.stringify(pem),
      (pem: string) => pem.replaceAll('\n', '\\r\\n'),
      (pem: string) => pem.replaceAll('\n', ' '),
      (pem: string) => pem.replaceAll('\n', '\r'),
      (pem: string) => pem.replaceAll(/^/gm, '    '),
      (pem: string) => pem.replaceAll('\n', ''),
    ]
    for (const shape of shapes) {
      const { pair } = check(shape(whole()), shape(key()))
      expect([pair.crt, pair.key]).toEqual([whole().replaceAll('\n\n', '\n'), key()])
    }
  })

  test('an archive is called one, with what to upload instead', () => {
    const gzip = Buffer.from([0x1f, 0x8b, 8, 0, 1, 2]).toString()
    for (const text of ['PK\u0003\u0004\u0014\0certificate.crt', gzip, tar({ 'a.crt': 'x' }).toString()]) {
      expect(why(text)).toContain(
        'certificate: this is an archive (a zip or a tar): unpack it, and upload the .crt',
      )
      expect(why(whole(), text)).toContain('key: this is an archive')
    }
  })

  test('domains that are no host names are no reason to doubt it', () => {
    expect(check(whole(), key(), ['Shop.Example.com', '_', '.example.com', '*', 'a..b']).doubts).toEqual([])
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
