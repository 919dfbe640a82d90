import { appendFileSync, writeFileSync } from 'node:fs'
import AxeBuilder from '@axe-core/playwright'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { deployments } from '../../ui/deployments/table.ts'
import type { Dokku } from '../../ui/dokku/dokku.ts'
import { pageReads } from '../../ui/pages.ts'
import { assets } from '../../ui/web/assets.ts'
import { PATIENCE_MS } from '../patience.ts'
import { logServer } from '../ui/logs/server.ts'
import { isLive, person } from './browser.ts'
import { startBrowser } from './chromium.ts'
import { service } from './opened.ts'

let browser: Browser
let context: BrowserContext
let page: Page
let served: Awaited<ReturnType<typeof logServer>>
let complaints: string[]
let say: (...lines: string[]) => void

const dokku: Pick<Dokku, 'follow'> = {
  follow() {
    const waiting: string[] = []
    let wake = () => {}
    let stopped = false
    say = (...lines) => {
      waiting.push(...lines)
      wake()
    }
    const lines = async function* () {
      while (!stopped) {
        yield* waiting.splice(0)
        if (waiting.length > 0) continue
        await new Promise<void>((resolve) => {
          wake = resolve
        })
      }
    }
    return {
      lines: lines(),
      stop() {
        stopped = true
        wake()
      },
    }
  },
}

beforeAll(async () => {
  browser = await startBrowser()
})
afterAll(() => browser.close())
beforeEach(async () => {
  served = await logServer({ dokku }, assets())
  context = await browser.newContext({ viewport: { width: 1200, height: 800 } })
  context.setDefaultTimeout(PATIENCE_MS)
  page = await context.newPage()
  complaints = []
  page.on('pageerror', ({ message }) => complaints.push(message))
  // The layout's own stream is not part of this server.
  page.on(
    'console',
    (message) =>
      message.type() === 'error' &&
      !message.location().url.includes('/live') &&
      complaints.push(message.text()),
  )
})
afterEach(async () => {
  await context.close()
  await served.close()
  expect(complaints).toEqual([])
})

const numbered = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => `line ${from + index}`)
const write = (lines: readonly string[]) =>
  appendFileSync(served.running.logFile, lines.map((line) => `${line}\n`).join(''))
const open = async (path: string) => {
  await page.goto(served.url(path))
  await page.locator('[data-log-search]:not([hidden])').waitFor()
}
const ended = async (lines: readonly string[], reasonLines: readonly number[] = []) => {
  writeFileSync(served.failed.logFile, lines.map((line) => `${line}\n`).join(''))
  await served.log.finish(served.failed)
  served.db.update(deployments).set({ reasonLines }).run()
}
const lines = () => page.locator('.log-line')
const shown = (number: number) => page.locator(`#L${number}`)
const inView = async (number: number) => {
  const [line, box] = await Promise.all([
    shown(number).boundingBox(),
    page.locator('.log-lines').boundingBox(),
  ])
  return line !== null && box !== null && line.y >= box.y && line.y + line.height <= box.y + box.height
}
/** Where the log stands once it does not scroll any more. */
const stoppedAt = () =>
  page.locator('.log-lines').evaluate(async (box) => {
    for (let still = 0, last = box.scrollTop; still < 10; still = box.scrollTop === last ? still + 1 : 0) {
      last = box.scrollTop
      await new Promise((resolve) => requestAnimationFrame(resolve))
    }
    return box.scrollTop
  })
const state = () => page.locator('[data-log-state]').textContent()

test('a running deployment is followed: its lines appear, the last one in view, until it ends', async () => {
  served.log.start(served.running)
  write(numbered(1, 300))
  await expect.poll(() => served.log.last(1)).toBe(300)
  await open('/apps/shop/deployments/1')
  await expect.poll(() => inView(300)).toBe(true)
  await expect.poll(state).toBe('live')
  write(numbered(301, 1000))
  await expect.poll(() => inView(1000)).toBe(true)
  write(['-----> Building shop from Dockerfile', ' !     App build failed'])
  await served.log.finish(served.running)
  await expect.poll(state).toBe('ended')
  expect(await shown(1002).getAttribute('class')).toContain('log-bad')
  await page.locator('[data-log-failure]').click()
  await expect.poll(() => inView(1002)).toBe(true)
  expect(new URL(page.url()).hash).toBe('#L1002')
})

test('scrolling up pauses, says what is missed, and the button goes back to the end', async () => {
  served.log.start(served.running)
  write(numbered(1, 500))
  await open('/apps/shop/deployments/1')
  await expect.poll(() => inView(500)).toBe(true)
  await page.locator('.log-lines').hover()
  await page.mouse.wheel(0, -3000)
  await expect.poll(() => page.locator('[data-log-follow]').getAttribute('aria-pressed')).toBe('false')
  const before = await stoppedAt()
  write(numbered(501, 912))
  await expect.poll(() => page.locator('[data-log-resume]').textContent()).toBe('412 new lines')
  expect(await page.locator('.log-lines').evaluate((box) => box.scrollTop)).toBe(before)
  await page.locator('[data-log-resume]').click()
  await expect.poll(() => inView(912)).toBe(true)
  await page.locator('[data-log-resume]').waitFor({ state: 'hidden' })
})

test('an address leads to its line, however far away', async () => {
  await ended(numbered(1, 20_000))
  await open('/apps/shop/deployments/2#L7777')
  await expect.poll(() => inView(7777)).toBe(true)
  expect(await shown(7777).getAttribute('class')).toContain('log-found')
  await page.evaluate(() => {
    location.hash = '#L12'
  })
  await expect.poll(() => inView(12)).toBe(true)
})

test('a failed deployment opens at the line that says why', async () => {
  await ended(numbered(1, 5000), [2345, 2346])
  await open('/apps/shop/deployments/2')
  await expect.poll(() => inView(2345)).toBe(true)
})

test('search finds every line of the log, counts, and goes from match to match', async () => {
  await ended(numbered(1, 12_000))
  await open('/apps/shop/deployments/2')
  const box = page.getByRole('searchbox', { name: 'Search in the log' })
  const count = () => page.locator('[data-log-count]').textContent()
  await box.fill('LINE 1199')
  // From where one looks, which is the end.
  await expect.poll(count).toBe('2 of 11')
  await expect.poll(() => inView(11_990)).toBe(true)
  await box.press('Shift+Enter')
  await expect.poll(count).toBe('1 of 11')
  await expect.poll(() => inView(1199)).toBe(true)
  await box.press('Shift+Enter')
  await expect.poll(count).toBe('11 of 11')
  await expect.poll(() => inView(11_999)).toBe(true)
  await box.press('Enter')
  await expect.poll(count).toBe('1 of 11')
  await box.fill('nowhere')
  await expect.poll(count).toBe('no match')
  await box.press('Escape')
  await expect.poll(() => box.inputValue()).toBe('')
})

test('after a lost connection the log goes on where it was, without gap or double', async () => {
  served.log.start(served.running)
  write(numbered(1, 50))
  await open('/apps/shop/deployments/1')
  await expect.poll(state).toBe('live')
  for (let round = 0; round < 3; round += 1) {
    served.cut()
    write(numbered(51 + round * 10, 60 + round * 10))
  }
  await expect.poll(() => inView(80)).toBe(true)
  const texts = await page.locator('.log-text').allInnerTexts()
  expect(texts).toEqual(numbered(1, 80))
  complaints = complaints.filter((text) => !/ERR_|Failed to load/.test(text))
})

test('a page that shows itself anew leaves the log where somebody reads it', async () => {
  const panel = await service()
  const reader = await person(browser, panel)
  const { apps, deployments: reads } = pageReads(panel.db)
  const [failed] = reads.page({ appId: apps.named('api')?.id ?? 0, statuses: ['failed'] }, { limit: 1 })
  await reader.go(`/apps/api/deployments/${failed?.number}`)
  await isLive(reader.page)
  const scroller = reader.page.locator('.log-lines')
  await reader.page.locator('#L20').evaluate((line) => line.setAttribute('data-kept', ''))
  await scroller.evaluate((box) => {
    box.scrollTop = 100
  })
  const shownAnew = reader.page.waitForResponse((answer) =>
    answer.url().endsWith(`/deployments/${failed?.number}`),
  )
  panel.publish([`deployment:${failed?.id}`])
  await (await shownAnew).finished()
  await reader.page.waitForTimeout(300)
  expect(await reader.page.locator('#L20[data-kept]').count()).toBe(1)
  expect(await scroller.evaluate((box) => box.scrollTop)).toBe(100)
  expect(reader.complaints).toEqual([])
  await reader.context.close()
  await panel.close()
})

test('colours are shown, and nothing a log says becomes part of the page', async () => {
  served.log.start(served.running)
  write(['plain'])
  await open('/apps/shop/deployments/1')
  write([
    '\x1b[31mred\x1b[0m',
    '<img src=x onerror="document.title=\'owned\'">',
    '1%\r2%\r100%',
    '</div><script>1</script>',
  ])
  await shown(5).waitFor()
  expect(await shown(2).locator('.ansi-red-fg').textContent()).toBe('red')
  expect(await shown(4).locator('.log-text').textContent()).toBe('100%')
  expect(await page.locator('.log-lines img, .log-lines script').count()).toBe(0)
  expect(await page.title()).not.toBe('owned')
})

test('a hidden tab gives its stream back and goes on when it is shown', async () => {
  served.log.start(served.running)
  write(numbered(1, 10))
  await open('/apps/shop/deployments/1')
  await expect.poll(() => served.feature.viewers()).toBe(1)
  const hide = (hidden: boolean) =>
    page.evaluate((value) => {
      Object.defineProperty(document, 'hidden', { value, configurable: true })
      document.dispatchEvent(new Event('visibilitychange'))
    }, hidden)
  await hide(true)
  await expect.poll(() => served.feature.viewers()).toBe(0)
  write(numbered(11, 30))
  await hide(false)
  await expect.poll(() => inView(30)).toBe(true)
  expect(await page.locator('.log-text').allInnerTexts()).toEqual(numbered(1, 30))
})

test('the running log of an app names its processes and shows one of them', async () => {
  await open('/apps/shop/logs')
  say(
    '\x1b[36m2026-11-23T02:52:42.142125100Z app[web.1]:\x1b[0m listening on 5000',
    '\x1b[33m2026-11-23T02:52:54.276726752Z app[worker.1]:\x1b[0m worker tick 1',
    '\x1b[33m2026-11-23T02:52:59.282410342Z app[worker.1]:\x1b[0m worker tick 2',
  )
  await expect.poll(() => lines().count()).toBe(3)
  await expect.poll(state).toBe('live')
  await page.getByRole('combobox', { name: 'Process' }).selectOption('worker.1')
  await expect
    .poll(() => page.locator('.log-text').allInnerTexts())
    .toEqual(['worker tick 1', 'worker tick 2'])
  say('\x1b[36m2026-11-23T02:53:42.142125100Z app[web.1]:\x1b[0m GET /')
  await page.getByRole('combobox', { name: 'Process' }).selectOption('')
  await expect.poll(() => lines().count()).toBe(4)
})

test('the time of a line is that of whoever reads it, and UTC in full beside it', async () => {
  await context.close()
  context = await browser.newContext({ timezoneId: 'America/St_Johns' })
  page = await context.newPage()
  await open('/apps/shop/logs')
  say('\x1b[36m2026-11-23T02:52:42.142125100Z app[web.1]:\x1b[0m listening on 5000')
  await expect.poll(() => page.locator('.log-stamp').allInnerTexts()).toEqual(['23:22:42'])
  expect(await page.locator('.log-stamp').getAttribute('title')).toBe('2026-11-23 02:52:42 UTC')
})

test('without a script the page has the lines, their addresses and the download', async () => {
  await ended(numbered(1, 100), [50])
  const scriptless = await browser.newContext({ javaScriptEnabled: false })
  const plain = await scriptless.newPage()
  await plain.goto(served.url('/apps/shop/deployments/2'))
  expect(await plain.locator('.log-line').count()).toBe(100)
  expect(await plain.getByRole('link', { name: 'Jump to failure' }).getAttribute('href')).toBe('#L50')
  expect(await plain.getByRole('link', { name: 'Download' }).getAttribute('href')).toBe(
    '/apps/shop/deployments/2/log',
  )
  expect(await plain.getByRole('button').count()).toBe(
    await plain.getByRole('banner').getByRole('button').count(),
  )
  await scriptless.close()
})

test('lines wrap when somebody asks for it', async () => {
  await ended(['x'.repeat(2000)])
  await open('/apps/shop/deployments/2')
  const wide = () => page.locator('.log-lines').evaluate((box) => box.scrollWidth > box.clientWidth)
  expect(await wide()).toBe(true)
  await page.getByRole('button', { name: 'Wrap' }).click()
  await expect.poll(wide).toBe(false)
})

test.each([360, 1200])('the viewer is accessible at %i pixels, with every colour', async (width) => {
  await page.setViewportSize({ width, height: 800 })
  const codes = [30, 31, 32, 33, 34, 35, 36, 37, 90, 91, 92, 93, 94, 95, 96, 97]
  const colours = codes.flatMap((code) => [
    `\x1b[${code}mtext\x1b[0m`,
    `\x1b[${code + 10}mtext\x1b[0m`,
    `\x1b[2;${code}mtext\x1b[0m`,
  ])
  await ended([...colours, ...numbered(1, 50)], [3, 4])
  await open('/apps/shop/deployments/2')
  await page.getByRole('searchbox', { name: 'Search in the log' }).fill('line')
  const { violations } = await new AxeBuilder({ page }).include('#log').analyze()
  expect(
    violations.map(
      ({ id, nodes }) =>
        `${id}: ${nodes
          .map(({ html }) => html)
          .join(' ')
          .slice(0, 300)}`,
    ),
  ).toEqual([])
})
