import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { NAME_PATTERN, NewAccount } from '../../../ui/accounts/account.ts'
import { accounts, oneTimeTokens } from '../../../ui/accounts/table.ts'
import { openDatabase } from '../../../ui/database/database.ts'
import { browser, type Door, openDoor, PASSWORD } from './doorway.ts'

const DAY = 24 * 60 * 60 * 1000

let door: Door

const fieldOf = (page: string, name: string): string =>
  new RegExp(`<input id="${name}"[^>]*>`).exec(page)?.[0] ?? ''

beforeEach(() => {
  door = openDoor()
})

afterEach(() => door.close())

const namesIn = ({ db }: Pick<Door, 'db'>) =>
  db
    .select()
    .from(accounts)
    .all()
    .map(({ name }) => name)

test('the first link sets the panel up and signs its owner in', async () => {
  const link = door.link('https://panel.example.com')
  expect(link.purpose).toBe('setup')
  expect(link.url).toMatch(/^https:\/\/panel\.example\.com\/setup\?token=[\w-]{43}$/)
  const owner = browser(door)
  const { opened, answer } = await owner.follow(link.url, { name: 'ada', password: PASSWORD })
  expect(await opened.text()).toContain('Create account')
  expect([answer.status, answer.headers.get('location')]).toEqual([303, '/'])
  expect(await (await owner.get('/')).text()).toBe('hello ada')
  expect(door.db.select().from(accounts).get()).toMatchObject({ name: 'ada', role: 'admin' })
  expect(door.actions()).toEqual(['setup link made', 'setup link used', 'account created', 'signed in'])
})

test('only a hash of the link and of the password is in the database', async () => {
  const link = door.link()
  await browser(door).follow(link.url, { name: 'ada', password: PASSWORD })
  const everything = JSON.stringify([
    door.db.select().from(oneTimeTokens).all(),
    door.db.select().from(accounts).all(),
    door.trail(),
  ])
  expect(everything).not.toContain(new URL(link.url).searchParams.get('token'))
  expect(everything).not.toContain(PASSWORD)
})

test('a link preview does not use the link up', async () => {
  const { url } = door.link()
  const { pathname, search } = new URL(url)
  for (const method of ['GET', 'HEAD', 'GET'])
    expect((await browser(door).ask(pathname + search, { method })).status).toBe(200)
  expect(door.actions()).toEqual(['setup link made'])
  expect((await browser(door).follow(url, { name: 'ada', password: PASSWORD })).answer.status).toBe(303)
})

test('a link works once', async () => {
  const { url } = door.link()
  await browser(door).follow(url, { name: 'ada', password: PASSWORD })
  const { opened, answer } = await browser(door).follow(url, { name: 'mallory', password: PASSWORD })
  expect([opened.status, answer.status]).toEqual([410, 410])
  const page = await answer.text()
  expect(page).toContain('This link was used already')
  expect(page).toContain('dokku dokkubase:login')
  expect(namesIn(door)).toEqual(['ada'])
})

test('of two who press the button at once, one wins and the other makes no account', async () => {
  const { url } = door.link()
  const [first, second] = await Promise.all([
    browser(door).follow(url, { name: 'ada', password: PASSWORD }),
    browser(door).follow(url, { name: 'mallory', password: PASSWORD }),
  ])
  expect([first.answer.status, second.answer.status].toSorted()).toEqual([303, 410])
  expect(namesIn(door)).toHaveLength(1)
  expect(door.actions().filter((action) => action === 'account created')).toHaveLength(1)
})

test('of many who press it at once through two processes on one database file, one wins', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'dokkubase-setup-'))
  const file = join(folder, 'panel.db')
  const doors = [openDoor({ db: openDatabase(file) }), openDoor({ db: openDatabase(file) })] as const
  const { url } = doors[0].link()
  const answers = await Promise.all(
    Array.from({ length: 8 }, (_, index) =>
      browser(doors[index % 2 === 0 ? 0 : 1], { ip: `203.0.113.${index}` }).follow(url, {
        name: `owner-${index}`,
        password: PASSWORD,
      }),
    ),
  )
  expect(answers.filter(({ answer }) => answer.status === 303)).toHaveLength(1)
  expect(namesIn(doors[0])).toHaveLength(1)
  for (const each of doors) {
    await each.close()
    each.db.$client.close()
  }
  rmSync(folder, { recursive: true })
})

test('after setup no other setup link works, not even an unused one', async () => {
  const [first, second] = [door.link(), door.link()]
  await browser(door).follow(first.url, { name: 'ada', password: PASSWORD })
  const { answer } = await browser(door).follow(second.url, { name: 'mallory', password: PASSWORD })
  expect(answer.status).toBe(410)
  expect(namesIn(door)).toEqual(['ada'])
})

test('a link ends after 24 hours', async () => {
  const { url, expiresAt } = door.link()
  expect(expiresAt).toBe(Date.UTC(2026, 10, 4, 12))
  door.pass(DAY)
  const { opened, answer } = await browser(door).follow(url, { name: 'ada', password: PASSWORD })
  expect(await opened.text()).toContain('This link has expired')
  expect(answer.status).toBe(410)
  expect(namesIn(door)).toEqual([])
})

test('a link that ends while its form is filled in is refused', async () => {
  const { url } = door.link()
  door.pass(DAY - 1)
  const owner = browser(door)
  const { pathname, search, searchParams } = new URL(url)
  expect((await owner.get(pathname + search)).status).toBe(200)
  door.pass(1)
  const form = { token: searchParams.get('token') ?? '', name: 'ada', password: PASSWORD }
  expect((await owner.post('/setup', form)).status).toBe(410)
})

test('an unknown link says so, is written down and guessing it is slowed', async () => {
  const guesser = browser(door)
  const { answer } = await guesser.follow('http://panel.test/setup?token=guessed')
  expect(answer.status).toBe(404)
  expect(await answer.text()).toContain('This link is not known here')
  expect(door.trail().at(-1)).toMatchObject({ action: 'setup link refused', after: { link: 'unknown' } })
  let status = 0
  for (let guess = 0; guess < 20 && status !== 429; guess += 1)
    status = (await guesser.post('/setup', { token: `guess-${guess}` })).status
  expect(status).toBe(429)
  expect(await (await guesser.get('/setup?token=guessed')).text()).toMatch(
    /Wait \d+ seconds?, then try again/,
  )
})

test('a setup link is no sign-in link, nor the other way round', async () => {
  const token = new URL(door.link().url).searchParams.get('token') ?? ''
  expect((await browser(door).post('/sign-in/link', { token })).status).toBe(404)
  expect((await browser(door).get(`/sign-in?token=${token}`)).status).toBe(404)
})

test('a weak password is answered rule by rule, and neither name nor link is lost', async () => {
  const { url } = door.link()
  const { answer } = await browser(door).follow(url, { name: 'ada', password: 'short1' })
  expect(answer.status).toBe(422)
  const page = await answer.text()
  expect(page).toContain(
    'Use at least 12 characters, an upper case letter, a special character, such as ! ? - or a space.',
  )
  expect(page).toMatch(/data-rule="length" data-holds="no"/)
  // The field is empty again: nothing in it keeps a rule.
  expect(page).not.toContain('data-holds="yes"')
  expect(fieldOf(page, 'password')).toMatch(/ autofocus.* aria-invalid="true"/)
  expect(fieldOf(page, 'name')).not.toMatch(/ autofocus| aria-invalid/)
  expect(page).toContain('value="ada"')
  expect(page).toContain(new URL(url).searchParams.get('token'))
  expect(page).not.toContain('short1')
  expect((await browser(door).follow(url, { name: 'ada', password: PASSWORD })).answer.status).toBe(303)
})

test('the rule of names is told beforehand, and a wrong name is marked and gets the focus, not the password', async () => {
  const { url } = door.link()
  const { opened, answer } = await browser(door).follow(url, { name: 'Ada L', password: PASSWORD })
  const rule = '1 to 32 letters, digits, dots, dashes or underscores, beginning with a letter'
  expect(await opened.text()).toContain(rule)
  const page = await answer.text()
  expect(page).toContain(`Use ${rule}. Then type the password again: it was not kept.`)
  expect(fieldOf(page, 'name')).toMatch(/ value="Ada L" autofocus.* aria-invalid="true"/)
  expect(fieldOf(page, 'password')).not.toMatch(/ autofocus| aria-invalid/)
  expect(page).not.toMatch(/data-holds="(yes|no)"/)
  expect(page).not.toContain('This password cannot be used')
  const both = await browser(door).follow(url, { name: 'Ada L', password: 'short1' })
  const wrong = await both.answer.text()
  expect(wrong).toContain('This password cannot be used')
  expect(fieldOf(wrong, 'name')).toContain(' autofocus')
  expect(fieldOf(wrong, 'password')).toMatch(/ aria-invalid="true"/)
  expect(wrong.match(/ autofocus/g)).toHaveLength(1)
})

test('browsers refuse the names that the server refuses', () => {
  const fits = new RegExp(`^(?:${NAME_PATTERN})$`, 'v')
  for (const name of ['ada', 'Ada', ' ada ', 'a.b-c_d', 'x'.repeat(32)]) {
    expect([name, fits.test(name)]).toEqual([name, true])
    expect(NewAccount.shape.name.safeParse(name).success).toBe(true)
  }
  for (const name of ['', 'Ada L', '1a', 'ä', 'a/b', 'x'.repeat(33)]) {
    expect([name, fits.test(name)]).toEqual([name, false])
    expect(NewAccount.shape.name.safeParse(name).success).toBe(false)
  }
})

test('a password of more than 72 bytes is refused, not cut', async () => {
  const { url } = door.link()
  const long = `Aa1!${'x'.repeat(69)}`
  const { answer } = await browser(door).follow(url, { name: 'ada', password: long })
  expect(answer.status).toBe(422)
  expect(await answer.text()).toContain('at most 72 bytes')
})

test('a name that cannot be one is answered with what it may be', async () => {
  const { url } = door.link()
  for (const name of ['', '--global', '..', '<script>alert(1)</script>', 'a b', 'x'.repeat(33)]) {
    const { answer } = await browser(door).follow(url, { name, password: PASSWORD })
    expect([name, answer.status]).toEqual([name, 422])
    const page = await answer.text()
    expect(page).toContain('Use 1 to 32 letters')
    expect(page).not.toContain('<script>alert')
  }
  expect(namesIn(door)).toEqual([])
})

test('without a link nobody sets the panel up', async () => {
  const page = await (await browser(door).get('/setup')).text()
  expect(page).toContain('Not set up yet')
  expect(page).not.toContain('<input')
  expect((await browser(door).post('/setup', { name: 'mallory', password: PASSWORD })).status).toBe(404)
  await door.addAccount()
  expect((await browser(door).get('/setup')).headers.get('location')).toBe('/sign-in')
})

test('the page behind a link shows its rules without a script', async () => {
  const { url } = door.link()
  const { opened } = await browser(door).follow(url)
  const page = await opened.text()
  for (const id of ['length', 'upper', 'lower', 'digit', 'special'])
    expect(page).toContain(`data-rule="${id}"`)
  expect(page).toContain('src="/assets/password.js"')
})
