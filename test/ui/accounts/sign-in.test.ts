import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { loginCommand, readSettings } from '../../../ui/settings.ts'
import { browser, type Door, openDoor, PASSWORD } from './doorway.ts'

let door: Door

beforeEach(async () => {
  door = openDoor()
  await door.addAccount('admin')
})

afterEach(async () => {
  vi.useRealTimers()
  await door.close()
})

test('name and password open the panel', async () => {
  const laptop = browser(door)
  const answer = await laptop.signIn()
  expect([answer.status, answer.headers.get('location')]).toEqual([303, '/'])
  expect(await (await laptop.get('/')).text()).toBe('hello admin')
})

test('capital letters and blanks around a name do not matter', async () => {
  expect((await browser(door).signIn(' Admin ')).status).toBe(303)
})

test('a person comes back to the page they wanted', async () => {
  const laptop = browser(door)
  const turned = await laptop.get('/apps/blog?tab=logs')
  expect(turned.status).toBe(303)
  const to = turned.headers.get('location') ?? ''
  expect(to).toBe('/sign-in?next=%2Fapps%2Fblog%3Ftab%3Dlogs')
  expect(await (await laptop.get(to)).text()).toContain('name="next" value="/apps/blog?tab=logs"')
  const answer = await laptop.signIn('admin', PASSWORD, '/apps/blog?tab=logs')
  expect(answer.headers.get('location')).toBe('/apps/blog?tab=logs')
})

test('whoever is signed in already goes on', async () => {
  const laptop = browser(door)
  await laptop.signIn()
  const answer = await laptop.get('/sign-in?next=/apps/shop')
  expect([answer.status, answer.headers.get('location')]).toEqual([303, '/apps/shop'])
})

test('a wrong password and an unknown name read the same', async () => {
  const wrong = await browser(door).signIn('admin', 'Wrong-Horse-77')
  const unknown = await browser(door).signIn('mallory', 'Wrong-Horse-77')
  expect([wrong.status, unknown.status]).toEqual([401, 401])
  expect((await wrong.text()).replaceAll('value="admin"', '')).toBe(
    (await unknown.text()).replaceAll('value="mallory"', ''),
  )
})

test('a refused form keeps the name and drops the password', async () => {
  const page = await (await browser(door).signIn('"><b>ada', 'Wrong-Horse-77')).text()
  expect(page).toContain('value="&quot;&gt;&lt;b&gt;ada"')
  expect(page).toContain('Name or password is wrong')
  expect(page).not.toContain('Wrong-Horse-77')
})

test('the first letters of a long password do not open the panel', async () => {
  expect((await browser(door).signIn('admin', `${PASSWORD}${'x'.repeat(80)}`)).status).toBe(401)
  expect((await browser(door).signIn('admin', '')).status).toBe(401)
})

test('a password typed in another Unicode form is the same password', async () => {
  const link = door.link()
  await browser(door).follow(link.url, { password: 'Caf\u00e9-Terrasse-9' })
  expect((await browser(door).signIn('admin', 'Cafe\u0301-Terrasse-9')).status).toBe(303)
})

test('signing out ends the session, not only the cookie', async () => {
  const laptop = browser(door)
  await laptop.signIn()
  const value = laptop.cookies.get('dokkubase') ?? ''
  expect((await laptop.post('/sign-out')).headers.get('location')).toBe('/sign-in')
  expect(laptop.cookies.has('dokkubase')).toBe(false)
  const thief = browser(door)
  thief.cookies.set('dokkubase', value)
  expect((await thief.get('/')).status).toBe(303)
})

test('signing out is no link: a GET does nothing', async () => {
  const laptop = browser(door)
  await laptop.signIn()
  expect((await laptop.get('/sign-out')).status).toBe(404)
  expect((await laptop.get('/')).status).toBe(200)
})

test('each sign-in, failure and sign-out is in the audit trail with who, from where and with what', async () => {
  const laptop = browser(door, { ip: '198.51.100.4', userAgent: 'Firefox of Ada' })
  await laptop.signIn('admin', 'Wrong-Horse-77')
  await laptop.signIn()
  await laptop.post('/sign-out')
  expect(door.trail().map(({ who, action, subject }) => [who, action, subject])).toEqual([
    ['', 'sign-in failed', 'admin'],
    ['admin', 'signed in', ''],
    ['admin', 'signed out', ''],
  ])
  for (const { ip, userAgent } of door.trail())
    expect([ip, userAgent]).toEqual(['198.51.100.4', 'Firefox of Ada'])
  expect(door.published).toEqual(['audit', 'audit', 'audit'])
})

test('a password typed into the name field is not kept', async () => {
  await browser(door).signIn(PASSWORD, '')
  await browser(door).signIn('mallory', '')
  expect(door.trail().map(({ subject }) => subject)).toEqual(['(not an account name)', 'mallory'])
})

test('sign-ins are counted by how they ended', async () => {
  await browser(door).signIn('admin', 'Wrong-Horse-77')
  await browser(door).signIn()
  const figures = await door.registry.metrics()
  expect(figures).toContain('dokkubase_sign_ins_total{outcome="failed"} 1')
  expect(figures).toContain('dokkubase_sign_ins_total{outcome="password"} 1')
})

test('a form larger than any of ours is refused', async () => {
  const answer = await browser(door).signIn('admin', 'x'.repeat(100_000))
  expect(answer.status).toBe(413)
  expect(await answer.text()).toContain('Too much at once')
})

test('before setup the sign-in page says how the owner gets in', async () => {
  const empty = openDoor()
  const page = await (await browser(empty).get('/sign-in')).text()
  expect(page).toContain('dokku dokkubase:login')
  expect(page).not.toContain('type="password"')
  await empty.close()
})

test('the command that lets the owner in leads to this panel and no other', () => {
  const demo = readSettings({ DOKKUBASE_DATA: '/srv/my demo/data', PORT: '4321' })
  expect(loginCommand(demo)).toBe(
    "env 'DOKKUBASE_DATA=/srv/my demo/data' DOKKUBASE_ORIGIN=http://127.0.0.1:4321 node dist/main.js login",
  )
  expect(loginCommand(readSettings({ DOKKUBASE_GATE_USER: 'dokku' }))).toBe('dokku dokkubase:login')
})
