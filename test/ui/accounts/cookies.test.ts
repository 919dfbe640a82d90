/** A panel at an address that apps share: http://IP:PORT, or another port of somebody's host. */
import { afterEach, beforeEach, expect, test } from 'vitest'
import { isAddressShared } from '../../../ui/accounts/cookie.ts'
import { type BrowserOptions, browser, type Door, openDoor } from './doorway.ts'

const SHARED = { host: '192.0.2.10:8700' } as const

let door: Door

beforeEach(async () => {
  door = openDoor()
  await door.addAccount('ada')
  await door.addAccount('mallory', 'viewer')
})

afterEach(() => door.close())

const signedIn = async (name: string, options: BrowserOptions) => {
  const fresh = browser(door, options)
  expect((await fresh.signIn(name)).status).toBe(303)
  return fresh
}
const isIn = async (visitor: ReturnType<typeof browser>) => (await visitor.get('/')).status === 200

test('the cookie of a panel at a port carries the port', async () => {
  expect([...(await signedIn('ada', SHARED)).cookies.keys()]).toEqual([
    'dokkubase-8700',
    'dokkubase-known-8700',
  ])
  const https = await signedIn('ada', { host: 'panel.test:8443', https: true })
  expect([...https.cookies.keys()]).toEqual(['__Host-dokkubase-8443', '__Host-dokkubase-known-8443'])
  expect((await signedIn('ada', {})).cookies.has('dokkubase')).toBe(true)
})

test.each([
  ['http://192.0.2.10:8700', true],
  ['http://192.0.2.10', true],
  ['http://[2001:db8::1]', true],
  ['http://panel.example.com:8700', true],
  ['http://localhost:3000', true],
  ['http://panel.example.com', false],
  ['https://panel.example.com', false],
  ['https://192.0.2.10:8700', false],
])('%s is shared with apps: %s', (origin, shared) => {
  expect(isAddressShared({ origin, https: origin.startsWith('https') })).toBe(shared)
})

test('a session that an app read at a shared address is worth nothing from elsewhere', async () => {
  const laptop = await signedIn('ada', { ...SHARED, ip: '203.0.113.7' })
  const app = browser(door, { ...SHARED, ip: '192.0.2.10' })
  for (const [name, value] of laptop.cookies) app.cookies.set(name, value)
  expect([await isIn(laptop), await isIn(app)]).toEqual([true, false])
  expect(await isIn(laptop)).toBe(true)
})

test('a session that an app plants there is not believed', async () => {
  const mallory = await signedIn('mallory', { ...SHARED, ip: '198.51.100.66' })
  const victim = browser(door, SHARED)
  for (const [name, value] of mallory.cookies) victim.cookies.set(name, value)
  expect(await isIn(victim)).toBe(false)
  await victim.signIn('ada')
  expect(await (await victim.get('/')).text()).toBe('hello ada')
})

test('within one subscriber’s network a browser stays signed in', async () => {
  const home = await signedIn('ada', { ...SHARED, ip: '2001:db8:1:2::aaaa' })
  const later = browser(door, { ...SHARED, ip: '2001:db8:1:2::bbbb' })
  for (const [name, value] of home.cookies) later.cookies.set(name, value)
  expect(await isIn(later)).toBe(true)
})

test('a panel at a name of its own does not care where its browser is', async () => {
  const train = await signedIn('ada', { ip: '203.0.113.7' })
  const cafe = browser(door, { ip: '198.51.100.4' })
  for (const [name, value] of train.cookies) cafe.cookies.set(name, value)
  expect(await isIn(cafe)).toBe(true)
})

test('a cookie of the same name set beside ours neither takes its place nor shuts its owner out', async () => {
  const laptop = await signedIn('ada', {})
  const mallory = await signedIn('mallory', {})
  const [ours, theirs] = [laptop, mallory].map(({ cookies }) => cookies.get('dokkubase'))
  const page = async (cookie: string) => laptop.get('/', { cookie })
  for (const both of [`dokkubase=nonsense; dokkubase=${ours}`, `dokkubase=${ours}; dokkubase=nonsense`])
    expect(await (await page(both)).text()).toBe('hello ada')
  // Two accounts at once: nobody can tell which one the browser's owner signed in to.
  for (const both of [`dokkubase=${theirs}; dokkubase=${ours}`, `dokkubase=${ours}; dokkubase=${theirs}`])
    expect((await page(both)).status).toBe(303)
})
