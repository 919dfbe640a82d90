import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { limits } from '../../../ui/accounts/entrance.ts'
import { subscriberOf } from '../../../ui/web/subscriber.ts'
import { throttle, waitWords } from '../../../ui/web/throttle.ts'
import { browser, type Door, openDoor, PASSWORD } from './doorway.ts'

const WRONG = 'Wrong-Horse-77'

let door: Door

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['Date'] })
  door = openDoor()
  await door.addAccount('ada')
})

afterEach(async () => {
  vi.useRealTimers()
  await door.close()
})

const later = (seconds: number) => vi.setSystemTime(Date.now() + seconds * 1000)

/** Tries until a pause, and says how many were judged. */
async function failUntilPaused(visitor: ReturnType<typeof browser>, name: string): Promise<number> {
  for (let judged = 0; judged < 100; judged += 1)
    if ((await visitor.signIn(name, WRONG)).status === 429) return judged
  return 100
}

test('each failure after the first few doubles the wait, up to a longest one', async () => {
  const { attempt } = throttle({ free: 3, longestPauseSeconds: 20 })
  const waits: number[] = []
  for (let failure = 0; failure < 9; failure += 1) {
    expect((await attempt('ada')).allowed).toBe(true)
    const next = await attempt('ada')
    if (next.allowed) continue
    waits.push(next.waitSeconds)
    later(next.waitSeconds)
  }
  expect(waits).toEqual([1, 2, 4, 8, 16, 20, 20, 20])
})

test('asking during the wait does not make it longer', async () => {
  const { attempt } = throttle({ free: 1, longestPauseSeconds: 60 })
  await attempt('ada')
  for (let again = 0; again < 50; again += 1) expect(await attempt('ada')).toMatchObject({ waitSeconds: 1 })
  later(1)
  expect((await attempt('ada')).allowed).toBe(true)
  expect(await attempt('ada')).toMatchObject({ waitSeconds: 2 })
})

test('failures are forgotten after an hour', async () => {
  const { attempt } = throttle({ free: 2, longestPauseSeconds: 60 })
  for (let failure = 0; failure < 3; failure += 1) await attempt('ada')
  later(60 * 60)
  expect((await attempt('ada')).allowed).toBe(true)
  expect((await attempt('grace')).allowed).toBe(true)
})

test('one address that guesses is paused, told how long, and the right password does not help meanwhile', async () => {
  const guesser = browser(door)
  expect(await failUntilPaused(guesser, 'ada')).toBe(limits.names.free)
  const refused = await guesser.signIn('ada', PASSWORD)
  expect(refused.status).toBe(429)
  expect(refused.headers.get('retry-after')).toBe('1')
  expect(await refused.text()).toContain('Wait 1 second, then try again')
  later(1)
  expect((await guesser.signIn('ada', PASSWORD)).status).toBe(303)
})

test('the account page says the same, and for how long a second try must wait', async () => {
  const laptop = browser(door)
  await laptop.signIn('ada')
  const change = () => laptop.post('/account/password', { current: WRONG, password: 'Another-Horse-8' })
  for (let failure = 0; failure < limits.names.free; failure += 1) {
    const wrong = await change()
    expect(wrong.status).toBe(422)
    expect(await wrong.text()).toContain('hx-get="/account"')
  }
  const refused = await change()
  expect(refused.status).toBe(429)
  expect(refused.headers.get('retry-after')).toBe('1')
  expect(await refused.text()).toContain('Wait 1 second, then try again')
  later(1)
  await change()
  expect(await (await change()).text()).toContain('Wait 2 seconds, then try again')
})

test('a long wait is told in minutes', () => {
  expect([1, 59, 60, 61, 900].map(waitWords)).toEqual([
    'Wait 1 second, then try again',
    'Wait 59 seconds, then try again',
    'Wait 1 minute, then try again',
    'Wait 2 minutes, then try again',
    'Wait 15 minutes, then try again',
  ])
})

test('signing in clears the failures of that name', async () => {
  const laptop = browser(door)
  for (let failure = 0; failure < limits.names.free - 1; failure += 1) await laptop.signIn('ada', WRONG)
  await laptop.signIn('ada', PASSWORD)
  expect((await laptop.signIn('ada', WRONG)).status).toBe(401)
  expect((await laptop.signIn('ada', WRONG)).status).toBe(401)
})

test('a name guessed from many addresses is paused all the same', async () => {
  let judged = 0
  for (let host = 1; host <= 50; host += 1)
    if ((await browser(door, { ip: `203.0.113.${host}` }).signIn('ada', WRONG)).status === 401) judged += 1
  expect(judged).toBe(limits.names.free)
})

test('strangers who guess a name keep its owner out for a minute at most', async () => {
  for (let round = 0; round < 20; round += 1) {
    await browser(door, { ip: `203.0.113.${round}` }).signIn('ada', WRONG)
    later(60)
  }
  await browser(door, { ip: '203.0.113.99' }).signIn('ada', WRONG)
  const refused = await browser(door, { ip: '198.51.100.4' }).signIn('ada', PASSWORD)
  expect(Number(refused.headers.get('retry-after'))).toBeLessThanOrEqual(60)
  later(60)
  expect((await browser(door, { ip: '198.51.100.4' }).signIn('ada', PASSWORD)).status).toBe(303)
})

/** As many strangers as there are networks, all guessing one name until each has to wait. */
async function strangersGuess(name: string, networks: number): Promise<void> {
  for (let network = 0; network < networks; network += 1) {
    const stranger = browser(door, { ip: `2001:db8:${network.toString(16)}::1` })
    for (let guess = 0; guess < 3; guess += 1) await stranger.signIn(name, WRONG)
  }
}

test('strangers from 40 networks do not keep out a browser that signed in before', async () => {
  const laptop = browser(door)
  await laptop.signIn('ada')
  await laptop.post('/sign-out')
  await strangersGuess('ada', 40)
  expect((await browser(door, { ip: '198.51.100.4' }).signIn('ada', PASSWORD)).status).toBe(429)
  expect((await laptop.signIn('ada', PASSWORD)).status).toBe(303)
})

test('nor from the address those strangers share with it', async () => {
  const laptop = browser(door)
  await laptop.signIn('ada')
  await laptop.post('/sign-out')
  for (let name = 0; name < 30; name += 1) await browser(door).signIn(`name-${name}`, WRONG)
  expect((await browser(door).signIn('ada', PASSWORD)).status).toBe(429)
  expect((await laptop.signIn('ada', PASSWORD)).status).toBe(303)
})

test('strangers do not keep somebody who is signed in from changing the password', async () => {
  const laptop = browser(door)
  await laptop.signIn('ada')
  await strangersGuess('ada', 40)
  const answer = await laptop.post('/account/password', { current: PASSWORD, password: 'Another-Horse-8' })
  expect(answer.headers.get('location')).toBe('/account?changed=password')
})

test('somebody with one session does not keep another session from changing the password', async () => {
  const stolen = browser(door)
  await stolen.signIn('ada')
  const laptop = browser(door)
  await laptop.signIn('ada')
  for (let guess = 0; guess < 20; guess += 1)
    await stolen.post('/account/password', { current: WRONG, password: 'Another-Horse-8' })
  const answer = await laptop.post('/account/password', { current: PASSWORD, password: 'Another-Horse-8' })
  expect(answer.status).toBe(303)
})

test('a known browser guesses no faster than others, and slows nobody else', async () => {
  const laptop = browser(door)
  await laptop.signIn('ada')
  await laptop.post('/sign-out')
  expect(await failUntilPaused(laptop, 'ada')).toBe(limits.browsers.free)
  expect((await laptop.signIn('ada', PASSWORD)).status).toBe(429)
  expect((await browser(door, { ip: '198.51.100.4' }).signIn('ada', PASSWORD)).status).toBe(303)
})

test('a browser is known for the account it signed in to and for no other', async () => {
  await door.addAccount('vera', 'viewer')
  const mallory = browser(door)
  await mallory.signIn('vera')
  await mallory.post('/sign-out')
  await strangersGuess('ada', 10)
  expect((await mallory.signIn('ada', PASSWORD)).status).toBe(429)
  const made = browser(door)
  for (const forged of ['', 'x.y', `${'a'.repeat(43)}.${'b'.repeat(43)}`, '__proto__']) {
    made.cookies.set('dokkubase-known', forged)
    expect([forged, (await made.signIn('ada', PASSWORD)).status]).toEqual([forged, 429])
  }
})

test('a new password makes every browser a stranger but the one that set it', async () => {
  const [laptop, phone] = [browser(door), browser(door)]
  for (const each of [laptop, phone]) await each.signIn('ada')
  await laptop.post('/account/password', { current: PASSWORD, password: 'Another-Horse-8' })
  await laptop.post('/sign-out')
  await strangersGuess('ada', 10)
  expect((await phone.signIn('ada', 'Another-Horse-8')).status).toBe(429)
  expect((await laptop.signIn('ada', 'Another-Horse-8')).status).toBe(303)
})

test('what strangers choose does not fill the memory', async () => {
  const { attempt } = throttle({ free: 1, longestPauseSeconds: 60, keys: 3 })
  for (const key of ['ada', 'b', 'c']) expect((await attempt(key)).allowed).toBe(true)
  expect((await attempt('ada')).allowed).toBe(false)
  for (const key of ['d', 'e']) await attempt(key)
  // Used last, so it is still known; the oldest are forgotten.
  expect((await attempt('ada')).allowed).toBe(false)
  expect((await attempt('b')).allowed).toBe(true)
})

test('an owner who is kept out still gets in by a link', async () => {
  const guesser = browser(door)
  await failUntilPaused(guesser, 'ada')
  for (let guess = 0; guess < 20; guess += 1) await guesser.get('/sign-in?token=guessed')
  expect((await guesser.get('/sign-in?token=guessed')).status).toBe(429)
  const { answer } = await guesser.follow(door.link().url)
  expect(answer.status).toBe(303)
})

test('many names from one address are one guesser', async () => {
  const guesser = browser(door)
  let judged = 0
  for (let name = 0; name < 50; name += 1)
    if ((await guesser.signIn(`name-${name}`, WRONG)).status === 401) judged += 1
  expect(judged).toBe(limits.addresses.free)
})

test('somebody who may sign in cannot buy new guesses by doing so', async () => {
  await door.addAccount('vera', 'viewer')
  const guesser = browser(door)
  let judged = 0
  for (let name = 0; name < 50; name += 1) {
    if ((await guesser.signIn(`name-${name}`, WRONG)).status === 401) judged += 1
    await guesser.signIn('vera', PASSWORD)
  }
  expect(judged).toBe(limits.addresses.free)
})

test('a hundred guesses at once are judged as few as a hundred one by one', async () => {
  const guesser = browser(door)
  const answers = await Promise.all(Array.from({ length: 100 }, () => guesser.signIn('ada', WRONG)))
  expect(answers.filter(({ status }) => status === 401)).toHaveLength(limits.names.free)
  expect(answers.filter(({ status }) => status === 429)).toHaveLength(100 - limits.names.free)
})

test('an X-Forwarded-For that the client made up does not get round the limit', async () => {
  const direct = openDoor({ trustedProxy: false })
  let judged = 0
  for (let guess = 0; guess < 40; guess += 1) {
    const guesser = browser(direct, { peer: '203.0.113.9', ip: `10.0.0.${guess}` })
    if ((await guesser.signIn(`name-${guess}`, WRONG)).status === 401) judged += 1
  }
  expect(judged).toBe(limits.addresses.free)
  await direct.close()
})

test('nor does one that it sends through a proxy which appends', async () => {
  let judged = 0
  for (let guess = 0; guess < 40; guess += 1) {
    const guesser = browser(door, { ip: `10.0.0.${guess}, 203.0.113.9` })
    if ((await guesser.signIn(`name-${guess}`, WRONG)).status === 401) judged += 1
  }
  expect(judged).toBe(limits.addresses.free)
  expect(new Set(door.trail().map(({ ip }) => ip))).toEqual(new Set(['203.0.113.9']))
})

test.each([
  ['203.0.113.7', '203.0.113.7'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:db8:1:2:ffff::', '2001:db8:1:2::/64'],
  ['2001:0DB8:0001:0002::1', '2001:db8:1:2::/64'],
  ['2001:db8::1', '2001:db8:0:0::/64'],
  ['::1', '0:0:0:0::/64'],
  ['', ''],
])('%s guesses as %s', (ip, subscriber) => {
  expect(subscriberOf(ip)).toBe(subscriber)
})
