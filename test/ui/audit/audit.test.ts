import { parse } from 'node:querystring'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { differences } from '../../../ui/audit/audit.ts'
import { browser, type Door, openDoor } from '../accounts/doorway.ts'

let door: Door
let ada: ReturnType<typeof browser>

beforeEach(async () => {
  door = openDoor()
  await door.addAccount('ada')
  ada = browser(door)
})

afterEach(() => door.close())

const by = { ip: '198.51.100.4', userAgent: 'Firefox of Ada' }
const page = async (path = '/audit') => (await ada.get(path)).text()
const listIn = (text: string) => text.match(/<ol class="divide-y">.*?<\/ol>/s)?.[0] ?? ''
const shown = (text: string) => [...text.matchAll(/act-(\d+)\b/g)].map(([, number]) => Number(number))

test('what changed is said name by name, before and after', () => {
  expect(
    differences(
      { role: 'viewer', name: 'vera', keys: ['a'], mail: null, on: true },
      { role: 'admin', name: 'vera', keys: ['a', 'b'], mail: 'v@example.com', on: false, extra: 3 },
    ),
  ).toEqual([
    { name: 'role', before: 'viewer', after: 'admin' },
    { name: 'keys', before: 'a', after: 'a, b' },
    { name: 'mail', before: 'none', after: 'v@example.com' },
    { name: 'on', before: 'yes', after: 'no' },
    { name: 'extra', before: null, after: '3' },
  ])
  expect(differences(null, null)).toEqual([])
  expect(differences(null, { toString: 'x' })).toEqual([{ name: 'toString', before: null, after: 'x' }])
})

test('the page says for how long an act is kept', async () => {
  await ada.signIn('ada')
  expect(await page()).toContain('it is kept for 400 days')
})

test('an act shows who, what, to whom, when, from where and what changed', async () => {
  await ada.signIn('ada')
  door.audit({
    who: 'ada',
    action: 'role changed',
    subject: 'vera',
    by,
    before: { role: 'viewer' },
    after: { role: 'admin' },
  })
  const text = await page()
  for (const part of ['ada', 'role changed', 'vera', '198.51.100.4', 'Firefox of Ada', 'just now'])
    expect(text).toContain(part)
  expect(text.replace(/<[^>]+>/g, '')).toContain('rolebefore: viewer → after: admin')
})

test('what strangers wrote is shown as text', async () => {
  const evil = browser(door, { userAgent: '<img src=x onerror=alert(1)>' })
  await evil.signIn('"><script>alert(1)</script>', 'x')
  await ada.signIn('ada')
  door.audit({ who: '', action: 'tried', subject: '<script>alert(2)</script>', by })
  const text = await page()
  expect(text).not.toMatch(/<script>alert|<img src=x/)
  expect(text).toContain('&lt;script&gt;alert(2)')
})

test('acts come newest first, fifty a page, none missed and none twice', async () => {
  await ada.signIn('ada')
  for (let number = 1; number <= 120; number += 1) door.audit({ who: 'ada', action: `act-${number}`, by })
  const seen: number[] = []
  let path: string | undefined = '/audit?who=ada'
  while (path !== undefined) {
    const text: string = await page(path)
    seen.push(...shown(listIn(text)))
    path = text.match(/href="([^"]+)" rel="next"/)?.[1]?.replaceAll('&amp;', '&')
    door.audit({ who: 'ada', action: 'something new meanwhile', by })
  }
  expect(seen).toEqual(Array.from({ length: 120 }, (_, index) => 120 - index))
})

test('only the newest page is live', async () => {
  await ada.signIn('ada')
  for (let number = 1; number <= 60; number += 1) door.audit({ who: 'ada', action: `act-${number}`, by })
  const newest = await page()
  expect(newest).toContain('data-topics="audit"')
  const older = newest.match(/href="([^"]+)" rel="next"/)?.[1] ?? ''
  const text = await page(older)
  expect(text).not.toContain('data-topics="audit"')
  expect(text).toContain('href="/audit" class="button">Newest')
})

test('the trail is filtered by person and by act, and the filter is in the address', async () => {
  await browser(door).signIn('ada', 'Wrong-Horse-77')
  await ada.signIn('ada')
  door.audit({ who: 'grace', action: 'signed out', by })
  const list = async (path: string) => listIn(await page(path))
  expect(await list('/audit?who=grace')).not.toContain('signed in')
  expect(await list('/audit?who=grace')).toContain('signed out')
  expect(await list('/audit?action=signed+in')).not.toContain('Sign-in failed')
  expect(await list('/audit?who=-')).toContain('Sign-in failed')
  expect(await list('/audit?who=-')).not.toContain('signed out')
  expect(await page('/audit?who=grace')).toContain('<option value="grace" selected>')
})

test('a filter that fits nothing says so and leads back', async () => {
  await ada.signIn('ada')
  const text = await page('/audit?who=nobody-of-this-name')
  expect(text).toContain('No such act')
  expect(text).toContain('href="/audit"')
})

test('an address that makes no sense shows the trail', async () => {
  await ada.signIn('ada')
  for (const query of ['before=x', 'before=-1', 'before=1e400', 'who=a&who=b', `who=${'x'.repeat(500)}`]) {
    expect(parse(query)).toBeDefined()
    expect((await ada.get(`/audit?${query}`)).status).toBe(200)
  }
})

test('each act is told to the pages that show the trail', () => {
  door.audit({ who: 'ada', action: 'looked', by })
  expect(door.published).toEqual(['audit'])
})

test('an act inside a transaction that fails is not in the trail', () => {
  expect(() =>
    door.db.transaction(() => {
      door.audit({ who: 'ada', action: 'never happened', by })
      throw new Error('no')
    }),
  ).toThrow('no')
  expect(door.trail()).toEqual([])
})
