/** Ada, signed in to a seeded panel that is new in every test, with one browser for all tests of a file. */
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, onTestFinished } from 'vitest'
import { type Person, person } from './browser.ts'
import { startBrowser } from './chromium.ts'
import { type Service, service } from './opened.ts'

export let browser: Browser
export let server: Service
export let ada: Person

/** To be called once, before the hooks of the file itself. */
export function adaVisitsAnew(options: Parameters<typeof service>[0] = {}): void {
  beforeAll(async () => {
    browser = await startBrowser()
  })
  afterAll(() => browser?.close())
  beforeEach(async () => {
    server = await service(options)
    onTestFinished(server.close)
    ada = await person(browser, server)
    onTestFinished(() => ada.context.close())
  })
}

/** Nothing but a reload forgets this. */
export const remember = (): Promise<void> =>
  ada.page.evaluate(() => document.body.setAttribute('data-remembered', 'yes'))
export const wasReloaded = async (): Promise<boolean> =>
  (await ada.page.locator('body[data-remembered]').count()) === 0
