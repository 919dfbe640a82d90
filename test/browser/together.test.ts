/** Two admins, each in a browser of their own, and hands that are too quick. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { doing, isLive, type Person, person } from './browser.ts'
import { ada, adaVisits, browser, openLive, server } from './simulated-visit.ts'

// What comes too late is refused with a 4xx, which browsers note.
adaVisits({ apps: ['web', 'empty'], expected: /status of 4\d\d/ })

let bob: Person
beforeAll(async () => {
  bob = await person(browser, { origin: server.origin, token: server.other })
})
afterAll(() => bob.context.close())

const bothOpen = async (path: string) => {
  await openLive(path)
  await bob.go(path)
  await isLive(bob.page)
}
const button = ({ page }: Person, what: string) => page.getByRole('button', { name: doing(what) })
const menu = async (who: Person, app: string, entry: string) => {
  await who.page.getByLabel(`More for ${app}`).click()
  await button(who, `${entry} ${app}`).first().click()
}
const dialog = ({ page }: Person) => page.locator('dialog[open]')
const times = (command: string) => server.jobs().filter((job) => job.startsWith(`${command}:`))

test('a button pressed twice in a row asks once', async () => {
  await openLive('/apps/web')
  await button(ada, 'Restart web').dblclick()
  await server.over('dokku ps:restart web')
  expect(times('dokku ps:restart web')).toHaveLength(1)
  await menu(ada, 'web', 'Clone')
  await dialog(ada).getByLabel('Name').fill('copy')
  await dialog(ada).getByLabel('Without deploying it now').check()
  await dialog(ada)
    .getByRole('button', { name: doing('Clone web') })
    .dblclick()
  await server.over('dokku apps:clone --skip-deploy web copy')
  expect(times('dokku apps:clone --skip-deploy web copy')).toHaveLength(1)
})

test('what two ask of one app at once is done one after the other, and both see both', async () => {
  await bothOpen('/apps/web')
  await Promise.all([button(ada, 'Rebuild web').click(), button(bob, 'Restart web').click()])
  await server.over('dokku ps:rebuild web')
  await expect.poll(() => times('dokku ps:restart web')).toHaveLength(2)
  await expect
    .poll(() => times('dokku ps:restart web'))
    .toEqual(['dokku ps:restart web: succeeded', 'dokku ps:restart web: succeeded'])
  for (const { page } of [ada, bob]) {
    await page.goto(`${server.origin}/jobs`)
    await page.getByText('dokku ps:rebuild web').first().waitFor()
    await page.getByText('dokku ps:restart web').first().waitFor()
  }
})

test('what one scaled is not undone by the other, whose page was older', async () => {
  await bothOpen('/apps/web/processes')
  const field = ({ page }: Person, type: string) => page.getByLabel(type, { exact: true }).first()
  await field(ada, 'worker').waitFor()
  await field(bob, 'web').waitFor()
  await field(ada, 'worker').fill('3')
  await field(bob, 'web').fill('4')
  await button(bob, 'Scale web').click()
  await server.over('dokku ps:scale web web=4')
  await ada.page.getByRole('region', { name: 'What runs' }).getByText('4 of 4 running').waitFor()
  await button(ada, 'Scale web').click()
  await expect
    .poll(() => server.jobs().filter((job) => job.startsWith('dokku ps:scale web worker=3')))
    .toHaveLength(1)
  await expect
    .poll(async () => JSON.parse((await server.dokku('ps:scale', 'web', '--format', 'json')).stdout))
    .toEqual([
      { process_type: 'web', quantity: 4 },
      { process_type: 'worker', quantity: 3 },
    ])
})

test('an app that one destroyed takes no more from the other, who is told so', async () => {
  await bothOpen('/apps/copy')
  await menu(bob, 'copy', 'Clone')
  await dialog(bob).getByLabel('Name').fill('second')
  await menu(ada, 'copy', 'Destroy')
  await dialog(ada).getByLabel('Type copy to go on').fill('copy')
  await dialog(ada)
    .getByRole('button', { name: doing('Destroy copy') })
    .click()
  await server.over('dokku apps:destroy copy --force')
  await bob.page.getByText('copy was destroyed').waitFor({ state: 'attached' })
  const late = await bob.context.request.post(`${server.origin}/apps/copy/restarts`, {
    headers: { origin: server.origin },
  })
  expect(late.status()).toBeGreaterThanOrEqual(400)
  expect(server.jobs().filter((job) => / copy\b/.test(job))).toEqual([
    'dokku apps:clone --skip-deploy web copy: succeeded',
    'dokku apps:destroy copy --force: succeeded',
  ])
})
