import { afterEach, beforeEach, expect, test } from 'vitest'
import { browser, type Door, openDoor } from './doorway.ts'

let door: Door

beforeEach(async () => {
  door = openDoor()
  await door.addAccount('ada')
  await door.addAccount('grace')
})

afterEach(() => door.close())

test('once accounts exist the owner gets a link that signs in as the first admin', async () => {
  const link = door.link()
  expect(link.url).toMatch(/^http:\/\/panel\.test\/sign-in\?token=[\w-]{43}$/)
  const owner = browser(door)
  const { opened, answer } = await owner.follow(link.url)
  expect(await opened.text()).toContain('Sign in as ada')
  expect([answer.status, answer.headers.get('location')]).toEqual([303, '/'])
  expect(await (await owner.get('/')).text()).toBe('hello ada')
  expect(door.actions()).toEqual(['sign-in link made', 'sign-in link used', 'signed in'])
})

test('a panel where only viewers are left has no link to sign in as one of them', async () => {
  const viewers = openDoor()
  await viewers.addAccount('vera', 'viewer')
  const { opened } = await browser(viewers).follow(viewers.link().url)
  expect(opened.status).toBe(404)
  await viewers.close()
})

test('opening a sign-in link changes nothing; its button works once', async () => {
  const { url } = door.link()
  const { pathname, search } = new URL(url)
  const preview = browser(door)
  expect((await preview.get(pathname + search)).status).toBe(200)
  expect(preview.cookies.size).toBe(0)
  const token = new URL(url).searchParams.get('token') ?? ''
  const [first, second] = await Promise.all([
    browser(door).post('/sign-in/link', { token }),
    browser(door).post('/sign-in/link', { token }),
  ])
  expect([first.status, second.status].toSorted()).toEqual([303, 410])
  const page = await second.text()
  expect(page).toContain('Sign in with a password')
})

test('with the link a lost password is replaced and every other browser is signed out', async () => {
  const old = browser(door)
  await old.signIn('ada')
  const owner = browser(door)
  const { answer } = await owner.follow(door.link().url, { password: 'Another-Horse-8' })
  expect(answer.status).toBe(303)
  expect((await owner.get('/')).status).toBe(200)
  expect((await old.get('/')).status).toBe(303)
  expect((await browser(door).signIn('ada')).status).toBe(401)
  expect((await browser(door).signIn('ada', 'Another-Horse-8')).status).toBe(303)
  expect(door.trail().find(({ action }) => action === 'password set')).toMatchObject({
    who: 'ada',
    after: { 'sessions ended': 1 },
  })
})

test('a new password that is too weak leaves link and old password as they are', async () => {
  const { url } = door.link()
  const { answer } = await browser(door).follow(url, { password: 'weak' })
  expect(answer.status).toBe(422)
  expect(await answer.text()).toContain('This password cannot be used')
  expect((await browser(door).signIn('ada')).status).toBe(303)
  expect((await browser(door).follow(url)).answer.status).toBe(303)
})

test('a link leads where the panel is configured to be, whatever Host a request names', async () => {
  const { url } = door.link('https://panel.example.com/')
  const { pathname, search } = new URL(url)
  const opened = await browser(door).get(pathname + search, { host: 'evil.example' })
  const page = await opened.text()
  expect(page).toContain('action="/sign-in/link"')
  expect(page).not.toContain('evil.example')
})

test('after the button the token is in no address and no cookie', async () => {
  const { url } = door.link()
  const token = new URL(url).searchParams.get('token') ?? ''
  const owner = browser(door)
  const { answer } = await owner.follow(url)
  expect(answer.headers.get('location')).toBe('/')
  expect(JSON.stringify([...answer.headers, ...owner.cookies])).not.toContain(token)
})
