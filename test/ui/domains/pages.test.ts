import { beforeAll, expect, test } from 'vitest'
import { covers, isAddress } from '../../../ui/domains/domain.ts'
import { asker } from '../story/ask.ts'
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
  expect(await ask.text('/domains?q=wiki')).toMatch(/^Domains Domain App .* wiki\.example\.org/)
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
