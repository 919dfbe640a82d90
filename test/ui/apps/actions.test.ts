import { eq } from 'drizzle-orm'
import { beforeEach, expect, test } from 'vitest'
import { appKinds } from '../../../ui/apps/command.ts'
import { apps } from '../../../ui/apps/table.ts'
import { audit } from '../../../ui/audit/table.ts'
import { processKinds } from '../../../ui/processes/command.ts'
import { asker, textOf } from '../story/ask.ts'
import { changingPanel } from '../story/changing.ts'

let on: ReturnType<typeof changingPanel>
beforeEach(() => {
  on = changingPanel([...appKinds, ...processKinds])
})

test('each form asks for its one command, and the trail says who', async () => {
  await on.send('/apps', { name: ' garden ' })
  await on.send('/apps/blog/clones', { name: 'blog-staging', skipDeploy: 'on' })
  await on.send('/apps/blog/name?method=PUT', { name: 'weblog' })
  await on.send('/apps/blog/lock?method=PUT', {})
  await on.send('/apps/blog/lock?method=DELETE', {})
  await on.send('/apps/blog?method=DELETE', { confirmed: 'blog' })
  expect(on.asked()).toEqual([
    'dokku apps:create garden',
    'dokku apps:clone --skip-deploy blog blog-staging',
    'dokku apps:rename blog weblog',
    'dokku apps:lock blog',
    'dokku apps:unlock blog',
    'dokku apps:destroy blog --force',
  ])
  const trail = on.db.select().from(audit).all()
  expect(trail.map(({ who, action }) => `${who} ${action}`)).toEqual(Array(6).fill('ada job asked'))
})

test.each([
  ['/apps', { name: '' }, /^name: use lowercase letters/],
  ['/apps', { name: '--force' }, /^name: use lowercase letters/],
  ['/apps', { name: 'My App' }, /^name: use lowercase letters/],
  ['/apps', {}, /^name: write a name$/],
  ['/apps', { name: 'shop' }, /^name: an app of that name is there$/],
  ['/apps', { name: 'dokkubase' }, /^name: this is the panel itself/],
  ['/apps/blog/clones', { name: 'shop' }, /^name: an app of that name is there$/],
  ['/apps/blog/name?method=PUT', { name: 'blog' }, /^name: that is its name already$/],
  ['/apps/blog/name?method=PUT', { name: 'Blog' }, /^name: use lowercase letters/],
  ['/apps/blog?method=DELETE', { confirmed: 'blo' }, /^Type blog, word for word/],
  ['/apps/blog?method=DELETE', {}, /^Type blog, word for word/],
  ['/jobs', { kind: 'ps:restart' }, /^app: select at least one app$/],
  ['/jobs', { kind: 'apps:destroy', app: 'blog' }, /^kind: choose what to do/],
  ['/jobs', { kind: 'ps:stop', app: 'dokkubase' }, /this is the panel itself/],
  ['/jobs', { kind: 'ps:stop', app: '--all' }, /^app: this is not a valid app name$/],
])('%s with %j is told what is wrong with it, and nothing is asked', async (path, fields, why) => {
  expect(await on.refused(path, fields)).toEqual([expect.stringMatching(why)])
})

test('what is not there is not found, and the panel itself is never changed', async () => {
  for (const path of ['/apps/nope?method=DELETE', '/apps/nope/clones', '/apps/nope/name?method=PUT'])
    expect([path, (await on.send(path, { name: 'x', confirmed: 'nope' })).status]).toEqual([path, 404])
  expect((await on.send('/apps/nope/lock?method=PUT', {})).status).toBe(404)
  for (const path of ['/apps/dokkubase?method=DELETE', '/apps/dokkubase/name?method=PUT'])
    expect((await on.send(path, { name: 'x', confirmed: 'dokkubase' })).status).toBeGreaterThanOrEqual(400)
  expect(on.asked()).toEqual([])
})

test('a viewer can do none of it', async () => {
  for (const [path, fields] of [
    ['/apps', { name: 'garden' }],
    ['/apps/blog?method=DELETE', { confirmed: 'blog' }],
    ['/apps/blog/clones', { name: 'x' }],
    ['/apps/blog/name?method=PUT', { name: 'x' }],
    ['/apps/blog/lock?method=PUT', {}],
    ['/apps/blog/lock?method=DELETE', {}],
    ['/jobs', { kind: 'ps:stop', app: 'blog' }],
  ] as const)
    expect([path, (await on.send(path, fields, { role: 'viewer' })).status]).toEqual([path, 403])
  expect(on.asked()).toEqual([])
})

test('several apps are one job each, asked together or not at all, and none twice', async () => {
  const several = (...names: string[]) =>
    on.panel('admin').request('/jobs', {
      method: 'POST',
      body: new URLSearchParams([['kind', 'ps:restart'], ...names.map((name) => ['app', name])]),
      headers: { 'hx-request': 'true' },
    })
  expect((await several('blog', 'shop', '-x')).status).toBe(400)
  expect(on.asked()).toEqual([])
  const cards = textOf(await (await several('blog', 'shop', 'api', 'docs', 'mailer', 'blog')).text())
  expect(on.asked()).toEqual(
    ['blog', 'shop', 'api', 'docs', 'mailer'].map((app) => `dokku ps:restart ${app}`),
  )
  expect(cards).toContain('and 2 more Follow all in Jobs')
  await several('blog', 'shop')
  expect(on.asked()).toHaveLength(5)
})

test('the list offers boxes to pick apps by, but not the panel itself nor what is gone, and says each name', async () => {
  const { html, text } = asker(on)
  expect(await html('/apps')).not.toContain('data-selects')
  for (const view of ['grid', 'list']) {
    const page = await html(`/apps?view=${view}&select=yes`)
    const boxes = [...page.matchAll(/<input type="checkbox"[^>]*>/g)].map(([box]) => box)
    const present = on.db
      .select()
      .from(apps)
      .all()
      .filter(({ front, destroyedAt }) => !front && destroyedAt === null)
    expect(boxes).toHaveLength(present.length)
    for (const { name } of present) {
      expect(page).toContain(`aria-label="Select ${name}"`)
      expect(
        boxes.filter((box) => box.includes(`value="${name}"`) && box.includes('form="selected"')),
      ).toHaveLength(1)
    }
  }
  expect(await html('/apps?state=destroyed&select=yes')).not.toContain('data-selects aria')
  expect(await text('/apps?select=yes')).toContain(
    'Stop the selected apps Nobody who comes to them is answered',
  )
})

test('before there is an app the page offers to make one', async () => {
  on.db.delete(apps).run()
  const page = await asker(on).html('/apps')
  expect(page.match(/data-open-dialog="create-app-apps"/g)).toHaveLength(2)
  expect(page.match(/<dialog id="create-app-apps"/g)).toHaveLength(1)
})

test('the name that is asked for is a pattern every browser understands', async () => {
  on.db.update(apps).set({ name: 'blog-2.draft' }).where(eq(apps.name, 'blog')).run()
  const [, pattern = ''] =
    /name="confirmed"[^>]* pattern="([^"]*)"/.exec(await asker(on).html('/apps/blog-2.draft')) ?? []
  // As browsers read it.
  const read = new RegExp(`^(?:${pattern})$`, 'v')
  expect([read.test('blog-2.draft'), read.test('blog-2xdraft')]).toEqual([true, false])
})

test('what destroying costs is said, and asked for by name; the panel itself has no such button', async () => {
  const { html } = asker(on)
  const page = textOf(await html('/apps/blog'))
  expect(page).toContain('Lost for good: its containers and images')
  expect(page).toContain('its domains, port mappings and certificate')
  expect(page).toContain('its history on these pages')
  expect(page).toContain('Type blog to go on')
  on.db.update(apps).set({ front: true }).where(eq(apps.name, 'blog')).run()
  const front = await html('/apps/blog')
  for (const word of ['Destroy', 'Rename', 'Clone', 'Deploy blog'])
    expect(front).not.toContain(`aria-label="${word}`)
})
