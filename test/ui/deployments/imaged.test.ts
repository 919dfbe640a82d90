/** What runs after a failed predeploy task and a restart, from events and lists of containers as they come. */

import { afterEach, beforeEach, expect, test } from 'vitest'
import { appStates } from '../../../ui/apps/states.ts'
import { appStatuses } from '../../../ui/apps/statuses.ts'
import { appReads } from '../../../ui/apps/table.ts'
import { type Database, openDatabase } from '../../../ui/database/database.ts'
import { imageWatch } from '../../../ui/deployments/imaged.ts'
import { runningReads } from '../../../ui/deployments/running-reads.ts'
import { deploymentReads, deployments } from '../../../ui/deployments/table.ts'
import { readLine } from '../../../ui/dokku/container.ts'
import { type Journal, replay } from '../../../ui/journal/journal.ts'
import { containerRows } from '../../../ui/processes/snapshot.ts'
import { accessReads } from '../../../ui/properties/access.ts'
import { recording } from '../../../ui/recording.ts'
import { reportReads } from '../../../ui/reports/table.ts'
import { asker } from '../story/ask.ts'
import { type Deploy, deploy, MINUTE } from '../story/events.ts'
import { NOW } from '../story/seed.ts'

const sha = (digit: string) => `sha256:${digit.repeat(64)}`

let db: Database
let journal: Journal
let clock: number
let watch: ReturnType<typeof imageWatch>
beforeEach(() => {
  clock = NOW
  db = openDatabase(':memory:')
  journal = recording(db, { publish: () => {} }, () => clock)
  watch = imageWatch(db, appStates(db), () => clock)
})
afterEach(() => db.$client.close())

const run = (plan: Partial<Deploy>) => {
  journal.record(deploy({ app: 'blog', who: 'ada', at: clock, took: MINUTE, ...plan }))
  clock += 2 * MINUTE
}

/** As `dokkubase:containers` prints it, and what follows from it. */
function list(next: string | null, ...running: readonly string[]) {
  const lines = [
    ...running.map((image, index) => ({
      kind: 'container',
      app: 'blog',
      container_type: 'deploy',
      process: 'web',
      dyno: `web.${index + 1}`,
      id: `c${index}${image.slice(7, 9)}`,
      name: `/blog.web.${index + 1}`,
      image_id: image,
      image: 'dokku/blog:latest',
      created_at: new Date(clock - 90_000).toISOString(),
      started_at: new Date(clock - 90_000).toISOString(),
      finished_at: '0001-01-01T00:00:00Z',
      status: 'running',
      exit_code: 0,
      oom_killed: false,
      restarts: 0,
      restart_policy: 'on-failure',
      max_restarts: 10,
      memory_limit: 0,
      addresses: ['172.17.0.2'],
    })),
    {
      ...{ kind: 'app', app: 'blog', next_image_id: next, scheduler: 'docker-local', proxy: 'nginx' },
      ...{ web_listener: '', upstreams: [], current: [], access: [] },
    },
  ].map((line) => readLine(JSON.stringify(line)))
  const read = {
    readAt: clock,
    containers: lines.flatMap((line) => (line?.kind === 'container' ? line.container : [])),
    apps: lines.flatMap((line) => (line?.kind === 'app' ? line.app : [])),
  }
  expect(lines).not.toContain(null)
  const apps = appStates(db)
  const see = watch(read)
  containerRows(db, apps, () => clock).listed(read)
  journal.record(see())
  clock += MINUTE
}

function status() {
  const reads = {
    deployments: deploymentReads(db),
    running: runningReads(db),
    access: accessReads(reportReads(db)),
  }
  const app = appReads(db).named('blog')
  if (app === undefined) throw new Error('the app is not there')
  const { running, warning } = appStatuses(reads).of(app)
  const codes =
    running.kind === 'code' ? running.codes.map(({ deployment }) => deployment?.number) : running.kind
  return { codes, warning: warning?.text }
}

const STARTS = 'The next restart, scaling or change of config starts the code of'
const PREDEPLOY = { step: 'predeploy', reason: 'The predeploy task failed: exit 7' } as const

test('a failed predeploy task is warned of, and after a restart its code is what runs', () => {
  run({ subject: 'One' })
  list(sha('1'), sha('1'))
  expect(status()).toEqual({ codes: [1], warning: undefined })
  run({ subject: 'Two', end: PREDEPLOY })
  list(sha('2'), sha('1'))
  expect(status()).toEqual({
    codes: [1],
    warning: `${STARTS} #2, which failed: predeploy, not what runs now.`,
  })
  run({ source: 'ps:restart' })
  list(sha('2'), sha('2'))
  expect(status()).toEqual({ codes: [2], warning: undefined })
  run({ source: 'config-redeploy' })
  list(sha('3'), sha('3'))
  expect(status()).toEqual({ codes: [2], warning: undefined })
})

test('a list that is read in the midst of a change of config breaks nothing', () => {
  run({ subject: 'One' })
  list(sha('1'), sha('1'))
  const at = clock
  const redeploy = deploy({ app: 'blog', who: 'ada', at, took: MINUTE, source: 'config-redeploy' })
  const [begun, ...rest] = redeploy
  journal.record(begun === undefined ? [] : [begun])
  clock += MINUTE / 4
  list(sha('2'), sha('1'))
  journal.record(rest)
  clock += MINUTE
  list(sha('2'), sha('2'))
  expect(status()).toEqual({ codes: [1], warning: undefined })
})

test('of a change of config and a rebuild that made the first image again, the rebuild runs now', async () => {
  run({ subject: 'One' })
  list(sha('1'), sha('1'))
  run({ source: 'config-redeploy' })
  list(sha('2'), sha('2'))
  const runs = async (number: number) =>
    (await asker({ db }).text(`/apps/blog/deployments/${number}`)).includes('Runs now yes')
  expect([await runs(1), await runs(2)]).toEqual([true, true])
  // The same code from Docker's cache is the same image.
  run({ source: 'ps:rebuild' })
  list(sha('1'), sha('1'))
  expect([await runs(1), await runs(2), await runs(3)]).toEqual([true, false, true])
})

test('an image that another made before a change of config is not taken for an earlier deploy’s', () => {
  run({ subject: 'One' })
  list(sha('1'), sha('1'))
  list(sha('8'), sha('1'))
  run({ source: 'config-redeploy' })
  list(sha('9'), sha('9'))
  expect(status().codes).toEqual([undefined])
})

test('scaling one process type starts what is next for it alone, and leaves no record', () => {
  run({ subject: 'One' })
  list(sha('1'), sha('1'))
  run({ subject: 'Two', end: { step: 'checks', reason: 'A check of web.1 failed' } })
  list(sha('2'), sha('1'), sha('2'))
  expect(status()).toEqual({
    codes: [1, 2],
    warning: `${STARTS} #2, which failed: checks, which only web.2 runs now.`,
  })
})

test('an image from before the first deployment that is known is unknown, until a build makes another', () => {
  journal.record([...deploy({ app: 'blog', who: 'ada', at: clock, took: MINUTE, source: 'ps:restart' })])
  clock += 2 * MINUTE
  list(sha('9'), sha('9'))
  expect(status().codes).toEqual([undefined])
  run({ subject: 'Two' })
  list(sha('2'), sha('2'))
  expect(status().codes).toEqual([2])
})

test('where Dokku has no image any more, the next restart is said to fail', () => {
  run({ subject: 'One' })
  list(sha('1'), sha('1'))
  run({ subject: 'Two', end: { step: 'build', reason: 'Build failed' } })
  list(null, sha('1'))
  expect(status()).toMatchObject({
    codes: [1],
    warning: expect.stringContaining('Dokku has no image of this app.'),
  })
})

test('a list adds no event twice, and a replay of the journal knows the same images', () => {
  run({ subject: 'One' })
  list(sha('1'), sha('1'))
  const count = () => journal.read(0, 1000).length
  const before = count()
  list(sha('1'), sha('1'))
  expect(count()).toBe(before)
  run({ subject: 'Two', end: PREDEPLOY })
  list(sha('2'), sha('1'))
  const again = openDatabase(':memory:')
  replay(
    journal,
    recording(again, { publish: () => {} }, () => clock),
  )
  const images = (of: Database) => {
    const found = of.select().from(deployments).all()
    const numbers = new Map(found.map(({ id, number }) => [id, number]))
    return found.map(({ number, imageId, codeId }) => ({ number, imageId, code: numbers.get(codeId ?? 0) }))
  }
  expect(images(db)).toEqual([
    { number: 1, imageId: sha('1'), code: 1 },
    { number: 2, imageId: sha('2'), code: 2 },
  ])
  expect(images(again)).toEqual(images(db))
  again.$client.close()
})
