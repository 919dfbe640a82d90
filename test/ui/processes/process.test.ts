import { readFileSync } from 'node:fs'
import { eq } from 'drizzle-orm'
import { describe, expect, test } from 'vitest'
import { appStates } from '../../../ui/apps/projection.ts'
import { apps } from '../../../ui/apps/table.ts'
import { openDatabase } from '../../../ui/database/database.ts'
import { type ContainerLine, readLine } from '../../../ui/dokku/container.ts'
import { type Container, follow, stateOf } from '../../../ui/processes/process.ts'
import { containerRows } from '../../../ui/processes/snapshot.ts'
import { containers, processTypes } from '../../../ui/processes/table.ts'

const recorded = (name: string): ContainerLine[] =>
  readFileSync(new URL(`../../fixtures/0.38.27/docker/${name}.jsonl`, import.meta.url), 'utf8')
    .trim()
    .split('\n')
    .flatMap((text) => {
      const line = readLine(text)
      return line?.kind === 'container' ? line.container : []
    })

const line = (rest: Partial<ContainerLine>): ContainerLine => ({
  id: 'c1',
  app: 'blog',
  processType: 'web',
  number: 1,
  name: 'blog.web.1',
  action: 'listed',
  state: 'running',
  exitCode: null,
  signal: null,
  at: 1000,
  facts: null,
  ...rest,
})
const containerAfter = (...lines: Partial<ContainerLine>[]): Container | null =>
  lines.reduce<Container | null>((before, rest) => follow(1, before ?? undefined, line(rest)), null)

describe('Docker’s lines, as recorded', () => {
  test('name app, process and state; deployment tasks and one-off runs are left out', () => {
    const listed = recorded('list')
    expect(listed.map(({ app, name, state }) => [app, name, state])).toContainEqual([
      'web',
      'web.worker.1',
      'running',
    ])
    expect(recorded('events').every(({ name }) => /^(web|shop)\.(web|worker)\./.test(name))).toBe(true)
  })

  test('what is no JSON or no container is nothing', () => {
    for (const text of [
      '',
      'WARNING: Error loading config file',
      '{}',
      '[]',
      '{"Type":"image","Action":"tag"}',
    ])
      expect(readLine(text)).toBeNull()
  })
})

describe('a container', () => {
  test('starts as upcoming, runs under its plain name, retires under a dated one, and its death then is no crash', () => {
    const upcoming = { action: 'start' as const, name: 'blog.web.1.upcoming-25065' }
    const plain = { action: 'rename' as const, name: 'blog.web.1' }
    const dated = { action: 'rename' as const, name: 'blog.web.1.1795402289' }
    expect(containerAfter(upcoming)?.state).toBe('starting')
    expect(containerAfter(upcoming, plain)?.state).toBe('running')
    expect(containerAfter(upcoming, plain, dated)?.state).toBe('retiring')
    expect(
      containerAfter(upcoming, plain, dated, { action: 'die', name: dated.name, exitCode: 143 })?.state,
    ).toBe('exited')
    expect(containerAfter(upcoming, plain, dated, { action: 'destroy' })).toBeNull()
  })

  test('killed under its plain name crashed; stopped it exited', () => {
    const killed = { action: 'kill' as const, signal: 9 }
    const stopped = { action: 'kill' as const, signal: 15 }
    expect(containerAfter({}, killed, { action: 'die', exitCode: 137 })).toMatchObject({
      state: 'crashed',
      exitCode: 137,
    })
    expect(containerAfter({}, stopped, { action: 'die', exitCode: 143 })).toMatchObject({
      state: 'exited',
      exitCode: 143,
    })
    expect(containerAfter({}, { action: 'die', exitCode: 1 }, { action: 'start' })?.state).toBe('running')
  })

  test('that Docker restarts again and again is not called running', () => {
    expect(containerAfter({ state: 'restarting', exitCode: 1 })?.state).toBe('crashed')
  })

  test('keeps since when it is in its state', () => {
    expect(containerAfter({ at: 1 }, { at: 50 })?.since).toBe(1)
    expect(containerAfter({ at: 1 }, { action: 'die', exitCode: 1, at: 50 })?.since).toBe(50)
  })
})

describe('the state of an app', () => {
  const running = { state: 'running' as const }
  const crashed = { state: 'crashed' as const }
  const app = { formation: [{ quantity: 2 }], stopped: false, deployed: true }
  test.each([
    ['running', { ...app, containers: [running, running] }],
    ['degraded', { ...app, containers: [running, crashed] }],
    ['crashed', { ...app, containers: [crashed, crashed] }],
    ['stopped', { ...app, containers: [], stopped: true }],
    ['stopped', { ...app, containers: [crashed], stopped: true }],
    ['stopped', { ...app, containers: [], formation: [{ quantity: 0 }] }],
    ['stopped', { ...app, containers: [], formation: [{ quantity: -1 }] }],
    ['not deployed', { ...app, containers: [], deployed: false }],
    ['running', { ...app, containers: [running], formation: [] }],
    [
      'running',
      {
        ...app,
        containers: [running, running, { state: 'retiring' as const }, { state: 'starting' as const }],
      },
    ],
  ])('is %s', (state, facts) => {
    expect(stateOf(facts)).toBe(state)
  })
})

describe('the rows of containers', () => {
  const seeded = () => {
    const db = openDatabase(':memory:')
    db.insert(apps)
      .values([
        { name: 'web', liveDeploymentId: 1 },
        { name: 'shop', liveDeploymentId: 2 },
      ])
      .run()
    db.insert(processTypes)
      .values([
        { appId: 1, processType: 'web', quantity: 2 },
        { appId: 1, processType: 'worker', quantity: 1 },
        { appId: 2, processType: 'web', quantity: 1 },
      ])
      .run()
    const rows = containerRows(db, appStates(db), () => 5000)
    const state = (name: string) =>
      db
        .select()
        .from(apps)
        .all()
        .find((app) => app.name === name)?.state
    return { db, rows, state }
  }

  test('follow a recorded restart, a killed worker, a scale and a stop; only the killed worker is a death', () => {
    const { rows, state } = seeded()
    rows.listed({ containers: recorded('list'), apps: [] })
    expect([state('web'), state('shop')]).toEqual(['running', 'running'])
    const deaths = recorded('events').flatMap((happened) => rows.happened(happened).death ?? [])
    expect(deaths.map(({ app, process, exitCode }) => [app, process, exitCode])).toEqual([
      ['web', 'worker.1', 137],
    ])
  })

  test('a list is the whole truth: what it does not name is gone, and apps nobody knows are left out', () => {
    const { db, rows, state } = seeded()
    rows.listed({ containers: [line({ app: 'web', id: 'a' }), line({ app: 'stranger', id: 'b' })], apps: [] })
    rows.listed({ containers: [], apps: [] })
    expect(db.select().from(containers).all()).toEqual([])
    expect(state('web')).toBe('stopped')
  })

  test('an app that was renamed keeps its containers, which go on under the name they were made with', () => {
    const { db, rows, state } = seeded()
    rows.listed({ containers: [line({ app: 'shop', id: 'a', name: 'shop.web.1' })], apps: [] })
    db.update(apps).set({ name: 'store', formerName: 'shop' }).where(eq(apps.name, 'shop')).run()
    db.insert(apps).values({ name: 'shop', liveDeploymentId: 3 }).run()
    const old = { app: 'shop', name: 'shop.web.1', id: 'a', state: '' }
    rows.listed({ containers: [line({ ...old, state: 'running' })], apps: [] })
    expect([state('store'), state('shop')]).toEqual(['running', 'stopped'])

    rows.happened(line({ app: 'store', id: 'b', name: 'store.web.1', action: 'start', state: '' }))
    rows.happened(line({ ...old, action: 'kill', signal: 15 }))
    expect(rows.happened(line({ ...old, action: 'die', exitCode: 143 }))).toEqual({
      app: 'store',
      death: null,
    })
    rows.happened(line({ ...old, action: 'destroy' }))
    expect(db.select().from(containers).all()).toMatchObject([{ id: 'b', appId: 2, state: 'running' }])
  })

  test('a crash is the renamed app’s own, whether its container was known before or not', () => {
    const { db, rows, state } = seeded()
    db.update(apps).set({ name: 'store', formerName: 'shop' }).where(eq(apps.name, 'shop')).run()
    const crash = { app: 'shop', name: 'shop.web.1', action: 'die' as const, state: '', exitCode: 1 }
    expect(rows.happened(line({ ...crash, id: 'a' }))).toMatchObject({
      app: 'store',
      death: { app: 'store', process: 'web.1', exitCode: 1 },
    })
    expect(state('store')).toBe('crashed')
  })

  test('what is left of a destroyed app goes when Docker removes it', () => {
    const { db, rows } = seeded()
    rows.listed({ containers: [line({ app: 'shop', id: 'a' })], apps: [] })
    db.update(apps).set({ destroyedAt: 5000 }).where(eq(apps.name, 'shop')).run()
    const left = { app: 'shop', id: 'a', state: '' }
    expect(rows.happened(line({ ...left, action: 'die', exitCode: 137 }))).toEqual({ app: null, death: null })
    rows.happened(line({ ...left, action: 'destroy' }))
    expect(db.select().from(containers).all()).toEqual([])
  })

  test('a change of formation changes the state without a word from Docker', () => {
    const { db, rows, state } = seeded()
    rows.listed({ containers: [line({ app: 'shop', id: 'a' })], apps: [] })
    db.insert(processTypes).values({ appId: 2, processType: 'worker', quantity: 1 }).run()
    expect(rows.judge('shop')).toBe(true)
    expect(state('shop')).toBe('degraded')
    expect(rows.judge('nobody')).toBe(false)
  })
})
