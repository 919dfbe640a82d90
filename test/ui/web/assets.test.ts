import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { assets } from '../../../ui/web/assets.ts'

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(`${tmpdir()}/assets-`)
  writeFileSync(`${folder}/app.css`, 'body{}')
  writeFileSync(`${folder}/app.css.br`, 'brotli')
  writeFileSync(`${folder}/app.css.gz`, 'gzip')
  writeFileSync(`${folder}/secret`, 'not in the manifest')
  writeFileSync(
    `${folder}/manifest.json`,
    JSON.stringify({ 'app.css': { type: 'text/css; charset=utf-8', hash: 'abc' } }),
  )
})
afterAll(() => rmSync(folder, { recursive: true }))

const get = (path: string, headers: Record<string, string> = {}) =>
  assets(folder).routes.request(path, { headers })

test('an address carries the hash of the file and may be kept for ever', async () => {
  const { asset } = assets(folder)
  expect(asset('app.css')).toBe('/assets/app.css?v=abc')
  const answer = await get(asset('app.css'))
  expect(answer.headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
  expect(answer.headers.get('content-type')).toBe('text/css; charset=utf-8')
})

test('an address of an older file is not kept', async () => {
  expect((await get('/assets/app.css?v=old')).headers.get('cache-control')).toBe('no-cache')
})

test.each([
  ['br, gzip', 'brotli'],
  ['gzip', 'gzip'],
  ['', 'body{}'],
])('who accepts "%s" gets %s', async (accepted, content) => {
  expect(await (await get('/assets/app.css', { 'Accept-Encoding': accepted })).text()).toBe(content)
})

test('who has the file already gets nothing', async () => {
  expect((await get('/assets/app.css', { 'If-None-Match': '"abc"' })).status).toBe(304)
})

test.each(['/assets/secret', '/assets/..%2fsecret', '/assets/app.css.br'])('%s is no asset', async (path) => {
  expect((await get(path)).status).toBe(404)
})
