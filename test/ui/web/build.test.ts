import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { beforeAll, expect, test } from 'vitest'
import { build } from '../../../ui/web/build.ts'

const DIST = fileURLToPath(new URL('../../../dist/assets', import.meta.url))

beforeAll(() => build())

test('a build with no change since the last one does nothing', async () => {
  expect(await build()).toBe(false)
})

test('stylesheet and script of every page are under 30 KB over the wire', () => {
  const bytes = ['app.css.br', 'app.js.br', 'favicon.svg.br'].map(
    (name) => readFileSync(`${DIST}/${name}`).length,
  )
  expect(bytes.reduce((sum, size) => sum + size)).toBeLessThan(30 * 1024)
})

test('nothing the browser gets asks another host', () => {
  for (const name of ['app.css', 'app.js']) {
    const urls = readFileSync(`${DIST}/${name}`, 'utf8').match(
      /(?:url\(|import\(|src=|fetch\()["']?(?:https?:)?\/\/[^"')]+/g,
    )
    expect(urls ?? []).toEqual([])
  }
})
