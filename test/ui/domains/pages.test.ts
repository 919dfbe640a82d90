import { beforeAll, expect, test } from 'vitest'
import { covers, isAddress } from '../../../ui/domains/domain.ts'
import { chosen, type RowOfDomain, type Sort } from '../../../ui/domains/list.ts'
import type { Where } from '../../../ui/domains/pointing.ts'
import { asker, mainOf, textOf } from '../story/ask.ts'
import { seed, unseeded } from '../story/seed.ts'

let ask: ReturnType<typeof asker>
beforeAll(() => {
  ask = asker(seed())
})

test('every domain stands with its app and the certificate that covers it', async () => {
  const text = await ask.text('/domains')
  expect(text).toMatch(/shop\.example\.com .*shop .*9 days left root/)
  expect(text).toMatch(/xn--caf-dma\.example\.com .*shop .*no certificate ada/)
})

test('a domain opens by https only where a certificate covers it', async () => {
  const page = await ask.html('/domains')
  expect(page).toContain('href="https://www.shop.example.com"')
  expect(page).toContain('href="http://xn--caf-dma.example.com"')
})

test('a pattern is no address to open', async () => {
  expect(await ask.html('/domains')).not.toContain('://*.docs')
})

test('domains are found by name and by app', async () => {
  expect(await ask.text('/domains?q=wiki')).toMatch(/ Domain App sorted ascending DNS .* wiki\.example\.org/)
  expect(await ask.text('/domains?q=zzz')).toContain('No domain is like “zzz”')
})

test('an app without domains says how to add one', async () => {
  expect(await ask.text('/apps/mailer/domains')).toContain('dokku domains:add mailer mailer.example.com')
  expect(await asker(unseeded()).text('/domains')).toContain('dokku domains:add blog blog.example.com')
})

test.each([
  ['shop.example.com', 'shop.example.com', true],
  ['*.example.com', 'shop.example.com', true],
  ['*.example.com', 'a.shop.example.com', false],
  ['*.example.com', 'example.com', false],
])('a certificate for %s covers %s: %s', (hostname, domain, covered) => {
  expect(covers(hostname, domain)).toBe(covered)
})

test.each([
  ['shop.example.com', true],
  ['*.example.com', false],
  ['~^(?<name>.+)\\.x$', false],
  ['javascript:alert(1)', false],
])('%s is an address: %s', (domain, address) => {
  expect(isAddress(domain)).toBe(address)
})

test('domains are sorted by a column, and once more by it the other way round', async () => {
  const named = async (query: string) =>
    [
      ...(await ask.html(`/domains${query}`)).matchAll(
        /<span class="typed min-w-0 wrap-anywhere font-medium">([^<]+)<\/span><a/g,
      ),
    ].map(([, domain = '']) => domain)
  const byDomain = await named('?sort=domain')
  expect(byDomain.length).toBeGreaterThan(5)
  expect(byDomain).toEqual(byDomain.toSorted())
  expect(await named('?sort=-domain')).toEqual(byDomain.toReversed())
  expect(await named('?sort=nonsense')).toEqual(await named(''))
  const page = await ask.html('/domains?q=shop&sort=domain')
  expect(page).toContain('href="/domains?q=shop&amp;sort=-domain"')
  expect(page).toContain('href="/domains?q=shop&amp;sort=app"')
  expect(textOf(mainOf(page))).toContain('Domain sorted ascending App DNS')
  expect(page).toMatch(/<option value="domain" selected>/)
  expect(page).toContain('hx-get="/domains?q=shop&amp;sort=domain"')
})

const row = (domain: string, where?: Where, expiresAt?: number): RowOfDomain => ({
  domain: { appId: 1, domain, since: 0, addedBy: '' },
  app: 'shop',
  check: where && { domain, checkedAt: 0, where, addresses: [] },
  certificate:
    expiresAt === undefined
      ? undefined
      : {
          ...{ appId: 1, hostnames: [domain], issuer: '', subject: '', startsAt: null, expiresAt },
          ...{ verified: '', updatedAt: 0, updatedBy: '' },
        },
})
const sortedBy = (sort: Sort, ...rows: readonly RowOfDomain[]) =>
  chosen(rows, { q: '', sort }).map(({ domain }) => domain.domain)

test('by their DNS those that lead elsewhere come first, by their certificate those without one', () => {
  const pointing = [row('a', 'here'), row('b', 'elsewhere'), row('c'), row('d', 'nowhere')]
  expect(sortedBy('dns', ...pointing)).toEqual(['d', 'b', 'c', 'a'])
  expect(sortedBy('-dns', ...pointing)).toEqual(['a', 'c', 'b', 'd'])
  const certified = [row('a', 'here', 20), row('b'), row('c', 'here', 10)]
  expect(sortedBy('expires', ...certified)).toEqual(['b', 'c', 'a'])
  expect(sortedBy('-expires', ...certified)).toEqual(['a', 'c', 'b'])
})
