import { type IncomingMessage, request } from 'node:http'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { httpServer } from '../../../ui/web/server.ts'
import { told } from '../story/events.ts'
import { NOW } from '../story/seed.ts'
import { wholePanel } from '../story/whole.ts'

type Whole = Awaited<ReturnType<typeof wholePanel>>
let panel: Whole
let server: ReturnType<typeof httpServer>
const opened: IncomingMessage[] = []

beforeEach(async () => {
  panel = await wholePanel()
  server = httpServer(panel.fetch)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
})
afterEach(() => {
  for (const one of opened.splice(0)) one.destroy()
  server.closeAllConnections()
  server.close()
})

const STREAMS = [
  '/live',
  '/apps/shop/logs/stream',
  '/apps/shop/deployments/1/log/stream',
  '/jobs/1/output/stream',
]

/** Opens a stream and stays; resolves to its status. */
function open(path: string, headers: Record<string, string>, method = 'GET'): Promise<IncomingMessage> {
  const address = server.address()
  const port = typeof address === 'object' ? address?.port : 0
  return new Promise((resolve, reject) => {
    const asked = request({ port, host: '127.0.0.1', path, method, headers, agent: false }, (answer) => {
      opened.push(answer)
      answer.on('error', () => {})
      answer.resume()
      resolve(answer)
    })
    asked.on('error', reject)
    asked.end()
  })
}

/** A session's cookie, for the port the server listens on. */
const session = () => {
  const address = server.address()
  const port = typeof address === 'object' ? address?.port : 0
  return { cookie: `dokkubase-${port}=${panel.token()}` }
}

test('a page of another site opens no stream, whatever it says it accepts', async () => {
  panel.jobs.ask([{ kind: 'ps:restart', payload: { app: 'shop' } }], { id: 1, name: 'ada' })
  const cookie = session()
  for (const path of STREAMS)
    for (const accept of ['text/event-stream', '*/*', 'text/html', 'application/json', ''])
      for (const from of [
        { 'sec-fetch-site': 'cross-site' },
        { 'sec-fetch-site': 'same-site' },
        { origin: 'http://evil.test' },
      ]) {
        const { statusCode } = await open(path, { ...cookie, accept, ...from })
        expect([path, accept, from, statusCode]).toEqual([path, accept, from, 403])
      }
  for (const path of STREAMS) expect([path, (await open(path, cookie)).statusCode]).toEqual([path, 200])
})

test('a session has a bounded number of streams, and one that ends makes room', async () => {
  const cookie = session()
  const all = []
  for (let one = 0; one < 32; one += 1) all.push(await open(STREAMS[one % 2] ?? '', cookie))
  expect(new Set(all.map(({ statusCode }) => statusCode))).toEqual(new Set([200]))
  for (const path of STREAMS.slice(0, 2)) expect((await open(path, cookie)).statusCode).toBe(429)
  expect((await open('/live', session())).statusCode).toBe(200)
  for (const one of all.slice(0, 3)) one.destroy()
  await expect
    .poll(async () => {
      const { statusCode } = await open('/live', cookie)
      return statusCode
    })
    .toBe(200)
})

test('a HEAD opens none: nobody would read it to its end', async () => {
  const cookie = session()
  for (let again = 0; again < 40; again += 1)
    for (const path of STREAMS.slice(0, 3)) expect((await open(path, cookie, 'HEAD')).statusCode).toBe(200)
  expect(panel.changes.viewers()).toBe(0)
  expect((await open('/live', cookie)).statusCode).toBe(200)
})

test('a name with a line break in it ends no stream', async () => {
  const stream = await open('/live', session())
  let text = ''
  stream.on('data', (data: Buffer) => {
    text += data.toString()
  })
  panel.changes.publish([
    'app:x\r\nevent: y',
    'app:a b',
    'app:\u2028',
    'app:',
    'app:shop',
    `app:${'x'.repeat(400)}`,
  ])
  await expect.poll(() => text).toContain('event: app:shop')
  expect(text).not.toContain('event: y')
  panel.changes.publish(['app:blog'])
  await expect.poll(() => text).toContain('event: app:blog')
  const events = [...text.matchAll(/^event: (.*)$/gm)].map(([, name]) => name)
  const others = events.filter((name) => name !== 'connected')
  expect(new Set(others)).toEqual(new Set(['apps', 'app:', 'app:shop', 'app:blog']))
})

test('an app whose name Dokku would never give ends no stream either, and its page is kept up to date', async () => {
  const stream = await open('/live', session())
  let text = ''
  stream.on('data', (data: Buffer) => {
    text += data.toString()
  })
  panel.journal.record([told(NOW, 'root', 'post-create', ['x\nevent: y'])])
  await expect.poll(() => text).toContain('event: apps')
  panel.changes.publish(['app:blog'])
  await expect.poll(() => text).toContain('event: app:blog')
  const page = await (await panel.signedIn()(`/apps/${encodeURIComponent('x\nevent: y')}`)).text()
  expect(page).toMatch(/<main [^>]*data-topics="[^"]*\bapps"/)
})
