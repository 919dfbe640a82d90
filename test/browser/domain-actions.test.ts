import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import { selfSigned } from '../../ui/certificates/pair.ts'
import { doing, person } from './browser.ts'
import { ada, adaVisits, browser, openLive, server } from './simulated-visit.ts'

adaVisits({ apps: ['shop', 'empty'] })
beforeAll(async () => {
  await server.dokku('simulator:play', 'letsencrypt')
  await openLive('/apps/empty/domains')
  await ada.page.getByText('empty.dokku.test').first().waitFor()
})

const open = async (button: string) => {
  await ada.page
    .getByRole('button', { name: doing(button) })
    .first()
    .click()
  return ada.page.locator('dialog[open]')
}
const row = (domain: string) => ada.page.getByRole('listitem').filter({ hasText: domain })

test('a pasted list is one command, told before it runs, and the page follows Dokku', async () => {
  const dialog = await open('Add domains to empty')
  await dialog.getByRole('textbox').fill('Garden.example.com\nwww.garden.example.com, *.garden.example.com')
  const command = "dokku domains:add empty garden.example.com www.garden.example.com '*.garden.example.com'"
  await dialog.getByText(command).waitFor()
  await dialog.getByRole('button', { name: 'Add domains to empty' }).click()
  await server.over(command)
  await row('www.garden.example.com').waitFor()
  expect(await server.report('domains', 'empty')).toMatchObject({
    'app-vhosts': 'empty.dokku.test garden.example.com www.garden.example.com *.garden.example.com',
  })
})

test('a domain that another app has leads there, and nothing typed is lost', async () => {
  const dialog = await open('Add domains to empty')
  const typed = 'new.example.com\nwww.shop.dokku.test'
  await dialog.getByRole('textbox').fill(typed)
  await dialog.getByRole('button', { name: 'Add domains to empty' }).click()
  await dialog.getByText('www.shop.dokku.test is a domain of shop').waitFor()
  expect(await dialog.getByRole('textbox').inputValue()).toBe(typed)
  await dialog.getByRole('link', { name: '/apps/shop/domains' }).click()
  await ada.page.waitForURL('**/apps/shop/domains')
})

test('one is removed, the list is set, domains are disabled and enabled again', async () => {
  await ada.go('/apps/empty/domains')
  const removing = await open('Remove www.garden.example.com')
  await removing.getByRole('button', { name: 'Remove www.garden.example.com' }).click()
  await server.over('dokku domains:remove empty www.garden.example.com')
  await row('www.garden.example.com').waitFor({ state: 'detached' })
  const setting = await open('Set the domains of empty')
  await setting.getByText('dokku domains:set empty empty.dokku.test garden.example.com').waitFor()
  await setting.getByRole('textbox').fill('one.example.com')
  await setting.getByRole('button', { name: 'Set the domains of empty' }).click()
  await server.over('dokku domains:set empty one.example.com')
  await row('one.example.com').waitFor()
  await (await open('Disable domains for empty')).getByRole('button', { name: 'Disable domains' }).click()
  await server.over('dokku domains:disable empty')
  await ada.page.getByText('Domains are disabled').waitFor()
  await (await open('Enable domains for empty')).getByRole('button', { name: 'Enable domains' }).click()
  await server.over('dokku domains:enable empty')
  await row('empty.dokku.test').waitFor()
})

test('global domains are added and removed, though no trigger tells of them', async () => {
  await ada.go('/domains')
  const dialog = await open('Add global domains')
  await dialog.getByRole('textbox').fill('apps.example.net')
  await dialog.getByRole('button', { name: 'Add global domains' }).click()
  await server.over('dokku domains:add-global apps.example.net')
  await ada.page.locator('#global-domains li').filter({ hasText: 'apps.example.net' }).waitFor()
  await (await open('Remove apps.example.net')).getByRole('button', { name: 'Remove apps' }).click()
  await server.over('dokku domains:remove-global apps.example.net')
  await ada.page
    .locator('#global-domains li')
    .filter({ hasText: 'apps.example.net' })
    .waitFor({ state: 'detached' })
})

test('a certificate is refused beside the field that is wrong, then put on; its key is nowhere but with Dokku', async () => {
  const { crt, key } = selfSigned(['empty.dokku.test'], Date.now())
  await ada.go('/apps/empty/certificate')
  const dialog = await open('Add a certificate to empty')
  await dialog.getByLabel('Certificate', { exact: true }).fill(crt)
  await dialog.getByLabel('Key', { exact: true }).fill(selfSigned(['x.example.com'], Date.now()).key)
  const send = dialog.getByRole('button', { name: 'Add a certificate to empty' })
  await send.click()
  await dialog.locator('[data-problem=key]').getByText('it is the key of another certificate').waitFor()
  expect(await dialog.getByLabel('Certificate', { exact: true }).inputValue()).toBe(crt)
  await dialog.getByLabel('Key as a file').setInputFiles({
    ...{ name: 'server.key', mimeType: 'application/x-pem-file', buffer: Buffer.from(key) },
  })
  await send.click()
  await server.over('dokku certs:add empty')
  await ada.page.getByText('365 days left').or(ada.page.getByText('364 days left')).first().waitFor()
  const [, line = ''] = key.split('\n')
  const holding = holders(server.folder, line)
  expect(holding.filter((file) => !/\/state\.db(-wal)?$/.test(file))).toEqual([])
  expect(holding).not.toEqual([])
  expect(execFileSync('ps', ['axww', '-o', 'args'], { encoding: 'utf8' })).not.toContain(line)
})

/** Files in which a line stands; of the simulated Dokku, its state is where the certificate is. */
const holders = (folder: string, line: string): readonly string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((file) => statSync(file, { throwIfNoEntry: false })?.isFile())
    .filter((file) => readFileSync(file, 'latin1').includes(line))

test('one signed by itself takes its place, and is removed', async () => {
  const dialog = await open('Make a self-signed certificate for empty')
  await dialog.getByRole('button', { name: 'Make a self-signed certificate' }).click()
  await server.over('dokku certs:update empty')
  const removing = await open('Remove the certificate of empty')
  await removing.getByRole('button', { name: 'Remove the certificate of empty' }).click()
  await server.over('dokku certs:remove empty')
  await ada.page.getByText('No certificate', { exact: true }).waitFor()
})

test('Let’s Encrypt wants an e-mail address first, says what went wrong in plain words, and then works', async () => {
  const { page } = ada
  await page.reload()
  if ((await page.getByRole('button', { name: 'Look again' }).count()) > 0)
    await page.getByRole('button', { name: 'Look again' }).click()
  await page.getByText('Not yet: there is no e-mail address').waitFor()
  const dialog = await open('Set the e-mail address of empty')
  await dialog.getByRole('textbox').fill('ada@example.com')
  await dialog.getByText('dokku letsencrypt:set empty email ada@example.com').waitFor()
  await dialog.getByRole('button', { name: 'Set the e-mail address of empty' }).click()
  await server.over('dokku letsencrypt:set empty email ada@example.com')
  await server.dokku('simulator:fault', 'empty', 'acme-connection')
  const enable = async () => {
    const asked = await open('Enable Let’s Encrypt for empty')
    await asked.getByRole('button', { name: 'Enable Let’s Encrypt for empty' }).click()
  }
  await enable()
  await page.getByText('Let’s Encrypt could not reach a domain over port 80.').waitFor()
  await page.locator('main').getByText('likely firewall problem').first().waitFor()
  await enable()
  await server.over('dokku letsencrypt:enable empty')
  await page.getByRole('button', { name: 'Renew the certificate of empty' }).click()
  await server.over('dokku letsencrypt:auto-renew empty')
  await (await open('Disable Let’s Encrypt for empty'))
    .getByRole('button', { name: 'Disable Let’s Encrypt for empty' })
    .click()
  await server.over('dokku letsencrypt:disable empty')
  await page.getByText('No certificate', { exact: true }).waitFor()
})

test('who may only look sees the same without a button; a phone scrolls nothing sideways', async () => {
  const vera = await person(browser, { origin: server.origin, token: server.viewer })
  await vera.page.setViewportSize({ width: 360, height: 800 })
  for (const path of ['/domains', '/apps/empty/domains', '/apps/shop/certificate', '/certificates']) {
    await vera.go(path)
    expect(await vera.page.locator('main form[data-action], main dialog').count(), path).toBe(0)
    expect(await vera.page.evaluate(() => document.documentElement.scrollWidth), path).toBeLessThanOrEqual(
      360,
    )
  }
  await vera.context.close()
  await ada.page.setViewportSize({ width: 360, height: 800 })
  for (const path of ['/domains', '/apps/shop/domains', '/apps/shop/certificate', '/certificates']) {
    await ada.go(path)
    expect(await ada.page.evaluate(() => document.documentElement.scrollWidth), path).toBeLessThanOrEqual(360)
  }
})
