import { expect, test } from 'vitest'
import { isFocused, isLive, person } from './browser.ts'
import { ada, adaVisitsAnew, browser, server } from './opened-visit.ts'

adaVisitsAnew()

const hits = () => ada.page.locator('#search-hits [data-hit]')

test('a slash leads to the search, which suggests as one types; arrows and Enter go there', async () => {
  await ada.go('/deployments')
  await isLive(ada.page)
  await ada.page.keyboard.press('/')
  await isFocused(ada.page.locator('#search'))
  await ada.page.keyboard.type('sho')
  await expect.poll(() => hits().count()).toBeGreaterThan(1)
  await ada.page.keyboard.press('ArrowDown')
  await isFocused(hits().first())
  await ada.page.keyboard.press('ArrowDown')
  await isFocused(hits().nth(1))
  await ada.page.keyboard.press('ArrowUp')
  await ada.page.keyboard.press('ArrowUp')
  await isFocused(ada.page.locator('#search'))
  await ada.page.keyboard.press('ArrowDown')
  await ada.page.keyboard.press('Enter')
  await ada.page.waitForURL('**/apps/shop')
})

test('Enter goes to the one thing that was typed', async () => {
  await ada.go('/')
  await ada.page.keyboard.press('/')
  await ada.page.keyboard.type('api #36')
  await ada.page.keyboard.press('Enter')
  await ada.page.waitForURL('**/apps/api/deployments/36')
})

test('what was found goes with the focus and with Escape, and covers nothing then', async () => {
  await ada.go('/apps')
  await ada.page.keyboard.press('/')
  await ada.page.keyboard.type('blog')
  await hits().first().waitFor()
  await ada.page.keyboard.press('ArrowDown')
  await ada.page.keyboard.press('Escape')
  await isFocused(ada.page.locator('#search'))
  await ada.page.keyboard.press('Escape')
  await expect.poll(() => ada.page.locator('#search-hits').isVisible()).toBe(false)
  await ada.page.locator('#search').fill('shop')
  await hits().first().waitFor()
  await ada.page.locator('h1').click()
  expect(await ada.page.locator('#search-hits').isVisible()).toBe(false)
})

test('what is not there can be created from the suggestions', async () => {
  await ada.go('/')
  await ada.page.locator('#search').fill('brand-new')
  const request = ada.page.waitForRequest((sent) => sent.method() === 'POST')
  await ada.page.locator('#search-hits').getByRole('button', { name: 'Create app brand-new' }).click()
  const sent = await request
  expect([new URL(sent.url()).pathname, sent.postData()]).toEqual(['/apps', 'name=brand-new'])
})

test('on a phone the top bar and the slash lead to a page that suggests too', async () => {
  const phone = await person(browser, server, { viewport: { width: 390, height: 844 } })
  await phone.go('/events')
  await phone.page.getByRole('banner').getByRole('link', { name: 'Search' }).click()
  await phone.page.waitForURL('**/search')
  await isFocused(phone.page.locator('#search'))
  await phone.page.keyboard.type('without an address')
  await phone.page.locator('#hits').getByText('api #36').click()
  await phone.page.waitForURL('**/apps/api/deployments/36')
  await phone.go('/events')
  await isLive(phone.page)
  await phone.page.keyboard.press('/')
  await phone.page.waitForURL('**/search')
  expect(phone.complaints).toEqual([])
  await phone.context.close()
})

test('without script the field is a form', async () => {
  const plain = await person(browser, server, { javaScriptEnabled: false })
  await plain.go('/')
  await plain.page.locator('#search').fill('sho')
  await plain.page.locator('#search').press('Enter')
  await plain.page.waitForURL('**/search?q=sho')
  await plain.page.locator('main [data-hit]').first().click()
  await plain.page.waitForURL('**/apps/shop')
  await plain.context.close()
})
