import { beforeEach, expect, test } from 'vitest'
import { type Database, openDatabase } from '../../../ui/database/database.ts'
import { holderOf } from '../../../ui/deployments/lock.ts'
import { deploymentReads, deployments } from '../../../ui/deployments/table.ts'
import { buildRows } from '../../../ui/deployments/watched.ts'
import { type Event, eventId } from '../../../ui/events/event.ts'
import { begunBy, buildsOf } from '../../../ui/events/timeline.ts'
import type { Journal } from '../../../ui/journal/journal.ts'
import { pageReads } from '../../../ui/pages.ts'
import { recording } from '../../../ui/recording.ts'
import { asker } from '../story/ask.ts'
import { hookEvent } from '../story/events.ts'
import { NOW } from '../story/seed.ts'

let db: Database
let journal: Journal
let count: number
beforeEach(() => {
  db = openDatabase(':memory:')
  journal = recording(db, { publish() {} }, () => NOW)
  count = 0
})

const WEEK = 7 * 24 * 3600_000
const HOUR = 3600_000
const BEFORE = NOW - 2 * WEEK
const tell = (trigger: string, at: number, rest: Partial<Event>) => {
  count += 1
  journal.record([hookEvent({ id: eventId(at, 1, count), trigger, at, args: [], ...rest })])
}
const start = (at: number, id: string) =>
  tell('builds-record-start', at, {
    args: ['shop', id, '4411', 'git-hook'],
    buildId: id,
    buildSource: 'git-hook',
  })
const ended = (at: number, id: string, of: number, more: object = {}) =>
  tell('build-ended', at, {
    ...{ args: ['shop', id, String(of)], buildId: id, origin: 'seen' },
    note: JSON.stringify({
      ...{ status: 'failed', exitCode: -1, failedStep: 'build', reason: 'x', lines: [], steps: [] },
      ...more,
    }),
  })
const all = () => db.select().from(deployments).orderBy(deployments.number).all()
const idOf = (number: number) => all()[number - 1]?.id ?? 0

test('two builds that Dokku gave the number of a process for an id are two deployments', () => {
  start(BEFORE, 'pid-4411')
  ended(BEFORE + 1000, 'pid-4411', idOf(1))
  start(BEFORE + WEEK, 'pid-4411')
  tell('builds-record-finalize', BEFORE + WEEK + 1000, {
    args: ['shop', 'pid-4411', '0'],
    buildId: 'pid-4411',
  })
  expect(all().map(({ number, status, startedAt }) => [number, status, startedAt])).toEqual([
    [1, 'failed', BEFORE],
    [2, 'succeeded', BEFORE + WEEK],
  ])
  const reads = pageReads(db)
  const events = reads.events.page({}, { limit: 20 }).filter(({ begins }) => begins === 'pid-4411')
  const builds = reads.deployments.byBuilds(buildsOf(events))
  expect(events.map((event) => [event.at, begunBy(builds, event)?.number])).toEqual([
    [BEFORE + WEEK, 2],
    [BEFORE, undefined],
  ])
})

test('a comparison takes a build under such an id for the one known only where both began at one time', () => {
  start(BEFORE, 'pid-4411')
  start(BEFORE, 'mwsm2q2cgir830')
  const { known } = buildRows(db)
  const appId = all()[0]?.appId ?? 0
  expect(known(appId, 'pid-4411', BEFORE)).toBe(true)
  expect(known(appId, 'pid-4411', BEFORE + WEEK)).toBe(false)
  expect(known(appId, 'mwsm2q2cgir830', BEFORE + WEEK)).toBe(true)
  expect(known(appId, 'pid-9', BEFORE)).toBe(false)
})

test('a build of all apps under such an id begins a deployment of its own', () => {
  const sign = (at: number) =>
    tell('post-deploy', at, { args: ['shop', '', '', 'latest'], buildId: 'pid-7', buildSource: 'ps:rebuild' })
  sign(BEFORE)
  ended(BEFORE + 1000, 'pid-7', idOf(1))
  sign(BEFORE + WEEK)
  sign(BEFORE + WEEK + 500)
  expect(all().map(({ startedAt }) => startedAt)).toEqual([BEFORE, BEFORE + WEEK])
})

test('the same build told twice, or of an id of its own, is one deployment', () => {
  start(BEFORE, 'mwsm2q2cgir830')
  start(BEFORE + WEEK, 'mwsm2q2cgir830')
  start(BEFORE, 'pid-9')
  start(BEFORE + 500, 'pid-9')
  expect(all().map(({ buildId }) => buildId)).toEqual(['mwsm2q2cgir830', 'pid-9'])
})

test.each([
  ['as the hook writes it', '\n\n\n\n4411 (dokku) S 1 2 3'],
  ['as an earlier hook did', '\n\n\n4411 (dokku) S 1 2 3'],
])('the line of a process is no subject where git could not read the commit: %s', (_, note) => {
  const revision = 'a'.repeat(40)
  tell('post-extract', BEFORE, {
    ...{ args: ['shop', '/tmp/x', revision], note, buildId: 'mxall', buildSource: 'ps:rebuild' },
  })
  expect(all()).toMatchObject([{ subject: '', author: '', revision, pid: 4411 }])
})

test('one whose end nobody knows has no duration anywhere, and holds no lock', async () => {
  start(BEFORE, 'mxleaked')
  ended(NOW, 'mxleaked', idOf(1), { isEndKnown: false })
  const [row] = all()
  expect([row?.status, row?.endedAt]).toEqual(['failed', null])
  const ask = asker({ db })
  expect(await ask.text('/apps/shop/deployments')).toContain('not known')
  expect(await ask.text('/apps/shop/deployments/1')).toContain('Duration not known')
  const brief = deploymentReads(db).page({}, { limit: 5 })
  expect(holderOf(brief, { from: BEFORE + HOUR, to: BEFORE + 2 * HOUR })).toBe(undefined)
  expect(holderOf(brief, { from: BEFORE, to: BEFORE })?.number).toBe(1)
})
