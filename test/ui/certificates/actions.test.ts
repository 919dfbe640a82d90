import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, test } from 'vitest'
import { certificateKinds } from '../../../ui/certificates/command.ts'
import { selfSigned } from '../../../ui/certificates/pair.ts'
import { domains } from '../../../ui/domains/table.ts'
import { asker } from '../story/ask.ts'
import { changingPanel } from '../story/changing.ts'
import { NOW } from '../story/seed.ts'

let on: ReturnType<typeof changingPanel>
beforeEach(() => {
  on = changingPanel(certificateKinds)
})

const DELETES = '?method=DELETE'
const PUTS = '?method=PUT'
const sent = (names: readonly string[]) => {
  const { crt, key } = selfSigned(names, NOW)
  return { certificate: crt, key }
}
const filesIn = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((file) => statSync(file).isFile())

test('a certificate is added to an app without one, and takes the place of the one that is there', async () => {
  await on.send('/apps/mailer/certificate', sent(['mailer.example.com']))
  await on.send('/apps/blog/certificate', sent(['blog.example.com']))
  await on.send('/apps/blog/self-signed-certificate', {})
  await on.send(`/apps/blog/certificate${DELETES}`, {})
  expect(on.asked()).toEqual([
    ...[
      'dokku certs:add mailer',
      'dokku certs:update blog',
      'dokku certs:update blog',
      'dokku certs:remove blog',
    ],
  ])
})

test('what was mended in a certificate is said beside its job', async () => {
  const { certificate, key } = sent(['blog.example.com'])
  const { text } = await on.send('/apps/blog/certificate', {
    certificate: `${certificate}${certificate}`,
    key,
  })
  expect(on.asked()).toEqual(['dokku certs:update blog'])
  expect(on.notes).toEqual(['A certificate that was in it twice was left off.'])
  expect(text).not.toContain('PRIVATE KEY')
})

test('a self-signed certificate is for the host names among the domains', async () => {
  const appId = on.reads.apps.named('blog')?.id ?? 0
  for (const [at, domain] of ['_', '*', 'a..b', 'Store.Example.com'].entries())
    on.db
      .insert(domains)
      .values({ appId, domain, since: NOW, position: 90 + at })
      .run()
  expect((await on.send('/apps/blog/self-signed-certificate', {})).status).toBe(200)
  expect(on.asked()).toEqual(['dokku certs:update blog'])
})

test.each(['traefik', 'caddy', 'haproxy'])(
  'behind %s the page says that certificates here do nothing',
  async (proxy) => {
    const page = () => asker(on).text('/apps/blog/certificate')
    on.reported('blog', 'proxy', { 'computed-type': 'nginx' })
    expect(await page()).not.toContain('does nothing')
    on.reported('blog', 'proxy', { 'computed-type': proxy })
    expect(await page()).toContain(
      `The proxy of this app is ${proxy} , which does not use Dokku’s certificates`,
    )
    expect(await page()).toContain(`dokku ${proxy}:set --global letsencrypt-email`)
  },
)

test('a key is in the input of its job, which only the panel can open, and in no row', async () => {
  const { certificate, key } = sent(['blog.example.com'])
  const { text } = await on.send('/apps/blog/certificate', { certificate, key })
  const [line = ''] = key.split('\n').slice(1)
  expect(text).not.toContain(line)
  expect(on.db.$client.serialize().includes(line)).toBe(false)
  const holding = filesIn(on.folder).filter((file) => readFileSync(file, 'utf8').includes(line))
  expect(holding).toEqual([expect.stringMatching(/data\/jobs\/1\.secret$/)])
  expect(statSync(holding[0] ?? '').mode & 0o777).toBe(0o600)
})

test('what is sent as files counts before what was pasted', async () => {
  const form = new FormData()
  const { certificate, key } = sent(['blog.example.com'])
  form.set('certificate', 'old')
  form.set('certificate-file', new File([`${certificate}${key}`], 'all.pem'))
  form.set('key-file', new File([], ''))
  const answer = await on.panel('admin').request('/apps/blog/certificate', { method: 'POST', body: form })
  expect(answer.status).toBe(303)
  expect(on.asked()).toEqual(['dokku certs:update blog'])
})

test('one that fits only in part is put on by whoever says so', async () => {
  const fields = sent(['elsewhere.example.com'])
  expect(await on.refused('/apps/blog/certificate', fields)).toEqual([
    'despite: it is for elsewhere.example.com and does not cover blog.example.com. Tick this to put it on all the same',
  ])
  expect((await on.send('/apps/blog/certificate', { ...fields, despite: 'on' })).status).toBe(200)
})

test('what is wrong is told beside its field, with nothing of the key in it, and nothing is asked', async () => {
  const { certificate, key } = sent(['blog.example.com'])
  for (const [fields, why] of [
    [{}, /^certificate: choose a file/],
    [{ certificate }, /^key: choose a file/],
    [{ certificate: key }, /^certificate: this is only the key/],
    [{ certificate, key: sent(['blog.example.com']).key }, /^key: it is the key of another certificate/],
  ] as const) {
    const { status, details, text } = await on.send('/apps/blog/certificate', { ...fields })
    expect([status, details]).toEqual([400, [expect.stringMatching(why)]])
    expect(text).not.toContain(key.split('\n')[1])
  }
  expect(on.asked()).toEqual([])
})

test('an app without a domain gets no certificate signed by itself', async () => {
  expect(await on.refused('/apps/mailer/self-signed-certificate', {})).toEqual([
    'It would be for no domain: add one first',
  ])
})

const REPORT = {
  active: 'false',
  autorenew: 'true',
  email: '',
  'global-email': 'ada@example.com',
  'computed-dns-provider': '',
}

describe('Let’s Encrypt', () => {
  test('is not offered, and not taken, where its plugin is not there', async () => {
    on.server('plugins', ['certs'])
    on.reported('blog', 'letsencrypt', REPORT)
    const page = await asker(on).text('/apps/blog/certificate')
    expect(page).not.toContain('Let’s Encrypt off')
    expect(await on.refused('/apps/blog/letsencrypt', {})).toEqual([
      'The letsencrypt plugin is not installed on this server',
    ])
    expect(await asker(on).text('/apps/mailer/certificate')).toContain(
      'sudo dokku plugin:install https://github.com/dokku/dokku-letsencrypt.git',
    )
  })

  test('each form asks for its one command', async () => {
    on.server('plugins', ['letsencrypt'])
    on.reported('blog', 'letsencrypt', REPORT)
    await on.send('/apps/blog/letsencrypt', {})
    await on.send('/apps/blog/letsencrypt/renewals', {})
    await on.send(`/apps/blog/letsencrypt/email${PUTS}`, { email: ' Ada@Example.com' })
    await on.send(`/apps/blog/letsencrypt/email${PUTS}`, { email: '' })
    await on.send(`/letsencrypt/email${PUTS}`, { email: 'ada@example.com' })
    await on.send(`/apps/blog/letsencrypt${DELETES}`, {})
    expect(on.asked()).toEqual([
      'dokku letsencrypt:enable blog',
      'dokku letsencrypt:auto-renew blog',
      'dokku letsencrypt:set blog email ada@example.com',
      'dokku letsencrypt:set blog email',
      'dokku letsencrypt:set --global email ada@example.com',
      'dokku letsencrypt:disable blog',
    ])
    expect(await on.refused(`/apps/blog/letsencrypt/email${PUTS}`, { email: 'ada at example' })).toEqual([
      'email: this is no e-mail address',
    ])
    expect((await on.send(`/letsencrypt/email${PUTS}`, { email: 'a@b.cd' }, { role: 'viewer' })).status).toBe(
      403,
    )
  })

  test.each([
    ['mailer', REPORT, 'the app has no domain'],
    ['blog', { ...REPORT, 'global-email': '' }, 'there is no e-mail address'],
    ['docs', REPORT, '*.docs.example.com can only be proven by DNS'],
  ])('is not tried for %s before what stands in its way is mended', async (app, report, why) => {
    on.server('plugins', ['letsencrypt'])
    on.reported(app, 'letsencrypt', report)
    const page = await asker(on).text(`/apps/${app}/certificate`)
    expect(page).toContain(`Not yet: ${why}`)
    expect(page).not.toContain(`Enable Let’s Encrypt for ${app}`)
    expect(await on.refused(`/apps/${app}/letsencrypt`, {})).toEqual([expect.stringContaining(why)])
  })

  test('where it is off, nothing is said to be renewed', async () => {
    on.server('plugins', ['letsencrypt'])
    on.reported('blog', 'letsencrypt', REPORT)
    expect(await asker(on).text('/apps/blog/certificate')).toContain('Renewed by itself —')
  })

  test('a certificate that was not renewed has its button on top, and once', async () => {
    on.server('plugins', ['letsencrypt'])
    on.reported('shop', 'letsencrypt', { ...REPORT, active: 'true' })
    const page = await asker(on).text('/apps/shop/certificate')
    expect(page).toMatch(/this one was not renewed\. Renew now .*expires soon/)
    expect(page.split('letsencrypt:auto-renew shop')).toHaveLength(2)
    expect(page).not.toContain('Dokku does not check whether browsers trust')
  })

  test('whoever has it on can renew and switch it off', async () => {
    on.server('plugins', ['letsencrypt'])
    on.reported('blog', 'letsencrypt', { ...REPORT, active: 'true' })
    const page = await asker(on).text('/apps/blog/certificate')
    expect(page).toMatch(/Renewed by itself (yes|from|due)/)
    for (const words of [
      'dokku letsencrypt:auto-renew blog',
      'dokku letsencrypt:disable blog',
      'ada@example.com of the server',
    ])
      expect(page).toContain(words)
    expect(page).not.toContain('letsencrypt:enable')
  })
})
