import { sql } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { deploy, MINUTE, SECOND, told } from '../ui/story/events.ts'
import { NOW } from '../ui/story/seed.ts'
import { isFocused, isLive, person } from './browser.ts'
import { ada, adaVisitsAnew, browser, remember, server, wasReloaded } from './opened-visit.ts'

adaVisitsAnew()

const push = (subject: string, at = NOW) =>
  deploy({ app: 'blog', at, who: 'ada', took: 9 * SECOND, revision: 'f'.repeat(40), subject })

test('a deploy appears on an open page by itself, without a reload', async () => {
  await ada.go('/deployments')
  await isLive(ada.page)
  await remember()
  const [began, ...rest] = push('A push while somebody looks')
  server.record(began ? [began] : [])
  await ada.page.getByText('Deploying', { exact: true }).nth(1).waitFor()
  server.record(rest)
  await ada.page.getByText('A push while somebody looks').waitFor()
  expect(await wasReloaded()).toBe(false)
})

test('each page that shows an app follows what happens to it', async () => {
  for (const [path, who, trigger, app, text] of [
    ['/apps', 'ada', 'post-create', 'newcomer', 'newcomer'],
    ['/', 'grace', 'post-stop', 'blog', 'grace stopped blog'],
    ['/apps/blog', 'root', 'post-stop', 'blog', 'root stopped blog'],
    ['/events', 'ci', 'post-stop', 'blog', 'ci-runner stopped blog'],
  ] as const) {
    await ada.go(path)
    await isLive(ada.page)
    const shown = ada.page.locator('main').getByText(text).first()
    expect(await shown.count(), path).toBe(0)
    server.record([told(NOW, who, trigger, [app])])
    await shown.waitFor({ state: 'attached' })
  }
})

test('the numbers in the sidebar change with the page', async () => {
  await ada.go('/deployments')
  await isLive(ada.page)
  server.record(deploy({ app: 'blog', at: NOW, who: 'ada', end: 'running' }))
  await ada.page.locator('#navigation a[href="/deployments"]', { hasText: '2 running' }).waitFor()
})

test('what somebody opened stays open, and what they typed stays typed, while the page changes', async () => {
  await ada.go('/events')
  await isLive(ada.page)
  await ada.page.locator('#events summary').nth(3).click()
  await ada.page.locator('#events details[open]').getByText('Raw JSON').waitFor()
  await ada.page.locator('#search').fill('sh')
  server.record(push('While a row is open'))
  await ada.page.getByText('While a row is open').waitFor()
  expect(await ada.page.locator('#events details[open]').getByText('Raw JSON').isVisible()).toBe(true)
  expect(await ada.page.locator('#search').inputValue()).toBe('sh')
  expect(await ada.page.evaluate(() => document.activeElement?.id)).toBe('search')
})

test('older rows come as one scrolls, and stay when new ones come', async () => {
  await ada.go('/deployments')
  await isLive(ada.page)
  const rows = ada.page.locator('li[id^=deployment-]')
  expect(await rows.count()).toBe(51)
  await ada.page.mouse.wheel(0, 20_000)
  await expect.poll(() => rows.count()).toBeGreaterThan(51)
  await ada.page.mouse.wheel(0, 20_000)
  await expect.poll(() => rows.count()).toBe(142)
  server.record(push('On top of them all'))
  await ada.page.getByText('On top of them all').waitFor()
  expect(await rows.count()).toBe(143)
  const ids = await rows.evaluateAll((all) => all.map(({ id }) => id))
  expect(new Set(ids).size).toBe(143)
})

test('older runs come as one scrolls, and stay with what is typed when new ones come', async () => {
  const ran = (ago: number) =>
    told(NOW - ago, 'root', 'scheduler-post-run', ['docker-local', 'shop', 'c0ffee', '3'])
  server.record(Array.from({ length: 120 }, (_, at) => ran((120 - at) * MINUTE)))
  await ada.go('/apps/shop/run')
  await isLive(ada.page)
  const rows = ada.page.locator('#history .row')
  expect(await rows.count()).toBe(50)
  await ada.page.getByLabel('Command', { exact: true }).fill('rake stock')
  await ada.page.mouse.wheel(0, 20_000)
  await expect.poll(() => rows.count()).toBe(100)
  await ada.page.mouse.wheel(0, 20_000)
  await expect.poll(() => rows.count()).toBe(120)
  server.record([ran(0)])
  await expect.poll(() => rows.count()).toBe(121)
  expect(await ada.page.getByLabel('Command', { exact: true }).inputValue()).toBe('rake stock')
  const hrefs = await rows
    .locator('.row-link')
    .evaluateAll((all) => all.map((row) => row.getAttribute('href')))
  expect(new Set(hrefs).size).toBe(121)
})

test('a lost connection shows a bar, mends itself, and what was missed appears', async () => {
  await ada.go('/deployments')
  await isLive(ada.page)
  const bar = ada.page.locator('.connection-bar')
  expect(await bar.isVisible()).toBe(false)
  await ada.page.route('**/live*', (route) => route.abort())
  server.cut()
  await bar.waitFor({ state: 'visible' })
  server.record(push('Nobody could see this happen'))
  await ada.page.unroute('**/live*')
  await ada.page.getByText('Nobody could see this happen').waitFor()
  await bar.waitFor({ state: 'hidden' })
})

test('a stream that cannot be opened at first is tried again', async () => {
  await ada.page.route('**/live*', (route) => route.abort())
  await ada.go('/deployments')
  await ada.page.locator('.connection-bar').waitFor({ state: 'visible' })
  await ada.page.unroute('**/live*')
  await isLive(ada.page)
})

test('a part that cannot be shown anew keeps what it has, says so, and tries again', async () => {
  await ada.go('/deployments')
  await isLive(ada.page)
  await ada.page.route('**/deployments?*', (route) =>
    route.fulfill({ status: 502, body: '<h1>Bad Gateway</h1>' }),
  )
  server.record(push('Behind a broken proxy'))
  await ada.page.locator('.connection-bar').waitFor({ state: 'visible' })
  expect(await ada.page.locator('li[id^=deployment-]').count()).toBe(51)
  await ada.page.unroute('**/deployments?*')
  await ada.page.getByText('Behind a broken proxy').waitFor()
  await ada.page.locator('.connection-bar').waitFor({ state: 'hidden' })
})

test('whoever is signed out elsewhere is led to the door with the next change', async () => {
  await ada.go('/deployments')
  await isLive(ada.page)
  server.db.$client.exec('delete from sessions')
  server.record(push('Not for everybody'))
  await ada.page.waitForURL('**/sign-in*')
})

test('a page that was left open takes up what changed since it was rendered', async () => {
  await ada.page.route(
    '**/live*',
    async (route) => {
      server.record(push('Between the page and its stream'))
      await new Promise((resolve) => setTimeout(resolve, 100))
      await route.continue()
    },
    { times: 1 },
  )
  await ada.go('/deployments')
  await ada.page.getByText('Between the page and its stream').waitFor()
})

test('the filter of the apps narrows as one types and stands in the address', async () => {
  await ada.go('/apps')
  await ada.page.getByLabel('Filter by name or domain').pressSequentially('pho')
  await expect.poll(() => ada.page.locator('li[id^=app-]').count()).toBe(1)
  await expect.poll(() => new URL(ada.page.url()).search).toBe('?q=pho')
  await ada.page.reload()
  expect(await ada.page.locator('li[id^=app-]').count()).toBe(1)
})

test('the apps are sorted as one chooses, which stands in the address and goes along to the other view', async () => {
  const { page } = ada
  const first = () => page.locator('#apps .row-link').first().getAttribute('href')
  await ada.go('/apps')
  await page.getByLabel('Sort').selectOption('Last deploy, newest first')
  await expect.poll(first).toBe('/apps/shop')
  await expect.poll(() => new URL(page.url()).search).toBe('?sort=deployed')
  await page.getByRole('link', { name: 'List' }).click()
  await page.waitForURL('**/apps?sort=deployed&view=list')
  await expect.poll(first).toBe('/apps/shop')
  expect(await page.getByLabel('Sort').inputValue()).toBe('deployed')
})

test('on a narrow window no time and no former name is cut', async () => {
  const narrow = await person(browser, server, { viewport: { width: 390, height: 844 } })
  server.db.run(sql`update deployments set actor = 'karolina-at-the-night-desk'`)
  server.db.run(sql`update apps set former_name = 'a-name-from-long-ago' where name <> 'board'`)
  for (const view of ['grid', 'list']) {
    await narrow.go(`/apps?view=${view}`)
    const cut = await narrow.page.locator('#apps time, #apps .former').evaluateAll((all) =>
      all
        .filter((one) => {
          const { right, width } = one.getBoundingClientRect()
          const room = one.parentElement?.getBoundingClientRect().right ?? 0
          return width === 0 || right > room + 1 || one.scrollWidth > one.clientWidth + 1
        })
        .map((one) => one.textContent),
    )
    expect(cut, view).toEqual([])
  }
  await narrow.context.close()
})

test('a wrong password is sent once, and what is said about it stays while the page changes by itself', async () => {
  const { page } = ada
  await ada.go('/account')
  let sent = 0
  page.on('request', (request) => {
    if (request.method() === 'POST') sent += 1
  })
  await page.getByLabel('Current password', { exact: true }).fill('Wrong-Horse-77')
  await page.getByLabel('New password', { exact: true }).fill('Another-Horse-8')
  await page.getByRole('button', { name: 'Change password' }).click()
  await page.getByText('The current password is wrong').waitFor()
  await isLive(page)
  const refreshed = page.waitForRequest((request) => request.url().endsWith('/account'))
  server.publish(['audit'])
  await refreshed
  await new Promise((resolve) => setTimeout(resolve, 500))
  expect(await page.getByText('The current password is wrong').isVisible()).toBe(true)
  expect(sent).toBe(1)
})

test('choosing a person narrows the deployments, and Back returns', async () => {
  await ada.go('/deployments')
  await ada.page.getByLabel('Anybody').selectOption('grace')
  await ada.page.waitForURL('**/deployments?actor=grace')
  await ada.page.goBack()
  await ada.page.waitForURL('**/deployments')
  await expect.poll(() => ada.page.locator('li[id^=deployment-]').count()).toBe(51)
})

test('the keyboard goes everywhere', async () => {
  const { page } = ada
  await ada.go('/')
  await page.keyboard.press('g')
  await page.keyboard.press('d')
  await page.waitForURL('**/deployments')
  await page.keyboard.press('j')
  await page.keyboard.press('j')
  await page.keyboard.press('k')
  await page.keyboard.press('Enter')
  await page.waitForURL('**/apps/shop/deployments/54')
  await page.keyboard.press('?')
  await page.locator('#shortcuts').waitFor()
  await page.keyboard.press('Escape')
  await page.locator('#shortcuts').waitFor({ state: 'hidden' })
})

test('the first Tab offers a way past the sidebar', async () => {
  await ada.go('/apps')
  await ada.page.keyboard.press('Tab')
  await isFocused(ada.page.getByText('Skip to content'))
  await ada.page.keyboard.press('Enter')
  await isFocused(ada.page.locator('#main'))
})

test('the chosen theme is there from the first paint of the next page', async () => {
  const background = () => ada.page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor)
  await ada.go('/apps')
  const light = await background()
  await ada.page.getByLabel('Theme').click()
  await ada.page.getByRole('button', { name: 'Dark' }).click()
  await expect.poll(background).not.toBe(light)
  const dark = await background()
  await ada.go('/deployments')
  expect(await background()).toBe(dark)
})

test('on a narrow window the sidebar is a drawer that Escape closes', async () => {
  await ada.page.setViewportSize({ width: 360, height: 740 })
  await ada.go('/apps')
  const drawer = ada.page.locator('#sidebar')
  expect(await drawer.isVisible()).toBe(false)
  await ada.page.getByLabel('Open menu').click()
  await drawer.waitFor()
  await ada.page.keyboard.press('Escape')
  await drawer.waitFor({ state: 'hidden' })
  await ada.page.getByLabel('Open menu').click()
  await drawer.getByRole('link', { name: 'Events' }).click()
  await ada.page.waitForURL('**/events')
})

test('a command is copied by its button', async () => {
  await ada.context.grantPermissions(['clipboard-read', 'clipboard-write'])
  await ada.go('/apps/empty-lot')
  await ada.page
    .getByRole('region', { name: 'What runs' })
    .getByLabel(/^Copy git push/)
    .click()
  await expect
    .poll(() => ada.page.evaluate(() => navigator.clipboard.readText()))
    .toBe('git push dokku@your-server:empty-lot main')
})

test('what runs keeps counting its seconds', async () => {
  await ada.go('/deployments')
  const ticking = ada.page.locator('[data-since]').first()
  const before = await ticking.textContent()
  await expect.poll(() => ticking.textContent()).not.toBe(before)
})

test('without script every page reads, filters and pages all the same', async () => {
  const plain = await person(browser, server, { javaScriptEnabled: false })
  await plain.go('/deployments')
  await plain.page.getByLabel('Any door').selectOption('terminal')
  await plain.page.getByRole('button', { name: 'Apply' }).click()
  await expect.poll(() => new URL(plain.page.url()).searchParams.get('door')).toBe('terminal')
  await plain.go('/deployments')
  await plain.page.getByRole('link', { name: 'Older' }).click()
  await expect.poll(() => plain.page.locator('li[id^=deployment-]').count()).toBe(50)
  await plain.context.close()
})

test('however many changes there are, a part of a page asks at most four times a second', async () => {
  await ada.go('/apps')
  await isLive(ada.page)
  let asked = 0
  ada.page.on('request', (request) => {
    if (new URL(request.url()).pathname === '/apps') asked += 1
  })
  const began = performance.now()
  for (let change = 0; change < 100; change++) {
    server.record([
      told(NOW - MINUTE + change, 'ada', 'post-config-update', ['blog', 'set', `KEY_${change}`]),
    ])
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  await expect.poll(() => asked).toBeGreaterThan(1)
  const quarters = (performance.now() - began) / 250
  expect(asked).toBeLessThanOrEqual(quarters + 2)
})

test('the first load of any page is at most 50 KB over the wire, and all of it is ours', async () => {
  for (const path of [
    '/',
    '/apps',
    '/deployments',
    '/events',
    '/apps/api/deployments/36',
    '/apps/shop/logs',
  ]) {
    const first = await person(browser, server)
    const hosts = new Set<string>()
    first.page.on('request', (request) => hosts.add(new URL(request.url()).host))
    await first.go(path)
    await isLive(first.page)
    const bytes = await first.page.evaluate(() =>
      [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')]
        .map((entry) => (entry instanceof PerformanceResourceTiming ? entry.transferSize : 0))
        .reduce((sum, size) => sum + size, 0),
    )
    expect(bytes, path).toBeGreaterThan(20 * 1024)
    expect(bytes, path).toBeLessThan(50 * 1024)
    expect([...hosts], path).toEqual([new URL(server.origin).host])
    await first.context.close()
  }
})
