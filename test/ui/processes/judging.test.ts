import { describe, expect, test } from 'vitest'
import { judge, leftOver, type Observed, processState } from '../../../ui/processes/judging.ts'
import type { Container, Death, Deaths, StateDetail } from '../../../ui/processes/process.ts'
import { reasonOf } from '../../../ui/processes/reasons.ts'
import { container } from './lines.ts'

const MINUTE = 60_000
const NOW = 1_800_000_000_000

const death = (ago: number, changes: Partial<Death> = {}): Death => ({
  ...{ at: NOW - ago, from: NOW - ago, exitCode: 1, memory: false, aliveMs: 1, count: 1 },
  ...changes,
})
const loop = (deaths: number, memory: number, changes: Partial<Deaths> = {}): Deaths => ({
  containerId: 'c1',
  recent: [2, 1].map((minutes) =>
    death(minutes * MINUTE, { memory: memory > 0, exitCode: memory > 0 ? 137 : 7 }),
  ),
  loop: { since: NOW - 12 * MINUTE, deaths, memory },
  ooms: null,
  ...changes,
})
const of = (deaths: Deaths) => new Map([['web.1', deaths]])

const running = container({ since: NOW - 40_000 })
const second = container({ id: 'c2', number: 2, name: 'blog.web.2', addresses: ['172.17.0.3'] })
const ended = (changes: Partial<Container>) => ({
  state: 'exited' as const,
  addresses: [],
  since: NOW - MINUTE,
  ...changes,
})
const crashed = container(ended({ state: 'crashed', exitCode: 1 }))
const stopped = container(ended({ exitCode: 143, stopRequestedAt: NOW - MINUTE }))
const upcoming = container({
  id: 'u',
  name: 'blog.web.1.upcoming-4',
  state: 'starting',
  inService: false,
  addresses: ['172.17.0.9'],
})

const app: Observed = {
  containers: [running],
  formation: [{ processType: 'web', quantity: 1 }],
  formationReadAt: NOW,
  deaths: new Map(),
  stopped: false,
  deployed: true,
  deploying: false,
  scheduler: 'docker-local',
  proxy: 'nginx',
  webListener: '',
  upstreams: ['172.17.0.2:5000'],
  listed: true,
  isListOld: false,
  stateDetail: null,
  now: NOW,
}
const two = { formation: [{ processType: 'web', quantity: 2 }] }
const unreachable: StateDetail = { kind: 'unreachable', addresses: ['172.17.0.7'], some: false }
const stray = { upstreams: ['172.17.0.7:5000'] }

describe('the state of an app', () => {
  test.each<[string, string, Partial<Observed>]>([
    ['all it should have runs', 'running', {}],
    ['more runs than it should have', 'running', { containers: [running, second] }],
    ['its formation was never read', 'running', { formation: [], formationReadAt: null }],
    [
      'one of two runs, the other crashed',
      'degraded',
      { ...two, containers: [running, { ...crashed, id: 'c2', number: 2 }] },
    ],
    ['one of two runs, the other is not there', 'degraded', { ...two }],
    [
      'one of two was stopped, and the formation was read before',
      'running',
      {
        ...two,
        containers: [running, { ...stopped, id: 'c2', number: 2 }],
        formationReadAt: NOW - 5 * MINUTE,
      },
    ],
    [
      'one of two was stopped, and the formation has two since',
      'degraded',
      { ...two, containers: [running, { ...stopped, id: 'c2', number: 2 }] },
    ],
    [
      'one of two was stopped, and nobody could read the formation for long',
      'degraded',
      {
        ...two,
        containers: [running, { ...stopped, id: 'c2', number: 2, stopRequestedAt: NOW - 11 * MINUTE }],
        formationReadAt: null,
      },
    ],
    [
      'one was stopped by scaling to one',
      'running',
      { containers: [running, { ...stopped, id: 'c2', number: 2 }] },
    ],
    [
      'one ended with 143 by scaling while nobody watched',
      'running',
      { containers: [running, container(ended({ id: 'c2', number: 2, exitCode: 143 }))] },
    ],
    [
      'one of two is being stopped',
      'running',
      { ...two, containers: [running, { ...second, state: 'retiring' }] },
    ],

    [
      'it was killed for memory again and again and runs for a moment',
      'killed for memory',
      { deaths: of(loop(7, 7)) },
    ],
    [
      'it was killed for memory again and again and is started again',
      'killed for memory',
      { containers: [container(ended({ state: 'restarting', exitCode: 137 }))], deaths: of(loop(7, 7)) },
    ],
    ['it crashed again and again and runs for a moment', 'crash loop', { deaths: of(loop(5, 0)) }],
    [
      'it crashed again and again, another runs well',
      'crash loop',
      { ...two, containers: [running, second], deaths: of(loop(5, 0)) },
    ],
    [
      'it crashed again and again until Docker gave up',
      'crashed',
      { containers: [{ ...crashed, restarts: 10 }], deaths: of(loop(11, 0)) },
    ],
    [
      'it was killed for memory until Docker gave up',
      'killed for memory',
      { containers: [{ ...crashed, exitCode: 137, restarts: 10 }], deaths: of(loop(11, 11)) },
    ],
    [
      'the loop was of a container that was replaced',
      'running',
      { deaths: of(loop(7, 7, { containerId: 'c0' })) },
    ],
    ['it died once and runs again', 'running', { deaths: of(loop(0, 0, { loop: null })) }],
    [
      'it was stopped in its loop by ps:stop',
      'stopped',
      { containers: [stopped], deaths: of(loop(7, 7)), stopped: true },
    ],

    ['it exited with 1', 'crashed', { containers: [crashed] }],
    [
      'it was killed for memory once and is dead',
      'killed for memory',
      { containers: [{ ...crashed, exitCode: 137, oomKilled: true }] },
    ],
    ['it was stopped by ps:stop', 'stopped', { containers: [stopped], stopped: true }],
    ['it was killed by ps:stop', 'stopped', { containers: [crashed], stopped: true }],
    ['it was scaled to 0', 'stopped', { containers: [], formation: [{ processType: 'web', quantity: 0 }] }],
    ['it was scaled to -1', 'stopped', { containers: [], formation: [{ processType: 'web', quantity: -1 }] }],
    [
      'it is being stopped',
      'stopping',
      { containers: [{ ...running, state: 'retiring', stopRequestedAt: NOW - 1000 }] },
    ],
    ['it was stopped a minute ago', 'stopping', { containers: [stopped] }],
    [
      'it was stopped long ago, but not by ps:stop',
      'stopped',
      { containers: [{ ...stopped, stopRequestedAt: NOW - 5 * MINUTE }] },
    ],
    ['it has no container', 'stopped', { containers: [] }],

    [
      'it starts for the first time',
      'not deployed',
      { containers: [{ ...upcoming, since: NOW, createdAt: NOW }], deployed: false },
    ],
    ['it was never deployed', 'not deployed', { containers: [], deployed: false, formation: [] }],
    [
      'the old one was stopped and the new one starts',
      'starting',
      { containers: [stopped, { ...upcoming, createdAt: NOW - 1000 }] },
    ],
    [
      'it runs while the next one starts',
      'running',
      { containers: [running, { ...upcoming, createdAt: NOW - 1000 }] },
    ],
    [
      'one of two runs while the second is started',
      'running',
      { ...two, containers: [running, { ...upcoming, number: 2, createdAt: NOW - 1000 }] },
    ],
    [
      'one of two runs while its own successor is started',
      'degraded',
      { ...two, containers: [running, { ...upcoming, createdAt: NOW - 1000 }] },
    ],
    [
      'one of two crashed and is started again',
      'degraded',
      {
        ...two,
        containers: [
          running,
          { ...crashed, id: 'c2', number: 2 },
          { ...upcoming, number: 2, createdAt: NOW - 1000 },
        ],
      },
    ],
    [
      'it runs while the old one goes',
      'running',
      {
        containers: [
          running,
          container({ id: 'o', name: 'blog.web.1.1795402289', state: 'retiring', addresses: ['172.17.0.5'] }),
        ],
      },
    ],
    ['only what a deploy left over runs', 'stopped', { containers: [upcoming] }],
    [
      'a deploy whose proxy failed put it in service without its name',
      'running',
      { containers: [{ ...upcoming, inService: true }], upstreams: ['172.17.0.9:5000'] },
    ],

    ['Docker lists nothing', 'unknown', { listed: false }],
    ['its scheduler is another', 'unknown', { containers: [], scheduler: 'k3s' }],

    ['nginx sends requests to where nothing of it is', 'unreachable', stray],
    [
      'nginx sends some requests to where nothing of it is',
      'unreachable',
      { ...two, containers: [running, second], upstreams: ['172.17.0.2:5000', '172.17.0.7:5000'] },
    ],
    ['a deploy is going on', 'running', { ...stray, deploying: true }],
    ['nginx was set up again after it was listed, maybe', 'running', { ...stray, isListOld: true }],
    [
      'nginx sent requests to where nothing of it is, and something happened since',
      'unreachable',
      { ...stray, isListOld: true, stateDetail: unreachable },
    ],
    [
      'nginx sends requests to the new one already',
      'running',
      { containers: [running, { ...upcoming, createdAt: NOW }], upstreams: ['172.17.0.9:5000'] },
    ],
    [
      'nginx sends requests to an old one that still goes',
      'running',
      {
        containers: [
          running,
          container({ id: 'o', name: 'blog.web.1.1795402289', state: 'retiring', addresses: ['172.17.0.7'] }),
        ],
        ...stray,
      },
    ],
    ['another is its proxy', 'running', { ...stray, proxy: 'traefik' }],
    ['its proxy was not read yet', 'running', { ...stray, proxy: null, upstreams: null }],
    ['requests go to an address that was set', 'running', { ...stray, webListener: '172.17.0.7:5000' }],
    ['it has no configuration of nginx', 'running', { upstreams: [] }],
    [
      'it is in the network of the host',
      'running',
      { containers: [{ ...running, addresses: [] }], upstreams: ['127.0.0.1:5000'] },
    ],
    ['nginx sends requests to this host', 'running', { upstreams: ['127.0.0.1:5000'] }],
    ['nginx sends requests to a name', 'running', { upstreams: ['cache.internal:80'] }],
    ['nginx sends requests to something of another network', 'running', { upstreams: ['10.0.0.7:5000'] }],
    [
      'it is in two networks and nginx uses one of them',
      'running',
      {
        containers: [{ ...running, addresses: ['172.17.0.2', '172.19.0.4'] }],
        upstreams: ['172.19.0.4:5000'],
      },
    ],
    [
      'it was started again and its address is not read yet',
      'running',
      { ...stray, containers: [{ ...running, addresses: [] }] },
    ],
    ['it has no web process', 'running', { ...stray, containers: [{ ...running, processType: 'worker' }] }],
    [
      'all it runs was scaled away',
      'stopped',
      { ...stray, containers: [], formation: [{ processType: 'web', quantity: 0 }] },
    ],
  ])('%s: %s', (_, state, changes) => {
    expect(judge({ ...app, ...changes }).state).toBe(state)
  })
})

describe('why', () => {
  const why = (changes: Partial<Observed>) => {
    const { detail } = judge({ ...app, ...changes })
    return detail === null ? null : reasonOf(detail)
  }
  test.each<[string, Partial<Observed>]>([
    [
      'web.1 was killed for memory 7 times in 11 min at its limit of 60 MB',
      { containers: [{ ...running, memoryLimit: 60 * 2 ** 20 }], deaths: of(loop(7, 7)) },
    ],
    ['web.1 ended 5 times in 11 min (it exited with code 7)', { deaths: of(loop(5, 0)) }],
    [
      'web.1 ended 7 times in 11 min, 3 of them killed for memory (it was killed for memory)',
      { deaths: of(loop(7, 3)) },
    ],
    [
      'web.1 ended 11 times in 11 min (it exited with code 7); Docker gave up after 10 restarts',
      { containers: [{ ...crashed, restarts: 10 }], deaths: of(loop(11, 0)) },
    ],
    ['web.1 exited with code 1', { containers: [crashed] }],
    ['web.1 was killed by SIGKILL, not for memory', { containers: [{ ...crashed, exitCode: 137 }] }],
    ['web.1 was ended by SIGSEGV', { containers: [{ ...crashed, exitCode: 139 }] }],
    ['web.1 exited with code 127 (command not found)', { containers: [{ ...crashed, exitCode: 127 }] }],
    [
      '1 of 2 processes is running; web.2 exited with code 1',
      { ...two, containers: [running, { ...crashed, id: 'c2', number: 2 }] },
    ],
    ['1 of 2 processes is running', two],
    ['is running, but nginx sends requests to 172.17.0.7, where it no longer is', stray],
    [
      'is running, but nginx sends some requests to 172.17.0.7, where it no longer is',
      { ...two, containers: [running, second], upstreams: ['172.17.0.2:5000', '172.17.0.7:5000'] },
    ],
    [
      'is not running: its containers were stopped, but not by ps:stop',
      { containers: [{ ...stopped, stopRequestedAt: NOW - 5 * MINUTE }] },
    ],
    [
      'is not running: its processes ended by themselves with exit code 0',
      { containers: [container(ended({ exitCode: 0 }))] },
    ],
    ['is run by the scheduler k3s, whose processes Dokkubase does not see', { scheduler: 'k3s' }],
    ['is in an unknown state: Docker does not list its containers', { listed: false }],
  ])('%s', (text, changes) => {
    expect(why(changes)?.text).toBe(text)
  })

  test('names when a process ended last', () => {
    expect(why({ deaths: of(loop(7, 7)) })?.lastAt).toBe(NOW - MINUTE)
  })
})

test('a list is wanted where nginx seems to send requests elsewhere, and nowhere else', () => {
  expect(judge({ ...app, ...stray }).wantsList).toBe(true)
  expect(judge({ ...app, ...stray, isListOld: true }).wantsList).toBe(true)
  expect(judge({ ...app, isListOld: true }).wantsList).toBe(false)
  expect(judge({ ...app, ...stray, listed: false }).wantsList).toBe(false)
})

describe('time alone', () => {
  test('ends a loop, a stop and the wait for a formation', () => {
    expect(judge({ ...app, deaths: of(loop(7, 7)) }).dueAt).toBe(running.since + 5 * MINUTE)
    expect(judge({ ...app, containers: [stopped] }).dueAt).toBe(NOW - MINUTE + 2 * MINUTE)
    const waiting = {
      ...two,
      containers: [running, { ...stopped, id: 'c2', number: 2 }],
      formationReadAt: null,
    }
    expect(judge({ ...app, ...waiting }).dueAt).toBe(NOW - MINUTE + 10 * MINUTE)
    expect(judge(app).dueAt).toBeNull()
  })
})

describe('a container that a deploy left over', () => {
  const orphans = (...containers: Container[]) => [...leftOver({ ...app, containers })]
  test('is told once nothing new was made for a quarter of an hour', () => {
    expect(orphans(running, upcoming)).toEqual(['u'])
    expect(orphans(running, { ...upcoming, createdAt: NOW - 10 * MINUTE })).toEqual([])
    expect(orphans({ ...running, createdAt: NOW - 10 * MINUTE }, upcoming)).toEqual([])
    expect([...leftOver({ ...app, containers: [running, upcoming], deploying: true })]).toEqual([])
  })

  test('is none that Dokku counts as the app’s own, that is not known to be another, or that nginx sends requests to', () => {
    expect(orphans(running, { ...upcoming, inService: true })).toEqual([])
    expect(orphans(running, { ...upcoming, inService: null })).toEqual([])
    expect(orphans(running, { ...upcoming, addresses: ['172.17.0.2'] })).toEqual([])
  })
})

test('a process is called by what became of it', () => {
  expect(processState(running, new Map())).toBe('running')
  expect(processState(running, of(loop(7, 7)))).toBe('killed for memory')
  expect(processState(running, of(loop(5, 0)))).toBe('crash loop')
  expect(processState(crashed, new Map())).toBe('crashed')
  expect(processState(stopped, of(loop(5, 0)))).toBe('stopped')
})
