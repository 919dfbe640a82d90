import { beforeAll, expect, test } from 'vitest'
import { certificateState, issuerName } from '../../../ui/certificates/certificate.ts'
import { type RowOfCertificate, type Sort, sorted } from '../../../ui/certificates/list.ts'
import { certificates as rows } from '../../../ui/certificates/table.ts'

import { left } from '../../../ui/web/certificate-mark.ts'
import { asker } from '../story/ask.ts'
import { DAY, HOUR } from '../story/events.ts'
import { NOW, seed, unseeded } from '../story/seed.ts'

let ask: ReturnType<typeof asker>
beforeAll(() => {
  ask = asker(seed())
})

test('certificates stand in the order in which they end', async () => {
  expect(await ask.text('/certificates')).toMatch(
    /photos .*expired 2 days ago .*shop .*9 days left .*docs .*41 days left/,
  )
})

test('the page says how many want a look', async () => {
  expect(await ask.text('/certificates')).toContain('2 of 7 certificates want a look.')
})

test('the certificate of an app shows its names, its issuer and its end', async () => {
  const text = await ask.text('/apps/shop/certificate')
  expect(text).toMatch(
    /expires soon 9 days left, 12 Nov Names shop\.example\.com www\.shop\.example\.com checkout\.example\.com/,
  )
  expect(text).toContain("Issuer Let's Encrypt")
})

test('one that was not renewed comes with the command that renews it', async () => {
  expect(await ask.text('/apps/shop/certificate')).toContain('dokku letsencrypt:auto-renew shop')
  expect(await ask.text('/apps/api/certificate')).not.toContain('dokku letsencrypt:auto-renew')
})

test('without one the page says how to get it', async () => {
  expect(await ask.text('/apps/mailer/certificate')).toContain('dokku letsencrypt:enable mailer')
  expect(await asker(unseeded()).text('/certificates')).toContain('dokku letsencrypt:enable blog')
})

test.each([
  [90 * DAY, 'valid'],
  [21 * DAY, 'valid'],
  [20 * DAY, 'expires soon'],
  [0, 'expired'],
  [-DAY, 'expired'],
])('one with %i ms left is %s', (remaining, state) => {
  expect(certificateState({ expiresAt: NOW + remaining }, NOW)).toBe(state)
})

test.each([
  [9 * DAY + HOUR, '9 days left'],
  [HOUR, 'expires today'],
  [-HOUR, 'expired today'],
  [-2 * DAY - HOUR, 'expired 2 days ago'],
])('%i ms from its end it reads "%s"', (remaining, text) => {
  expect(left(NOW + remaining, NOW)).toBe(text)
})

test.each([
  ["C=US; O=Let's Encrypt; CN=R11", "Let's Encrypt"],
  ['C = US, O = Google Trust Services, CN = WR1', 'Google Trust Services'],
  ['CN = legacy-crm.example.com', 'legacy-crm.example.com'],
  ['/C=US/O=Sectigo Limited/CN=R46', 'Sectigo Limited'],
  ['somebody', 'somebody'],
])('an issuer of %s is called %s', (issuer, name) => {
  expect(issuerName(issuer)).toBe(name)
})

test.each([
  ['self signed', 'Signed by itself: browsers warn visitors about it'],
  [
    'verified by a certificate authority',
    'Signed by Test CA Dokku does not check whether browsers trust this authority.',
  ],
])('what certs:report calls "%s" is said for what it is', async (verified, said) => {
  const { db } = seed()
  db.update(rows).set({ verified, issuer: 'O=Test CA; CN=Test CA' }).run()
  const text = await asker({ db }).text('/apps/blog/certificate')
  expect(text).toContain(said)
  expect(text).not.toContain('verified')
})

test('certificates are sorted by a column, and once more by it the other way round', async () => {
  const named = async (query: string) =>
    [
      ...(await ask.html(`/certificates${query}`)).matchAll(
        /class="row-link typed truncate font-medium">([^<]+)</g,
      ),
    ].map(([, app = '']) => app)
  const byApp = await named('?sort=app')
  expect(byApp).toHaveLength(7)
  expect(byApp).toEqual(byApp.toSorted())
  expect(await named('?sort=-app')).toEqual(byApp.toReversed())
  expect((await named(''))[0]).toBe('photos')
  expect(await ask.html('/certificates?sort=app')).toContain('href="/certificates?sort=-app"')
  expect(await ask.text('/certificates?sort=app')).toContain('App sorted ascending Domains')
})

test('one whose end is not known stands last, whichever way round', () => {
  const row = (app: string, expiresAt: number | null, issuer = ''): RowOfCertificate => ({
    app,
    certificate: {
      ...{ appId: 1, hostnames: [], issuer, subject: '', startsAt: null, expiresAt },
      ...{ verified: '', updatedAt: 0, updatedBy: '' },
    },
  })
  const rows = [row('a', null, 'O=Zeta'), row('b', 20, 'O=alpha'), row('c', 10, 'O=Beta')]
  const apps = (sort: Sort) => sorted(rows, sort).map(({ app }) => app)
  expect(apps('expires')).toEqual(['c', 'b', 'a'])
  expect(apps('-expires')).toEqual(['b', 'c', 'a'])
  expect(apps('issuer')).toEqual(['b', 'c', 'a'])
  expect(apps('-issuer')).toEqual(['a', 'c', 'b'])
})
