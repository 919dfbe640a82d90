/** People who come with a browser. */
import type { Browser, BrowserContext, BrowserContextOptions, Locator, Page } from 'playwright-core'
import { expect } from 'vitest'
import { sessionCookie } from '../../ui/accounts/cookie.ts'
import { PATIENCE_MS } from '../patience.ts'
import type { Service } from './opened.ts'

export interface Person {
  readonly context: BrowserContext
  readonly page: Page
  go(path: string): Promise<void>
  /** What the browser complained of: scripts that failed, policies that were broken. */
  readonly complaints: readonly string[]
}

/** Somebody signed in, with a window of their own. */
export async function person(
  browser: Browser,
  { origin, token }: Pick<Service, 'origin' | 'token'>,
  options: BrowserContextOptions = {},
): Promise<Person> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, ...options })
  await context.addCookies([{ name: sessionCookie(origin), value: token, url: origin }])
  context.setDefaultTimeout(PATIENCE_MS)
  const page = await context.newPage()
  const complaints: string[] = []
  page.on('pageerror', (error) => complaints.push(`${page.url()}: ${error.message}`))
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(`${page.url()}: ${message.text()}`)
  })
  return {
    context,
    page,
    complaints,
    async go(path) {
      const answer = await page.goto(origin + path)
      expect(answer?.status(), path).toBe(200)
    },
  }
}

/** Waits until the page's stream is open: from here on nothing that changes can be missed. */
export const isLive = (page: Page): Promise<unknown> => page.waitForSelector('html[data-connection=live]')

/** Waits until this is what is typed into. */
export const isFocused = (field: Locator): Promise<unknown> =>
  expect.poll(() => field.evaluate((element) => element === document.activeElement)).toBe(true)

/** The name of what does this, whatever words are seen on it: "Edit as a list: Set the domains of empty". */
export const doing = (what: string): RegExp =>
  new RegExp(`(^|: )${what.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&')}$`)
