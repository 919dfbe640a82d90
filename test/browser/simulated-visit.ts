/** Ada, signed in with a browser to a simulated server of her own: the same for all tests of a file. */
import type { Browser } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect } from 'vitest'
import { isLive, type Person, person } from './browser.ts'
import { startBrowser } from './chromium.ts'
import { type Simulated, simulated } from './simulated.ts'

export let browser: Browser
export let server: Simulated
export let ada: Person

export interface Visit {
  readonly apps: readonly string[]
  /** What a browser may complain of; unless told, of the 400 that a form answers bad input with. */
  readonly expected?: RegExp
}

/** To be called once, before the hooks of the file itself. */
export function adaVisits({ apps, expected = /400/ }: Visit): void {
  // Also of a set-up that failed or took too long, nothing stays behind.
  const open = new AsyncDisposableStack()
  beforeAll(async () => {
    browser = await startBrowser()
    open.defer(() => browser.close())
    server = await simulated({ apps, open })
    ada = await person(browser, server)
    open.defer(() => ada.context.close())
  })
  afterEach(() => expect(ada.complaints.filter((line) => !expected.test(line))).toEqual([]))
  afterAll(() => open.disposeAsync())
}

/** Opens a page, and waits until nothing that changes on it can be missed. */
export async function openLive(path: string): Promise<void> {
  await ada.go(path)
  await isLive(ada.page)
}
