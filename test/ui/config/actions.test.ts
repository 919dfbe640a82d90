import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { eventually } from '../../patience.ts'
import { mainOf, textOf } from '../story/ask.ts'
import { type Stage, stage } from './stage.ts'

let on: Stage
beforeAll(async () => {
  on = await stage()
  for (const app of ['blog', 'shop']) await on.dokku('apps:create', app)
  await on.dokku('config:set', '--no-restart', 'blog', 'LOG_LEVEL=info', 'API_KEY=hunter2-hunter2', 'OLD=x')
  await on.told()
})
afterAll(() => on.close())
beforeEach(async () => {
  await on.ada.post('/apps/blog/config/changes?method=DELETE')
  await on.ada.post('/apps/shop/config/changes?method=DELETE')
})

const at = (app: string) => (app === '--global' ? '/config' : `/apps/${app}/config`)
const edit = (key: string, value: string, app = 'blog') => on.ada.post(`${at(app)}/changes`, { key, value })
const remove = (key: string) => on.ada.post('/apps/blog/config/changes', { key, remove: 'yes' })
const page = async (path = '/apps/blog/config') => textOf(mainOf(await on.ada.text(path)))
const compared = async () => on.ada.text('/apps/blog/config/changes/compared')
const versionOf = (html: string) => /name="version" value="(\d+)"/.exec(html)?.[1] ?? ''
const apply = async (restart = 'no', app = 'blog') => {
  const version = versionOf(await on.ada.text(`${at(app)}/changes/compared`))
  const answer = await on.ada.post(`${at(app)}?method=PATCH`, { restart, version })
  await settled()
  return answer
}
/** Until what is done by several commands one after the other is done. */
const settled = () =>
  eventually(async () => {
    await on.over()
    const left = on
      .drafts()
      .filter((name) => readFileSync(join(on.data, 'drafts', name), 'utf8').includes('"applying":{'))
    expect(left).toEqual([])
  })
const commands = (from: number) =>
  on
    .rows()
    .slice(from)
    .map(({ command }) => command)

describe('the page', () => {
  test('shows keys, who changed them, and no value', async () => {
    const html = await on.ada.text('/apps/blog/config')
    expect(textOf(mainOf(html))).toMatch(/API_KEY.*LOG_LEVEL.*OLD/)
    expect(html).not.toContain('hunter2')
  })

  test('is the same to a viewer, without a button, and every other door is shut', async () => {
    const html = await on.vera.text('/apps/blog/config')
    expect(textOf(mainOf(html))).toContain('API_KEY')
    expect(mainOf(html)).not.toMatch(/<form|Add a key|hunter2/)
    for (const path of ['set', 'paste', 'changes', 'changes/compared'])
      expect((await on.vera.get(`/apps/blog/config/${path}`)).status, path).toBe(403)
    for (const path of [
      'config/changes',
      'config/changes/pasted',
      'config/changes/OLD?method=DELETE',
      'config/reveals',
      'config/downloads',
      'config/changes/OLD/confirmation',
      'config/changes/OLD/reveals',
      'config?method=PATCH',
    ])
      expect((await on.vera.post(`/apps/blog/${path}`, { key: 'API_KEY', value: 'x' })).status, path).toBe(
        403,
      )
  })

  test('names the keys that Dokku obeys and how to be rid of them, Dokku’s own not among them', async () => {
    await on.dokku('apps:create', 'tea')
    await on.dokku('config:set', '--no-restart', 'tea', 'IMAGE=x', 'LD_PRELOAD=y', 'GIT_REV=z', 'COLOR=red')
    await on.told()
    for (const who of [on.ada, on.vera]) {
      const text = textOf(mainOf(await who.text('/apps/tea/config')))
      expect(text).toMatch(
        /IMAGE ?, LD_PRELOAD ?: Dokku or programs that it runs on the server obey these keys\./,
      )
      expect(text).toContain('dokku config:unset tea IMAGE LD_PRELOAD')
    }
    on.allow('allow-config-keys')
    const allowed = textOf(mainOf(await on.ada.text('/apps/tea/config')))
    expect(allowed).toContain('The server’s root allows such keys.')
    expect(allowed).not.toContain('config:unset')
    on.allow()
    expect(await page()).not.toContain('obey')
  })

  test('nothing of it is changed, shown or downloaded by an address alone', async () => {
    for (const path of ['reveals', 'downloads', 'changes/pasted', 'changes/OLD', 'changes/OLD/reveals'])
      expect((await on.ada.get(`/apps/blog/config/${path}`)).status, path).toBe(404)
  })
})

describe('one value', () => {
  test('is shown on request, kept by nobody, and noted with who, app and key', async () => {
    const before = on.trail().length
    const answer = await on.ada.post(
      '/apps/blog/config/reveals',
      { key: 'API_KEY' },
      { 'hx-request': 'true' },
    )
    expect(await answer.text()).toContain('hunter2-hunter2')
    expect(answer.headers.get('cache-control')).toBe('no-store')
    expect(on.trail().slice(before)).toMatchObject([
      { who: 'ada', action: 'config value shown', subject: 'blog', after: { key: 'API_KEY' } },
    ])
    expect(on.holding('hunter2')).toEqual([])
  })

  test('without script is shown on the page, which leaves it by itself after half a minute', async () => {
    const answer = await on.ada.post('/apps/blog/config/reveals', { key: 'API_KEY' })
    const html = await answer.text()
    expect(html.split('hunter2-hunter2')).toHaveLength(2)
    expect(answer.headers.get('refresh')).toBe('30; url=/apps/blog/config')
    expect(answer.headers.get('cache-control')).toBe('no-store')
  })

  test('of a key that is none, or root’s alone, is not', async () => {
    expect((await on.ada.post('/apps/blog/config/reveals', { key: '--all' })).status).toBe(400)
    expect((await on.ada.post('/apps/blog/config/reveals', { key: 'PATH' })).status).toBe(502)
    expect((await on.ada.post('/apps/blog/config/reveals', { key: 'NEVER_SET' })).status).toBe(502)
  })

  test('and all of them are downloaded as a .env, noted by their names', async () => {
    const answer = await on.ada.post('/apps/blog/config/downloads')
    expect(await answer.text()).toContain('API_KEY=hunter2-hunter2\n')
    expect(answer.headers.get('content-disposition')).toBe('attachment; filename="blog.env"')
    expect(answer.headers.get('cache-control')).toBe('no-store')
    expect(on.trail().at(-1)).toMatchObject({ action: 'config downloaded', subject: 'blog' })
    expect(JSON.stringify(on.trail())).not.toContain('hunter2')
  })
})

describe('changes', () => {
  test.each(['', '\r\n', '  '])(
    'of %j are refused unless an empty value is meant, with what was typed',
    async (value) => {
      const refused = await edit('API_KEY', value)
      expect(refused.status).toBe(422)
      const form = await refused.text()
      expect(textOf(mainOf(form))).toContain('type a value, or tick “Set to an empty string”')
      expect(form).toContain('value="API_KEY"')
      expect(on.drafts()).toEqual([])
      const meant = await on.ada.post('/apps/blog/config/changes', { key: 'API_KEY', value, blank: 'yes' })
      expect(meant.status).toBe(303)
      expect(await page()).toContain('1 change not applied 1 emptied')
      expect(textOf(await compared())).toContain('API_KEY will be changed will be empty')
    },
  )

  test('wait in a file of their own that only the panel may open, and are told above the keys', async () => {
    await edit('LOG_LEVEL', 'debug-debug')
    await remove('OLD')
    expect(await page()).toContain('2 changes not applied 1 set, 1 removed')
    expect(on.drafts()).toEqual(['1-blog.json'])
    expect(on.modeOf('drafts/1-blog.json')).toBe(0o600)
    expect(on.modeOf('drafts')).toBe(0o700)
    expect(on.holding('debug-debug')).toEqual(['drafts/1-blog.json'])
    expect(await on.ada.text('/apps/blog/config')).not.toContain('debug-debug')
    expect(await on.config('blog')).toMatchObject({ LOG_LEVEL: 'info', OLD: 'x' })
  })

  test('are nobody else’s, and survive a restart of the panel', async () => {
    await edit('LOG_LEVEL', 'debug')
    const grace = on.signIn(`grace${Date.now()}`, 'admin')
    expect(textOf(mainOf(await grace.text('/apps/blog/config')))).not.toContain('not applied')
    await on.again()
    expect(await page()).toContain('1 change not applied')
  })

  test('are undone one by one or all at once, and go with whoever signs out', async () => {
    await edit('A', '1')
    await edit('B', '2')
    await on.ada.post('/apps/blog/config/changes/A?method=DELETE')
    expect(await page()).toContain('1 change not applied')
    await on.ada.post('/apps/blog/config/changes?method=DELETE')
    expect(on.drafts()).toEqual([])
    const leaving = on.signIn(`kay${Date.now()}`, 'admin')
    await leaving.post('/apps/blog/config/changes', { key: 'A', value: 'kay-secret' })
    expect(on.holding('kay-secret')).toHaveLength(1)
    await leaving.post('/sign-out')
    expect(on.holding('kay-secret')).toEqual([])
  })

  test.each([
    ['PATH', 'x', 'sudo dokku dokkubase:set allow-config-keys true'],
    ['docker_bin', 'x', 'steers programs that Dokku runs on the server'],
    ['IMAGE', 'x', 'is a variable of Dokku’s own scripts'],
    ['DOKKU_PROXY_TYPE', 'x', 'is a setting of Dokku’s own'],
    ['A-B', 'x', 'a key is letters, digits and _'],
    ['1A', 'x', 'begins with no digit'],
    ['', 'x', 'a key is letters'],
    ['A', 'x\0y', 'a value cannot hold a NUL'],
    ['A', 'é'.repeat(33_000), 'a value is 64 KB at most'],
  ])('key %j is refused beside the field, and nothing typed is lost', async (key, value, reason) => {
    const answer = await edit(key, value)
    expect(answer.status).toBe(422)
    expect(textOf(await answer.text())).toContain(reason)
    const byScript = await on.ada.post(
      '/apps/blog/config/changes',
      { key, value },
      { 'hx-request': 'true', accept: 'application/json' },
    )
    expect(byScript.status).toBe(400)
    expect(await byScript.text()).toContain(reason)
    expect(on.drafts()).toEqual([])
  })

  test('of a pasted .env come all or not at all, with the lines that are wrong', async () => {
    const text =
      '\uFEFF# mine\r\nexport A="x y"\r\nKEY="-----BEGIN\r\nabc=\r\n-----END"\r\nURL=http://h/?a=b#c\r\nLEFT=\u0024{A}\r\n'
    await on.ada.post('/apps/blog/config/changes/pasted', { text })
    expect(await page()).toContain('4 changes not applied')
    await apply()
    expect(await on.config('blog')).toMatchObject({
      A: 'x y',
      KEY: '-----BEGIN\nabc=\n-----END',
      URL: 'http://h/?a=b#c',
      LEFT: '\u0024{A}',
    })
    const wrong = await on.ada.post('/apps/blog/config/changes/pasted', {
      text: 'B=1\nPATH=/tmp\nsecretsecret\nC="open',
    })
    expect(wrong.status).toBe(422)
    const said = textOf(await wrong.text())
    expect(said).toContain('line 3: there is no key and = here')
    expect(said).toContain('line 4: a quote is not closed')
    expect(said).toContain('PATH (line 2): Dokku or programs it runs on the server would obey this key')
    expect(on.drafts()).toEqual([])
  })

  test('an empty value in a pasted .env is taken as it is written', async () => {
    const answer = await on.ada.post('/apps/blog/config/changes/pasted', { text: 'A=1\nEMPTY=\nQUOTED=""' })
    expect(answer.status).toBe(303)
    await apply()
    expect(await on.config('blog')).toMatchObject({ A: '1', EMPTY: '', QUOTED: '' })
  })

  test('of a pasted .env, reserved keys are all named at once with what to do', async () => {
    const answer = await on.ada.post('/apps/blog/config/changes/pasted', {
      text: 'ENV=1\nIMAGE=x\nLD_SDK_KEY=2\nLD_PRELOAD=x\nPATH=/tmp\n',
    })
    expect(answer.status).toBe(422)
    expect(textOf(await answer.text())).toContain(
      'IMAGE (line 2), LD_PRELOAD (line 4), PATH (line 5): Dokku or programs it runs on the server would obey these keys, so they are as good as root there. Leave them out. ' +
        "The server's root may allow such keys: sudo dokku dokkubase:set allow-config-keys true",
    )
    expect(on.drafts()).toEqual([])
  })

  test('the .env of an app, downloaded and pasted back, is no change; Dokku’s own keys are left out', async () => {
    await on.dokku('apps:create', 'cafe')
    const had = [
      'GIT_REV=abc',
      'CURL_TIMEOUT=600',
      'DOKKU_APP_TYPE=x',
      'IMAGE=tea',
      'LD_PRELOAD=y',
      'COLOR=red',
    ]
    await on.dokku('config:set', '--no-restart', 'cafe', ...had)
    await on.told()
    const paste = (text: string) => on.ada.post('/apps/cafe/config/changes/pasted', { text })
    const text = await (await on.ada.post('/apps/cafe/config/downloads')).text()
    for (const line of had) expect(text).toContain(line)
    const back = await paste(text)
    expect(back.status).toBe(422)
    expect(textOf(await back.text())).toContain(
      'there is nothing to change: Dokku has all of this so already',
    )
    expect(on.drafts()).toEqual([])

    const edited = `${text.replace('GIT_REV=abc', 'GIT_REV=old').replace('DOKKU_APP_TYPE=x', 'DOKKU_APP_TYPE=z')}SIZE=2\n`
    expect((await paste(edited)).status).toBe(303)
    expect(textOf(mainOf(await on.ada.text('/apps/cafe/config')))).toMatch(
      /1 change not applied.*Left out of what was pasted: (GIT_REV ?, DOKKU_APP_TYPE|DOKKU_APP_TYPE ?, GIT_REV) ?\. Dokku sets them itself\./,
    )
    await apply('no', 'cafe')
    expect(await on.config('cafe')).toMatchObject({
      GIT_REV: 'abc',
      DOKKU_APP_TYPE: 'x',
      IMAGE: 'tea',
      SIZE: '2',
    })

    const refused = await paste(text.replace('IMAGE=tea', 'IMAGE=coffee'))
    expect(refused.status).toBe(422)
    expect(textOf(await refused.text())).toMatch(/ IMAGE \(line \d+\): Dokku or programs/)
    expect((await paste('GIT_REV=1\nIMAGE=tea\n')).status).toBe(422)
  })

  test('what Dokku sets for herokuish by itself is left out of the .env of another app, unless it was changed', async () => {
    const text = readFileSync('test/fixtures/env/F31-roundtrip-herokuish.env', 'utf8')
    expect((await on.ada.post('/apps/shop/config/changes/pasted', { text })).status).toBe(303)
    const shown = textOf(mainOf(await on.ada.text('/apps/shop/config')))
    for (const key of ['CURL_CONNECT_TIMEOUT', 'CURL_TIMEOUT', 'DOKKU_PROXY_PORT', 'GIT_REV'])
      expect(shown).toMatch(new RegExp(`Left out of what was pasted: [^.]*${key}`))
    expect(shown).toContain('2 changes not applied')
    await on.ada.post('/apps/shop/config/changes/pasted', { text: 'CURL_TIMEOUT=30' })
    expect(textOf(mainOf(await on.ada.text('/apps/shop/config')))).toContain('3 changes not applied')
  })

  test('a value with \\r\\n that is opened and saved untouched is no change, and takes an edit back', async () => {
    await on.dokku('config:set', '--no-restart', 'blog', 'LINES=a\r\nb\r\n', 'PLAIN=x', 'OLD=a\rb\r')
    await on.told()
    const set = (value: string, key = 'LINES') => on.ada.post('/apps/blog/config/changes', { key, value })
    const edits = async () => /(\d+) changes? not applied/.exec(await page())?.[1] ?? '0'
    await set('a\r\nb\r\n')
    await set('a\r\nb\r\n', 'OLD')
    expect(await edits()).toBe('0')
    await set('a\nc\n')
    expect(await edits()).toBe('1')
    await set('a\r\nb\r\n')
    expect(await edits()).toBe('0')
    expect(await on.config('blog')).toMatchObject({ LINES: 'a\r\nb\r\n' })
    await on.ada.post('/apps/blog/config/changes/pasted', { text: 'PLAIN=x\nNEW=1' })
    expect(await edits()).toBe('1')
  })

  test('a newline at the end of a value is said wherever the value is shown', async () => {
    await on.dokku('config:set', '--no-restart', 'blog', 'KEY=end\n')
    await on.told()
    await on.ada.post('/apps/blog/config/changes', { key: 'KEY', value: 'other' })
    const sides = await on.ada.post('/apps/blog/config/changes/KEY/reveals')
    expect(textOf(await sides.text())).toMatch(/Now end ends with a newline After other$/)
  })

  test('a whole large .env gets through the door; what the gate would not take does not', async () => {
    const big = (keys: number) =>
      Array.from({ length: keys }, (_, i) => `K${i}=${'%'.repeat(60_000)}`).join('\n')
    expect((await on.ada.post('/apps/shop/config/changes/pasted', { text: big(10) })).status).toBe(303)
    expect(
      (
        await on.ada.post(
          '/apps/shop/config/changes/pasted',
          { text: big(18) },
          { accept: 'application/json' },
        )
      ).status,
    ).toBe(400)
    expect((await on.ada.post('/apps/shop/config/changes/pasted', { text: big(30) })).status).toBe(413)
  })

  test('of the panel’s own app, or of none, are not made', async () => {
    expect((await edit('A', '1', 'nothing')).status).toBe(404)
    await on.dokku('apps:create', 'dokkubase')
    await on.told()
    expect((await edit('A', '1', 'dokkubase')).status).toBe(403)
    expect((await on.ada.post('/apps/dokkubase/config/reveals', { key: 'A' })).status).toBe(403)
    expect(mainOf(await on.ada.text('/apps/dokkubase/config'))).not.toContain('Add a key')
  })
})

describe('applying', () => {
  test('sets by stdin without a restart and then unsets with the one that is wanted', async () => {
    const from = on.rows().length
    await on.dokku('config:set', '--no-restart', 'blog', 'GONE=1')
    await edit('NEW_KEY', 'something new')
    await remove('GONE')
    expect(textOf(await compared())).toContain(
      'dokku config:import --no-restart --format json blog - && dokku config:unset --no-restart blog GONE',
    )
    await apply('yes')
    expect(commands(from)).toEqual([
      'dokku config:import --no-restart --format json blog -',
      'dokku config:unset blog GONE',
    ])
    const now = await on.config('blog')
    expect(now).toMatchObject({ NEW_KEY: 'something new' })
    expect(now).not.toHaveProperty('GONE')
    expect(on.drafts()).toEqual([])
  })

  test.each([
    ['yes', 'dokku config:import --format json blog -'],
    ['no', 'dokku config:import --no-restart --format json blog -'],
  ])('values alone are one command; restart: %s', async (restart, command) => {
    const from = on.rows().length
    await edit('NEW_KEY', `again ${restart}`)
    await apply(restart)
    expect(commands(from)).toEqual([command])
  })

  test('what Dokku has so already is not done again', async () => {
    const from = on.rows().length
    await edit('LOG_LEVEL', 'info')
    await remove('NEVER_THERE')
    expect(textOf(await compared())).toContain('There is nothing to do')
    await edit('LOG_LEVEL', 'warn')
    await apply()
    expect(commands(from)).toEqual(['dokku config:import --no-restart --format json blog -'])
    expect(JSON.parse(JSON.stringify(on.rows().at(-1)?.payload))).toMatchObject({ keys: ['LOG_LEVEL'] })
  })

  test('what anybody changed since is a conflict: shown by whom, never overwritten, and mine if I insist', async () => {
    await edit('LOG_LEVEL', 'mine')
    const version = versionOf(await compared())
    await on.dokku('config:set', '--no-restart', 'blog', 'LOG_LEVEL=theirs')
    await on.told()
    expect(await page()).toContain('changed elsewhere')
    const from = on.rows().length
    const answer = await on.ada.post('/apps/blog/config?method=PATCH', { version, restart: 'no' })
    expect(answer.headers.get('location')).toBe('/apps/blog/config/changes')
    expect(on.rows()).toHaveLength(from)
    expect(textOf(await compared())).toMatch(/changed it .* Nothing is applied until you choose/)
    expect(await on.config('blog')).toMatchObject({ LOG_LEVEL: 'theirs' })
    await on.ada.post('/apps/blog/config/changes/LOG_LEVEL/confirmation')
    await apply()
    expect(await on.config('blog')).toMatchObject({ LOG_LEVEL: 'mine' })
  })

  test('a value that differs though nobody told is a conflict as well', async () => {
    await edit('LOG_LEVEL', 'mine again')
    const version = versionOf(await compared())
    await on.dokku('config:set', '--no-restart', 'blog', 'LOG_LEVEL=quietly')
    const from = on.rows().length
    await on.ada.post('/apps/blog/config?method=PATCH', { version, restart: 'no' })
    expect(on.rows()).toHaveLength(from)
    expect(textOf(await compared())).toContain('changed elsewhere')
    await on.told()
  })

  test('what was looked at in another tab before the last edit is not applied, and nothing is applied twice', async () => {
    await edit('TWICE', '1')
    const version = versionOf(await compared())
    await edit('TWICE', '2')
    const from = on.rows().length
    await on.ada.post('/apps/blog/config?method=PATCH', { version, restart: 'no' })
    expect(on.rows()).toHaveLength(from)
    const now = versionOf(await compared())
    await Promise.all(
      [1, 2, 3].map(() => on.ada.post('/apps/blog/config?method=PATCH', { version: now, restart: 'no' })),
    )
    await settled()
    expect(on.rows()).toHaveLength(from + 1)
    expect(await on.config('blog')).toMatchObject({ TWICE: '2' })
  })

  test('keys that are root’s alone are changed where root allowed it, and only there', async () => {
    on.allow('allow-config-keys')
    expect((await edit('PATH', '/app/bin')).status).toBe(303)
    await apply()
    expect(on.rows().at(-1)).toMatchObject({ state: 'succeeded', payload: { byRoot: true } })
    expect(await on.config('blog')).toMatchObject({ PATH: '/app/bin' })
    expect((await edit('PATH', '/another')).status).toBe(303)
    on.allow()
    const html = await compared()
    await on.ada.post('/apps/blog/config?method=PATCH', { version: versionOf(html), restart: 'no' })
    expect(await on.config('blog')).toMatchObject({ PATH: '/app/bin' })
  })

  test('when it fails nothing is lost: the changes are back, and the values are in no output', async () => {
    on.leak(true)
    await edit('FAILS', 'leaky-secret-value')
    await remove('TWICE')
    await apply()
    on.leak(false)
    const job = on.rows().at(-1)
    expect(job).toMatchObject({ state: 'failed', kind: 'config:import' })
    expect(await page()).toContain('2 changes not applied')
    expect(await page()).toContain(`Job ${job?.id} failed`)
    expect(on.jobs.output.text(job?.id ?? 0)).toBeDefined()
    const output = await (await on.ada.get(`/jobs/${job?.id}/output`)).text()
    expect(output).toContain('***')
    expect(output).not.toContain('leaky-secret-value')
    expect(await on.config('blog')).toMatchObject({ TWICE: '2' })
    await apply()
    expect(await on.config('blog')).toMatchObject({ FAILS: 'leaky-secret-value' })
    expect(await on.config('blog')).not.toHaveProperty('TWICE')
    expect(on.holding('leaky-secret-value').filter((file) => !file.endsWith('/output'))).toEqual([])
  })
})

test.each(['shop', '--global'])(
  'no secret of %s is in a command line, an environment, a row, the journal, the audit, a log or a page, whatever it is made of',
  async (of) => {
    on.allow('allow-global-config')
    const key = fc.stringMatching(/^[A-Z_][A-Z0-9_]{2,12}$/).map((name) => `X_${name}`)
    const nasty = fc.string({ unit: fc.constantFrom(...'\'"`\\$#=! \n\t{}()a;&|<>%é🐘-'), maxLength: 20 })
    let runs = 0
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(key, { minLength: 1, maxLength: 4 }),
        nasty,
        fc.boolean(),
        async (keys, around, restart) => {
          const secrets = keys.map(
            (name, i) =>
              [name, `${around}zq${runs}s3cr3t${i}${Math.random().toString(36).slice(2)}${around}`] as const,
          )
          const marks = secrets.map(([, value]) => value.slice(around.length, value.length - around.length))
          runs++
          for (const [name, value] of secrets) expect((await edit(name, value, of)).status).toBe(303)
          const pages = [await on.ada.text(at(of)), await on.ada.text(`${at(of)}/changes/compared`)]
          await apply(restart ? 'yes' : 'no', of)
          await on.told()
          expect(await on.config(of)).toMatchObject(Object.fromEntries(secrets))
          const job = on.rows().at(-1)?.id ?? 0
          for (const path of [
            at(of),
            '/apps/shop/config',
            `/jobs/${job}`,
            `/jobs/${job}/output`,
            '/audit',
            '/events',
            '/jobs',
            '/apps/shop',
          ])
            pages.push(await on.ada.text(path))
          expect(on.calls()).toContain('config:import')
          for (const mark of marks) {
            expect(on.holding(mark)).toEqual([])
            for (const text of [on.calls(), on.logged.join(''), ...pages]) expect(text).not.toContain(mark)
            expect(JSON.stringify([on.rows(), on.trail()])).not.toContain(mark)
          }
          expect(on.drafts()).toEqual([])
        },
      ),
      { numRuns: 6, endOnFailure: true },
    )
  },
  180_000,
)
