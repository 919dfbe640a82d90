import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { PATIENCE_MS } from '../patience.ts'
import { isLive, person } from './browser.ts'
import { startBrowser } from './chromium.ts'
import { PAGES, twoJobs } from './every-page.ts'
import { illegible } from './legible.ts'
import { type Service, service } from './opened.ts'

/** Phones, tablets, laptops, desktops; the last two are 1280 and 1440 at 200 % zoom, which halves the CSS width. */
const WINDOWS = [
  [360, 640],
  [390, 844],
  [768, 1024],
  [1024, 768],
  [1280, 800],
  [1366, 768],
  [1440, 900],
  [1920, 1080],
  [640, 400],
  [720, 450],
] as const

let browser: Browser
let server: Service

beforeAll(async () => {
  browser = await startBrowser()
  server = await service()
  await twoJobs(server)
})
afterAll(async () => {
  await browser.close()
  await server.close()
})

/** Each page is loaded once and its window resized. */
const findings = async (paths: readonly string[], plant = async (_: Page) => {}) => {
  const visitor = await person(browser, server, { reducedMotion: 'reduce' })
  const found: string[] = []
  for (const path of paths) {
    await visitor.go(path)
    await isLive(visitor.page)
    await plant(visitor.page)
    for (const [width, height] of WINDOWS) {
      await visitor.page.setViewportSize({ width, height })
      for (const finding of await visitor.page.evaluate(illegible))
        found.push(`${path} at ${width}: ${finding}`)
    }
  }
  await visitor.context.close()
  return found
}

test(
  'at no width is a page cut, scrolled sideways, or a column narrower than a word',
  async () => {
    expect(await findings(PAGES)).toEqual([])
  },
  10 * PATIENCE_MS,
)

const box = (style: string, text: string) => (page: Page) =>
  page.evaluate(
    ([style, text]) => {
      const element = document.createElement('div')
      element.textContent = text
      for (const rule of style.split(';')) {
        const [name = '', value = ''] = rule.split(':')
        element.style.setProperty(name.trim(), value.trim())
      }
      document.querySelector('main')?.append(element)
    },
    [style, text] as const,
  )

test.each([
  [
    'a column of single letters',
    'lines of 10 px',
    box('width: 10px; overflow-wrap: anywhere', 'example.com'),
  ],
  [
    'text that is cut',
    'cut at 60 of',
    box('width: 60px; overflow: hidden; white-space: nowrap', 'www.example.com'),
  ],
  [
    'text shortened to nothing',
    'shortened to 20 px',
    box('width: 20px; overflow: hidden; white-space: nowrap; text-overflow: ellipsis', 'example.com'),
  ],
  ['what is too wide', 'scrolls sideways', box('width: 2500px', 'wide')],
])('%s would be found', async (_, finding, plant) => {
  expect(await findings(['/audit'], plant)).toContainEqual(expect.stringContaining(finding))
})
