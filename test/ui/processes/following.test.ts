import { describe, expect, test } from 'vitest'
import { readLine } from '../../../ui/dokku/container.ts'
import { containerAfter, line, listed, recorded, steps } from './lines.ts'

describe('Docker’s lines, as recorded', () => {
  test('name app, process and state; deployment tasks and one-off runs are left out', () => {
    expect(recorded('list').map(({ app, name, state }) => [app, name, state])).toContainEqual([
      'web',
      'web.worker.1',
      'running',
    ])
    expect(recorded('events').every(({ name }) => /^(web|shop)\.(web|worker)\./.test(name))).toBe(true)
  })

  test('what is no JSON or no container is nothing', () => {
    for (const text of ['', 'HTTP/1.0 200 OK', '{}', '[]', '{"Type":"image","Action":"tag"}'])
      expect(readLine(text)).toBeNull()
  })

  test('Docker’s zero time is no time, and a limit of 0 is none', () => {
    const [first] = recorded('list')
    expect(first?.facts).toMatchObject({ finishedAt: null, restarts: 0, maxRestarts: 10 })
    expect(recorded('list').find(({ app }) => app === 'shop')?.facts?.memoryLimit).toBeNull()
  })
})

const upcoming = line({ name: 'blog.web.1.upcoming-25065', at: 1000 })
const plain = line({ action: 'rename', name: 'blog.web.1', at: 2000 })
const dated = line({ action: 'rename', name: 'blog.web.1.1795402289', at: 3000 })
const term = line({ action: 'kill', signal: 15, at: 4000 })
const kill = line({ action: 'kill', signal: 9, at: 4100 })
const die = (exitCode: number, at = 4200) => line({ action: 'die', exitCode, at })
const stop = line({ action: 'stop', at: 4300 })
const oom = line({ action: 'oom', at: 4190 })
const up = listed(1500)

describe('a container', () => {
  test('starts as upcoming, runs under its plain name, retires under a dated one, and its end then is no death', () => {
    expect(containerAfter(upcoming)?.state).toBe('starting')
    expect(containerAfter(upcoming, plain)?.state).toBe('running')
    expect(containerAfter(upcoming, plain, dated)?.state).toBe('retiring')
    const ended = steps(upcoming, plain, dated, { ...die(143), name: dated.name })
    expect(ended.at(-1)).toMatchObject({ after: { state: 'exited' }, death: null })
    expect(containerAfter(upcoming, plain, dated, line({ action: 'destroy', at: 5000 }))).toBeNull()
  })

  const DEATH = true
  test.each([
    ['exited with 1', [up, die(1)], 'restarting', DEATH],
    ['killed by hand: Docker starts it no more', [up, kill, die(137)], 'crashed', DEATH],
    ['killed otherwise', [up, die(137)], 'restarting', DEATH],
    ['killed for memory', [up, oom, die(137)], 'restarting', DEATH],
    ['ended by itself with 0', [up, die(0)], 'exited', DEATH],
    [
      'ended with 0 where it is always started again',
      [listed(1500, {}, { restartPolicy: 'always' }), die(0)],
      'restarting',
      DEATH,
    ],
    [
      'exited where it is never started again',
      [listed(1500, {}, { restartPolicy: 'no' }), die(1)],
      'crashed',
      DEATH,
    ],
    ['exited after its last restart', [listed(1500, {}, { restarts: 10 }), die(1)], 'crashed', DEATH],
    ['exited before Docker said how it is started again', [line({}), die(1)], 'crashed', DEATH],
    ['ended by SIGTERM that Docker did not send', [up, die(143)], 'restarting', DEATH],
    ['stopped, and ended with 0', [up, term, die(0)], 'exited', !DEATH],
    ['stopped, and ended by SIGTERM', [up, term, die(143)], 'exited', !DEATH],
    ['stopped by SIGINT', [up, line({ action: 'kill', signal: 2, at: 4000 }), die(130)], 'exited', !DEATH],
    [
      'stopped by the SIGQUIT of its image',
      [up, line({ action: 'kill', signal: 3, at: 4000 }), die(0)],
      'exited',
      !DEATH,
    ],
    ['stopped, and killed after its time', [up, term, kill, die(137)], 'exited', !DEATH],
    [
      'stopped after it was told to read its files anew',
      [up, line({ action: 'kill', signal: 1, at: 3000 }), die(1)],
      'restarting',
      DEATH,
    ],
    ['told to end long before it exited', [up, term, die(1, 4000 + 2 * 3_600_000)], 'restarting', DEATH],
    ['retired', [up, dated, term, { ...die(143), name: dated.name }], 'exited', !DEATH],
    ['dead before it was put in service', [upcoming, { ...die(1), name: upcoming.name }], 'exited', !DEATH],
    [
      'dead before it was put in service, and started again',
      [listed(1500, { name: upcoming.name }), { ...die(1), name: upcoming.name }],
      'restarting',
      !DEATH,
    ],
  ])('%s', (_, lines, state, isDeath) => {
    const last = steps(...lines).at(-1)
    expect(last?.after?.state).toBe(state)
    expect(last?.death !== null).toBe(isDeath)
  })

  test('whose stop was told by its end alone did not crash', () => {
    const told = steps(up, die(0), stop)
    expect(told.map(({ death }) => death !== null)).toEqual([false, true, false])
    expect(containerAfter(listed(1500, {}, { restartPolicy: 'no' }), die(137), stop)).toMatchObject({
      state: 'exited',
    })
  })

  test('runs since it was started, also where Docker started the same one again', () => {
    expect(containerAfter(up, die(1), line({ at: 9000 }))).toMatchObject({
      ...{ state: 'running', since: 9000, startedAt: 9000, restarts: 1, exitCode: null },
      addresses: [],
    })
    const again = listed(20_000, {}, { startedAt: 15_000, finishedAt: 14_000, restarts: 3 })
    expect(containerAfter(up, again)).toMatchObject({ state: 'running', since: 15_000 })
  })

  test('is told of by the newest word: a list that was read before an event changes nothing of it', () => {
    expect(containerAfter(up, die(1, 5000), listed(4000))).toMatchObject({ state: 'restarting', since: 5000 })
    expect(containerAfter(up, listed(6000), die(1, 5000))).toMatchObject({ state: 'running' })
  })

  test.each([
    ['143: stopped by SIGTERM while nobody watched', { state: 'exited', exitCode: 143 }, {}, 'exited'],
    [
      '137 without a restart policy: Dokku takes it away before it stops',
      { state: 'exited', exitCode: 137 },
      { restartPolicy: 'no' },
      'exited',
    ],
    ['137 with one: killed', { state: 'exited', exitCode: 137 }, {}, 'crashed'],
    [
      '1 without a restart policy: it crashed',
      { state: 'exited', exitCode: 1 },
      { restartPolicy: 'no' },
      'crashed',
    ],
    ['0: it ended', { state: 'exited', exitCode: 0 }, {}, 'exited'],
    ['restarting', { state: 'restarting', exitCode: 1 }, {}, 'restarting'],
    ['created', { state: 'created', exitCode: null }, {}, 'starting'],
    ['paused', { state: 'paused', exitCode: null }, {}, 'running'],
  ])('first seen in a list with %s', (_, changes, of, state) => {
    expect(containerAfter(listed(5000, changes, of))?.state).toBe(state)
  })
})

describe('deaths', () => {
  test('tell the exit code, memory and how long it ran', () => {
    expect(steps(up, die(3)).at(-1)?.death).toEqual({
      ...{ at: 4200, from: 4200, exitCode: 3, memory: false, aliveMs: 3200, count: 1 },
    })
    expect(steps(up, oom, die(137)).at(-1)?.death).toMatchObject({ exitCode: 137, memory: true })
    // `sh -c` answers with a code of its own when the kernel killed what it ran.
    expect(steps(up, oom, die(1)).at(-1)?.death).toMatchObject({ exitCode: 1, memory: true })
    expect(steps(up, { ...oom, at: 1600 }, die(137, 60_000)).at(-1)?.death).toMatchObject({ memory: false })
  })

  test('that no event told of are counted by Docker’s restarts', () => {
    const again = listed(
      900_000,
      {},
      { restarts: 4, finishedAt: 800_000, startedAt: 800_100, oomKilled: true },
    )
    expect(steps(up, again).at(-1)?.death).toEqual({
      ...{ at: 800_000, from: 1500, exitCode: null, memory: true, aliveMs: null, count: 4 },
    })
    expect(steps(again).at(-1)?.death).toMatchObject({ from: 900, count: 4 })
  })

  test('that an event told of are not counted again by the next list', () => {
    const told = [up, die(1), line({ at: 4500 })]
    const list = listed(9000, {}, { restarts: 1, finishedAt: 4200, startedAt: 4500 })
    expect(steps(...told, list).at(-1)?.death).toBeNull()
    expect(
      steps(up, die(1), listed(4400, { state: 'restarting', exitCode: 1 }, { restarts: 1 })).at(-1)?.death,
    ).toBeNull()
  })

  test('of which Docker gave up while nobody watched are told with their exit code', () => {
    const gone = listed(9000, { state: 'exited', exitCode: 7 }, { restarts: 10 })
    expect(steps(up, gone).at(-1)).toMatchObject({
      after: { state: 'crashed' },
      death: { count: 11, exitCode: 7 },
    })
  })
})
