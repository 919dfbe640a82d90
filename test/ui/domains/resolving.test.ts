import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type DomainCheck, removedBesides } from '../../../ui/domains/domain.ts'
import { isAddressOrNetwork, ownAddresses, pointing } from '../../../ui/domains/pointing.ts'
import { isLookedUp, resolving } from '../../../ui/domains/resolving.ts'

const MINUTE = 60_000
const on = (...addresses: readonly string[]) => ({
  eth0: addresses.map((address) => ({
    address,
    internal: false,
    netmask: '',
    mac: '',
    cidr: null,
    ...(address.includes(':') ? { family: 'IPv6' as const, scopeid: 0 } : { family: 'IPv4' as const }),
  })),
})

describe('where a domain points', () => {
  const own = ownAddresses(
    ['198.51.100.0/24', '2001:db8:1::/48'],
    on('203.0.113.7', '10.0.0.5', '2001:DB8::7'),
  )

  test.each([
    [['203.0.113.7'], 'here', []],
    [['203.0.113.7', '2001:db8:0:0::7'], 'here', []],
    [['10.0.0.5'], 'here', []],
    [['198.51.100.200', '2001:db8:1:2::3'], 'here', []],
    [['203.0.113.7', '192.0.2.1'], 'partly', ['192.0.2.1']],
    [['192.0.2.1', '2001:db8::8'], 'elsewhere', ['192.0.2.1', '2001:db8::8']],
    [['127.0.0.1'], 'elsewhere', ['127.0.0.1']],
    [[], 'nowhere', []],
    [null, 'unanswered', []],
  ])('%s is %s', (addresses, where, others) => {
    expect(pointing(addresses, own)).toEqual({ where, addresses: others })
  })

  test('a server that knows only a private address of its own does not say elsewhere', () => {
    const inside = ownAddresses([], on('10.0.0.5', 'fe80::1', 'fd00::2', '172.17.0.1'))
    expect(pointing(['192.0.2.1'], inside)).toEqual({ where: 'somewhere', addresses: ['192.0.2.1'] })
    expect(pointing(['10.0.0.5'], inside).where).toBe('here')
    expect(pointing(['192.0.2.1'], ownAddresses(['192.0.2.1'], on('10.0.0.5'))).where).toBe('here')
  })

  test.each([
    ['203.0.113.7', true],
    ['203.0.113.0/24', true],
    ['2001:db8::/32', true],
    ['2001:db8::1', true],
    ['203.0.113.0/33', false],
    ['203.0.113.0/', false],
    ['example.com', false],
    ['1.2.3.4/5/6', false],
    ['', false],
  ])('%s can be set as an address of the server: %s', (text, can) => {
    expect(isAddressOrNetwork(text)).toBe(can)
  })
})

test.each([
  ['shop.example.com', true],
  ['xn--caf-dma.example.com', true],
  ['*.example.com', false],
  ['192.0.2.1', false],
  ['2001:db8::1', false],
  ['localhost', false],
  ['shop.localhost', false],
  ['printer.local', false],
  ['shop.example', false],
  ['1.0.0.127.in-addr.arpa', false],
  ['_', false],
  ['~^(.+)\\.x$', false],
  ['a b.com', false],
])('%s is looked up: %s', (domain, is) => {
  expect(isLookedUp(domain)).toBe(is)
})

test('whatever a domain is called, nothing but a plain name is ever asked for', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.domain(), fc.ipV4(), fc.ipV6()), (domain) => {
      if (isLookedUp(domain)) expect(domain).toMatch(/^[a-z0-9-]+(\.[a-z0-9-]+)*\.[a-z][a-z0-9-]+$/)
    }),
    { numRuns: 2000 },
  )
})

function stage(domains: readonly string[]) {
  const checks = new Map<string, DomainCheck>()
  const asked: string[] = []
  const errors: unknown[] = []
  const it = {
    domains,
    now: 1_000_000_000,
    answers: (_: string): readonly string[] => ['203.0.113.7'],
    asked,
    checks,
    errors,
  }
  const looks = resolving({
    domains: () => it.domains,
    checks: () => checks,
    keep: (check) => void checks.set(check.domain, check),
    forget: (gone) => gone.forEach((domain) => void checks.delete(domain)),
    own: ownAddresses([], on('203.0.113.7')),
    addressesOf: async (domain) => {
      asked.push(domain)
      return it.answers(domain)
    },
    now: () => it.now,
    onError: (error) => errors.push(error),
    everyMs: 0,
  })
  return { it, looks }
}

describe('looking domains up', () => {
  test('is one at a time, each once, and again when what was said is old', async () => {
    const { it, looks } = stage(['a.example.com', '*.example.com', 'b.example.com', '192.0.2.1'])
    await Promise.all([looks.turn(), looks.turn()])
    await looks.turn()
    await looks.turn()
    expect(it.asked).toEqual(['a.example.com', 'b.example.com'])
    expect(it.checks.get('a.example.com')).toEqual({
      ...{ domain: 'a.example.com', checkedAt: it.now, where: 'here', addresses: [] },
    })
    it.now += 6 * 60 * MINUTE
    await looks.turn()
    expect(it.asked).toHaveLength(3)
  })

  test('what is amiss is looked up sooner, and what somebody asks for next', async () => {
    const { it, looks } = stage(['a.example.com', 'b.example.com'])
    it.answers = (domain) => (domain.startsWith('b') ? ['192.0.2.1'] : ['203.0.113.7'])
    await looks.turn()
    await looks.turn()
    it.now += 11 * MINUTE
    await looks.turn()
    await looks.turn()
    expect(it.asked).toEqual(['a.example.com', 'b.example.com', 'b.example.com'])
    looks.want('a.example.com')
    await looks.turn()
    expect(it.asked.at(-1)).toBe('a.example.com')
  })

  test('no answer is said as that, and a domain nobody has any more is forgotten', async () => {
    const { it, looks } = stage(['a.example.com'])
    it.answers = () => {
      throw new Error('queryA ETIMEOUT')
    }
    await looks.turn()
    expect(it.checks.get('a.example.com')?.where).toBe('unanswered')
    it.domains = []
    await looks.turn()
    expect([...it.checks]).toEqual([])
    expect(it.errors).toEqual([])
  })
})

test.each([
  [
    'a.b.example.com',
    ['a-b.example.com', 'axb.example.com', 'a.b.example.com', 'ab.example.com'],
    ['a-b.example.com', 'axb.example.com'],
  ],
  ['*.example.com', ['a.example.com', '*-example.com'], ['*-example.com']],
  ['shop', ['ship'], []],
])('removing %s from %s also takes %s: Dokku reads a dot as any letter', (domain, others, besides) => {
  expect(removedBesides(domain, others)).toEqual(besides)
})
