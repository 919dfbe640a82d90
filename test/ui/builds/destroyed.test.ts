import { afterEach, beforeEach, expect, test } from 'vitest'
import { apps } from '../../../ui/apps/table.ts'
import { builds } from '../../../ui/builds/build.ts'
import { localProcesses } from '../../../ui/builds/process.ts'
import type { LogSays } from '../../../ui/builds/verdict.ts'
import { type Database, openDatabase } from '../../../ui/database/database.ts'
import { deployments } from '../../../ui/deployments/table.ts'
import { buildRows } from '../../../ui/deployments/watched.ts'
import { type Event, eventId } from '../../../ui/events/event.ts'
import { events } from '../../../ui/events/table.ts'
import { type Journal, replay } from '../../../ui/journal/journal.ts'
import { recording } from '../../../ui/recording.ts'
import { eventually } from '../../patience.ts'
import { hookEvent } from '../story/events.ts'

const DAY = Date.UTC(2026, 10, 20)
const nothingSaid: LogSays = { failure: null, ending: null, stopped: null, steps: [], lastWriteAt: null }

let db: Database
let journal: Journal
let ticks: number
let stops: (() => Promise<void>)[]

beforeEach(() => {
  db = openDatabase(':memory:')
  journal = recording(db, { publish() {} })
  ticks = 0
  stops = []
})
afterEach(async () => {
  for (const stop of stops) await stop()
  db.$client.close()
})

const told = (trigger: string, args: readonly string[], rest: Partial<Event> = {}): Event => {
  ticks += 1
  return hookEvent({ id: eventId(DAY + ticks, 1, ticks), trigger, at: DAY + ticks, args, ...rest })
}
/** The start of a build whose process is gone. */
const start = (app: string, buildId: string): Event =>
  told('builds-record-start', [app, buildId, '4000000', 'git-hook'])

/** As the panel has it, with logs that take a moment to be read to their end. */
const panelStarts = () => {
  const rows = buildRows(db)
  const watch = builds({
    dokkuLibRoot: '/nowhere',
    processes: localProcesses,
    log: {
      start() {},
      async finish({ id }) {
        await new Promise((resolve) => setTimeout(resolve, id % 2 === 0 ? 2 : 5))
        return nothingSaid
      },
    },
    running: rows.toJudge,
    find: rows.find,
    record: journal.record,
    judged: rows.judged,
    drain: async () => {},
    now: () => DAY + 5000,
    onError: (error) => {
      throw error
    },
    everyMs: 10,
  })
  journal.onRecorded(watch.recorded)
  watch.start()
  stops.push(watch.stop)
  return watch
}
const ends = () =>
  db
    .select()
    .from(events)
    .all()
    .filter(({ trigger }) => trigger === 'build-ended')
const rows = () => db.select().from(deployments).all()
const settled = (watch: ReturnType<typeof panelStarts>) => eventually(() => expect(watch.watching()).toBe(0))

test('an app destroyed and made again while builds of it run: each of them ends once, also after a restart', async () => {
  journal.record([
    told('post-create', ['review']),
    start('review', 'mxfirst'),
    start('review', 'mxsecond'),
    told('post-delete', ['review', 'latest']),
    told('post-create', ['review']),
    start('review', 'mxthird'),
  ])
  await settled(panelStarts())
  expect(ends()).toHaveLength(3)
  const again = panelStarts()
  // Whatever is told of a build has the watch look for what is still to be judged.
  journal.record([
    told('post-deploy', ['review', '', '', 'latest'], { buildId: 'mxthird', buildSource: 'x' }),
  ])
  await settled(again)
  expect(ends()).toHaveLength(3)
  expect(rows().map(({ appId, status, reason }) => [appId, status, reason])).toEqual([
    [1, 'canceled', 'The app was destroyed'],
    [1, 'canceled', 'The app was destroyed'],
    [2, 'failed', expect.stringContaining('received')],
  ])
  expect(rows().every(({ judgedAt }) => judgedAt !== null)).toBe(true)
  expect(
    ends()
      .map(({ appId }) => appId)
      .toSorted(),
  ).toEqual([1, 1, 2])
  const copy = openDatabase(':memory:')
  replay(journal, recording(copy, { publish() {} }))
  expect(copy.select().from(deployments).all()).toEqual(rows())
  copy.$client.close()
})

test('a deployment ends with its app, and what Dokku still tells of it changes neither that nor the next app', () => {
  const of = { buildId: 'mxfirst', buildSource: 'git-hook' }
  journal.record([told('post-create', ['review']), start('review', 'mxfirst')])
  expect(rows()).toMatchObject([{ status: 'running' }])
  const destroyed = told('post-delete', ['review', 'latest'])
  journal.record([destroyed])
  expect(rows()).toMatchObject([
    { status: 'canceled', reason: 'The app was destroyed', endedAt: destroyed.at, failedStep: 'canceled' },
  ])
  journal.record([
    told('post-create', ['review']),
    told('pre-receive-app', ['review', 'dockerfile', '/tmp/x', 'a'.repeat(40)], of),
    told('post-deploy', ['review', '', '', 'latest'], of),
    told('builds-record-finalize', ['review', 'mxfirst', '1'], of),
  ])
  expect(rows()).toMatchObject([{ appId: 1, status: 'canceled', reason: 'The app was destroyed' }])
  const second = db.select().from(apps).all()[1]
  expect(second).toMatchObject({ name: 'review', destroyedAt: null, recent: '', liveDeploymentId: null })
})

test('a deployment after which another began is judged by its log, not taken for ended by the end of its app', () => {
  journal.record([
    told('post-create', ['review']),
    start('review', 'mxfirst'),
    start('review', 'mxsecond'),
    told('post-delete', ['review', 'latest']),
  ])
  expect(rows()).toMatchObject([
    { buildId: 'mxfirst', status: 'running', endedAt: null },
    { buildId: 'mxsecond', status: 'canceled' },
  ])
})

test('an app found gone ends its deployments as well; a rename ends none', () => {
  journal.record([
    told('post-create', ['review']),
    start('review', 'mxfirst'),
    told('post-create', ['market']),
    told('post-app-rename-setup', ['review', 'market']),
    told('post-delete', ['review', 'latest']),
    told('post-app-rename', ['review', 'market']),
  ])
  expect(rows()).toMatchObject([{ status: 'running' }])
  journal.record([told('app-gone', ['market'], { origin: 'seen' })])
  expect(rows()).toMatchObject([{ status: 'canceled' }])
})

test('a build whose end cannot be read is judged all the same, and says that it is not known how it ended', () => {
  journal.record([told('post-create', ['blog']), start('blog', 'mxfirst')])
  const watched = buildRows(db)
  const id = rows()[0]?.id ?? 0
  const broken = told('build-ended', ['blog', 'mxfirst', `${id}`], { origin: 'seen', note: '{' })
  journal.record([broken], () => watched.judged(id, broken.at))
  expect(rows()).toMatchObject([
    { judgedAt: broken.at, status: 'failed', reason: expect.stringContaining('not known') },
  ])
  // An event that was recorded before changes nothing, and ends it all the same.
  db.update(deployments).set({ judgedAt: null, status: 'running', reason: '' }).run()
  expect(journal.record([broken], () => watched.judged(id, broken.at))).toEqual([])
  expect(rows()).toMatchObject([
    {
      judgedAt: broken.at,
      status: 'failed',
      exitCode: -1,
      endedAt: broken.at,
      reason: expect.stringContaining('not known'),
    },
  ])
})
