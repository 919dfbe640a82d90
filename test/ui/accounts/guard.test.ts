import { afterEach, beforeEach, expect, test } from 'vitest'
import { browser, type Door, openDoor } from './doorway.ts'

let door: Door

beforeEach(async () => {
  door = openDoor()
  await door.addAccount('ada')
  await door.addAccount('vera', 'viewer')
})

afterEach(() => door.close())

test('a page turns whoever is not signed in to the sign-in page and back', async () => {
  const answer = await browser(door).get('/apps/blog')
  expect([answer.status, answer.headers.get('location')]).toEqual([303, '/sign-in?next=%2Fapps%2Fblog'])
  expect((await browser(door).get('/')).headers.get('location')).toBe('/sign-in')
})

test('a part of a page takes the whole page to the sign-in page', async () => {
  const answer = await browser(door).get('/apps/blog', {
    'hx-request': 'true',
    'hx-current-url': 'http://panel.test/apps?view=grid',
  })
  expect(answer.status).toBe(401)
  expect(answer.headers.get('hx-redirect')).toBe('/sign-in?next=%2Fapps%3Fview%3Dgrid')
})

test('a stream is not opened without a session', async () => {
  const answer = await browser(door).get('/live', { accept: 'text/event-stream' })
  expect(answer.status).toBe(401)
})

test('a program is told in JSON', async () => {
  const answer = await browser(door).get('/apps/blog', { accept: 'application/json' })
  expect(answer.status).toBe(401)
  expect(await answer.json()).toEqual({ error: { type: 'signed-out', message: 'Sign in first.' } })
})

test('a change without a session is not made and not repeated after sign-in', async () => {
  const answer = await browser(door).post('/changes')
  expect([answer.status, answer.headers.get('location')]).toEqual([303, '/sign-in'])
})

test('every route but the public ones asks for a session, and so does what does not exist', async () => {
  const open = new Set(['/sign-in', '/sign-in/link', '/sign-out', '/setup'])
  const guarded = door.app.routes.filter(({ method, path }) => method !== 'ALL' && !open.has(path))
  expect(guarded.length).toBeGreaterThan(5)
  for (const { method, path } of guarded) {
    const visitor = browser(door)
    const answer = method === 'GET' ? await visitor.get(path) : await visitor.post(path)
    expect([method, path, answer.status]).toEqual([method, path, 303])
  }
  for (const path of ['/no/such/page', '/sign-in/x', '/setup/x'])
    expect([path, (await browser(door).get(path)).status]).toEqual([path, 303])
})

test('a viewer may look, but not into the audit trail', async () => {
  const vera = browser(door)
  await vera.signIn('vera')
  expect((await vera.get('/apps/blog')).status).toBe(200)
  const answer = await vera.get('/audit')
  expect(answer.status).toBe(403)
  expect(await answer.text()).toContain('Only an admin may do this.')
})

test('a made-up token lets nobody in', async () => {
  const guesser = browser(door)
  for (const token of ['', 'x', 'a'.repeat(43), "' or 1=1 --", '%00', 'a'.repeat(5000)]) {
    guesser.cookies.set('dokkubase', token)
    expect((await guesser.get('/')).status).toBe(303)
  }
})
