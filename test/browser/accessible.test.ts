import { AxeBuilder } from '@axe-core/playwright'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { PATIENCE_MS } from '../patience.ts'
import { isLive, person } from './browser.ts'
import { startBrowser } from './chromium.ts'
import { PAGES, twoJobs } from './every-page.ts'
import { type Service, service } from './opened.ts'

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

type Theme = 'light' | 'dark'
/** Of a window whose other theme is looked at in full, only colours can differ. */
type Depth = 'everything' | 'colours'

interface Glance {
  readonly width: number
  readonly theme: Theme
  readonly depth?: Depth
  /** Something wrong to put into each page first. */
  readonly plant?: (page: Page) => Promise<void>
}

const look = async (
  at: Service,
  paths: readonly string[],
  { width, theme, depth = 'everything', plant = async () => {} }: Glance,
) => {
  const visitor = await person(browser, at, {
    viewport: { width, height: 900 },
    colorScheme: theme,
    reducedMotion: 'reduce',
  })
  const found: string[] = []
  for (const path of paths) {
    await visitor.go(path)
    await isLive(visitor.page)
    await plant(visitor.page)
    for (const finding of await findings(visitor.page, depth)) found.push(`${path} ${finding}`)
  }
  await visitor.context.close()
  return [...found, ...visitor.complaints]
}

/** axe's rules that depend on the theme. */
const COLOURS = ['color-contrast', 'link-in-text-block']

const findings = async (page: Page, depth: Depth) => {
  // Run in the page itself, which has no frames: a blank page for the results takes longer than all rules. So does
  // the description of every element that passed.
  expect(page.frames()).toHaveLength(1)
  const axe = new AxeBuilder({ page })
    .setLegacyMode()
    .options({ resultTypes: ['violations'], rules: { 'target-size': { enabled: true } } })
  const { violations } = await (depth === 'colours' ? axe.withRules(COLOURS) : axe).analyze()
  const found = violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, impact, nodes }) => `${impact} ${id}: ${nodes.map(({ html }) => html).join(' | ')}`)
  const sideways = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  )
  return sideways > 0 ? [...found, `scrolls sideways by ${sideways} px`] : found
}

/** Each is some thirty pages. */
const LONG_MS = 10 * PATIENCE_MS

/** Colours do not depend on the width, so the widest window is looked at in one theme only. */
test.each([
  [360, 'light', 'everything'],
  [360, 'dark', 'colours'],
  [1440, 'light', 'everything'],
  [1440, 'dark', 'colours'],
  [2560, 'dark', 'everything'],
] as const)(
  'at %i px in the %s theme no page has a serious or critical finding, scrolls sideways or breaks the policy',
  async (width, theme, depth) => {
    expect(await look(server, PAGES, { width, theme, depth })).toEqual([])
  },
  LONG_MS,
)

test.each([
  ['light', 'everything'],
  ['dark', 'colours'],
] as const)(
  'neither have the pages of a new server in the %s theme',
  async (theme, depth) => {
    const pages = ['/', '/apps', '/deployments', '/domains', '/certificates', '/jobs', '/events']
    expect(await look(empty, pages, { width: 390, theme, depth })).toEqual([])
  },
  LONG_MS,
)

/** Puts an element, and rules for it, into a page. */
const planted =
  (html: string, css = '') =>
  (page: Page) =>
    page.evaluate(
      ([html, css]) => {
        document.querySelector('main')?.insertAdjacentHTML('beforeend', html)
        const sheet = new CSSStyleSheet()
        sheet.replaceSync(css)
        document.adoptedStyleSheets.push(sheet)
      },
      [html, css] as const,
    )

const faint = (theme: Theme, width: number) =>
  planted(
    '<p class="faint">Planted</p>',
    `@media (prefers-color-scheme: ${theme}) and (width: ${width}px) { .faint { color: #777; background: #888 } }`,
  )

const link = planted(
  '<p class="text">Some words with <a href="/apps">a link</a> among them.</p>',
  '.text { color: #fff; background: #000 } .text a { color: #eee; text-decoration: none; font-weight: inherit }',
)
const small = planted(
  '<p class="small"><button>a</button><button>b</button></p>',
  '.small { display: flex } .small button { width: 12px; height: 12px; color: CanvasText; background: Canvas }',
)
const wide = planted('<div class="wide"></div>', '.wide { width: 900px; height: 1px }')

test.each([
  ['a faint word', 360, 'light', 'everything', 'color-contrast', faint('light', 360)],
  ['a faint word', 360, 'dark', 'colours', 'color-contrast', faint('dark', 360)],
  ['a faint word', 1440, 'light', 'everything', 'color-contrast', faint('light', 1440)],
  ['a faint word', 1440, 'dark', 'colours', 'color-contrast', faint('dark', 1440)],
  ['a faint word', 2560, 'dark', 'everything', 'color-contrast', faint('dark', 2560)],
  ['a link told by its colour alone', 1440, 'dark', 'colours', 'link-in-text-block', link],
  ['a field without a name', 2560, 'dark', 'everything', 'label', planted('<input type="text">')],
  ['a button without a name', 360, 'light', 'everything', 'button-name', planted('<button></button>')],
  ['targets too small to hit', 1440, 'light', 'everything', 'target-size', small],
  ['what is too wide', 360, 'dark', 'colours', 'scrolls sideways', wide],
] as const)('%s would be found at %i px in the %s theme', async (_, width, theme, depth, finding, plant) => {
  expect(await look(server, ['/audit'], { width, theme, depth, plant })).toEqual([
    expect.stringContaining(finding),
  ])
})
