import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import type { BrowserContext, Page } from 'playwright-core'
import { startBrowser } from '../browser/chromium.ts'
import { newRoot } from './hook.ts'
import { HOOK_ENV, hookFile, startPanel } from './panel.ts'
import { appName, newPast } from './past.ts'
import type { Place } from './place.ts'
import { startBare } from './started.ts'
import { milliseconds, type Row, row } from './table.ts'
import { pause, quantile } from './times.ts'

const RUNS = 60
/** Nobody triggers to the beat: between two runs passes this and up to so much more. A part of a page shows itself anew at most every 250 ms. */
const APART_MS = 350
const BARE_APART_MS = 100
const MORE_MS = 200
const run = promisify(execFile)

/** From the start of a hook until an open page shows what it told, in a real browser. */
export async function live(place: Place): Promise<readonly Row[]> {
  const browser = await startBrowser()
  try {
    const floor = await bare(place, await browser.newContext())
    const ours = await events(place, await browser.newContext({ viewport: { width: 1440, height: 900 } }))
    const at = (part: number) => ({ floor: quantile(floor, part), ours: quantile(ours, part) })
    return [
      row('hook → changed page, p50', milliseconds, at(0.5)),
      row('hook → changed page, p99', milliseconds, at(0.99)),
    ]
  } finally {
    await browser.close()
  }
}

async function events(place: Place, context: BrowserContext): Promise<number[]> {
  const panel = await startPanel(place, newPast(place, 1000))
  const [name = '', value = ''] = panel.cookie.split('=')
  await context.addCookies([{ name, value, url: panel.origin }])
  const page = await context.newPage()
  await page.goto(`${panel.origin}/events`)
  await page.waitForSelector('html[data-connection=live]')
  const times = await many(page, panel.lib, APART_MS)
  await context.close()
  await panel.stop()
  return times
}

/** The same hook, browser and wire with nothing between them: a watched folder, and the file's words sent on. */
async function bare(place: Place, context: BrowserContext): Promise<number[]> {
  const { root, outbox } = newRoot(place.folder('bare'))
  const server = await startBare(place, { WATCH: outbox })
  const page = await context.newPage()
  await page.goto(`${server.origin}/watched`)
  await page.waitForFunction(() => document.readyState === 'complete')
  await pause(300)
  const times = await many(page, root, BARE_APART_MS)
  await context.close()
  await server.stop()
  return times
}

async function many(page: Page, lib: string, apart: number): Promise<number[]> {
  const times: number[] = []
  for (let index = 0; index < RUNS; index += 1) {
    await pause(apart + Math.random() * MORE_MS)
    times.push(await once(page, lib, `KEY_${String(index).padStart(4, '0')}`))
  }
  return times
}

async function once(page: Page, lib: string, key: string): Promise<number> {
  const shown = page.evaluate(whenShown, key)
  // In order: when this is answered, the page looks.
  await page.evaluate(() => 0)
  const from = performance.timeOrigin + performance.now()
  await run(hookFile('post-config-update'), [appName(7), 'set', key], {
    env: {
      ...HOOK_ENV,
      DOKKU_LIB_ROOT: lib,
      SSH_USER: 'dokku',
      SSH_NAME: 'ada',
      DOKKU_COMMAND: 'config:set',
    },
  })
  return (await shown) - from
}

/** Runs in the page: when its text first contains the key, in milliseconds since 1970. */
const whenShown = (key: string): Promise<number> =>
  new Promise((resolve, reject) => {
    const tooLate = setTimeout(() => reject(new Error(`${key} was not shown within 10 s`)), 10_000)
    const look = () => {
      if (!document.body.textContent.includes(key)) return
      observer.disconnect()
      clearTimeout(tooLate)
      resolve(performance.timeOrigin + performance.now())
    }
    const observer = new MutationObserver(look)
    observer.observe(document.body, { childList: true, subtree: true, characterData: true })
  })
