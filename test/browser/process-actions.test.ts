import { beforeAll, expect, test } from 'vitest'
import { person } from './browser.ts'
import { ada, adaVisits, browser, openLive, server } from './simulated-visit.ts'

adaVisits({ apps: ['web'] })
beforeAll(async () => {
  await openLive('/apps/web/processes')
  await ada.page.getByText('What Dokku said').waitFor()
})

const panel = (name: string) => ada.page.getByRole('region', { name, exact: true })

test('a formation is changed as one command, told before it runs, and the page follows', async () => {
  const { page } = ada
  await page.getByLabel('web', { exact: true }).first().fill('3')
  await page.getByLabel('worker', { exact: true }).first().fill('0')
  await panel('How many').getByText('$ dokku ps:scale web web=3 worker=0').waitFor()
  await page.getByRole('button', { name: 'Scale web' }).click()
  await page.locator('#asked').getByText('dokku ps:scale web web=3 worker=0').waitFor()
  await server.over('dokku ps:scale web web=3 worker=0')
  await panel('What runs').getByText('3 of 3 running').waitFor()
  await panel('What runs').getByText('scaled to 0').waitFor()
})

test('a bad number is told beside its field while it is typed, and what was typed stays', async () => {
  const field = ada.page.getByLabel('web', { exact: true }).first()
  await field.fill('-1')
  await panel('How many').getByText('write a whole number from 0 to 100').waitFor()
  await ada.page.getByRole('button', { name: 'Scale web' }).click()
  await panel('How many').getByText('write a whole number from 0 to 100').waitFor()
  // Something else changes meanwhile: what somebody began to fill in is theirs.
  await server.dokku('apps:lock', 'web')
  const shownAnew = ada.page.waitForResponse(
    async (answer) =>
      answer.request().method() === 'GET' &&
      answer.url().endsWith('/apps/web/processes') &&
      (await answer.text()).includes('What Dokku said'),
  )
  await ada.page.getByRole('button', { name: 'Look again' }).click()
  await shownAnew
  await ada.page.getByText('What Dokku said').waitFor()
  expect(await field.inputValue()).toBe('-1')
  expect(server.jobs().filter((job) => job.includes('-1'))).toEqual([])
  await server.dokku('apps:unlock', 'web')
})

test('limits, zero downtime and the restart policy reach Dokku, and the page shows what it says then', async () => {
  const { page } = ada
  await page.reload()
  await page.getByLabel('Memory of web', { exact: true }).fill('512m')
  await page.getByLabel('CPUs of worker', { exact: true }).fill('0.5')
  await page.getByRole('button', { name: 'Set limits of web' }).click()
  await server.over(
    'dokku resource:limit --memory 512m --process-type web web',
    'dokku resource:limit --cpu 0.5 --process-type worker web',
  )
  expect(await server.report('resource', 'web')).toMatchObject({
    'web.limit.memory': '512m',
    'worker.limit.cpu': '0.5',
  })
  await panel('Zero downtime').locator('select').nth(1).selectOption('disabled')
  await page.getByRole('button', { name: 'Set zero downtime of web' }).click()
  await server.over('dokku checks:disable web worker')
  await panel('When a process ends').locator('select').selectOption('always')
  await page.getByRole('button', { name: 'Set restart policy of web' }).click()
  await server.over('dokku ps:set web restart-policy always')
  await expect.poll(async () => (await ada.page.content()).includes('value="512m"')).toBe(true)
  await expect
    .poll(async () => {
      await page.reload()
      return panel('Zero downtime').locator('select').nth(1).inputValue()
    })
    .toBe('disabled')
  await expect
    .poll(async () => {
      await page.reload()
      return panel('When a process ends').locator('select').inputValue()
    })
    .toBe('always')
})

test('one process type is restarted by a button of its own', async () => {
  await ada.page.getByRole('button', { name: 'Restart web of web', exact: true }).click()
  await server.over('dokku ps:restart web web')
})

test('who may only look sees the numbers and can change none', async () => {
  const vera = await person(browser, { origin: server.origin, token: server.viewer })
  await vera.go('/apps/web/processes')
  expect(await vera.page.getByLabel('web', { exact: true }).first().isDisabled()).toBe(true)
  expect(await vera.page.getByRole('button', { name: /Scale|Restart|Set|Look again/ }).count()).toBe(0)
  await vera.context.close()
})

test('nothing of the page scrolls sideways on a phone', async () => {
  await ada.page.setViewportSize({ width: 360, height: 800 })
  await ada.go('/apps/web/processes')
  expect(await ada.page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360)
})
