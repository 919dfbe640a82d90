/** What a log of a hundred thousand lines costs the page, by what is in the document: never by how long it took. */
import { appendFileSync, writeFileSync } from 'node:fs'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, expect, onTestFinished, test } from 'vitest'
import { assets } from '../../ui/web/assets.ts'
import { PATIENCE_MS } from '../patience.ts'
import { logServer } from '../ui/logs/server.ts'
import { startBrowser } from './chromium.ts'

const LINES = 100_000
/** Elements of the page itself and of all the blocks included. */
const MOST_ELEMENTS = 4000
const MOST_MARKED = 5000

let browser: Browser
let page: Page
let served: Awaited<ReturnType<typeof logServer>>

beforeAll(async () => {
  browser = await startBrowser()
})
afterAll(() => browser.close())
beforeEach(async () => {
  served = await logServer({}, assets())
  onTestFinished(served.close)
  const context = await browser.newContext({ viewport: { width: 1200, height: 800 } })
  onTestFinished(() => context.close())
  context.setDefaultTimeout(PATIENCE_MS)
  page = await context.newPage()
  await page.addInitScript(countElements)
})

/** The most elements the document had at the end of any frame. */
function countElements(): void {
  const count = (): void => {
    const most = Number(Reflect.get(window, 'mostElements') ?? 0)
    Reflect.set(window, 'mostElements', Math.max(most, document.querySelectorAll('*').length))
    requestAnimationFrame(count)
  }
  requestAnimationFrame(count)
}

const mostElements = () => page.evaluate(() => Number(Reflect.get(window, 'mostElements')))
const marked = () => page.evaluate(() => CSS.highlights.get('log-match')?.size ?? 0)
const compiled = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, at) => `#12 compiling unit ${from + at} of ${LINES}\n`).join('')
const open = async (number: number) => {
  await page.goto(served.url(`/apps/shop/deployments/${number}`))
  await page.locator('[data-log-search]:not([hidden])').waitFor()
}
const inView = (number: number) =>
  page.evaluate((id) => {
    const line = document.getElementById(id)?.getBoundingClientRect()
    const box = document.querySelector('.log-lines')?.getBoundingClientRect()
    return line !== undefined && box !== undefined && line.top >= box.top && line.bottom <= box.bottom
  }, `L${number}`)
/** Whether there is a line in the middle of the box. */
const showsLines = () =>
  page.evaluate(() => {
    const { left, top, width, height } =
      document.querySelector('.log-lines')?.getBoundingClientRect() ?? new DOMRect()
    const there = document.elementFromPoint(left + width / 2, top + height / 2)
    return there !== null && there.closest('.log-line') !== null
  })
const count = () => page.locator('[data-log-count]').textContent()
const search = (text: string) => page.getByRole('searchbox', { name: 'Search in the log' }).fill(text)

test('a hundred thousand lines that are followed never fill the page, and are searched from end to end', async () => {
  served.log.start(served.running)
  appendFileSync(served.running.logFile, compiled(1, 10))
  await open(1)
  for (let from = 11; from <= LINES; from += 5000)
    appendFileSync(served.running.logFile, compiled(from, Math.min(LINES, from + 4999)))
  await expect.poll(() => inView(LINES)).toBe(true)
  expect(await mostElements()).toBeLessThan(MOST_ELEMENTS)
  await search('compiling')
  await expect.poll(count).toMatch(/ of 100,000$/)
  await search('UNIT 7777')
  await expect.poll(count).toMatch(/ of 11$/)
  await search('compiling unit 1 ')
  await expect.poll(count).toBe('1 of 1')
  await expect.poll(() => inView(1)).toBe(true)
  expect(await mostElements()).toBeLessThan(MOST_ELEMENTS)
})

test('lines that come while a log is read or searched are counted and not drawn', async () => {
  served.log.start(served.running)
  appendFileSync(served.running.logFile, compiled(1, 2000))
  await open(1)
  await expect.poll(() => inView(2000)).toBe(true)
  await search('compiling unit 7 ')
  await expect.poll(() => inView(7)).toBe(true)
  await search('compiling')
  await expect.poll(count).toMatch(/ of 2,000$/)
  appendFileSync(served.running.logFile, compiled(2001, 20_000))
  await expect.poll(count).toMatch(/ of 20,000$/)
  await expect.poll(() => page.locator('[data-log-resume]').textContent()).toBe('18,000 new lines')
  expect(await inView(7)).toBe(true)
  expect(await page.locator('#L20000').count()).toBe(0)
})

test('a finished log of a hundred thousand lines is scrolled and searched without filling the page', async () => {
  writeFileSync(served.failed.logFile, compiled(1, LINES))
  await served.log.finish(served.failed)
  await open(2)
  await expect.poll(() => inView(LINES)).toBe(true)
  for (const part of [0.5, 0.1, 0.9, 0]) {
    await page.locator('.log-lines').evaluate((box, at) => {
      box.scrollTop = box.scrollHeight * at
    }, part)
    await expect.poll(showsLines).toBe(true)
  }
  await page.locator('#L1').waitFor()
  await search('compiling')
  await expect.poll(count).toMatch(/ of 100,000$/)
  expect(await mostElements()).toBeLessThan(MOST_ELEMENTS)
})

test('of a search that matches everywhere only what is drawn is marked, up to a limit', async () => {
  writeFileSync(served.failed.logFile, `${'a'.repeat(10_000)}\n`.repeat(300))
  await served.log.finish(served.failed)
  await open(2)
  await search('a')
  await expect.poll(count).toMatch(/ of 300$/)
  await expect.poll(marked).toBeGreaterThan(100)
  expect(await marked()).toBeLessThan(MOST_MARKED + 100)
})
