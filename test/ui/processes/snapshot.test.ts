import { eq } from 'drizzle-orm'
import { describe, expect, test } from 'vitest'
import { appStates } from '../../../ui/apps/states.ts'
import { apps } from '../../../ui/apps/table.ts'
import { openDatabase } from '../../../ui/database/database.ts'
import type { AppLine } from '../../../ui/dokku/container.ts'
import { processProjection } from '../../../ui/processes/projection.ts'
import { type Change, containerRows } from '../../../ui/processes/snapshot.ts'
import { containers, processDeaths, processTypes } from '../../../ui/processes/table.ts'
import { line, listed, recorded } from './lines.ts'

const MINUTE = 60_000

/** The apps of the recordings, and a clock that stands where the last line was. */
function seeded() {
  const db = openDatabase(':memory:')
  db.insert(apps)
    .values([
      { name: 'web', liveDeploymentId: 1, formationReadAt: 1 },
      { name: 'shop', liveDeploymentId: 2, formationReadAt: 1 },
      { name: 'blog', liveDeploymentId: 3, formationReadAt: 1 },
    ])
    .run()
  db.insert(processTypes)
    .values([
      { appId: 1, processType: 'web', quantity: 2 },
      { appId: 1, processType: 'worker', quantity: 1 },
      { appId: 2, processType: 'web', quantity: 1 },
      { appId: 3, processType: 'web', quantity: 1 },
    ])
    .run()
  const clock = { now: 5000 }
  const states = appStates(db)
  const rows = containerRows(db, states, () => clock.now)
  const list = (lines: ReturnType<typeof listed>[] = [], readAt = clock.now, of: AppLine[] = []): Change =>
    rows.listed({ containers: lines, apps: of, readAt })
  const happened = (each: ReturnType<typeof line>): Change => {
    clock.now = Math.max(clock.now, each.at)
    return rows.happened(each)
  }
  const app = (name: string) => db.select().from(apps).where(eq(apps.name, name)).get()
  return { db, rows, states, clock, list, happened, app, state: (name: string) => app(name)?.state }
}

const words = ({ events }: Change): string[] =>
  events.map(({ trigger, app, process, args }) => [trigger, app, process, ...args].join(' '))

const nextOf = (app: string, changes: Partial<AppLine> = {}): AppLine => ({
  ...{ app, nextImageId: 'sha256:2', scheduler: 'docker-local', proxy: 'nginx', webListener: '' },
  ...{ upstreams: ['172.17.0.2:5000'], current: ['c1'], access: [] },
  ...changes,
})

describe('the rows of containers', () => {
  test('follow a recorded restart, a killed worker, a scale and a stop; only the killed worker is a death', () => {
    const { rows, list, happened, state, clock } = seeded()
    clock.now = recorded('events')[0]?.at ?? 0
    list(recorded('list'))
    expect([state('web'), state('shop')]).toEqual(['running', 'running'])
    const events = recorded('events').flatMap((each) => words(happened(each)))
    expect(events).toEqual(['container-died web worker.1 137 '])
    expect(rows.dueAt()).not.toBeNull()
  })

  test('keep the image that a container runs and the one that Dokku starts next', () => {
    const { db, list, app } = seeded()
    list([listed(5000)], 5000, [nextOf('blog')])
    expect(db.select().from(containers).all()).toMatchObject([
      { imageId: `sha256:${'1'.repeat(64)}`, addresses: ['172.17.0.2'], inService: true },
    ])
    expect(app('blog')).toMatchObject({ nextImageId: 'sha256:2', upstreams: ['172.17.0.2:5000'] })
    list([listed(6000)], 6000)
    expect(app('blog')).toMatchObject({ nextImageId: null, upstreams: null })
  })

  test('a list is the whole truth: what it does not name is gone, and apps nobody knows are left out', () => {
    const { db, list, state } = seeded()
    list([listed(5000, { app: 'web', id: 'a' }), listed(5000, { app: 'stranger', id: 'b' })])
    list([], 6000)
    expect(db.select().from(containers).all()).toEqual([])
    expect(state('web')).toBe('stopped')
  })

  test('a list that was read before an event neither removes nor brings back what the event told', () => {
    const { db, list, happened, state } = seeded()
    list([listed(5000)])
    happened(line({ id: 'new', at: 9000 }))
    list([listed(8000)], 8000)
    expect(db.select({ id: containers.id }).from(containers).all()).toEqual([{ id: 'c1' }, { id: 'new' }])
    happened(line({ id: 'c1', action: 'die', exitCode: 1, at: 9500 }))
    list([listed(9400), listed(9400, { id: 'new' })], 9400)
    expect(db.select().from(containers).where(eq(containers.id, 'c1')).get()?.state).toBe('restarting')
    expect(state('blog')).toBe('running')
  })

  test('a container that no list has told of is asked about', () => {
    const { list, happened } = seeded()
    list([listed(5000)])
    expect(happened(line({ id: 'new', at: 9000 })).isUnlisted).toBe(true)
    expect(happened(line({ action: 'kill', signal: 15, at: 9100 })).isUnlisted).toBe(false)
  })

  test('an app that was renamed keeps its containers, which go on under the name they were made with', () => {
    const { db, list, happened, state } = seeded()
    list([listed(5000, { app: 'shop', id: 'a', name: 'shop.web.1' })])
    db.update(apps).set({ name: 'store', formerName: 'shop' }).where(eq(apps.name, 'shop')).run()
    db.insert(apps).values({ name: 'shop', liveDeploymentId: 3 }).run()
    const old = { app: 'shop', name: 'shop.web.1', id: 'a' }
    list([listed(6000, old)], 6000)
    expect([state('store'), state('shop')]).toEqual(['running', 'stopped'])

    happened(line({ app: 'store', id: 'b', name: 'store.web.1', at: 7000 }))
    happened(line({ ...old, action: 'kill', signal: 15, at: 7100 }))
    const ended = happened(line({ ...old, action: 'die', exitCode: 143, at: 7200 }))
    expect([ended.apps, ended.stopped, words(ended)]).toEqual([['store'], ['store'], []])
    happened(line({ ...old, action: 'destroy', at: 7300 }))
    expect(db.select().from(containers).all()).toMatchObject([{ id: 'b', appId: 2, state: 'running' }])
  })

  test('a crash is the renamed app’s own, whether its container was known before or not', () => {
    const { db, list, happened, state } = seeded()
    list()
    db.update(apps).set({ name: 'store', formerName: 'shop' }).where(eq(apps.name, 'shop')).run()
    happened(line({ app: 'shop', name: 'shop.web.1', id: 'a', at: 8000 }))
    const crash = happened(
      line({ app: 'shop', name: 'shop.web.1', id: 'a', action: 'die', exitCode: 1, at: 9000 }),
    )
    expect(words(crash)).toEqual(['container-died store web.1 1 '])
    expect(state('store')).toBe('crashed')
  })

  test('what is left of a destroyed app goes when Docker removes it', () => {
    const { db, list, happened } = seeded()
    list([listed(5000, { app: 'shop', id: 'a' })])
    db.update(apps).set({ destroyedAt: 5000 }).where(eq(apps.name, 'shop')).run()
    const died = happened(line({ app: 'shop', id: 'a', action: 'die', exitCode: 137, at: 6000 }))
    expect([died.apps, words(died)]).toEqual([[], []])
    happened(line({ app: 'shop', id: 'a', action: 'destroy', at: 6100 }))
    expect(db.select().from(containers).all()).toEqual([])
  })

  test('a change of formation changes the state without a word from Docker', () => {
    const { db, rows, list, state } = seeded()
    list([listed(5000, { app: 'shop', id: 'a' })])
    db.insert(processTypes).values({ appId: 2, processType: 'worker', quantity: 1 }).run()
    expect(rows.judge('shop').apps).toEqual(['shop'])
    expect(state('shop')).toBe('degraded')
    expect(rows.judge('nobody').apps).toEqual([])
  })

  test('nothing is known before the first list, and nothing while Docker does not list', () => {
    const { rows, list, state } = seeded()
    rows.judge('blog')
    expect(state('blog')).toBe('unknown')
    list([listed(5000)])
    expect(state('blog')).toBe('running')
    rows.unknown()
    expect(state('blog')).toBe('unknown')
    list([listed(6000)], 6000)
    expect(state('blog')).toBe('running')
  })
})

describe('a recorded scale from two to one', () => {
  test('stops the second: it neither crashed nor is it missed', () => {
    const { list, happened, state, clock } = seeded()
    clock.now = recorded('scale-down')[0]?.at ?? 0
    list()
    const said = recorded('scale-down').map((each) => [happened(each), state('blog')] as const)
    expect(said.flatMap(([change]) => words(change))).toEqual([])
    const states = said.map(([, each]) => each)
    expect(states.slice(states.indexOf('running'))).not.toContain('degraded')
    expect(said.flatMap(([{ stopped }]) => stopped)).toContain('blog')
    expect(state('blog')).toBe('running')
  })
})

describe('a recorded loop of kills for memory, until Docker gave up', () => {
  const loop = () => {
    const on = seeded()
    const lines = recorded('oom-loop')
    on.clock.now = lines[0]?.at ?? 0
    on.list()
    const [start = line({}), ...rest] = lines
    on.happened(start)
    // Listed as soon as it started, as the panel does.
    on.list([listed(start.at + 1, { id: start.id, name: start.name }, { startedAt: start.at })], start.at + 1)
    return { ...on, rest }
  }

  test('is two deaths and one loop in the journal, however often it was killed', () => {
    const { rest, happened } = loop()
    expect(rest.flatMap((each) => words(happened(each)))).toEqual([
      'container-died blog web.1 137 memory',
      'container-died blog web.1 137 memory',
      expect.stringMatching(/^crash-loop-began blog web\.1 3 3 \d{13}$/),
      'crash-loop-ended blog web.1 10 gave up',
    ])
  })

  test('is one state all the while, also when it runs for a moment, and says how often', () => {
    const { rest, happened, state, app } = loop()
    const states = rest.map((each) => {
      happened(each)
      return state('blog')
    })
    const third =
      rest.map(({ action }, index) => (action === 'die' ? index : -1)).filter((at) => at >= 0)[4] ?? 0
    expect(new Set(states.slice(third))).toEqual(new Set(['killed for memory']))
    expect(app('blog')?.stateDetail).toMatchObject({
      kind: 'ended',
      ended: { process: 'web.1', loop: { deaths: 10, memory: 10 }, gaveUpAfter: 10, last: { memory: true } },
    })
  })

  test('is over after it ran for long enough, without a word from Docker', () => {
    const { rest, happened, state, rows, clock } = loop()
    const starts = rest.filter(({ action }) => action === 'start').slice(0, 6)
    for (const each of rest) if (each.at <= (starts.at(-1)?.at ?? 0)) happened(each)
    expect(state('blog')).toBe('killed for memory')
    clock.now += 4 * MINUTE
    expect(words(rows.passed())).toEqual([])
    expect(state('blog')).toBe('killed for memory')
    clock.now = rows.dueAt() ?? 0
    expect(words(rows.passed())).toEqual([expect.stringMatching(/^crash-loop-ended blog web\.1 \d+ stable$/)])
    expect(state('blog')).toBe('running')
    expect(rows.dueAt()).toBeNull()
  })

  test('ends with a stop, and with another container in its place', () => {
    const stopped = loop()
    for (const each of stopped.rest.slice(0, -1)) stopped.happened(each)
    const { id, at } = stopped.rest.at(-2) ?? line({})
    stopped.happened(line({ id, action: 'kill', signal: 15, at: at + 1 }))
    expect(words(stopped.happened(line({ id, action: 'die', exitCode: 143, at: at + 2 })))).toEqual([])
    expect(stopped.db.select().from(processDeaths).all()).toEqual([])

    const replaced = loop()
    for (const each of replaced.rest.slice(0, -1)) replaced.happened(each)
    const next = replaced.happened(line({ id: 'next', at: at + 1 }))
    expect(words(next)).toEqual(['crash-loop-ended blog web.1 9 replaced'])
    expect(replaced.state('blog')).toBe('running')
  })

  test('is seen by a panel that looks for the first time, from Docker’s restarts', () => {
    const { list, state, app, clock } = seeded()
    clock.now = 10 * MINUTE
    const of = {
      createdAt: MINUTE,
      restarts: 8,
      finishedAt: 9 * MINUTE,
      startedAt: 9 * MINUTE + 500,
      oomKilled: true,
    }
    expect(words(list([listed(clock.now, {}, of)]))).toEqual([
      expect.stringMatching(/^crash-loop-began blog web\.1 8 8 \d+$/),
    ])
    expect(state('blog')).toBe('killed for memory')
    expect(app('blog')?.stateDetail).toMatchObject({ ended: { loop: { deaths: 8 } } })
  })

  test('that was over long before the panel looked is no loop', () => {
    const { list, state, clock } = seeded()
    clock.now = 500 * MINUTE
    const of = { createdAt: MINUTE, restarts: 8, finishedAt: 9 * MINUTE, startedAt: 9 * MINUTE + 500 }
    expect(words(list([listed(clock.now, {}, of)]))).toEqual([])
    expect(state('blog')).toBe('running')
  })

  test('moves with a renamed app, and goes with a destroyed one', () => {
    const { rest, happened, db, list } = loop()
    for (const each of rest) happened(each)
    processProjection(db).rekey?.(3, 2)
    expect(db.select().from(processDeaths).all()).toMatchObject([{ appId: 2, process: 'web.1' }])
    db.update(apps).set({ destroyedAt: 5000 }).where(eq(apps.id, 2)).run()
    list()
    expect(db.select().from(processDeaths).all()).toEqual([])
  })
})

describe('deaths', () => {
  test('that nobody watched are told once, with how many', () => {
    const { list } = seeded()
    list([listed(5000)])
    const again = { restarts: 2, finishedAt: 6000, startedAt: 6100 }
    expect(words(list([listed(7000, {}, again)], 7000))).toEqual(['container-died blog web.1   2'])
    expect(words(list([listed(8000, {}, again)], 8000))).toEqual([])
  })

  test('of a process that was started by hand after Docker gave up are counted anew', () => {
    const { list, happened, state } = seeded()
    list([listed(5000, {}, { restarts: 10 })])
    for (const at of [6000, 7000, 8000]) {
      happened(line({ action: 'die', exitCode: 1, at }))
      happened(line({ at: at + 100 }))
    }
    expect(state('blog')).toBe('running')
  })

  test('a process killed for memory in a container that goes on is told, once it is certain that it does', () => {
    const { list, happened, rows, clock, state } = seeded()
    list([listed(5000)])
    expect(words(happened(line({ action: 'oom', at: 6000 })))).toEqual([])
    clock.now = rows.dueAt() ?? 0
    expect(words(rows.passed())).toEqual(['container-oom blog web.1 1'])
    expect(state('blog')).toBe('running')
    happened(line({ action: 'oom', at: 60_000 }))
    expect(words(happened(line({ action: 'die', exitCode: 137, at: 60_100 })))).toEqual([
      'container-died blog web.1 137 memory',
    ])
  })
})

test('an app whose container got another address is told of, and that it is reached again', () => {
  const { list, state } = seeded()
  list([listed(5000)], 5000, [nextOf('blog')])
  const moved = listed(6000, {}, { addresses: ['172.17.0.9'], startedAt: 5500 })
  expect(words(list([moved], 6000, [nextOf('blog')]))).toEqual(['proxy-stale blog  172.17.0.2'])
  expect(state('blog')).toBe('unreachable')
  expect(words(list([moved], 6000, [nextOf('blog')]))).toEqual([])
  const mended = nextOf('blog', { upstreams: ['172.17.0.9:5000'] })
  expect(words(list([moved], 7000, [mended]))).toEqual(['proxy-mended blog '])
  expect(state('blog')).toBe('running')
})

test('an app out of reach that dies and runs again out of reach is told of once', () => {
  const { list, happened, state } = seeded()
  list([listed(5000)], 5000, [nextOf('blog')])
  const moved = (at: number) =>
    listed(at, {}, { addresses: ['172.17.0.9'], startedAt: at - 100, restarts: at / 1000 - 6 })
  expect(words(list([moved(6000)], 6000, [nextOf('blog')]))).toEqual(['proxy-stale blog  172.17.0.2'])
  happened(line({ action: 'die', exitCode: 1, at: 6500 }))
  happened(line({ at: 6900 }))
  expect(state('blog')).toBe('running')
  expect(words(list([moved(7000)], 7000, [nextOf('blog')]))).toEqual([])
  expect(state('blog')).toBe('unreachable')
})

test('an app that is scaled is never said to be out of reach: nginx was set up again, which no event tells', () => {
  const { list, happened, state, rows, clock } = seeded()
  list([listed(5000)], 5000, [nextOf('blog')])
  const upcoming = { id: 'c2', name: 'blog.web.1.upcoming-7' }
  happened(line({ ...upcoming, at: 6000 }))
  // Dokku sets nginx up again only when its checks have passed.
  const made = listed(7000, upcoming, { addresses: ['172.17.0.9'], startedAt: 6000 })
  list([listed(7000), made], 7000, [nextOf('blog')])
  const states = [
    line({ action: 'rename', name: 'blog.web.1.1795402289', at: 30_000 }),
    line({ id: 'c2', action: 'rename', name: 'blog.web.1', at: 30_100 }),
    line({ action: 'kill', signal: 15, at: 50_000 }),
    line({ action: 'die', exitCode: 143, at: 50_500 }),
    line({ action: 'destroy', at: 80_000 }),
  ].map((each) => [words(happened(each)), state('blog'), rows.listDueAt()])
  expect(states).toEqual([
    [[], 'starting', null],
    [[], 'running', null],
    [[], 'running', null],
    [[], 'running', 50_500],
    [[], 'running', 80_000],
  ])
  clock.now = 81_000
  const after = listed(81_000, { id: 'c2', at: 6000 }, { addresses: ['172.17.0.9'], startedAt: 6000 })
  const stale = nextOf('blog', { current: ['c2'] })
  expect(words(list([after], 81_000, [stale]))).toEqual(['proxy-stale blog  172.17.0.2'])
  expect(rows.listDueAt()).toBe(81_000 + MINUTE)
  const mended = nextOf('blog', { upstreams: ['172.17.0.9:5000'], current: ['c2'] })
  expect(words(list([after], 82_000, [mended]))).toEqual(['proxy-mended blog '])
  expect(rows.listDueAt()).toBeNull()
})
