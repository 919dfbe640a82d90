import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { Hono } from 'hono'
import { expect, test } from 'vitest'
import { compress } from '../../../ui/web/compress.ts'

const PAGE = `<p>${'All twelve apps running. '.repeat(200)}</p>`
const STREAM = { 'content-type': 'text/event-stream' }

const app = new Hono()
  .use(compress)
  .get('/', (c) => c.html(PAGE))
  .get('/small', (c) => c.html('<p>Small</p>'))
  .get('/live', (c) => c.body(PAGE, 200, STREAM))
  .get('/wrong', () => {
    throw new Error('wrong')
  })
  .onError((_, c) => c.html(PAGE, 500))

const ask = (path: string, accepted: string) =>
  app.request(path, { headers: { 'Accept-Encoding': accepted } })
const bytes = async (answer: Response) => Buffer.from(await answer.arrayBuffer())

test('a page comes smaller to who can read it so, the smallest way first', async () => {
  const smallest = await ask('/', 'gzip, deflate, br')
  expect(smallest.headers.get('content-encoding')).toBe('br')
  expect(brotliDecompressSync(await bytes(smallest)).toString()).toBe(PAGE)
  expect(gunzipSync(await bytes(await ask('/', 'gzip, deflate'))).toString()).toBe(PAGE)
})

test('a page comes plain to who cannot, and says that it may come otherwise', async () => {
  const answer = await ask('/', 'identity')
  expect(answer.headers.get('content-encoding')).toBeNull()
  expect(answer.headers.get('vary')).toBe('Accept-Encoding')
  expect(await answer.text()).toBe(PAGE)
})

test('what is small anyhow stays as it is', async () => {
  const answer = await ask('/small', 'br')
  expect(answer.headers.get('content-encoding')).toBeNull()
  expect(await answer.text()).toBe('<p>Small</p>')
})

test('a stream is never held back to be compressed', async () => {
  expect((await ask('/live', 'br')).headers.get('content-encoding')).toBeNull()
})

test('a page about an error is compressed too, and keeps its status', async () => {
  const answer = await ask('/wrong', 'br')
  expect([answer.status, answer.headers.get('content-encoding')]).toEqual([500, 'br'])
})
