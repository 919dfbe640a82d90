import { afterEach, expect, test } from 'vitest'
import type { ContainerLine } from '../../../ui/dokku/container.ts'
import type { Dokku } from '../../../ui/dokku/dokku.ts'
import { containerWatch } from '../../../ui/reconcile/containers.ts'

const container = (id: string) =>
  JSON.stringify({
    kind: 'container',
    app: 'blog',
    container_type: 'deploy',
    process: 'web',
    dyno: 'web.1',
    id,
    name: '/blog.web.1',
    image_id: 'sha256:1',
    image: 'dokku/blog:latest',
    created_at: '2026-11-23T02:29:21Z',
    started_at: '2026-11-23T02:29:22Z',
    finished_at: '0001-01-01T00:00:00Z',
    status: 'running',
    exit_code: 0,
    oom_killed: false,
    restarts: 0,
    restart_policy: 'on-failure',
    max_restarts: 10,
    memory_limit: 0,
    addresses: ['172.17.0.2', null],
  })
const end = JSON.stringify({ kind: 'end' })
const died = JSON.stringify({
  Type: 'container',
  Action: 'die',
  time: 1,
  Actor: {
    ID: 'a',
    Attributes: {
      name: 'blog.web.1',
      exitCode: '1',
      'com.dokku.app-name': 'blog',
      'com.dokku.container-type': 'deploy',
      'com.dokku.process-type': 'web',
    },
  },
})

let watch: ReturnType<typeof containerWatch> | undefined
afterEach(() => watch?.stop())

const watched = (lines: () => AsyncIterable<string>) => {
  const heard: string[] = []
  let stops = 0
  let follows = 0
  const dokku: Dokku = {
    run: async () => [container('a'), container('b'), end].join('\n'),
    follow() {
      follows += 1
      const stop = () => {
        stops += 1
      }
      return { lines: lines(), stop }
    },
  }
  const ids = (listed: readonly ContainerLine[]) => listed.map(({ id }) => id).join(' ')
  watch = containerWatch({
    dokku,
    listed: ({ containers }) => heard.push(`listed ${ids(containers)}`),
    happened: ({ action }) => heard.push(action),
    onError: (error) => heard.push(String(error)),
    everyMs: 60_000,
    graceMs: 20,
  })
  return { watch, heard, stops: () => stops, follows: () => follows }
}
const after = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

test('a list that is slow to come is not taken for an empty one', async () => {
  const { watch, heard } = watched(async function* () {
    await after(1700)
    yield container('a')
    yield container('b')
    yield end
    yield died
    await after(10_000)
  })
  watch.viewers(1)
  await after(2000)
  expect(heard).toEqual(['listed a b', 'die'])
})

test('nothing is followed while nobody looks, and it ends when the last page closes', async () => {
  const { watch, heard, follows, stops } = watched(async function* () {
    yield container('a')
    yield end
    await after(10_000)
  })
  await watch.start()
  expect(heard).toEqual(['listed a b'])
  expect(follows()).toBe(0)
  watch.viewers(1)
  watch.viewers(2)
  await after(10)
  expect(follows()).toBe(1)
  watch.viewers(0)
  await after(60)
  expect(stops()).toBe(1)
})
