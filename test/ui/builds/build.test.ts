import { type ChildProcess, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { builds } from '../../../ui/builds/build.ts'
import { localProcesses, startTicksOf } from '../../../ui/builds/process.ts'
import { type EndedBuild, type LogSays, verdictOn } from '../../../ui/builds/verdict.ts'
import type { Event } from '../../../ui/events/event.ts'
import { eventually } from '../../patience.ts'
import { hookEvent } from '../story/events.ts'

const nothingSaid: LogSays = { failure: null, ending: null, stopped: null, steps: [], lastWriteAt: null }
const buildFailed: LogSays = {
  ...nothingSaid,
  failure: { step: 'build', reason: 'Build failed at step 4/5 RUN npm ci', lines: [31] },
}
const lockHeld: LogSays = {
  ...nothingSaid,
  ending: { status: 'refused', reason: 'Refused: another deploy of this app was running', lines: [1] },
}
const otherBranch: LogSays = {
  ...nothingSaid,
  ending: { status: 'skipped', reason: 'Nothing was deployed: Dokku deploys main', lines: [1] },
}
const skipDeploy: LogSays = {
  ...nothingSaid,
  ending: { status: 'built', reason: 'Built, not deployed: skip-deploy is set', lines: [9] },
  steps: [{ step: 'build', at: 1, line: 1 }],
}
const postdeployFailed: LogSays = {
  ...nothingSaid,
  failure: { step: null, reason: 'The postdeploy task failed after the app was live', lines: [40] },
  steps: [{ step: 'live', at: 9, line: 38 }],
}

const build: EndedBuild = {
  id: 1,
  host: 'local',
  app: 'blog',
  buildId: 'mwslcic9nxmhnj',
  source: 'git-hook',
  pid: 4_000_000,
  pidStart: '1',
  logFile: '/nowhere.log',
  startedAt: 1000,
  status: 'running',
  exitCode: null,
  liveAt: null,
  builder: 'dockerfile',
  reason: '',
  appDestroyedAt: null,
}

describe('a build whose process is gone', () => {
  test.each([
    [
      'finalized with 0 succeeded',
      { status: 'succeeded', exitCode: 0 },
      nothingSaid,
      'succeeded',
      'succeeded',
      0,
      null,
    ],
    [
      'finalized with 1 failed, and its log says where',
      { status: 'failed', exitCode: 1 },
      buildFailed,
      'failed',
      'failed',
      1,
      'build',
    ],
    ['never finalized failed where its log says', {}, buildFailed, 'running', 'failed', -1, 'build'],
    ['never finalized and silent failed in its build', {}, nothingSaid, 'running', 'failed', -1, 'build'],
    [
      'never finalized, before any builder, failed when it was received',
      { builder: '' },
      nothingSaid,
      null,
      'failed',
      -1,
      'received',
    ],
    [
      'never finalized and silent failed in the last step its log reached',
      {},
      {
        ...nothingSaid,
        steps: [
          { step: 'build', at: 1, line: 1 },
          { step: 'proxy', at: 2, line: 9 },
        ],
      },
      'failed',
      'failed',
      -1,
      'proxy',
    ],
    ['refused by a lock is refused, not failed', { builder: '' }, lockHeld, 'running', 'refused', -1, null],
    [
      'refused by a lock is refused, though Dokku told of an exit code',
      { builder: '', status: 'failed', exitCode: 1 },
      lockHeld,
      'failed',
      'refused',
      1,
      null,
    ],
    [
      'of another branch deployed nothing and did not fail',
      { builder: '' },
      otherBranch,
      'running',
      'skipped',
      0,
      null,
    ],
    [
      'of two branches, one of them deployed, succeeded',
      { status: 'succeeded', exitCode: 0, liveAt: 5 },
      otherBranch,
      'succeeded',
      'succeeded',
      0,
      null,
    ],
    [
      'of an app that is not to be deployed is built, though Dokku calls it succeeded',
      { status: 'succeeded', exitCode: 0 },
      skipDeploy,
      'succeeded',
      'built',
      0,
      null,
    ],
    [
      'that failed after it was live says so by naming no step',
      { status: 'failed', exitCode: 1 },
      postdeployFailed,
      'failed',
      'failed',
      1,
      null,
    ],
    [
      'canceled by Dokku’s record is canceled, whatever its log says',
      {},
      buildFailed,
      'canceled',
      'canceled',
      -1,
      'canceled',
    ],
    [
      'ps:restart that went live succeeded, though Dokku calls it failed',
      { source: 'ps:restart', liveAt: 5 },
      nothingSaid,
      'failed',
      'succeeded',
      0,
      null,
    ],
    [
      'git:sync that built nothing had nothing to deploy',
      { source: 'git:sync', builder: '' },
      nothingSaid,
      'running',
      'skipped',
      0,
      null,
    ],
    [
      'git:sync that was to build a branch that is not there is failed',
      { source: 'git:sync', builder: '' },
      {
        ...nothingSaid,
        failure: { step: 'received', reason: 'The repository has no branch named master', lines: [2] },
      },
      'running',
      'failed',
      -1,
      'received',
    ],
    [
      'git:sync that could not fetch the code is failed, though Dokku calls it succeeded',
      { source: 'git:sync', builder: '', status: 'succeeded', exitCode: 0 },
      {
        ...nothingSaid,
        failure: { step: 'received', reason: 'The repository has no branch named master', lines: [2] },
      },
      'succeeded',
      'failed',
      -1,
      'received',
    ],
    [
      'git:sync whose fetch failed is failed',
      { source: 'git:sync', builder: '' },
      buildFailed,
      'running',
      'failed',
      -1,
      'build',
    ],
    [
      'whose app was destroyed is canceled, where its log does not say that it failed',
      { appDestroyedAt: 7 },
      nothingSaid,
      null,
      'canceled',
      -1,
      'canceled',
    ],
    [
      'that failed before its app was destroyed is failed',
      { appDestroyedAt: 7 },
      buildFailed,
      null,
      'failed',
      -1,
      'build',
    ],
  ] as const)('%s', (_, known, says, record, status, exitCode, failedStep) => {
    expect(
      verdictOn({ ...build, ...known }, says, record === null ? null : { status: record }),
    ).toMatchObject({ status, exitCode, failedStep })
  })
})

test('a canceled build keeps the reason it has', () => {
  const reason = 'The app was destroyed'
  const known = { ...build, status: 'canceled' as const, reason }
  expect(verdictOn(known, buildFailed, null)).toMatchObject({ status: 'canceled', reason })
  expect(verdictOn({ ...known, reason: '' }, buildFailed, null)).toMatchObject({ reason: 'Canceled' })
})

describe('a process', () => {
  test('that runs is alive, and gone when its start time is another', () => {
    const start = localProcesses.startTicks(process.pid)
    expect(start).toMatch(/^\d+$/)
    expect(localProcesses.alive(process.pid, start)).toBe(true)
    expect(localProcesses.alive(process.pid, '')).toBe(true)
    expect(localProcesses.alive(process.pid, '1')).toBe(false)
    expect(localProcesses.alive(4_000_000, '')).toBe(false)
    expect(localProcesses.alive(0, '')).toBe(false)
  })

  test('of another user is alive', () => {
    expect(localProcesses.alive(1, '')).toBe(true)
  })

  test('with blanks and brackets in its name is read right', () => {
    const fields = Array.from({ length: 30 }, (_, index) => `f${index + 3}`).join(' ')
    expect(startTicksOf(`4242 (bash) evil) x) ${fields}`)).toBe('f22')
    expect(startTicksOf('')).toBe('')
  })
})

describe('the watch over builds', () => {
  let root: string
  let recorded: Event[]
  let rows: EndedBuild[]
  let judged: Set<number>
  let drained: () => void
  let errors: unknown[]
  let watch: ReturnType<typeof builds>
  const children: ChildProcess[] = []

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'builds-'))
    recorded = []
    rows = []
    judged = new Set()
    drained = () => {}
    errors = []
    watch = builds({
      dokkuLibRoot: root,
      processes: localProcesses,
      log: { start() {}, finish: async () => buildFailed },
      running: () => rows.filter(({ id }) => !judged.has(id)),
      find: (id) => rows.find((row) => row.id === id),
      record(events, andThen) {
        recorded.push(...events)
        andThen()
        return []
      },
      judged: (id) => judged.add(id),
      drain: async () => drained(),
      now: () => 50_000,
      onError: (error) => errors.push(error),
      everyMs: 20,
      againMs: 30,
    })
  })
  afterEach(async () => {
    await watch.stop()
    expect(errors).toEqual([])
    for (const child of children.splice(0)) child.kill('SIGKILL')
    rmSync(root, { recursive: true })
  })

  const run = (): ChildProcess => {
    const child = spawn('sleep', ['3600'])
    children.push(child)
    return child
  }
  const of = (child: ChildProcess, rest: Partial<EndedBuild> = {}): EndedBuild => {
    const pid = child.pid ?? 0
    return { ...build, pid, pidStart: localProcesses.startTicks(pid), ...rest }
  }
  const until = (condition: () => boolean) => eventually(() => expect(condition()).toBe(true))

  test('says that a build ended, with what its log says', async () => {
    const child = run()
    rows = [of(child)]
    watch.start()
    await new Promise((resolve) => setTimeout(resolve, 100))
    expect(recorded).toEqual([])
    child.kill('SIGKILL')
    await until(() => recorded.length === 1)
    expect(recorded[0]).toMatchObject({
      trigger: 'build-ended',
      origin: 'seen',
      at: 50_000,
      args: ['blog', build.buildId, '1'],
    })
    expect(JSON.parse(recorded[0]?.note ?? '')).toMatchObject({
      status: 'failed',
      failedStep: 'build',
      lines: [31],
    })
    expect(watch.watching()).toBe(0)
  })

  test.each(['builds-record-start', 'post-deploy'])(
    'watches a build it first hears of by %s',
    async (trigger) => {
      const child = run()
      rows = [of(child)]
      const { buildId, app } = build
      watch.recorded([{ ...hookEvent({ id: trigger, trigger, at: 1, args: [app], buildId }), seq: 1, app }])
      expect(watch.watching()).toBe(1)
      child.kill('SIGKILL')
      await until(() => recorded.length === 1)
      expect(recorded[0]).toMatchObject({ trigger: 'build-ended', args: ['blog', buildId, '1'] })
    },
  )

  test('hears what the outbox holds before it judges', async () => {
    const child = run()
    rows = [of(child)]
    watch.start()
    drained = () => {
      rows = rows.map((row) => ({ ...row, status: 'succeeded' as const, exitCode: 0 }))
    }
    child.kill('SIGKILL')
    await until(() => recorded.length === 1)
    expect(JSON.parse(recorded[0]?.note ?? '')).toMatchObject({ status: 'succeeded', reason: '' })
  })

  test('takes up after a restart what ended meanwhile, at the time Dokku’s record names', async () => {
    mkdirSync(join(root, 'data/builds/blog'), { recursive: true })
    const record = {
      id: build.buildId,
      app: 'blog',
      pid: build.pid,
      started_at: '1970-01-01T00:00:01Z',
      finished_at: '1970-01-01T00:00:09Z',
      status: 'canceled',
      source: 'git-hook',
      exit_code: -1,
    }
    writeFileSync(join(root, 'data/builds/blog', `${build.buildId}.json`), JSON.stringify(record))
    rows = [build]
    watch.start()
    await until(() => recorded.length === 1)
    expect(recorded[0]).toMatchObject({ at: 9000 })
    expect(JSON.parse(recorded[0]?.note ?? '')).toMatchObject({ status: 'canceled' })
  })

  test.each([
    ['no record', null, false],
    ['a record that still says running', { status: 'running' }, false],
    [
      'a record Dokku closed late',
      { status: 'failed', exit_code: -1, finished_at: '1970-01-02T00:00:00Z' },
      false,
    ],
    ['a record with its end', { status: 'failed', exit_code: 1, finished_at: '1970-01-01T00:00:09Z' }, true],
  ])('of a build without a log and with %s the end is known: %j', async (_, says, isKnown) => {
    mkdirSync(join(root, 'data/builds/blog'), { recursive: true })
    const record = {
      id: build.buildId,
      app: 'blog',
      pid: 4_000_000,
      started_at: '1970-01-01T00:00:01Z',
      source: 'git-hook',
    }
    if (says !== null)
      writeFileSync(
        join(root, 'data/builds/blog', `${build.buildId}.json`),
        JSON.stringify({ ...record, ...says }),
      )
    rows = [build]
    watch.start()
    await until(() => recorded.length === 1)
    expect(JSON.parse(recorded[0]?.note ?? '').isEndKnown).toBe(isKnown ? undefined : false)
    expect(recorded[0]?.at).toBe(isKnown ? 9000 : 50_000)
  })

  test('judges hundreds of old builds after a long absence', async () => {
    rows = Array.from({ length: 300 }, (_, index) => ({ ...build, id: index + 1, buildId: `build${index}` }))
    watch.start()
    await until(() => recorded.length === 300)
    expect(new Set(recorded.map(({ id }) => id)).size).toBe(300)
  })

  test('tries again when the end could not be recorded, and complains once', async () => {
    const full = new Error('database or disk is full')
    let tries = 0
    drained = () => {
      tries += 1
      if (tries < 3) throw full
    }
    rows = [build]
    watch.start()
    await until(() => recorded.length === 1)
    expect(tries).toBe(3)
    expect(errors.splice(0)).toEqual([full])
    expect(watch.watching()).toBe(0)
  })

  test('waits longer from try to try, and longest for minutes', async () => {
    let tries = 0
    drained = () => {
      tries += 1
      throw new Error('database or disk is full')
    }
    rows = [build]
    watch.start()
    await until(() => tries === 4)
    const fourth = performance.now()
    await until(() => tries === 5)
    // 30, 60 and 120 ms lay between the first four; 240 come next.
    expect(performance.now() - fourth).toBeGreaterThan(200)
    expect(errors.splice(0)).toHaveLength(1)
  })

  test('builds of several apps that share a process and an id are each judged', async () => {
    rows = ['blog', 'shop', 'wiki'].map((app, index) => ({ ...build, app, id: index + 1 }))
    watch.start()
    await until(() => recorded.length === 3)
    expect(new Set(recorded.map(({ id }) => id)).size).toBe(3)
    expect(recorded.map(({ args }) => args).toSorted()).toEqual([
      ['blog', build.buildId, '1'],
      ['shop', build.buildId, '2'],
      ['wiki', build.buildId, '3'],
    ])
  })

  test('takes nothing up once it was stopped', async () => {
    await watch.stop()
    rows = [build]
    watch.recorded([
      { ...hookEvent({ id: 'x', trigger: 'post-deploy', at: 1, args: [], buildId: 'x' }), seq: 1, app: null },
    ])
    expect(watch.watching()).toBe(0)
  })

  test('never leaves the folder of builds for a record', async () => {
    writeFileSync(
      join(root, 'evil.json'),
      JSON.stringify({ id: 'x', app: 'x', started_at: '', status: 'canceled', source: '' }),
    )
    rows = [{ ...build, app: '../..', buildId: 'evil' }]
    watch.start()
    await until(() => recorded.length === 1)
    expect(JSON.parse(recorded[0]?.note ?? '')).toMatchObject({ status: 'failed' })
  })
})
