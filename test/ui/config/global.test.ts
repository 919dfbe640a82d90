/** The server's config: the same as an app's, once its root allowed it. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { eventually } from '../../patience.ts'
import { mainOf, textOf } from '../story/ask.ts'
import { type Stage, stage } from './stage.ts'

let on: Stage
beforeAll(async () => {
  on = await stage()
  await on.dokku('apps:create', 'blog')
  await on.dokku('config:set', '--global', 'TZ=Europe/Prague', 'SENTRY=hunter2-hunter2', 'CURL_TIMEOUT=600')
  await on.told()
})
afterAll(() => on.close())

const page = async (path = '/config') => textOf(mainOf(await on.ada.text(path)))
const edit = (key: string, value: string) => on.ada.post('/config/changes', { key, value })
const apply = async () => {
  const html = await on.ada.text('/config/changes/compared')
  const [, version = ''] = /name="version" value="(\d+)"/.exec(html) ?? []
  await on.ada.post('/config?method=PATCH', { restart: 'no', version })
  await eventually(async () => {
    await on.over()
    expect(await page()).not.toContain('being applied')
  })
  await on.told()
  return html
}

describe('before root allowed it', () => {
  test('the page says how it is allowed and nothing else, to whoever looks', async () => {
    for (const who of [on.ada, on.vera]) {
      const html = mainOf(await who.text('/config'))
      expect(textOf(html)).toContain('sudo dokku dokkubase:set allow-global-config true')
      expect(html).not.toMatch(/TZ|SENTRY|hunter2|config\/(set|paste|changes|reveals|downloads)/)
    }
    expect(mainOf(await on.vera.text('/config'))).not.toContain('<form')
    expect(await page('/apps/blog/config')).toMatch(
      /Besides these, the app finds the server’s global config\s*\./,
    )
  })

  test('every door is shut, and Dokku is not asked', async () => {
    const [calls, rows] = [on.calls(), on.rows().length]
    for (const path of ['set', 'paste', 'changes', 'changes/compared'])
      expect((await on.ada.get(`/config/${path}`)).status, path).toBe(403)
    for (const path of [
      '/changes',
      '/changes/pasted',
      '/reveals',
      '/downloads',
      '/changes/TZ/reveals',
      '?method=PATCH',
    ])
      expect((await on.ada.post(`/config${path}`, { key: 'TZ', value: 'x' })).status, path).toBe(403)
    expect([on.calls(), on.rows().length]).toEqual([calls, rows])
  })
})

describe('once root allowed it', () => {
  beforeAll(() => on.allow('allow-global-config'))

  test('keys are shown with who set them, and no value; a viewer sees no button', async () => {
    expect(await page()).toMatch(/CURL_TIMEOUT.*SENTRY.*TZ/)
    expect(await on.ada.text('/config')).not.toContain('hunter2')
    const html = mainOf(await on.vera.text('/config'))
    expect(textOf(html)).toContain('SENTRY')
    expect(html).not.toMatch(/<form|Add a key/)
    for (const path of ['/changes', '/reveals', '/downloads', '/looks', '?method=PATCH'])
      expect((await on.vera.post(`/config${path}`, { key: 'TZ', value: 'x' })).status, path).toBe(403)
  })

  test('each app names them beside its own, and none of them is an app', async () => {
    expect(await page('/apps/blog/config')).toMatch(
      /Besides these, the app finds CURL_TIMEOUT ?, SENTRY ?, TZ of the server’s global config/,
    )
    expect(await page('/apps')).not.toContain('--global')
    expect(await page('/events')).toContain('for all apps')
  })

  test('one value is shown on request, and noted', async () => {
    const answer = await on.ada.post('/config/reveals', { key: 'SENTRY' }, { 'hx-request': 'true' })
    expect(await answer.text()).toContain('hunter2-hunter2')
    expect(on.trail().at(-1)).toMatchObject({
      ...{ who: 'ada', action: 'config value shown', subject: '--global', after: { key: 'SENTRY' } },
    })
    expect(on.holding('hunter2')).toEqual([])
    const download = await on.ada.post('/config/downloads')
    expect(await download.text()).toContain('SENTRY=hunter2-hunter2\n')
    expect(download.headers.get('content-disposition')).toBe('attachment; filename="global.env"')
  })

  test('what is changed waits, is compared, and is applied without a restart by jobs about no app', async () => {
    const from = on.rows().length
    await edit('TZ', 'Europe/Vienna')
    await on.ada.post('/config/changes/pasted', { text: 'NEW="a b"\n' })
    await on.ada.post('/config/changes', { key: 'SENTRY', remove: 'yes' })
    expect(on.drafts()).toEqual(['1---global.json'])
    expect(await page()).toContain('3 changes not applied')
    expect(await on.config('--global')).toMatchObject({ TZ: 'Europe/Prague' })
    const compared = textOf(await apply())
    expect(compared).toContain('each app finds them at its next deploy or restart')
    expect(compared).toContain(
      'dokku config:import --format json --global - && dokku config:unset --global SENTRY',
    )
    expect(on.rows().slice(from)).toMatchObject([
      { app: null, command: 'dokku config:import --format json --global -', state: 'succeeded' },
      { app: null, command: 'dokku config:unset --global SENTRY', state: 'succeeded' },
    ])
    expect(await on.config('--global')).toEqual({ CURL_TIMEOUT: '600', NEW: 'a b', TZ: 'Europe/Vienna' })
    expect(await page()).toMatch(/CURL_TIMEOUT.*NEW.*ada.*TZ.*ada/)
    expect(on.drafts()).toEqual([])
  })

  test('keys that steer Dokku’s own programs wait for their own switch, here as well', async () => {
    const answer = await edit('DOCKER_BIN', '/x')
    expect(answer.status).toBe(422)
    expect(await answer.text()).toContain('allow-config-keys')
    expect((await on.ada.post('/config/changes', { key: 'IMAGE', remove: 'yes' })).status).toBe(422)
  })

  test('what Dokku’s own plugins set, and what only was seen, is known too', async () => {
    on.record('post-config-update', ['--global', 'set', 'CURL_CONNECT_TIMEOUT'])
    expect(await page()).toContain('CURL_CONNECT_TIMEOUT')
    await eventually(async () => expect(await page()).not.toContain('CURL_CONNECT_TIMEOUT'))
    expect(await page('/apps')).not.toContain('--global')
  })

  test('a switch that root takes back holds at once, also for what waits', async () => {
    await edit('LATE', '1')
    const html = await on.ada.text('/config/changes/compared')
    const [, version = ''] = /name="version" value="(\d+)"/.exec(html) ?? []
    on.allow()
    expect((await on.ada.post('/config?method=PATCH', { restart: 'no', version })).status).toBe(403)
    // The panel has not heard of it yet; the gate has.
    on.believe('allow-global-config')
    const from = on.rows().length
    expect((await on.ada.post('/config?method=PATCH', { restart: 'no', version })).status).toBe(502)
    expect(on.rows()).toHaveLength(from)
    expect(await on.config('--global')).not.toHaveProperty('LATE')
  })
})
