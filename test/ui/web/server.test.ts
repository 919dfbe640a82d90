import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { Hono } from 'hono'
import { streamSSE } from 'hono/streaming'
import { expect, onTestFinished, test } from 'vitest'
import { type Deadlines, httpServer } from '../../../ui/web/server.ts'

const DEADLINES: Deadlines = {
  headersMs: 200,
  bodyMs: 200,
  uploadMs: 20_000,
  uploadBytes: 1,
  everyMs: 20,
}

/** What an upload brought, once it was read. */
let uploaded = 0

async function serve(deadlines: Partial<Deadlines> = {}) {
  const app = new Hono()
    .onError((_, c) => c.text('broke off', 400))
    .get('/live', (c) =>
      streamSSE(c, async (stream) => {
        while (!stream.aborted) {
          await stream.writeSSE({ data: 'still here' })
          await sleep(50)
        }
      }),
    )
    .post('/forms', async (c) => c.text(await c.req.text()))
    .post('/refused', (c) => c.text('sign in first', 401))
    .post('/apps/denied/archives', (c) => c.text('sign in first', 401))
    .post('/apps/:app/archives', async (c) => {
      uploaded = (await c.req.arrayBuffer()).byteLength
      return c.text('taken')
    })
  const server = httpServer(app.fetch, { ...DEADLINES, ...deadlines })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const address = server.address()
  const port = typeof address === 'object' ? (address?.port ?? 0) : 0
  return (begin = '') => visitor(port, begin)
}

/** A socket that sends what it is told and no more. */
function visitor(port: number, begin: string) {
  const socket: Socket = connect(port, '127.0.0.1')
  let received = ''
  socket.setEncoding('utf8')
  socket.on('data', (data) => {
    received += String(data)
  })
  socket.on('error', () => {})
  socket.write(begin)
  // A write to a connection that the server closed is an error, and no news.
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()))
  onTestFinished(() => void socket.destroy())
  return {
    send: (text: string) => socket.write(text),
    /** Sends on until the server answers: what it does not read any more may cost its answer. */
    drip(text: string) {
      const timer = setInterval(() => received === '' && socket.write(text), 20)
      void closed.then(() => clearInterval(timer))
    },
    /** Resolves once the server has closed the connection. */
    closed: async () => {
      await closed
      return received
    },
    isClosed: () => socket.closed,
    async until(text: string) {
      while (!received.includes(text)) {
        if (socket.closed) throw new Error(`closed after ${received}`)
        await sleep(10)
      }
      return received
    },
  }
}

const head = (request: string, ...headers: readonly string[]) =>
  [`${request} HTTP/1.1`, 'Host: panel.test', ...headers, '', ''].join('\r\n')

test('a connection that sends nothing, or no end of its headers, is closed', async () => {
  const open = await serve()
  const all = [open(), open('GET / HT'), open('GET / HTTP/1.1\r\nHost: panel.test\r\nX-Slow: ')]
  for (const one of all) await one.closed()
})

test('headers that drip in are closed as well', async () => {
  const open = await serve()
  const one = open('GET / HTTP/1.1\r\n')
  one.drip('X: y\r\n')
  await one.closed()
})

test.each([
  ['of a known length', head('POST /forms', 'Content-Length: 1000'), 'x'],
  ['of an unknown length', head('POST /forms', 'Transfer-Encoding: chunked'), '1\r\nx\r\n'],
])('a body %s that never ends is answered 408 and closed', async (_, begin, more) => {
  const open = await serve()
  const one = open(`${begin}${more}`)
  one.drip(more)
  expect(await one.closed()).toContain('HTTP/1.1 408')
})

test('a hundred and eighty half requests are all closed', async () => {
  const open = await serve()
  const half = [
    head('POST /forms', 'Content-Length: 9'),
    'GET /',
    '',
    head('POST /refused', 'Content-Length: 9'),
  ]
  const all = Array.from({ length: 180 }, (_, at) => open(half[at % half.length]))
  for (const one of all) await one.closed()
})

test('a body nobody reads any more is not waited for', async () => {
  const open = await serve()
  for (const path of ['/refused', '/apps/denied/archives'])
    expect(await open(head(`POST ${path}`, 'Content-Length: 1000000')).closed()).toContain('401')
})

test('an upload may take longer than a form as long as it makes progress', async () => {
  const open = await serve()
  const one = open(head('POST /apps/shop/archives', 'Content-Length: 600'))
  for (let part = 0; part < 60; part += 1) {
    one.send('0123456789')
    await sleep(10)
  }
  await one.until('taken')
  expect(uploaded).toBe(600)
})

test('an upload that stalls is answered 408 and closed', async () => {
  const open = await serve({ uploadMs: 200 })
  const one = open(`${head('POST /apps/shop/archives', 'Content-Length: 600')}some of it`)
  expect(await one.closed()).toContain('HTTP/1.1 408')
})

test('an upload that drips in too slowly is closed too', async () => {
  const open = await serve({ uploadMs: 200, uploadBytes: 100_000 })
  const one = open(head('POST /apps/shop/archives', 'Content-Length: 600'))
  const drip = setInterval(() => one.send('x'), 20)
  expect(await one.closed()).toContain('HTTP/1.1 408')
  clearInterval(drip)
})

test('a stream stays open however long, and an idle one is used again', async () => {
  const open = await serve()
  const stream = open(head('GET /live'))
  const kept = open(`${head('POST /forms', 'Content-Length: 5')}hello`)
  await kept.until('hello')
  await stream.until('still here')
  // Several times every deadline.
  await sleep(1_000)
  expect(stream.isClosed()).toBe(false)
  kept.send(`${head('POST /forms', 'Content-Length: 5')}again`)
  await kept.until('again')
})
