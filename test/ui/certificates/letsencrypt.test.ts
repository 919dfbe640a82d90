import { describe, expect, test } from 'vitest'
import { meaning, obstacles, readLetsencrypt } from '../../../ui/certificates/letsencrypt.ts'

const ACME = 'urn:ietf:params:acme:error'

describe('what Let’s Encrypt said usually means', () => {
  test.each([
    [
      'a limit',
      [`acme: error: 429 :: ${ACME}:rateLimited :: too many certificates (5) already issued`],
      /too many requests/,
    ],
    ['a limit of failures', ['too many failed authorizations recently'], /too many requests/],
    ['no e-mail', ['ERROR: Cannot request a certificate without an e-mail address!'], /no e-mail address/],
    [
      'a bad e-mail',
      [`${ACME}:invalidContact :: contact email has forbidden domain "example.com"`],
      /does not take this e-mail/,
    ],
    ['no domain', ['No domains detected for blog'], /has no domain/],
    [
      'no port',
      ['Cannot enable letsencrypt for blog: no http or https proxy port mapping was found.'],
      /no port of the app/,
    ],
    ['DNS', [`${ACME}:dns :: DNS problem: NXDOMAIN looking up A for blog.example.com`], /finds no address/],
    ['DNS without records', ['no valid A records found for blog.example.com'], /finds no address/],
    [
      'a closed port',
      [
        `${ACME}:connection :: 203.0.113.7: Fetching http://x/: Timeout during connect (likely firewall problem)`,
      ],
      /port 80/,
    ],
    ['a refused port', [`${ACME}:connection :: Connection refused`], /port 80/],
    [
      'a 404',
      [`${ACME}:unauthorized :: Invalid response from http://x/.well-known/acme-challenge/y: 404`],
      /not with the file that proves/,
    ],
    ['CAA', [`${ACME}:caa :: CAA record for example.com prevents issuance`], /CAA record/],
    [
      'a local name',
      [`${ACME}:rejectedIdentifier :: Domain name does not end with a valid public suffix (TLD)`],
      /none that anybody can get/,
    ],
    [
      'no way out',
      ['Get "https://acme-v02.api.letsencrypt.org/directory": dial tcp: lookup acme-v02: no such host'],
      /could not reach Let’s Encrypt/,
    ],
    [
      'no way to its image',
      [
        "Unable to find image 'goacme/lego:v4.35.2' locally",
        'docker: Error response from daemon: Get "https://registry-1.docker.io/v2/": dial tcp: lookup registry-1.docker.io on 127.0.0.53:53: no such host',
      ],
      /whose image could not be had/,
    ],
    [
      'an image that had to be fetched first, and then a refused port',
      ["Unable to find image 'goacme/lego:v4.35.2' locally", `${ACME}:connection :: Connection refused`],
      /port 80/,
    ],
  ])('%s', (_, said, means) => {
    expect(meaning(['-----> Enabling', ...said, 'Check log output'])).toMatch(means)
  })

  test('a limit is told before what reached it', () => {
    expect(meaning(['Timeout during connect', 'too many failed authorizations'])).toMatch(/too many requests/)
  })

  test('of what nobody knows, nothing is said', () => {
    expect(meaning(['Something else'])).toBe('')
    expect(meaning([])).toBe('')
  })
})

test('a domain that no certificate can be for stands in the way of all', () => {
  const standing = readLetsencrypt({ email: 'ada@example.com' })
  expect(obstacles(standing, ['shop.example.com', 'Store.Example.com'])).toEqual([])
  expect(obstacles(standing, ['shop.example.com', '_', '.example.com'])).toEqual([
    'no certificate can be for _, .example.com, and one is fetched for all domains or none: remove it',
  ])
})
