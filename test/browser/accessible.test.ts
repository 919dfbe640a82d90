import { AxeBuilder } from '@axe-core/playwright'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { isLive, person } from './browser.ts'
import { startBrowser } from './chromium.ts'
import { type Service, service } from './opened.ts'

const PAGES = [
  '/',
  '/apps',
  '/apps?view=list',
  '/apps?q=nothing-is-called-so',
  '/apps/shop',
  '/apps/old-shop',
  '/apps/empty-lot',
  '/apps/shop/deployments',
  '/apps/api/deployments/36',
  '/apps/shop/deployments/54',
  '/apps/shop/logs',
  '/apps/shop/config',
  '/apps/shop/config/set',
  '/apps/shop/config/paste',
  '/apps/shop/domains',
  '/apps/shop/certificate',
  '/apps/shop/events',
  '/deployments',
  '/domains',
  '/certificates',
  '/jobs',
  '/jobs/1',
  '/jobs/2',
  '/events',
  '/audit',
  '/account',
]

let browser: Browser
let server: Service
let empty: Service

beforeAll(async () => {
  browser = await startBrowser()
  server = await service()
  await twoJobs(server)
  empty = await service({ empty: true })
})
afterAll(async () => {
  await browser.close()
  await server.close()
  await empty.close()
})

/** One that failed, with its reason and its output, and one that waits. */
const twoJobs = async ({ jobs, dokkuDoes }: Service) => {
  const ada = { id: 1, name: 'admin' }
  dokkuDoes('echo "-----> Restarting"; echo " !     App shop does not exist" >&2; exit 20')
  jobs.ask([{ kind: 'restart', payload: { app: 'shop' } }], ada)
  jobs.ask([{ kind: 'rebuild', payload: { app: 'blog' }, runAt: Date.now() + 3600_000 }], ada)
  await vi.waitFor(() => expect(jobs.output.complete(1)).toBe(true), { timeout: 20_000 })
}

const look = async (at: Service, paths: readonly string[], width: number, colorScheme: 'light' | 'dark') => {
  const visitor = await person(browser, at, {
    viewport: { width, height: 900 },
    colorScheme,
    reducedMotion: 'reduce',
  })
  const found: string[] = []
  for (const path of paths) {
    await visitor.go(path)
    await isLive(visitor.page)
    const { violations } = await new AxeBuilder({ page: visitor.page }).analyze()
    for (const { id, impact, nodes } of violations)
      if (impact === 'serious' || impact === 'critical')
        found.push(`${path} ${impact} ${id}: ${nodes[0]?.html}`)
    const sideways = await visitor.page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    )
    if (sideways > 0) found.push(`${path} scrolls sideways by ${sideways} px`)
  }
  await visitor.context.close()
  return [...found, ...visitor.complaints]
}

/** Colours do not depend on the width, so the widest window is looked at in one theme only. */
test.each([
  [360, 'light'],
  [360, 'dark'],
  [1440, 'light'],
  [1440, 'dark'],
  [2560, 'dark'],
] as const)(
  'at %i px in the %s theme no page has a serious or critical finding, scrolls sideways or breaks the policy',
  async (width, theme) => {
    expect(await look(server, PAGES, width, theme)).toEqual([])
  },
  120_000,
)

test.each(['light', 'dark'] as const)(
  'neither have the pages of a new server in the %s theme',
  async (theme) => {
    const pages = ['/', '/apps', '/deployments', '/domains', '/certificates', '/jobs', '/events']
    expect(await look(empty, pages, 390, theme)).toEqual([])
  },
  60_000,
)
