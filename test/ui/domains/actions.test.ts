import { beforeEach, expect, test } from 'vitest'
import { domainKinds } from '../../../ui/domains/command.ts'
import type { DomainCheck } from '../../../ui/domains/domain.ts'
import { domainCheckRows, domains } from '../../../ui/domains/table.ts'
import { asker } from '../story/ask.ts'
import { changingPanel } from '../story/changing.ts'
import { NOW } from '../story/seed.ts'

let on: ReturnType<typeof changingPanel>
beforeEach(() => {
  on = changingPanel(domainKinds)
})

const SETS = '?method=PUT'
const DELETES = '?method=DELETE'

test('each form asks for its one command', async () => {
  const forms: readonly (readonly [string, Readonly<Record<string, string>>])[] = [
    ['/apps/blog/domains', { domains: 'www.blog.example.com\nFeed.blog.example.com, *.blog.example.com' }],
    [`/apps/blog/domains${SETS}`, { domains: 'blog.example.com journal.example.com' }],
    [`/apps/blog/domains/blog.example.com${DELETES}`, {}],
    [`/apps/docs/domains/${encodeURIComponent('*.docs.example.com')}${DELETES}`, {}],
    [`/apps/blog/domains${DELETES}`, {}],
    ['/apps/blog/domains-enabled', {}],
    ['/apps/blog/domains-disabled', {}],
    ['/domains', { domains: 'apps.example.com' }],
    [`/domains${SETS}`, { domains: 'apps.example.com apps.example.net' }],
    [`/domains/apps.example.com${DELETES}`, {}],
    [`/domains${DELETES}`, {}],
  ]
  for (const [path, fields] of forms)
    expect([path, (await on.send(path, fields)).status]).toEqual([path, 200])
  expect(on.asked()).toEqual([
    "dokku domains:add blog www.blog.example.com feed.blog.example.com '*.blog.example.com'",
    'dokku domains:set blog blog.example.com journal.example.com',
    'dokku domains:remove blog blog.example.com',
    "dokku domains:remove docs '*.docs.example.com'",
    'dokku domains:clear blog',
    'dokku domains:enable blog',
    'dokku domains:disable blog',
    'dokku domains:add-global apps.example.com',
    'dokku domains:set-global apps.example.com apps.example.net',
    'dokku domains:remove-global apps.example.com',
    'dokku domains:clear-global',
  ])
})

test('what will run is shown while somebody types', async () => {
  expect(await on.previewed('/apps/blog/domains', { domains: 'a.example.com\nb.example.com' })).toEqual([
    'dokku domains:add blog a.example.com b.example.com',
  ])
  expect(on.asked()).toEqual([])
})

test.each([
  [
    '/apps/blog/domains',
    { domains: 'https://a.example.com/' },
    /^domains: “https:\/\/a\.example\.com\/”: write a\.example\.com, without https:\/\/ and path$/,
  ],
  ['/apps/blog/domains', { domains: '' }, /^domains: write at least one domain$/],
  ['/apps/blog/domains', {}, /^domains: /],
  ['/apps/blog/domains', { domains: '--global' }, /^domains: “--global”: write a domain/],
  ['/apps/blog/domains', { domains: 'blog.example.com' }, /^domains: blog has them already$/],
  [`/apps/blog/domains${SETS}`, { domains: ' ' }, /^domains: write at least one/],
  ['/domains', { domains: '_' }, /^domains: “_”: write a domain/],
  [`/apps/blog/domains/--global${DELETES}`, {}, /^domains: “--global”: this is not a domain/],
  [`/apps/blog/domains/(${DELETES}`, {}, /^domains: “\(”: this is not a domain/],
  [`/domains/+[x${DELETES}`, {}, /^domains: “\+\[x”: this is not a domain/],
])('%s with %j is told what is wrong with it, and nothing is asked', async (path, fields, why) => {
  expect(await on.refused(path, { ...fields })).toEqual([expect.stringMatching(why)])
})

test.each(['/apps/blog/domains', `/apps/blog/domains${SETS}`])(
  'a domain that another app has is refused, with the way there: %s',
  async (path) => {
    expect(await on.refused(path, { domains: 'new.example.com wiki.example.org' })).toEqual([
      'domains: wiki.example.org is a domain of wiki: remove it there first, at /apps/wiki/domains',
    ])
  },
)

test.each(['/apps/blog/domains', `/apps/blog/domains${SETS}`, '/domains', `/domains${SETS}`])(
  'words that are no domains do not become some: %s',
  async (path) => {
    expect(await on.refused(path, { domains: 'not a.example.com localhost' })).toEqual([
      'domains: “not” has no dot: write a whole domain, such as not.example.com',
      'domains: “localhost” has no dot: write a whole domain, such as localhost.example.com',
    ])
  },
)

test('a name without a dot that an app has already stays in its list, and can be removed', async () => {
  const appId = on.reads.apps.named('blog')?.id ?? 0
  on.db.insert(domains).values({ appId, domain: 'intranet', since: NOW, position: 90 }).run()
  await on.send(`/apps/blog/domains${SETS}`, { domains: 'intranet blog.example.com' })
  await on.send(`/apps/blog/domains/intranet${DELETES}`, {})
  expect(on.asked()).toEqual([
    'dokku domains:set blog intranet blog.example.com',
    'dokku domains:remove blog intranet',
  ])
})

test('domains only Dokku takes are shown without a link, removed as written, and stay in the list', async () => {
  const appId = on.reads.apps.named('blog')?.id ?? 0
  const odd = ['Store.Example.com', '_', '.example.com', '*', 'a..b', '-x.example.com']
  for (const [at, domain] of odd.entries())
    on.db
      .insert(domains)
      .values({ appId, domain, since: NOW, position: 90 + at })
      .run()
  const page = await asker(on).html('/apps/blog/domains')
  for (const domain of odd) expect(page).toContain(`>${domain}</span>`)
  for (const domain of odd.slice(1)) expect(page).not.toContain(`://${domain}"`)
  expect(page).not.toContain('Remove -x.example.com')
  for (const domain of odd.slice(0, -1)) {
    expect(page).toContain(`Remove ${domain}`)
    expect((await on.send(`/apps/blog/domains/${encodeURIComponent(domain)}${DELETES}`, {})).status).toBe(200)
  }
  expect(await on.refused(`/apps/blog/domains/-x.example.com${DELETES}`, {})).toHaveLength(1)
  const list = ['store.example.com', ...odd.slice(1, -1), 'new.example.com'].join('\n')
  await on.send(`/apps/blog/domains${SETS}`, { domains: list })
  expect(on.asked()).toEqual([
    'dokku domains:remove blog Store.Example.com',
    'dokku domains:remove blog _',
    'dokku domains:remove blog .example.com',
    "dokku domains:remove blog '*'",
    'dokku domains:remove blog a..b',
    "dokku domains:set blog Store.Example.com _ .example.com '*' a..b new.example.com",
  ])
  expect(await on.refused(`/apps/blog/domains${SETS}`, { domains: `${list} c..d` })).toEqual([
    expect.stringContaining('“c..d”: nginx would refuse'),
  ])
})

test('a domain that another app has is taken in any spelling', async () => {
  const appId = on.reads.apps.named('blog')?.id ?? 0
  on.db.insert(domains).values({ appId, domain: 'Store.Example.com', since: NOW, position: 90 }).run()
  expect(await on.refused('/apps/wiki/domains', { domains: 'store.example.com' })).toEqual([
    'domains: Store.Example.com is a domain of blog: remove it there first, at /apps/blog/domains',
  ])
  expect(await on.refused('/apps/blog/domains', { domains: 'store.EXAMPLE.com' })).toEqual([
    'domains: blog has them already',
  ])
})

test('a domain is not removed where Dokku would take another one with it', async () => {
  const appId = on.reads.apps.named('blog')?.id ?? 0
  for (const [at, domain] of ['a.b.example.com', 'a-b.example.com'].entries())
    on.db
      .insert(domains)
      .values({ appId, domain, since: NOW, position: 90 + at })
      .run()
  expect(await on.refused(`/apps/blog/domains/a.b.example.com${DELETES}`, {})).toEqual([
    expect.stringContaining('Dokku would remove a-b.example.com too'),
  ])
  expect((await on.send(`/apps/blog/domains/a-b.example.com${DELETES}`, {})).status).toBe(200)
  on.server('global-domains', ['x.example.com', 'x-example.com'])
  await on.refused(`/domains/x.example.com${DELETES}`, {})
})

test('an app that is not there is not found; the panel itself is not changed; who may look may not act', async () => {
  expect((await on.send('/apps/nope/domains', { domains: 'a.example.com' })).status).toBe(404)
  expect((await on.send(`/apps/nope/domains${DELETES}`, {})).status).toBe(404)
  for (const path of ['/apps/blog/domains', '/domains', `/domains${DELETES}`, '/apps/blog/domains-disabled'])
    expect([path, (await on.send(path, { domains: 'a.example.com' }, { role: 'viewer' })).status]).toEqual([
      path,
      403,
    ])
  expect(on.asked()).toEqual([])
})

test('somebody who mends the DNS of a domain has it looked up again, and nothing is asked of Dokku', async () => {
  const domain = 'blog.example.com'
  expect(await asker(on).text('/apps/blog/domains')).not.toContain('Look DNS up again')
  const check: DomainCheck = { domain, checkedAt: NOW - 60_000, where: 'elsewhere', addresses: ['192.0.2.1'] }
  domainCheckRows(on.db).keep(check)
  const page = await asker(on).text('/apps/blog/domains')
  expect(page).toMatch(/blog\.example\.com .*points elsewhere: 192\.0\.2\.1 .*Look DNS up again/)
  expect((await on.send('/apps/blog/domain-lookups', {})).status).toBe(204)
  expect((await on.send('/apps/nope/domain-lookups', {})).status).toBe(404)
  expect((await on.send('/apps/blog/domain-lookups', {}, { role: 'viewer' })).status).toBe(403)
  expect(on.asked()).toEqual([])
})

test('the page has a form for each, and says what is lost', async () => {
  const page = await asker(on).text('/apps/docs/domains')
  for (const words of [
    'Add domains',
    'Edit as a list',
    'Clear',
    'Disable',
    'Lost: docs.example.com , *.docs.example.com',
  ])
    expect(page).toContain(words)
  expect(page).not.toContain('Enable')
  on.reported('docs', 'domains', { 'app-enabled': 'false' })
  on.server('global-domains', ['apps.example.com'])
  expect(await asker(on).text('/apps/docs/domains')).toContain('docs.apps.example.com , and is restarted')
  expect(await asker(on).text('/domains')).toMatch(/Global domains .* apps\.example\.com/)
})
