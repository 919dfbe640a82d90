import { EventEmitter, on } from 'node:events'
import { eq } from 'drizzle-orm'
import pino from 'pino'
import { afterEach, expect, test, vi } from 'vitest'
import { appStates } from '../../ui/apps/states.ts'
import { apps } from '../../ui/apps/table.ts'
import { openDatabase } from '../../ui/database/database.ts'
import type { Dokku } from '../../ui/dokku/dokku.ts'
import { LOCAL, seenEvent } from '../../ui/events/event.ts'
import { sentence, spoken } from '../../ui/events/words.ts'
import { live } from '../../ui/live/live.ts'
import { processStates } from '../../ui/process-states.ts'
import { processTypes } from '../../ui/processes/table.ts'
import { recording } from '../../ui/recording.ts'
import { metrics } from '../../ui/web/metrics.ts'

const NOW = Date.parse('2026-11-03T14:05:00Z')
const SECOND = 1000
const MINUTE = 60 * SECOND

let states: ReturnType<typeof processStates> | undefined
afterEach(() => {
  states?.stop()
  vi.useRealTimers()
})

const LABELS = {
  ...{ 'com.dokku.app-name': 'blog', 'com.dokku.container-type': 'deploy' },
  ...{ 'com.dokku.process-type': 'web', 'com.dokku.dyno': 'web.1', name: 'blog.web.1' },
}

/** A server with blog, whose Docker says what a spec lets it say. Time passes only when a spec lets it. */
async function server() {
  vi.useFakeTimers({ now: NOW })
  const db = openDatabase(':memory:')
  db.insert(apps).values({ name: 'blog', liveDeploymentId: 1, formationReadAt: NOW }).run()
  db.insert(processTypes).values({ appId: 1, processType: 'web', quantity: 1 }).run()
  const changes = live()
  const journal = recording(db, changes)
  const docker = { address: '172.17.0.2', startedAt: NOW - MINUTE, restarts: 0, upstream: '172.17.0.2' }
  const iso = (at: number) => new Date(at).toISOString()
  const list = () =>
    [
      {
        ...{
          kind: 'container',
          app: 'blog',
          container_type: 'deploy',
          process: 'web',
          dyno: 'web.1',
          id: 'a',
        },
        ...{
          name: '/blog.web.1',
          image_id: 'sha256:1',
          image: 'dokku/blog:latest',
          created_at: iso(NOW - MINUTE),
        },
        ...{ started_at: iso(docker.startedAt), finished_at: iso(NOW - 2 * MINUTE), status: 'running' },
        ...{ exit_code: 0, oom_killed: false, restarts: docker.restarts, restart_policy: 'on-failure' },
        ...{ max_restarts: 10, memory_limit: 0, addresses: [docker.address, null] },
      },
      {
        ...{
          kind: 'app',
          app: 'blog',
          next_image_id: 'sha256:1',
          scheduler: '',
          proxy: '',
          web_listener: '',
        },
        ...{ upstreams: [`${docker.upstream}:5000`], current: ['a'], access: [] },
      },
      { kind: 'end', read_at: Date.now() / 1000 },
    ].map((line) => JSON.stringify(line))
  const told = new EventEmitter()
  let lists = 0
  const dokku: Dokku = {
    async run() {
      lists += 1
      return list().join('\n')
    },
    follow: () => ({
      stop() {},
      lines: (async function* () {
        yield* list()
        for await (const [line] of on(told, 'line')) yield line
      })(),
    }),
  }
  const asked: string[] = []
  const published: string[] = []
  changes.subscribe(({ topics }) => published.push(...topics))
  states = processStates({
    ...{ db, apps: appStates(db), live: changes, record: journal.record, dokku, now: Date.now },
    drain: async () => {},
    ...{ logger: pino({ level: 'silent' }), metrics: metrics(), askFormation: (app) => asked.push(app) },
  })
  states.start()
  await vi.advanceTimersByTimeAsync(1)
  const watched = states
  return {
    db,
    docker,
    asked,
    recorded: (trigger: string, buildId = '') =>
      watched.recorded([
        {
          ...seenEvent({ id: trigger, host: LOCAL, trigger, at: Date.now(), args: ['blog'] }),
          ...{ buildId, seq: 1, app: 'blog' },
        },
      ]),
    published,
    lists: () => lists,
    pass: (ms: number) => vi.advanceTimersByTimeAsync(ms),
    async happens(Action: string, more: object = {}) {
      const line = {
        Type: 'container',
        Action,
        Actor: { ID: 'a', Attributes: { ...LABELS, ...more } },
        timeNano: Date.now() * 1e6,
      }
      told.emit('line', JSON.stringify(line))
      await vi.advanceTimersByTimeAsync(1)
    },
    state: () => db.select().from(apps).where(eq(apps.name, 'blog')).get()?.state,
    events: () => journal.read(0, 100).map((event) => spoken(sentence({ ...event, actor: '' }))),
  }
}

test('a loop of deaths is two events, a state as long as it goes on, and over by itself', async () => {
  const { happens, pass, state, events, published } = await server()
  for (let death = 0; death < 6; death += 1) {
    await pass(30 * SECOND)
    await happens('oom')
    await happens('die', { exitCode: '137' })
    await happens('start')
  }
  expect(state()).toBe('killed for memory')
  expect(events()).toEqual([
    'web.1 of blog was killed for memory',
    'web.1 of blog was killed for memory',
    'web.1 of blog is killed for memory again and again, 3 times so far',
  ])
  published.length = 0
  await pass(6 * MINUTE)
  expect(state()).toBe('running')
  expect(events().at(-1)).toBe(
    'The crash loop of web.1 of blog ended after 6 deaths: it has been running long enough',
  )
  expect(published).toContain('app:blog')
})

test('a container that was started by hand is asked for its address, and is out of reach by that', async () => {
  const { happens, pass, state, events, docker, asked } = await server()
  await happens('kill', { signal: '15' })
  await happens('die', { exitCode: '143' })
  expect(state()).toBe('stopping')
  expect(asked).toEqual(['blog', 'blog'])
  Object.assign(docker, { address: '172.17.0.9', startedAt: Date.now() })
  await happens('start')
  await pass(20 * SECOND)
  expect(state()).toBe('unreachable')
  expect(events()).toEqual(['nginx sends requests for blog to 172.17.0.2, where it no longer is'])
  docker.upstream = '172.17.0.9'
  // Nothing tells that nginx was set up again.
  await pass(70 * SECOND)
  expect(state()).toBe('running')
  expect(events().at(-1)).toBe('nginx sends requests for blog to where it is again')
})

test('a process that starts again and again has everything listed four times a minute at most', async () => {
  const { happens, pass, lists } = await server()
  for (let death = 0; death < 60; death += 1) {
    await happens('die', { exitCode: '1' })
    await happens('start')
    await pass(SECOND)
  }
  expect(lists()).toBeLessThanOrEqual(5)
  expect(lists()).toBeGreaterThanOrEqual(3)
})

test('a deploy that is recorded is one list, at its end; one that is not is a list at each of its triggers', async () => {
  const { recorded, lists, pass } = await server()
  recorded('post-release-builder', 'b1')
  await pass(20 * SECOND)
  expect(lists()).toBe(0)
  recorded('post-deploy', 'b1')
  await pass(3 * SECOND)
  recorded('build-ended', 'b1')
  await pass(20 * SECOND)
  expect(lists()).toBe(1)
  recorded('post-release-builder')
  await pass(2 * SECOND)
  recorded('post-deploy')
  await pass(20 * SECOND)
  expect(lists()).toBe(3)
})

test('a deploy that goes on long after it went live is listed all the same', async () => {
  const { recorded, lists, pass } = await server()
  recorded('post-deploy', 'b1')
  await pass(5 * SECOND)
  expect(lists()).toBe(1)
})
