import { AxeBuilder } from '@axe-core/playwright'
import type { Dialog } from 'playwright-core'
import { beforeAll, expect, onTestFinished, test } from 'vitest'
import { cronId } from '../../ui/dokku/cron-id.ts'
import { ada, adaVisits, openLive, server } from './simulated-visit.ts'

adaVisits({ apps: ['web'] })
beforeAll(async () => {
  await openLive('/apps/web/settings')
  await ada.page.getByText('What Dokku said').waitFor()
})

const panel = (name: string) => ada.page.getByRole('region', { name, exact: true })
const set = (what: string) => ada.page.getByRole('button', { name: `Set ${what} of web`, exact: true })

test('properties show what Dokku goes by, and what is set reaches Dokku as one command each', async () => {
  const size = panel('nginx').getByLabel('Largest upload')
  expect(await size.inputValue()).toBe('50m')
  expect(await panel('nginx').getByLabel('Wait for the app’s answer').getAttribute('placeholder')).toBe('60s')
  await size.fill('1g')
  await panel('nginx').getByLabel('Have browsers insist on https').selectOption('false')
  await panel('nginx').getByText('$ dokku nginx:set web client-max-body-size 1g').waitFor()
  await set('nginx').click()
  await server.over('dokku nginx:set web client-max-body-size 1g', 'dokku nginx:set web hsts false')
  expect(await server.report('nginx', 'web')).toMatchObject({ 'client-max-body-size': '1g', hsts: 'false' })
})

test('what nginx would refuse is told before; what may be any directive is shown, and set once root allowed it', async () => {
  const { page } = ada
  await panel('nginx').getByText('Buffers, headers and the template').click()
  const headers = panel('nginx').getByLabel('Room for an answer’s headers')
  await headers.fill('16k')
  await panel('nginx').getByText('nginx wants proxy-busy-buffers-size from 16k to 28k').waitFor()
  await headers.fill('')
  await panel('nginx').getByLabel('X-Forwarded-For').selectOption('$http_x_forwarded_for')
  await set('nginx').click()
  await server.over("dokku nginx:set web x-forwarded-for-value '$http_x_forwarded_for'")
  await panel('nginx').getByText('sudo dokku dokkubase:set allow-nginx-directives true').waitFor()
  await panel('nginx').getByText('/var/log/nginx/web-access.log').waitFor()
  const { violations } = await new AxeBuilder({ page }).analyze()
  expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([])
  server.allow('allow-nginx-directives')
  await page.getByRole('button', { name: 'Look again' }).click()
  await panel('nginx').getByText('Logs and addresses, as good as root').click()
  await panel('nginx').getByLabel('Access log', { exact: true }).fill('off')
  await set('nginx').click()
  await server.over('dokku nginx:set web access-log-path off')
  expect(await server.report('nginx', 'web')).toMatchObject({
    'access-log-path': 'off',
    'x-forwarded-for-value': '$http_x_forwarded_for',
  })
})

test('a wrong value is told beside its field, and nothing is lost', async () => {
  const timeout = panel('nginx').getByLabel('Wait for the app’s answer')
  await timeout.fill('soon')
  await set('nginx').click()
  await panel('nginx').getByText('write a time such as 60s, 500ms or 2m').waitFor()
  expect(await timeout.inputValue()).toBe('soon')
})

test('ports are set as rows; one port twice is refused in its row', async () => {
  await panel('Ports').getByLabel('Port of the server, row 1').fill('8080')
  await panel('Ports').getByLabel('Port of the container, row 1').fill('5000')
  await panel('Ports').getByLabel('Port of the server, row 2').fill('8080')
  await panel('Ports').getByLabel('Port of the container, row 2').fill('5001')
  await panel('Ports').getByText('port 8080 of the server is mapped above already').waitFor()
  await panel('Ports').getByLabel('Port of the server, row 2').fill('8081')
  await panel('Ports').getByText('$ dokku ports:set web http:8080:5000 http:8081:5001').waitFor()
  await set('ports').click()
  await server.over('dokku ports:set web http:8080:5000 http:8081:5001')
  expect((await server.report('ports', 'web')).map).toBe('http:8080:5000 http:8081:5001')
})

test('what only root may allow is shown with how, and can be changed once root did', async () => {
  await panel('Docker options').getByText('--env X=1').waitFor()
  await panel('Docker options').getByText('sudo dokku dokkubase:set allow-docker-options true').waitFor()
  expect(await ada.page.getByRole('button', { name: /Docker option/ }).count()).toBe(0)
  server.allow('allow-docker-options')
  await ada.page.getByRole('button', { name: 'Look again' }).click()
  await ada.page.getByRole('button', { name: 'Add a Docker option to web' }).first().click()
  const dialog = ada.page.getByRole('dialog')
  await dialog.getByLabel('Option').fill('--shm-size 256m')
  await dialog.getByLabel('deploy').check()
  await dialog.getByText("$ dokku docker-options:add web deploy '--shm-size 256m'").waitFor()
  await dialog.getByRole('button', { name: 'Add a Docker option to web' }).click()
  await server.over("dokku docker-options:add web deploy '--shm-size 256m'")
  await panel('Docker options').getByText('--shm-size 256m', { exact: true }).first().waitFor()
})

test('a folder is mounted; two on one folder of the container are refused', async () => {
  await ada.page.getByRole('button', { name: 'Mount a folder into web' }).first().click()
  const dialog = ada.page.getByRole('dialog')
  await dialog.getByLabel('Folder within the container').fill('/data')
  await dialog.getByRole('button', { name: 'Mount a folder into web' }).click()
  await dialog.getByText('something is mounted there already').waitFor()
  await dialog.getByLabel('Folder within the container').fill('/cache')
  await dialog.getByRole('button', { name: 'Mount a folder into web' }).click()
  await server.over('dokku storage:mount web /var/lib/dokku/data/storage/web:/cache')
  await panel('Storage').getByText('/cache', { exact: true }).first().waitFor()
})

/** Stays on a page that asks whether to leave it; what it asked so far. */
function staying(): readonly string[] {
  const { page } = ada
  const questions: string[] = []
  const stay = async (dialog: Dialog) => {
    questions.push(dialog.type())
    await dialog.dismiss()
  }
  page.on('dialog', stay)
  onTestFinished(() => void page.off('dialog', stay))
  return questions
}

test('values that are not saved are marked, and leaving them is confirmed first', async () => {
  const { page } = ada
  await openLive('/apps/web/settings')
  const questions = staying()
  const leave = () => page.getByRole('link', { name: 'Events', exact: true }).last().press('Enter')
  const note = panel('nginx').getByText('Not saved yet')
  const timeout = panel('nginx').getByLabel('Wait for the app’s answer')
  await timeout.fill('90s')
  await note.waitFor()
  await leave()
  await expect.poll(() => questions).toEqual(['beforeunload'])
  expect(await timeout.inputValue()).toBe('90s')
  expect(await page.getByText('Not saved yet').filter({ visible: true }).count()).toBe(1)
  // Back as it was, in a list of choices too: nothing would be lost.
  await timeout.fill('')
  await note.waitFor({ state: 'hidden' })
  const builder = panel('Build and deploy').getByLabel('Builder', { exact: true })
  await builder.selectOption('dockerfile')
  await panel('Build and deploy').getByText('Not saved yet').waitFor()
  await builder.selectOption('')
  await panel('Build and deploy').getByText('Not saved yet').waitFor({ state: 'hidden' })
  // Submitted is not lost, whether or not the page shows it already.
  await timeout.fill('75s')
  await set('nginx').click()
  await note.waitFor({ state: 'hidden' })
  await server.over('dokku nginx:set web proxy-read-timeout 75s')
  await leave()
  await page.waitForURL('**/apps/web/events')
  expect(questions).toEqual(['beforeunload'])
})

test('a .env that is pasted on its own page is kept by a question, and not by its Cancel', async () => {
  const { page } = ada
  await openLive('/apps/web/config/paste')
  const questions = staying()
  const form = page.locator('#config-form')
  await form.getByLabel('Content').fill('A=1')
  await page.getByRole('link', { name: 'Overview', exact: true }).last().press('Enter')
  await expect.poll(() => questions).toEqual(['beforeunload'])
  expect(await form.getByLabel('Content').inputValue()).toBe('A=1')
  await form.locator('[data-close-dialog]').click()
  await page.waitForURL('**/apps/web/config')
  expect(questions).toEqual(['beforeunload'])
})

test('typing a search or a filter asks nothing', async () => {
  const { page } = ada
  await openLive('/apps/web/run')
  const questions = staying()
  await page.getByRole('searchbox').filter({ visible: true }).fill('we')
  await page.getByRole('link', { name: 'Events', exact: true }).last().press('Enter')
  await page.waitForURL('**/apps/web/events')
  expect(questions).toEqual([])
})

test('a command is run, its exit code stays, and what only a shell would do is refused beside the line', async () => {
  const { page } = ada
  await ada.go('/apps/web/run')
  const line = page.getByLabel('Command', { exact: true })
  await line.fill('ls | wc')
  await page.getByText('no shell reads this, so | does nothing here').waitFor()
  await line.fill(`sh -c 'exit 3'`)
  await page.getByText(`$ dokku run web sh -c 'exit 3'`).waitFor()
  await page.getByRole('button', { name: 'Run a command in web' }).click()
  const history = panel('What was run')
  await history.getByText(`sh -c 'exit 3'`).waitFor()
  await history.getByText('exit code 3').waitFor()
})

test('a cron entry is run now, suspended and resumed', async () => {
  const { page } = ada
  await page.getByText("node -e 'console.log(1)'").first().waitFor()
  await panel('Cron').getByText('*/30 * * * *').waitFor()
  await page.getByRole('button', { name: /^Run now/ }).click()
  await panel('Cron').getByText('from this panel').waitFor()
  // By keyboard: the cards of what was asked before may lie over it.
  await page.getByRole('button', { name: /^Suspend/ }).press('Enter')
  await panel('Cron').getByText('suspended', { exact: true }).waitFor()
  await page.getByRole('button', { name: /^Resume/ }).press('Enter')
  await page.getByRole('button', { name: /^Suspend/ }).waitFor()
})

test('a cron entry that failed elsewhere shows by itself, beside its earlier runs', async () => {
  const entry = { command: "node -e 'console.log(1)'", schedule: '*/30 * * * *' }
  await server.dokku('run', '--cron-id', cronId('web', entry), 'web', 'sh', '-c', 'exit 7')
  await panel('Cron').getByText('Failed with exit code 7').waitFor()
  await panel('Cron').getByRole('link', { name: 'Earlier runs' }).press('Enter')
  const runs = panel(`Runs of ${entry.command}`)
  await runs.getByText('exit code 7').waitFor()
  await runs.getByText('from this panel').waitFor()
})

test('nothing of the pages scrolls sideways on a phone', async () => {
  await ada.page.setViewportSize({ width: 360, height: 800 })
  for (const path of ['/apps/web/settings', '/apps/web/run']) {
    await ada.go(path)
    expect(await ada.page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360)
  }
})
