import { appendFileSync, writeFileSync } from 'node:fs'
import { get, type ServerResponse } from 'node:http'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, expect, test } from 'vitest'
import { deployments } from '../../../ui/deployments/table.ts'
import { eventually } from '../../patience.ts'
import { logServer, look } from './server.ts'

const STREAM = '/apps/shop/deployments/1/log/stream'
let close: (() => Promise<void>) | undefined

afterEach(async () => {
  await close?.()
  close = undefined
})

const serve = async (...options: Parameters<typeof logServer>) => {
  const served = await logServer(...options)
  close = served.close
  writeFileSync(served.running.logFile, '')
  served.log.start(served.running)
  return {
    ...served,
    stream: served.url(STREAM),
    write: (lines: readonly string[]) =>
      appendFileSync(served.running.logFile, lines.map((line) => `${line}\n`).join('')),
  }
}

const numbered = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => `line ${from + index}`)
const upTo = (last: number) => Array.from({ length: last }, (_, index) => index + 1)

test('who looks at a running deployment gets all of its log so far, then each line, then the end', async () => {
  const { write, stream, log, running } = await serve()
  write(numbered(1, 500))
  await eventually(() => expect(log.last(1)).toBe(500))
  const viewer = await look(stream)
  await eventually(() => expect(viewer.numbers()).toEqual(upTo(500)))
  write(numbered(501, 503))
  await eventually(() => expect(viewer.texts()).toEqual(numbered(1, 503)))
  write(['-----> Building shop from Dockerfile', ' !     App build failed'])
  await log.finish(running)
  await eventually(() => expect(viewer.ended()).toBe(true))
  expect(viewer.of('end').map(({ data }) => data)).toEqual(['{"bad":[505]}'])
  expect(viewer.numbers()).toEqual(upTo(505))
})

test('a stream is never stored, buffered by nginx or taken for something else', async () => {
  const { stream } = await serve()
  const viewer = await look(stream)
  expect(viewer.headers).toMatchObject({
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    'x-accel-buffering': 'no',
    'x-content-type-options': 'nosniff',
  })
})

test('the stream of a deployment that has ended tells what is missing and ends', async () => {
  const { url, log, failed } = await serve()
  writeFileSync(failed.logFile, 'one\ntwo\nthree\n')
  await log.finish(failed)
  const viewer = await look(url('/apps/shop/deployments/2/log/stream?from=1'))
  await eventually(() => expect(viewer.ended()).toBe(true))
  expect(viewer.texts()).toEqual(['two', 'three'])
  expect(viewer.of('end')).toHaveLength(1)
})

test('who looks before the log is copied misses nothing', async () => {
  const { url, log, root, db, feature } = await serve()
  const logFile = join(root, 'builds/shop/three.log')
  const [running] = db.select().from(deployments).all()
  if (running === undefined) throw new Error('there is no shop #1')
  db.insert(deployments)
    .values({ ...running, id: 3, number: 3, buildId: 'three', logFile })
    .run()
  const viewer = await look(url('/apps/shop/deployments/3/log/stream'))
  await eventually(() => expect(feature.viewers()).toBe(1))
  writeFileSync(logFile, 'one\n')
  log.start({ id: 3, logFile, startedAt: Date.now() })
  await eventually(() => expect(viewer.texts()).toEqual(['one']))
  await log.finish({ id: 3, logFile, startedAt: Date.now() })
  await eventually(() => expect(viewer.ended()).toBe(true))
})

test('connections lost again and again lose no line and double none', async () => {
  const { write, stream, log, running } = await serve()
  const seen: number[] = []
  let lastId = ''
  for (let round = 0; round < 25; round += 1) {
    write(numbered(round * 200 + 1, round * 200 + 100))
    const viewer = await look(stream, lastId === '' ? {} : { 'last-event-id': lastId })
    write(numbered(round * 200 + 101, round * 200 + 200))
    await sleep((round * 37) % 130)
    viewer.leave()
    await sleep(5)
    seen.push(...viewer.numbers())
    lastId = viewer.lastId() || lastId
  }
  await log.finish(running)
  const last = await look(`${stream}?from=0`, { 'last-event-id': lastId })
  await eventually(() => expect(last.ended()).toBe(true))
  expect([...seen, ...last.numbers()]).toEqual(upTo(5000))
})

test('lines that come together are sent together', async () => {
  const { write, stream } = await serve()
  const viewer = await look(stream)
  write(numbered(1, 1000))
  await eventually(() => expect(viewer.numbers()).toEqual(upTo(1000)))
  expect(viewer.of('').length).toBeLessThan(15)
})

test('somebody who reads slowly is waited for, costs no memory, and misses nothing', async () => {
  const { write, stream, log, running, feature, server } = await serve()
  const answers: ServerResponse[] = []
  server.on('request', (_: unknown, answer: ServerResponse) => answers.push(answer))
  const slow = await look(stream)
  const quick = await look(stream)
  await eventually(() => expect(feature.viewers()).toBe(2))
  slow.pause()
  let most = 0
  for (let batch = 1; batch <= 15; batch += 1) {
    write(Array.from({ length: 1000 }, () => 'x'.repeat(1000)))
    await eventually(() => expect(log.last(1)).toBe(batch * 1000))
    most = Math.max(most, ...answers.map(({ writableLength }) => writableLength))
  }
  await eventually(() => expect(quick.lastId()).toBe('15000'))
  most = Math.max(most, ...answers.map(({ writableLength }) => writableLength))
  expect(Number(slow.lastId())).toBeLessThan(15_000)
  expect(most).toBeGreaterThan(256 * 1024)
  expect(most).toBeLessThan(512 * 1024)
  await log.finish(running)
  await eventually(() => expect(quick.ended()).toBe(true))
  slow.resume()
  await eventually(() => expect(slow.ended()).toBe(true))
  expect(slow.numbers()).toEqual(upTo(15_000))
  expect(quick.numbers()).toEqual(upTo(15_000))
})

test('a viewer that takes nothing for too long is let go', async () => {
  const { write, stream, feature } = await serve({ stream: { heartbeatMs: 50, patienceMs: 100 } })
  const stuck = await look(stream)
  stuck.pause()
  write(Array.from({ length: 15_000 }, () => 'x'.repeat(1000)))
  await eventually(() => expect(feature.viewers()).toBe(0))
})

test('what a line says cannot forge an event', async () => {
  const { write, stream } = await serve()
  const viewer = await look(stream)
  const hostile = [
    'event: end',
    'data: []\r',
    'id: 99\r\r',
    '\u2028event: signed-out\u2029',
    'a\0b\x1b]0;x\x07',
  ]
  write(hostile)
  await eventually(() => expect(viewer.texts()).toEqual(hostile))
  expect(viewer.of('end')).toEqual([])
  expect(viewer.lastId()).toBe('5')
})

test('a stream ends when its session has', async () => {
  let allowed = true
  const { stream, feature } = await serve({
    admit: () => ({ stillAllowed: () => allowed, leave() {} }),
    stream: { recheckMs: 40 },
  })
  const viewer = await look(stream)
  await sleep(100)
  expect(viewer.ended()).toBe(false)
  allowed = false
  await eventually(() => expect(viewer.ended()).toBe(true))
  expect(viewer.of('signed-out')).toHaveLength(1)
  expect(feature.viewers()).toBe(0)
})

test('a silent stream is kept open by a sign of life', async () => {
  const { stream } = await serve({ stream: { heartbeatMs: 30 } })
  const viewer = await look(stream)
  await eventually(() => expect(viewer.told.filter(({ data }) => data === '').length).toBeGreaterThan(3))
})

test('the server ends while streams are open, and browsers come back with their last id', async () => {
  const { stream, write, feature, server } = await serve()
  const viewer = await look(stream)
  write(['hello'])
  await eventually(() => expect(viewer.texts()).toEqual(['hello']))
  feature.close()
  await eventually(() => expect(viewer.ended()).toBe(true))
  expect(viewer.of('end')).toEqual([])
  await new Promise((resolve) => server.close(resolve))
})

test.each([
  '/apps/shop/deployments/9/log/stream',
  '/apps/nope/deployments/1/log/stream',
  '/apps/blog/deployments/1/log/stream',
  '/apps/blog/deployments/1/log',
  '/apps/blog/deployments/1/log/lines',
  '/apps/--global/logs/stream',
  '/apps/old/logs/stream',
])('%s is not found', async (path) => {
  const { url } = await serve()
  const response = await fetch(url(path), { headers: { accept: 'application/json' } })
  expect(response.status).toBe(404)
})

test('asking only for the head of a stream does not open it', async () => {
  const { stream, feature } = await serve()
  const response = await fetch(stream, { method: 'HEAD' })
  expect(response.headers.get('content-type')).toContain('text/event-stream')
  expect(feature.viewers()).toBe(0)
})

test('a hundred viewers read the file once', async () => {
  const { stream, write, feature } = await serve()
  const viewers = await Promise.all(Array.from({ length: 100 }, () => look(stream)))
  expect(feature.viewers()).toBe(100)
  write(numbered(1, 50))
  await eventually(() => {
    for (const viewer of viewers) expect(viewer.numbers()).toEqual(upTo(50))
  })
  for (const viewer of viewers) viewer.leave()
  await eventually(() => expect(feature.viewers()).toBe(0))
})

test('any part of a log can be asked for', async () => {
  const { url, write, log } = await serve()
  write(numbered(1, 3000))
  await eventually(() => expect(log.last(1)).toBe(3000))
  const response = await fetch(url('/apps/shop/deployments/1/log/lines?from=1201&count=200'))
  const { lines, last } = await response.json()
  expect(last).toBe(3000)
  expect(lines).toHaveLength(200)
  expect(lines[0].at(2)).toBe('line 1201')
  const odd = await fetch(url('/apps/shop/deployments/1/log/lines?from=-1&count=1e9'))
  expect((await odd.json()).lines).toHaveLength(1000)
})

test('the whole log is downloaded as it is, also while it is written', async () => {
  const { url, write, log } = await serve()
  const lines = [...numbered(1, 20_000), '\x1b[31mred\x1b[0m']
  write(lines)
  await eventually(() => expect(log.last(1)).toBe(20_001))
  const response = await fetch(url('/apps/shop/deployments/1/log'))
  expect(await response.text()).toBe(lines.map((line) => `${line}\n`).join(''))
  expect(response.headers.get('content-disposition')).toBe('attachment; filename="shop-1.log"')
  expect(response.headers.get('content-type')).toBe('text/plain; charset=utf-8')
})

test('a download nobody finishes does not hold the log', async () => {
  const { url, write, log } = await serve()
  write(Array.from({ length: 5000 }, () => 'x'.repeat(1000)))
  await eventually(() => expect(log.last(1)).toBe(5000))
  await new Promise<void>((resolve) => {
    get(url('/apps/shop/deployments/1/log'), (response) =>
      response.once('data', () => resolve(void response.destroy())),
    )
  })
  expect((await fetch(url('/apps/shop/deployments/1/log/lines?from=1&count=1'))).status).toBe(200)
})
