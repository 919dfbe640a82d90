import { eq } from 'drizzle-orm'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { sessions } from '../../../ui/accounts/table.ts'
import { browser, type Door, NOON, openDoor, PASSWORD } from './doorway.ts'

const MINUTE = 60_000
const DAY = 24 * 60 * MINUTE

let door: Door

beforeEach(async () => {
  door = openDoor()
  await door.addAccount('ada')
})

afterEach(() => door.close())

const rows = () => door.db.select().from(sessions).all()
const tokenOf = ({ cookies }: ReturnType<typeof browser>) => cookies.get('dokkubase') ?? ''

const signedIn = async (name = 'ada', options: Parameters<typeof browser>[1] = {}) => {
  const fresh = browser(door, options)
  await fresh.signIn(name)
  return fresh
}

test('the database holds a hash of the token, never the token', async () => {
  const token = tokenOf(await signedIn())
  expect(token).toMatch(/^[\w-]{43}$/)
  expect(JSON.stringify(rows())).not.toContain(token)
})

test('a session ends 30 days after sign-in, however much it is used', async () => {
  const laptop = await signedIn()
  for (let day = 0; day < 29; day += 1) {
    door.pass(DAY)
    expect((await laptop.get('/')).status).toBe(200)
  }
  door.pass(DAY)
  expect((await laptop.get('/')).status).toBe(303)
})

test('a session ends after seven days without use', async () => {
  const laptop = await signedIn()
  door.pass(7 * DAY - 1)
  expect((await laptop.get('/')).status).toBe(200)
  door.pass(7 * DAY)
  expect((await laptop.get('/')).status).toBe(303)
})

test('being seen is written at most once a minute', async () => {
  const laptop = await signedIn()
  door.pass(MINUTE - 1)
  await laptop.get('/')
  expect(rows()[0]?.lastSeenAt).toBe(NOON)
  door.pass(1)
  await laptop.get('/')
  expect(rows()[0]?.lastSeenAt).toBe(NOON + MINUTE)
})

test('signing in again gives a new token and ends the old one', async () => {
  const laptop = await signedIn()
  const old = tokenOf(laptop)
  await laptop.signIn('ada')
  expect(tokenOf(laptop)).not.toBe(old)
  const thief = browser(door)
  thief.cookies.set('dokkubase', old)
  expect((await thief.get('/')).status).toBe(303)
  expect(rows()).toHaveLength(1)
})

test('a token planted before sign-in is worth nothing after it', async () => {
  const victim = browser(door)
  victim.cookies.set('dokkubase', 'planted-by-somebody')
  await victim.signIn('ada')
  expect(tokenOf(victim)).not.toBe('planted-by-somebody')
})

test('sessions that are over are removed at the next sign-in', async () => {
  await signedIn()
  door.pass(7 * DAY)
  await signedIn()
  expect(rows()).toHaveLength(1)
})

test('the account page lists devices with address, and says which one is this', async () => {
  await signedIn('ada', {
    ip: '198.51.100.4',
    userAgent:
      'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1',
  })
  const laptop = await signedIn()
  const page = await (await laptop.get('/account')).text()
  expect(page).toMatch(/Firefox on Linux <span[^>]*>This one/)
  expect(page).toMatch(/Safari on iPhone<\/p>/)
  expect(page).toContain('198.51.100.4')
  expect(page).toContain('Sign out all others')
})

test('one session is revoked, and the trail names its device', async () => {
  const phone = await signedIn('ada', { ip: '198.51.100.4' })
  const laptop = await signedIn()
  const id = String(rows().find(({ ip }) => ip === '198.51.100.4')?.id)
  const answer = await laptop.post('/account/revocations', { session: id })
  expect(answer.headers.get('location')).toBe('/account')
  expect((await phone.get('/')).status).toBe(303)
  expect((await laptop.get('/')).status).toBe(200)
  expect(door.trail().at(-1)).toMatchObject({
    who: 'ada',
    action: 'session revoked',
    before: { device: 'Firefox on Linux', ip: '198.51.100.4' },
  })
})

test('all others are revoked at once', async () => {
  const others = [await signedIn(), await signedIn()]
  const laptop = await signedIn()
  await laptop.post('/account/revocations', { session: 'others' })
  for (const other of others) expect((await other.get('/')).status).toBe(303)
  expect((await laptop.get('/')).status).toBe(200)
  expect(door.trail().at(-1)).toMatchObject({ before: { sessions: 3 }, after: { sessions: 1 } })
})

test('revoking this one leads to the sign-in page', async () => {
  const laptop = await signedIn()
  const answer = await laptop.post('/account/revocations', { session: String(rows()[0]?.id) })
  expect(answer.headers.get('location')).toBe('/sign-in')
  expect(tokenOf(laptop)).toBe('')
})

test('nobody revokes a session of somebody else by its id', async () => {
  await door.addAccount('vera', 'viewer')
  const adas = await signedIn('ada')
  const veras = await signedIn('vera')
  const id = door.db.select().from(sessions).where(eq(sessions.accountId, 1)).get()?.id
  await veras.post('/account/revocations', { session: String(id) })
  await veras.post('/account/revocations', { session: 'others' })
  expect((await adas.get('/')).status).toBe(200)
  expect(door.actions()).not.toContain('session revoked')
  expect(await (await veras.get('/account')).text()).not.toContain(`value="${id}"`)
})

test('a revocation that names no session is answered, not guessed', async () => {
  const laptop = await signedIn()
  for (const session of ['', '-1', '1 or 1=1', 'all'])
    expect((await laptop.post('/account/revocations', { session })).status).toBe(400)
  expect((await laptop.get('/')).status).toBe(200)
})

test('what stays open can ask whether its session still is', async () => {
  const laptop = await signedIn()
  const [row] = rows()
  const id = row?.id ?? 0
  expect(door.door.isOpen(id)).toBe(true)
  door.pass(7 * DAY)
  expect(door.door.isOpen(id)).toBe(false)
  await laptop.post('/sign-out')
  expect(door.door.isOpen(id)).toBe(false)
})

test('the cookie is out of reach of scripts and other sites', async () => {
  const http = await browser(door).signIn('ada')
  expect(http.headers.getSetCookie()).toEqual([
    expect.stringMatching(/^dokkubase=[\w-]{43}; Max-Age=2592000; Path=\/; HttpOnly; SameSite=Lax$/),
    expect.stringMatching(/^dokkubase-known=\S+; Max-Age=34560000; Path=\/; HttpOnly; SameSite=Lax$/),
  ])
  const https = await browser(door, { https: true }).signIn('ada')
  expect(https.headers.getSetCookie()).toEqual([
    expect.stringMatching(/^__Host-dokkubase=\S+; Max-Age=2592000; Path=\/; HttpOnly; Secure; SameSite=Lax$/),
    expect.stringMatching(
      /^__Host-dokkubase-known=\S+; Max-Age=34560000; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
    ),
  ])
})

test('over https a cookie without the prefix is not believed', async () => {
  const plain = await signedIn()
  const https = browser(door, { https: true })
  https.cookies.set('dokkubase', tokenOf(plain))
  expect((await https.get('/')).status).toBe(303)
})

test('whoever knows the password changes it, and other browsers are signed out', async () => {
  const other = await signedIn()
  const laptop = await signedIn()
  const form = { current: PASSWORD, password: 'Another-Horse-8' }
  const answer = await laptop.post('/account/password', form)
  expect(answer.headers.get('location')).toBe('/account?changed=password')
  expect(await (await laptop.get('/account?changed=password')).text()).toContain('Password changed.')
  expect((await other.get('/')).status).toBe(303)
  expect((await browser(door).signIn('ada', 'Another-Horse-8')).status).toBe(303)
  expect(door.trail().find(({ action }) => action === 'password changed')).toMatchObject({
    after: { 'sessions ended': 1 },
  })
})

test('of two password changes at the same moment exactly one is made', async () => {
  const laptop = await signedIn()
  const phone = await signedIn()
  const form = (password: string) => ({ current: PASSWORD, password })
  const answers = await Promise.all([
    laptop.post('/account/password', form('Another-Horse-8')),
    phone.post('/account/password', form('Third-Horse-999')),
  ])
  expect(answers.map(({ status }) => status).sort()).toEqual([303, 422])
  expect(door.actions().filter((action) => action === 'password changed')).toHaveLength(1)
  const opens = async (password: string) => (await browser(door).signIn('ada', password)).status === 303
  const [first, second] = [await opens('Another-Horse-8'), await opens('Third-Horse-999')]
  expect([first, second]).toEqual(answers.map(({ status }) => status === 303))
})

test('whoever only found an open browser does not change the password', async () => {
  const laptop = await signedIn()
  const form = { current: 'Wrong-Horse-77', password: 'Another-Horse-8' }
  const answer = await laptop.post('/account/password', form)
  expect(answer.status).toBe(422)
  expect(await answer.text()).toContain('The current password is wrong')
  expect(door.actions()).toContain('password change failed')
  let status = 0
  for (let guess = 0; guess < 10 && status !== 429; guess += 1)
    status = (await laptop.post('/account/password', form)).status
  expect(status).toBe(429)
})

test('a weak new password is answered rule by rule and changes nothing', async () => {
  const laptop = await signedIn()
  const answer = await laptop.post('/account/password', { current: PASSWORD, password: 'weak' })
  expect(answer.status).toBe(422)
  expect(await answer.text()).toContain('Use at least 12 characters')
  expect((await browser(door).signIn('ada')).status).toBe(303)
})
