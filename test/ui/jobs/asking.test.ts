/** What a page is told of a command that is requested once more while the same one waits or runs. */
import { beforeEach, expect, test } from 'vitest'
import { jobs as table } from '../../../ui/jobs/table.ts'
import { mainOf, textOf } from '../story/ask.ts'
import { NOW } from '../story/seed.ts'
import { wholePanel } from '../story/whole.ts'

const SECOND = 1000
const DEPLOY = { url: 'https://github.com/ada/shop.git', ref: 'main' }

let panel: Awaited<ReturnType<typeof wholePanel>>
let ask: ReturnType<typeof panel.signedIn>
beforeEach(async () => {
  panel = await wholePanel()
  ask = panel.signedIn()
})

const post = (path: string, fields: Readonly<Record<string, string>>, script = true) =>
  ask(path, {
    method: 'POST',
    body: new URLSearchParams(fields),
    headers: script ? { 'hx-request': 'true' } : {},
  })
const deploy = async () => textOf(await (await post('/apps/shop/deployments', DEPLOY)).text())
const commands = () => panel.db.select({ command: table.command }).from(table).all().length
const set = (state: 'running' | 'waiting' | 'succeeded', queuedAt: number, more = {}) =>
  panel.db
    .update(table)
    .set({ state, queuedAt, startedAt: queuedAt, ...more })
    .run()

const NOT_ADDED = 'The same command was requested before, so it was not added again.'

test('one that waits is not added again, and whoever asks is told', async () => {
  expect(await deploy()).not.toContain(NOT_ADDED)
  expect(await deploy()).toContain(NOT_ADDED)
  set('waiting', NOW - 3600 * SECOND)
  expect(await deploy()).toContain(NOT_ADDED)
  expect(commands()).toBe(1)
})

test('one that runs is not added again by a double click', async () => {
  await deploy()
  set('running', NOW - 3 * SECOND)
  expect(await deploy()).toContain(NOT_ADDED)
  expect(commands()).toBe(1)
})

test('one that has run for a while is done once more after it: the code may be newer by now', async () => {
  await deploy()
  set('running', NOW - 6 * SECOND)
  const told = await deploy()
  expect(told).not.toContain(NOT_ADDED)
  expect(told).toContain('waits for job 1')
  expect(commands()).toBe(2)
  // The second one waits now.
  expect(await deploy()).toContain(NOT_ADDED)
  expect(commands()).toBe(2)
})

test('one that is being canceled, or has ended, does not stand in the way', async () => {
  await deploy()
  set('running', NOW, { canceledBy: 'ada' })
  expect(await deploy()).not.toContain(NOT_ADDED)
  set('succeeded', NOW, { endedAt: NOW })
  expect(await deploy()).not.toContain(NOT_ADDED)
  expect(commands()).toBe(3)
})

test('without script the page of the job that is there says so', async () => {
  const first = await post('/apps/shop/deployments', DEPLOY, false)
  expect(first.headers.get('location')).toBe('/jobs/1')
  const again = await post('/apps/shop/deployments', DEPLOY, false)
  expect(again.headers.get('location')).toBe('/jobs/1?already=1')
  const page = async (path: string) => textOf(mainOf(await (await ask(path)).text()))
  expect(await page('/jobs/1?already=1')).toContain(NOT_ADDED)
  expect(await page('/jobs/1')).not.toContain(NOT_ADDED)
})

test('of several, the list says how many were there already', async () => {
  const several = (...apps: readonly string[]) =>
    ask('/jobs', {
      method: 'POST',
      body: new URLSearchParams([['kind', 'ps:restart'], ...apps.map((app) => ['app', app])]),
    })
  await several('shop')
  const answer = await several('shop', 'blog')
  expect(answer.headers.get('location')).toBe('/jobs?already=1')
  const list = await (await ask('/jobs?already=1')).text()
  expect(textOf(mainOf(list))).toContain('1 of the commands was requested before, so it was not added again.')
  // Filters and further pages are not about that.
  expect(list.match(/already=/g)).toBeNull()
  expect(commands()).toBe(2)
})
