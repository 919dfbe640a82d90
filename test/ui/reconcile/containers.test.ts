import { afterEach, expect, test, vi } from 'vitest'
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
const end = JSON.stringify({ kind: 'end', read_at: 1.5 })
const following = JSON.stringify({ kind: 'following', by: 'socket' })
const event = (Action: string) =>
  JSON.stringify({
    Type: 'container',
    Action,
    time: 2,
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
afterEach(() => {
  watch?.stop()
  vi.useRealTimers()
})

/** Time passes only when a spec lets it. */
function watched(
  lines: (attempt: number) => AsyncIterable<string>,
  run = async () => [container('a'), container('b'), end].join('\n'),
  random = () => 1,
) {
  vi.useFakeTimers({ now: 1_000_000 })
  const heard: string[] = []
  const began: number[] = []
  let stops = 0
  const dokku: Dokku = {
    run,
    follow(command) {
      expect(command).toEqual(['dokkubase:containers', '--follow'])
      began.push(Date.now())
      const stop = () => {
        stops += 1
      }
      return { lines: lines(began.length), stop }
    },
  }
  watch = containerWatch({
    dokku,
    listed: ({ containers, readAt }) =>
      heard.push(`listed ${containers.map(({ id }) => id).join(' ')} at ${readAt}`),
    happened: ({ action }) => heard.push(action),
    lost: () => heard.push('lost'),
    onProblem: (error, times) =>
      heard.push(error === null ? `well after ${times}` : `${String(error)} (${times})`),
    random,
  })
  return { watch, heard, began, stops: () => stops }
}
const forever = () => new Promise<never>(() => {})
const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms)

const steady = () =>
  (async function* () {
    yield container('a')
    yield end
    yield following
    yield event('die')
    await forever()
  })()

test('is followed from the start, whether a page is open or not', async () => {
  const { watch, heard, began } = watched(steady)
  watch.start()
  await pass(0)
  expect(heard).toEqual(['listed a at 1500', 'die'])
  expect(watch.status()).toEqual({ by: 'socket', problem: null, isLost: false })
  await pass(3_600_000)
  expect(began).toHaveLength(1)
})

test('is listed by itself now and then, and soon after a change', async () => {
  const { watch, heard } = watched(steady)
  watch.start()
  await pass(1)
  heard.length = 0
  watch.changed()
  watch.changed()
  await pass(1500)
  expect(heard).toEqual(['listed a b at 1500'])
  watch.changed(15_000)
  await pass(14_000)
  watch.changed()
  await pass(2000)
  expect(heard).toHaveLength(2)
  await pass(300_000)
  expect(heard).toHaveLength(3)
})

test('is started again after it ended, at ever longer intervals, and begins with a list', async () => {
  const { watch, heard, began } = watched((attempt) =>
    (async function* () {
      yield container(`c${attempt}`)
      yield end
    })(),
  )
  watch.start()
  await pass(200_000)
  const gaps = began.slice(1).map((at, index) => at - (began[index] ?? 0))
  expect(gaps).toEqual([1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000])
  expect(heard.filter((each) => each.startsWith('listed c'))).toHaveLength(began.length)
})

test('begins with a short delay again after it went on for a minute', async () => {
  const { watch, began } = watched(() =>
    (async function* () {
      yield end
      await new Promise((resolve) => setTimeout(resolve, 90_000))
    })(),
  )
  watch.start()
  await pass(300_000)
  const gaps = began.slice(1).map((at, index) => at - (began[index] ?? 0))
  expect(new Set(gaps)).toEqual(new Set([91_000]))
})

test('waits a random part of the delay, so that servers do not ask in step', async () => {
  const { watch, began } = watched(
    () => (async function* () {})(),
    undefined,
    () => 0,
  )
  watch.start()
  await pass(600)
  expect(began).toEqual([1_000_000, 1_000_500])
})

test('a list that broke off is none', async () => {
  const { watch, heard } = watched(() =>
    (async function* () {
      yield container('a')
    })(),
  )
  watch.start()
  await pass(0)
  expect(heard).toEqual(['Error: the list of containers broke off (1)', 'lost'])
})

test('equal failures are told once in ten minutes, with how many there were, and that they are over', async () => {
  let works = false
  const down = () => {
    if (!works) throw new Error('Docker is down')
  }
  const { watch, heard } = watched(
    () =>
      (async function* () {
        down()
        yield end
        await forever()
      })(),
    async () => {
      down()
      return end
    },
  )
  watch.start()
  await pass(590_000)
  expect(heard).toEqual(['Error: Docker is down (1)', 'lost'])
  await pass(60_000)
  const [, , again = ''] = heard
  expect(again).toMatch(/^Error: Docker is down \(\d+\)$/)
  expect(Number(/\((\d+)\)/.exec(again)?.[1])).toBeGreaterThan(8)
  works = true
  await pass(400_000)
  expect(heard.slice(3).filter((each) => each.startsWith('well'))).toHaveLength(1)
  expect(heard.slice(3).filter((each) => each.startsWith('Error'))).toEqual([])
})

test('states are not known any more once Docker was not read for two minutes, not before', async () => {
  let works = true
  const { watch, heard } = watched(
    () =>
      (async function* () {
        if (!works) throw new Error('Docker is down')
        yield end
        await new Promise((resolve) => setTimeout(resolve, 10_000))
        works = false
      })(),
    async () => {
      throw new Error('Docker is down')
    },
  )
  watch.start()
  await pass(100_000)
  expect(heard).not.toContain('lost')
  await pass(100_000)
  expect(heard.filter((each) => each === 'lost')).toHaveLength(1)
  expect(watch.status()).toEqual({ by: null, problem: 'Docker is down', isLost: true })
})

test('one list that fails while events come is no loss', async () => {
  const { watch, heard } = watched(steady, async () => {
    throw new Error('too busy')
  })
  watch.start()
  await pass(1_000_000)
  expect(heard).not.toContain('lost')
})

test('ends with the panel, and is not started again', async () => {
  const { watch, began, stops } = watched(steady)
  watch.start()
  await pass(10)
  watch.stop()
  await pass(600_000)
  expect([began.length, stops()]).toEqual([1, 1])
})
