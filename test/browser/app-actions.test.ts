import { expect, test } from 'vitest'
import { archive } from '../contract/stage.ts'
import { eventually } from '../patience.ts'
import { doing, isLive, person } from './browser.ts'
import { ada, adaVisits, browser, openLive, server } from './simulated-visit.ts'

// What a form is told of bad input is a 400, which browsers note; of an archive that is too large, a 413.
adaVisits({ apps: ['web', 'empty'], expected: /status of 4(00|13)/ })

const dialog = () => ada.page.locator('dialog[open]')
const press = (what: string) =>
  dialog()
    .getByRole('button', { name: doing(what) })
    .click()
const menu = async (app: string, entry: string) => {
  await ada.page.getByLabel(`More for ${app}`).click()
  await ada.page.getByRole('button', { name: doing(`${entry} ${app}`) }).click()
}
const ended = (command: string, how: string) =>
  eventually(() => expect(server.jobs()).toContain(`${command}: ${how}`))

test('an app is made: a bad name is told beside the field, what will run is shown, the list follows', async () => {
  await openLive('/apps')
  await ada.page.getByRole('button', { name: 'Create app' }).click()
  await dialog().getByLabel('Name').fill('web')
  await dialog().getByText('an app of that name is there').waitFor()
  await dialog().getByLabel('Name').fill('garden')
  await dialog().getByText('$ dokku apps:create garden').waitFor()
  await press('Create app')
  await ada.page.locator('#asked').getByText('dokku apps:create garden').waitFor()
  await ada.page.locator('#apps').getByRole('link', { name: 'garden', exact: true }).waitFor()
})

test('an app is cloned, renamed and destroyed by its name, and its history stays', async () => {
  await openLive('/apps/garden')
  await menu('garden', 'Clone')
  await dialog().getByLabel('Name').fill('orchard')
  await dialog().getByLabel('Without deploying it now').check()
  await dialog().getByText('$ dokku apps:clone --skip-deploy garden orchard').waitFor()
  await press('Clone garden')
  await server.over('dokku apps:clone --skip-deploy garden orchard')
  // The command is over a moment before its trigger is recorded.
  const found = async () => (await ada.context.request.get(`${server.origin}/apps/orchard`)).url()
  const status = async () => (await ada.context.request.get(`${server.origin}/apps/orchard`)).status()
  await expect.poll(status).toBe(200)
  await openLive('/apps/orchard')
  await menu('orchard', 'Rename')
  await dialog().getByText('nobody is answered until that build is done').waitFor()
  await dialog().getByLabel('Name').fill('meadow')
  await press('Rename orchard')
  await server.over('dokku apps:rename orchard meadow')
  await expect.poll(found).toContain('/apps/meadow')
  await ada.page.goto(`${server.origin}/apps/orchard`)
  await menu('meadow', 'Destroy')
  await dialog().getByText('its config, with every secret in it').waitFor()
  await dialog().getByLabel('Type meadow to go on').fill('orchard')
  await press('Destroy meadow')
  expect(server.jobs().filter((job) => job.includes('apps:destroy'))).toEqual([])
  await dialog().getByLabel('Type meadow to go on').fill('meadow')
  await press('Destroy meadow')
  await server.over('dokku apps:destroy meadow --force')
  await ada.page.getByText('meadow was destroyed').waitFor()
  expect(await ada.page.getByRole('button', { name: 'Deploy meadow' }).count()).toBe(0)
})

test('an archive is uploaded and deployed; one that is too large is not even sent', async () => {
  await openLive('/apps/empty')
  await ada.page.getByRole('button', { name: 'Deploy empty', exact: true }).click()
  await dialog().getByText('From an archive').click()
  const field = dialog().locator('input[type=file]')
  await field.setInputFiles({ name: 'shop.tar', mimeType: 'application/x-tar', buffer: archive(null) })
  // A live page puts back the limit it has.
  await eventually(async () => {
    await field.evaluate((input) => {
      input.setAttribute('data-most', '10')
      input.dispatchEvent(new Event('change', { bubbles: true }))
    })
    expect(await dialog().getByText('An archive may be 100 MB at most').isVisible()).toBe(true)
  })
  await field.evaluate((input) => input.setAttribute('data-most', '1000000'))
  await field.setInputFiles({
    name: 'notes.tar',
    mimeType: 'application/x-tar',
    buffer: Buffer.from('no tar'),
  })
  await press('Deploy empty from an archive')
  await dialog().getByText('this is no tar, tar.gz or zip archive').waitFor()
  await field.setInputFiles({ name: 'shop.tar', mimeType: 'application/x-tar', buffer: archive(null) })
  await press('Deploy empty from an archive')
  await server.over('dokku git:from-archive --archive-type tar empty --')
  await ada.page.getByText('running', { exact: true }).first().waitFor()
})

test('an image and a repository are deployed, and the newest is deployed again from its page', async () => {
  await openLive('/apps/garden')
  await ada.page.getByRole('button', { name: 'Deploy garden', exact: true }).click()
  await dialog().getByText('From an image').click()
  await dialog().getByLabel('Image', { exact: true }).fill('node:24-slim')
  await dialog().getByText('$ dokku git:from-image garden node:24-slim').waitFor()
  await press('Deploy garden from an image')
  await server.over('dokku git:from-image garden node:24-slim')
  await openLive('/apps/garden')
  await ada.page.getByRole('button', { name: 'Deploy garden', exact: true }).click()
  await dialog().getByLabel('Repository').fill('https://ada:hunter2@git.example.com/garden.git')
  await dialog().getByText('leave name and password out of the address').waitFor()
  await dialog().getByLabel('Repository').fill('https://git.example.com/garden.git')
  await dialog().getByLabel('Branch, tag or commit').fill('main')
  await press('Deploy garden from git')
  await server.over('dokku git:sync --build garden https://git.example.com/garden.git main')
  await openLive('/apps/garden/deployments/2')
  await ada.page.getByRole('button', { name: 'Redeploy garden #2', exact: true }).click()
  await server.over('dokku ps:rebuild garden')
})

test('a deploy that runs is canceled, whoever began it', async () => {
  server.pace(0.25)
  await openLive('/apps/web')
  await ada.page.getByRole('button', { name: 'Rebuild web', exact: true }).click()
  const now = () => ada.page.getByRole('region', { name: 'Deploying now' }).locator('a.row-link')
  await now().click()
  await ada.page.getByRole('button', { name: /(^|: )Cancel web #/ }).click()
  await dialog().getByText('What runs now goes on').waitFor()
  await dialog().getByRole('button', { name: 'Cancel deploy' }).click()
  await ended('dokku ps:rebuild web', 'canceled')
  await ada.page.locator('h1 + p', { hasText: 'Canceled' }).waitFor()
  expect((await server.dokku('apps:locked', 'web')).exit).toBe(1)
  const typed = server.dokku('ps:rebuild', 'web')
  await openLive('/apps/web')
  await now().click()
  await ada.page.getByRole('button', { name: /(^|: )Cancel web #/ }).click()
  await dialog().getByRole('button', { name: 'Cancel deploy' }).click()
  await server.over('dokku builds:cancel web')
  await ada.page.locator('h1 + p', { hasText: 'Canceled' }).waitFor()
  expect((await typed).exit).not.toBe(0)
})

test('a deploy that a lock refuses says whose deploy holds it; a cancel that finds nothing says so', async () => {
  server.pace(2)
  const typed = server.typing('ps:rebuild', 'web')
  await openLive('/apps/web')
  await ada.page.getByRole('region', { name: 'Deploying now' }).waitFor()
  typed.hold()
  const [, number] =
    /deployments\/(\d+)/.exec(
      (await ada.page
        .getByRole('region', { name: 'Deploying now' })
        .locator('a.row-link')
        .getAttribute('href')) ?? '',
    ) ?? []
  await ada.page.getByRole('button', { name: 'Rebuild web', exact: true }).click()
  await ended('dokku ps:rebuild web', 'failed')
  await ada.page.locator('#asked a', { hasText: 'dokku ps:rebuild web' }).first().click()
  await ada.page
    .getByRole('region', { name: 'What may help' })
    .getByRole('link', { name: `web #${number}` })
    .click()
  await ada.page.getByRole('button', { name: `Cancel web #${number}` }).click()
  await dialog().getByRole('button', { name: 'Keep running' }).waitFor()
  await dialog().getByRole('button', { name: 'Cancel deploy' }).click()
  // The refused one emptied the lock file, so Dokku no longer knows which deploy it was.
  await ended('dokku builds:cancel web', 'failed')
  await ada.page.locator('#asked').getByText('emptied the lock file').waitFor()
  server.pace(0)
  await ada.page.locator('#asked a', { hasText: 'dokku builds:cancel web' }).first().click()
  await ada.page.getByRole('alert').getByText('The deploy goes on').waitFor()
  typed.letGo()
  expect((await typed.said).exitCode).toBe(0)
})

test('however often a button is pressed, one job has one card, which folds its output', async () => {
  const { page } = ada
  server.pace(2)
  await openLive('/apps/web')
  for (let times = 0; times < 3; times += 1) {
    const answered = page.waitForResponse((answer) => answer.url().endsWith('/restarts'))
    await page.getByRole('button', { name: 'Restart web', exact: true }).click()
    await answered
  }
  const cards = page.locator('#asked > section', { hasText: 'dokku ps:restart web' })
  await expect.poll(() => cards.count()).toBe(1)
  await cards.locator('.job-card-lines').waitFor({ state: 'attached' })
  await page.mouse.move(0, 0)
  await cards.locator('.job-card-lines').waitFor({ state: 'hidden' })
  server.pace(0)
  await server.over('dokku ps:restart web')
})

test('a lock is set and taken away, and the page says so', async () => {
  const badge = () => ada.page.locator('main').getByText('locked', { exact: true })
  await openLive('/apps/empty')
  await menu('empty', 'Lock')
  await press('Lock empty')
  await server.over('dokku apps:lock empty')
  await badge().waitFor()
  await menu('empty', 'Unlock')
  await press('Unlock empty')
  await server.over('dokku apps:unlock empty')
  await badge().waitFor({ state: 'detached' })
})

test('several apps are picked by keyboard and restarted together; what is picked stays while the page changes', async () => {
  await openLive('/apps')
  await ada.page.getByRole('link', { name: 'Select' }).click()
  await isLive(ada.page)
  await ada.page.getByLabel('Select empty').focus()
  await ada.page.keyboard.press('Space')
  await ada.page.locator('label', { hasText: 'web' }).click()
  await ada.page.getByText('2 selected').waitFor()
  await server.dokku('apps:create', 'late')
  await ada.page.getByLabel('Select late').waitFor()
  expect(await ada.page.getByLabel('Select empty').isChecked()).toBe(true)
  await ada.page.getByText('2 selected').waitFor()
  await ada.page.getByRole('button', { name: 'Restart', exact: true }).click()
  await server.over('dokku ps:restart empty', 'dokku ps:restart web')
  await ada.page.getByText('0 selected').waitFor()
})

test('without script apps are made, picked and stopped just so', async () => {
  const plain = await person(browser, server, { javaScriptEnabled: false })
  await plain.go('/apps')
  await plain.page.getByRole('button', { name: 'Create app' }).click()
  await plain.page.locator('dialog[open]').getByLabel('Name').fill('plain')
  await plain.page.locator('dialog[open]').getByRole('button', { name: 'Create app' }).click()
  await plain.page.waitForURL('**/jobs/*')
  await server.over('dokku apps:create plain')
  await plain.go('/apps?select=yes&view=list')
  await plain.page.getByLabel('Select empty').check()
  await plain.page.getByLabel('Select web').check()
  await plain.page.getByRole('button', { name: 'Stop…', exact: true }).click()
  await plain.page.getByRole('button', { name: 'Stop them' }).click()
  await plain.page.waitForURL('**/jobs')
  await server.over('dokku ps:stop empty', 'dokku ps:stop web')
  await plain.context.close()
})

test('nothing of it scrolls sideways on a phone', async () => {
  await ada.page.setViewportSize({ width: 360, height: 800 })
  for (const path of ['/apps', '/apps?select=yes&view=list', '/apps?select=yes&view=grid', '/apps/web']) {
    await ada.go(path)
    expect(await ada.page.evaluate(() => document.documentElement.scrollWidth), path).toBeLessThanOrEqual(360)
  }
  await ada.page.getByLabel('More for web').click()
  const box = await ada.page.getByRole('button', { name: 'Destroy web' }).boundingBox()
  expect((box?.x ?? -1) >= 0 && (box?.x ?? 0) + (box?.width ?? 0) <= 360).toBe(true)
})
