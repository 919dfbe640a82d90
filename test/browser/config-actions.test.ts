import { AxeBuilder } from '@axe-core/playwright'
import { beforeAll, expect, test } from 'vitest'
import { isFocused, isLive, person } from './browser.ts'
import { ada, adaVisits, browser, openLive, server } from './simulated-visit.ts'

adaVisits({ apps: ['web'], expected: / 40[03] / })
beforeAll(async () => {
  await server.dokku('config:set', '--no-restart', 'web', 'API_KEY=hunter2', 'LOG_LEVEL=info', 'OLD=x')
  await openLive('/apps/web/config')
  await row('API_KEY').waitFor()
})

const row = (key: string) => ada.page.locator(`#key-${key}`)
const bar = () => ada.page.getByRole('region', { name: 'Changes not applied' })
const dialog = () => ada.page.locator('#config-dialog[open]')
const env = async (): Promise<Readonly<Record<string, string>>> =>
  JSON.parse((await server.dokku('--quiet', 'config:export', 'web', '--format', 'json')).stdout)
const set = async (key: string, value: string) => {
  await ada.page.getByRole('link', { name: 'Add a key' }).click()
  await dialog().getByLabel('Key').fill(key)
  await dialog().getByLabel('Value').fill(value)
  await dialog().getByRole('button', { name: 'Add to the changes' }).click()
}
const discard = async () => {
  await bar()
    .getByRole('button', { name: /Discard/ })
    .click()
  await ada.page
    .locator('dialog[open]')
    .getByRole('button', { name: /Discard/ })
    .click()
  await bar().waitFor({ state: 'detached' })
}

test('one value is shown at a time, and hidden again by a button or after half a minute', async () => {
  const { page } = ada
  await page.clock.install()
  await page.reload()
  await isLive(page)
  expect(await page.content()).not.toContain('hunter2')
  await page.getByRole('button', { name: 'Show API_KEY' }).click()
  await row('API_KEY').getByText('hunter2').waitFor()
  await page.getByRole('button', { name: 'Show LOG_LEVEL' }).click()
  await row('LOG_LEVEL').getByText('info').waitFor()
  expect(await page.content()).not.toContain('hunter2')
  // A live page leaves it; time does not.
  await server.dokku('config:set', '--no-restart', 'web', 'APPEARS=1')
  await row('APPEARS').waitFor()
  await row('LOG_LEVEL').getByText('info').waitFor()
  await page.clock.fastForward(31_000)
  await row('LOG_LEVEL').getByText('info').waitFor({ state: 'detached' })
  await page.getByRole('button', { name: 'Show API_KEY' }).click()
  await page.getByRole('button', { name: 'Hide the value' }).click()
  await row('API_KEY').locator('.mask').waitFor()
})

test('keys are added, changed and removed by keyboard alone, compared, and applied with one restart', async () => {
  const { page } = ada
  await page.getByRole('link', { name: 'Add a key' }).focus()
  await page.keyboard.press('Enter')
  await isFocused(dialog().getByLabel('Key'))
  await page.keyboard.type('GREETING')
  await page.keyboard.press('Tab')
  await page.keyboard.type('hello')
  await page.keyboard.press('Enter')
  await page.keyboard.type('world')
  for (let stops = 0; stops < 3; stops += 1) await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')
  await bar().getByText('1 change not applied').waitFor()
  await dialog().waitFor({ state: 'hidden' })
  await page.getByRole('link', { name: 'Edit LOG_LEVEL' }).press('Enter')
  await dialog().getByRole('button', { name: 'Load current value' }).press('Enter')
  await expect.poll(() => dialog().getByLabel('Value').inputValue()).toBe('info')
  await dialog().getByLabel('Value').fill('debug')
  await dialog().getByRole('button', { name: 'Change' }).press('Enter')
  await dialog().waitFor({ state: 'hidden' })
  await bar().getByText('2 changes not applied').waitFor()
  await page.getByRole('button', { name: 'Remove OLD' }).press('Enter')
  await bar().getByText('3 changes not applied').waitFor()
  expect(await env()).toMatchObject({ LOG_LEVEL: 'info', OLD: 'x' })
  await page.reload()
  await bar().getByRole('link', { name: 'Review and apply' }).press('Enter')
  await page.locator('#change-OLD').getByText('will be removed').waitFor()
  await page.getByRole('button', { name: 'Show both values of LOG_LEVEL' }).press('Enter')
  await page.locator('#change-LOG_LEVEL').getByText('debug').waitFor()
  await page.getByRole('button', { name: 'Apply and restart the changes' }).press('Enter')
  await server.over('dokku config:import --no-restart --format json web -', 'dokku config:unset web OLD')
  expect(await env()).toMatchObject({ LOG_LEVEL: 'debug', GREETING: 'hello\nworld' })
  expect(await env()).not.toHaveProperty('OLD')
  await page.waitForURL('**/apps/web/config')
  await bar().waitFor({ state: 'detached' })
  await row('OLD').waitFor({ state: 'detached' })
  await row('GREETING').getByText('ada').waitFor()
})

test('what the running containers were created without is said, with the restart that applies it', async () => {
  const { page } = ada
  await openLive('/apps/web/config')
  await server.dokku('config:set', '--no-restart', 'web', 'LATER=1')
  await page
    .getByText(/^Changes of LATER are not applied to the running containers of web(, worker)? yet\.$/)
    .waitFor()
  await page.getByRole('button', { name: 'Restart to apply: Restart web' }).click()
  await server.over('dokku ps:restart web')
  await page.getByText('Changes of LATER').waitFor({ state: 'detached' })
})

test('a form that is sent as it opened takes no value away, and an empty value is said wherever it waits', async () => {
  const { page } = ada
  await page.getByRole('link', { name: 'Edit API_KEY' }).press('Enter')
  await isFocused(dialog().getByLabel('Value'))
  await dialog().getByRole('button', { name: 'Change' }).click()
  await dialog().locator('[data-problem=value]').getByText('tick “Set to an empty string”').waitFor()
  expect(await bar().count()).toBe(0)
  await dialog().getByLabel('Set to an empty string').check()
  await dialog().getByRole('button', { name: 'Change' }).click()
  await row('API_KEY').getByText('to be empty').waitFor()
  await bar().getByText('1 emptied').waitFor()
  await bar().getByRole('link', { name: 'Review and apply' }).click()
  await page.locator('#change-API_KEY').getByText('will be empty').waitFor()
  await openLive('/apps/web/config')
  await discard()
  expect(await env()).toMatchObject({ API_KEY: 'hunter2' })
})

test('whatever changes meanwhile, who types in the dialog goes on typing where they were', async () => {
  const { page } = ada
  await page.getByRole('link', { name: 'Add a key' }).press('Enter')
  await isFocused(dialog().getByLabel('Key'))
  await page.keyboard.type('TYPED')
  await page.keyboard.press('Tab')
  await page.keyboard.type('one ')
  await server.dokku('config:set', '--no-restart', 'web', 'MEANWHILE=1')
  await row('MEANWHILE').waitFor({ state: 'attached' })
  await page.keyboard.type('two')
  expect(await dialog().getByLabel('Value').inputValue()).toBe('one two')
  expect(await dialog().getByLabel('Key').inputValue()).toBe('TYPED')
  await page.keyboard.press('Escape')
  await dialog().waitFor({ state: 'hidden' })
})

test('a key that is root’s alone is refused below the key, not below its value', async () => {
  const { page } = ada
  await page.getByRole('link', { name: 'Add a key' }).click()
  await dialog().getByLabel('Key').fill('LD_PRELOAD')
  await dialog().getByLabel('Value').fill('x')
  await dialog().getByRole('button', { name: 'Add to the changes' }).click()
  await dialog()
    .locator('[data-problem=key]')
    .getByText(/^LD_PRELOAD steers/)
    .waitFor()
  await page.keyboard.press('Escape')
})

test('a pasted .env is refused with the lines that are wrong, and taken whole once they are mended', async () => {
  const { page } = ada
  await page.getByRole('link', { name: 'Paste a .env' }).click()
  await dialog().getByLabel('Content').fill('A=1\nPATH=/tmp\nB="open')
  await dialog().getByRole('button', { name: 'Add to the changes' }).click()
  await dialog().getByRole('alert').getByText('line 3: a quote is not closed').waitFor()
  await dialog().getByRole('alert').getByText('PATH (line 2): Dokku or programs').waitFor()
  await dialog().getByLabel('Content').fill('# mine\nexport A="1 and\n2"\nB=x#y')
  await dialog().getByRole('button', { name: 'Add to the changes' }).click()
  await bar().getByText('2 changes not applied').waitFor()
  await row('A').getByText('to be added').waitFor()
  await discard()
  await row('A').waitFor({ state: 'detached' })
})

test('each line that is wrong in what was pasted is told by itself, and leads to that line', async () => {
  const { page } = ada
  const lines = ['# mine', 'A=1', 'no pair', ...Array.from({ length: 60 }, (_, at) => `K${at}=v`)]
  const all = [...lines, '9B=2', 'C="x" y', 'D="open']
  await page.getByRole('link', { name: 'Paste a .env' }).click()
  await dialog().getByLabel('Content').fill(all.join('\n'))
  await dialog().getByRole('button', { name: 'Add to the changes' }).click()
  const told = dialog().getByRole('alert').last().locator('span')
  await expect.poll(() => told.allTextContents()).toHaveLength(4)
  const boxes = await Promise.all([0, 1, 2, 3].map((at) => told.nth(at).boundingBox()))
  expect(new Set(boxes.map((box) => box?.y)).size).toBe(4)
  const selected = () =>
    dialog()
      .getByLabel('Content')
      .evaluate((field: HTMLTextAreaElement) => [
        field.value.slice(field.selectionStart, field.selectionEnd),
        field.scrollTop > 0,
      ])
  await dialog().getByRole('button', { name: 'line 65', exact: true }).click()
  await isFocused(dialog().getByLabel('Content'))
  expect(await selected()).toEqual(['C="x" y', true])
  await dialog().getByRole('button', { name: 'line 3', exact: true }).click()
  expect(await selected()).toEqual(['no pair', false])
  await page.keyboard.press('Escape')
  await dialog().waitFor({ state: 'hidden' })
})

test('a value that is loaded and saved unchanged stays as it is, however its lines end', async () => {
  const { page } = ada
  const values = { N1: 'end\n', N2: '\nfirst', N3: 'a\r\nb\r\n', N4: 'a\rb', N5: ' a\n\n', N6: '\r\n x' }
  const pairs = Object.entries(values).map((pair) => pair.join('='))
  await server.dokku('config:set', '--no-restart', 'web', ...pairs)
  await row('N6').waitFor()
  const load = async (key: string, value: string) => {
    await page.getByRole('link', { name: `Edit ${key}` }).click()
    await dialog().getByRole('button', { name: 'Load current value' }).click()
    await expect.poll(() => dialog().getByLabel('Value').inputValue()).toBe(value.replaceAll(/\r\n?/g, '\n'))
  }
  for (const [key, value] of Object.entries(values)) {
    await load(key, value)
    await dialog().getByRole('button', { name: 'Change' }).click()
    await dialog().waitFor({ state: 'hidden' })
  }
  await page.reload()
  await isLive(page)
  expect(await bar().count()).toBe(0)
  expect(await env()).toMatchObject(values)
  await load('N1', 'end\n')
  await dialog().getByLabel('Value').press('ControlOrMeta+Home')
  await page.keyboard.type('the ')
  await dialog().getByRole('button', { name: 'Change' }).click()
  await bar().getByRole('link', { name: 'Review and apply' }).click()
  await page.getByRole('button', { name: 'Apply without restart the changes' }).click()
  await expect.poll(env).toMatchObject({ ...values, N1: 'the end\n' })
  await page.waitForURL('**/apps/web/config')
  await bar().waitFor({ state: 'detached' })
})

test('a key that is root’s alone is refused in the form, with how root may allow it', async () => {
  await set('LD_PRELOAD', 'x')
  await dialog().getByRole('alert').getByText('sudo dokku dokkubase:set allow-config-keys true').waitFor()
  expect(await dialog().getByLabel('Value').inputValue()).toBe('x')
  await ada.page.keyboard.press('Escape')
})

test('what somebody changes meanwhile is shown at once as a conflict, and stays theirs unless I insist', async () => {
  const { page } = ada
  await set('API_KEY', 'mine')
  await row('API_KEY').getByText('to be changed').waitFor()
  await server.dokku('config:set', '--no-restart', 'web', 'API_KEY=theirs')
  await row('API_KEY').getByText('changed elsewhere').waitFor()
  await bar().getByText('One of them was changed elsewhere meanwhile').waitFor()
  await bar().getByRole('link', { name: 'Review and apply' }).click()
  await page.locator('#change-API_KEY').getByText('Nothing is applied until you choose').waitFor()
  expect(await page.getByRole('button', { name: /^Apply/ }).count()).toBe(0)
  await page.getByRole('button', { name: 'Use mine for API_KEY' }).click()
  await page.getByRole('button', { name: 'Apply without restart the changes' }).click()
  await server.over('dokku config:import --no-restart --format json web -')
  await expect.poll(env).toMatchObject({ API_KEY: 'mine' })
  await page.waitForURL('**/apps/web/config')
  await bar().waitFor({ state: 'detached' })
})

test('without script the keys are seen, and one is set, compared and applied', async () => {
  const plain = await person(browser, server, { javaScriptEnabled: false })
  const { page } = plain
  await plain.go('/apps/web/config')
  await page.getByRole('link', { name: 'Add a key' }).click()
  await page.getByLabel('Key').fill('bad-key')
  await page.getByLabel('Key').evaluate((field) => field.removeAttribute('pattern'))
  await page.getByLabel('Value').fill('kept')
  await page.getByRole('button', { name: 'Add to the changes' }).click()
  await page.getByText('a key is letters, digits and _').waitFor()
  expect(await page.getByLabel('Value').inputValue()).toBe('kept')
  await page.getByLabel('Key').fill('PLAIN')
  await page.getByRole('button', { name: 'Add to the changes' }).click()
  await page.getByText('1 change not applied').waitFor()
  await page.getByRole('link', { name: 'Review and apply' }).click()
  await page.getByRole('link', { name: 'Compare with what Dokku has' }).click()
  await page.getByRole('button', { name: 'Apply without restart the changes' }).click()
  await expect.poll(env).toMatchObject({ PLAIN: 'kept' })
  await plain.go('/apps/web/config')
  await page.getByRole('button', { name: 'Show PLAIN' }).click()
  await page.locator('#key-PLAIN').getByText('kept').waitFor()
  await plain.context.close()
})

test('the server’s config is told how to allow, and then changed as an app’s is', async () => {
  const { page } = ada
  const axe = async () => {
    const { violations } = await new AxeBuilder({ page }).analyze()
    expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([])
  }
  await ada.go('/apps/web/config')
  await page.getByRole('main').getByRole('link', { name: 'global config' }).click()
  await page.getByText('sudo dokku dokkubase:set allow-global-config true').waitFor()
  expect(await page.getByRole('link', { name: 'Add a key' }).count()).toBe(0)
  await axe()
  server.allow('allow-global-config')
  await isLive(page)
  await page.getByRole('button', { name: 'Look again' }).click()
  await page.getByText('No config yet').waitFor()
  await set('SENTRY_DSN', 'hunter3')
  await bar().getByRole('link', { name: 'Review and apply' }).click()
  await page.getByText('each app finds them at its next deploy or restart').waitFor()
  await axe()
  await page.getByRole('button', { name: 'Apply the changes' }).click()
  await server.over('dokku config:import --format json --global -')
  await page.waitForURL('**/config')
  await row('SENTRY_DSN').getByText('ada').waitFor()
  await bar().waitFor({ state: 'detached' })
  expect(await page.content()).not.toContain('hunter3')
  await page.getByRole('button', { name: 'Show SENTRY_DSN' }).click()
  await row('SENTRY_DSN').getByText('hunter3').waitFor()
  await axe()
  await page.setViewportSize({ width: 360, height: 800 })
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360)
  await page.setViewportSize({ width: 1440, height: 900 })
  await openLive('/apps/web/config')
  await page.getByText('Besides these, the app finds SENTRY_DSN').waitFor()
})

test('the page, its dialog and the comparison can be used by everybody, and on a phone', async () => {
  const { page } = ada
  await set('WIDE', 'x'.repeat(400))
  await bar().waitFor()
  const look = async () => {
    const { violations } = await new AxeBuilder({ page }).analyze()
    expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([])
    await page.setViewportSize({ width: 360, height: 800 })
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360)
    await page.setViewportSize({ width: 1440, height: 900 })
  }
  await look()
  await page.getByRole('link', { name: 'Paste a .env' }).click()
  await dialog().waitFor()
  await look()
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: 'Show GREETING' }).click()
  await row('GREETING').getByText('hello').waitFor()
  await ada.go('/apps/web/config/changes')
  await page.getByRole('button', { name: 'Show both values of WIDE' }).click()
  await page.locator('.revealed').waitFor()
  await look()
})
