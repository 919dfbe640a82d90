import type { Browser, Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
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

const opened = async (path: string, [width, height]: readonly [number, number]) => {
  const visitor = await person(browser, server, { viewport: { width, height }, reducedMotion: 'reduce' })
  onTestFinished(() => visitor.context.close())
  await visitor.go(path)
  await isLive(visitor.page)
  return visitor.page
}

test.each(
  ['/apps/shop/logs', '/apps/shop/deployments/54', '/apps/api/deployments/36', '/jobs/1'].flatMap((path) =>
    (
      [
        [1366, 768],
        [1440, 900],
        [390, 844],
        [720, 450],
      ] as const
    ).map((window) => [path, window] as const),
  ),
)('the log of %s in a window of %j ends within it, or is as high as the window', async (path, window) => {
  const page = await opened(path, window)
  const { top, height, bottom } = await page.locator('.log').evaluate((log) => log.getBoundingClientRect())
  if (bottom > window[1]) expect([height <= window[1] - 56, top > window[1] / 3]).toEqual([true, true])
  await page.locator('.log').evaluate((log) => log.scrollIntoView({ block: 'end' }))
  const at = await page.locator('.log').evaluate((log) => log.getBoundingClientRect())
  expect(at.bottom).toBeLessThanOrEqual(window[1])
})

test('a log fills the screen and comes back', async () => {
  const page = await opened('/apps/api/deployments/36', [1440, 900])
  const heightOf = () => page.locator('.log-lines').evaluate((lines) => lines.clientHeight)
  const before = await heightOf()
  await page.getByRole('button', { name: 'Full screen' }).click()
  await expect.poll(heightOf).toBeGreaterThan(before)
  await page.getByRole('button', { name: 'Full screen' }).click()
  await expect.poll(heightOf).toBe(before)
})

test.each([390, 768])('at %i px the tab that is open is in view', async (width) => {
  for (const tab of ['domains', 'certificate', 'run', 'settings']) {
    const page = await opened(`/apps/shop/${tab}`, [width, 844])
    const box = await page.locator('[data-tabs] [aria-current]').boundingBox()
    expect([tab, box !== null && box.x >= 0 && box.x + box.width <= width]).toEqual([tab, true])
  }
})

const tops = (locator: Locator): Promise<readonly number[]> =>
  locator.evaluateAll((all) => [
    ...new Set(
      all
        .filter((element) => element.checkVisibility())
        .map((element) => {
          const { top, height } = element.getBoundingClientRect()
          return Math.round(top + height / 2)
        }),
    ),
  ])

test('on a phone the buttons of an app stand in one row, and what they run is told within the window', async () => {
  const page = await opened('/apps/shop/settings', [390, 844])
  expect(
    await tops(page.locator('.acts > button, .acts > form > button, .acts > details > summary')),
  ).toHaveLength(1)
  await page.getByLabel('Commands of these buttons').click()
  const told = page.locator('.acts dl')
  await told.getByText('dokku ps:restart shop').waitFor()
  const box = await told.boundingBox()
  expect([box !== null && box.x >= 0, box !== null && box.x + box.width <= 390]).toEqual([true, true])
})

test.each([360, 390])('on a phone of %i px the bar of a log takes two rows', async (width) => {
  for (const path of [
    '/apps/shop/logs',
    '/apps/api/deployments/36',
    '/apps/shop/deployments/54',
    '/jobs/1',
  ]) {
    const page = await opened(path, [width, 844])
    await page.locator('[data-log-wrap]').waitFor()
    const parts = page.locator('.log-state, .log-tool:not(.log-tool-icon), .log-select, .log-search')
    expect([path, (await tops(parts)).length]).toEqual([path, 2])
  }
})

test('on a phone the top bar says in a word how the connection is, and the theme is chosen by the account’s menu', async () => {
  const page = await opened('/apps/shop/deployments', [360, 740])
  const word = page.locator('.connection-word')
  expect(await word.evaluate((element) => getComputedStyle(element, '::after').content)).toBe('"live"')
  expect(await word.evaluate((element) => element.getBoundingClientRect().width)).toBeGreaterThan(10)
  await page.locator('header summary', { hasText: 'Account admin' }).click()
  await page.getByRole('button', { name: 'Dark' }).click()
  expect(await page.evaluate(() => document.documentElement.className)).toBe('dark')
})
