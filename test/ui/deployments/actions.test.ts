import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { eq } from 'drizzle-orm'
import { beforeEach, expect, test } from 'vitest'
import { apps } from '../../../ui/apps/table.ts'
import { audit } from '../../../ui/audit/table.ts'
import { deploymentKinds } from '../../../ui/deployments/command.ts'
import { deployments } from '../../../ui/deployments/table.ts'
import { jobs } from '../../../ui/jobs/table.ts'
import { processKinds } from '../../../ui/processes/command.ts'
import { eventually } from '../../patience.ts'
import { newJob } from '../jobs/drivers.ts'
import { asker, textOf } from '../story/ask.ts'
import { changingPanel } from '../story/changing.ts'
import { NOW } from '../story/seed.ts'

let on: ReturnType<typeof changingPanel>
beforeEach(() => {
  on = changingPanel([...deploymentKinds, ...processKinds])
})

const SHOP = 'https://git.example.com/ada/shop.git'
const of = (app: string) =>
  on.db
    .select()
    .from(deployments)
    .where(eq(deployments.appId, on.reads.apps.named(app)?.id ?? -1))
    .all()
const running = () => {
  const [found] = on.db.select().from(deployments).where(eq(deployments.status, 'running')).all()
  if (found === undefined) throw new Error('nothing is being deployed in the story')
  return { ...found, app: on.reads.apps.byIds([found.appId]).get(found.appId)?.name ?? '' }
}
const change = (id: number, row: Partial<typeof deployments.$inferInsert>) =>
  on.db.update(deployments).set(row).where(eq(deployments.id, id)).run()

test('a repository and an image are each one command', async () => {
  await on.send('/apps/blog/deployments', { url: SHOP, ref: 'main' })
  await on.send('/apps/shop/deployments', { url: SHOP, ref: '' })
  await on.send('/apps/api/deployments', { image: ' ghcr.io/ada/api:2 ' })
  expect(on.asked()).toEqual([
    `dokku git:sync --build blog ${SHOP} main`,
    `dokku git:sync --build shop ${SHOP}`,
    'dokku git:from-image api ghcr.io/ada/api:2',
  ])
})

test('a repository on the server’s own disk is fetched where its root allowed that, and nothing above it', async () => {
  on.server('allowed', ['allow-local-git'])
  await on.send('/apps/blog/deployments', { url: 'file:///srv/git/shop.git', ref: 'main' })
  expect(on.asked()).toEqual(['dokku git:sync --build blog file:///srv/git/shop.git main'])
  const [refused] = await on.refused('/apps/blog/deployments', { url: 'file:///srv/../etc' })
  expect(refused).toMatch(/^url: write the folder without/)
})

test.each([
  [{ url: '' }, /^url: write an address such as/],
  [
    { url: '/srv/git/shop.git' },
    /^url: .*its root may allow it: sudo dokku dokkubase:set allow-local-git true/,
  ],
  [{ url: 'file:///srv/git/shop.git' }, /^url: .*allow-local-git true/],
  [{ url: 'ext::sh -c id' }, /^url: write an address such as/],
  [{ url: SHOP, ref: '--upload-pack=x' }, /^ref: write a branch, a tag or a commit/],
  [{ image: '' }, /^image: write an image such as/],
  [{ image: '--rm' }, /^image: write an image such as/],
])('%j is told what is wrong with it, and nothing is asked', async (fields, why) => {
  const [first] = await on.refused('/apps/blog/deployments', fields)
  expect(first).toMatch(why)
})

test('a password in an address gets nowhere: no row, no trail, no word of the answer', async () => {
  const url = 'https://ada:hunter2secret@git.example.com/ada/shop.git'
  const { status, text } = await on.send('/apps/blog/deployments', { url })
  expect(status).toBe(400)
  expect(text).toContain('leave name and password out of the address')
  expect(text).not.toContain('hunter2secret')
  expect(JSON.stringify([on.db.select().from(jobs).all(), on.db.select().from(audit).all()])).not.toContain(
    'hunter2',
  )
})

const tar = () => {
  const bytes = new Uint8Array(2048)
  bytes.set(new TextEncoder().encode('ustar'), 257)
  return bytes
}
const upload = (bytes: Uint8Array<ArrayBuffer>, { app = 'blog', role = 'admin' as const } = {}) => {
  const body = new FormData()
  body.set('archive', new File([bytes], 'shop.tar'))
  return on
    .panel(role)
    .request(`/apps/${app}/archives`, { method: 'POST', body, headers: { 'hx-request': 'true' } })
}
const spooled = () => readdirSync(join(on.folder, 'uploads'))

test('an archive becomes what its job gives Dokku, and lies nowhere else', async () => {
  expect((await upload(tar())).status).toBe(200)
  expect(on.asked()).toEqual(['dokku git:from-archive --archive-type tar blog --'])
  const [job] = on.db.select().from(jobs).all()
  expect(job).toMatchObject({ input: true, payload: { app: 'blog', type: 'tar' } })
  expect(readFileSync(join(on.folder, `data/jobs/${job?.id}.secret`))).toEqual(Buffer.from(tar()))
  expect(spooled()).toEqual([])
})

test.each([
  ['none', new Uint8Array(), 400, 'choose an archive'],
  [
    'no archive at all',
    new TextEncoder().encode('#!/bin/sh\nid\n'),
    400,
    'this is no tar, tar.gz or zip archive',
  ],
  ['one that is too large', new Uint8Array(1024 * 1024 + 1), 413, 'An archive may be 1 MB at most'],
])('%s is refused in clear words, and nothing of it stays', async (_, bytes, status, words) => {
  const answer = await upload(new Uint8Array(bytes))
  expect(answer.status).toBe(status)
  expect(await answer.text()).toContain(words)
  expect([on.asked(), spooled()]).toEqual([[], []])
})

test('an archive for an app that is not there, or for the panel itself, is nothing to take', async () => {
  expect((await upload(tar(), { app: 'nope' })).status).toBe(404)
  on.db.insert(apps).values({ name: 'dokkubase', front: true }).onConflictDoNothing().run()
  expect((await upload(tar(), { app: 'dokkubase' })).status).toBe(400)
  expect([on.asked(), spooled()]).toEqual([[], []])
})

test('a viewer deploys nothing, cancels nothing and sees no button for it', async () => {
  const { app, number } = running()
  for (const [path, fields] of [
    ['/apps/blog/deployments', { url: SHOP }],
    ['/apps/blog/archives', {}],
    [`/apps/${app}/deployments/${number}/cancellation`, {}],
    [`/apps/${app}/deployments/${number}/redeploys`, {}],
  ] as const)
    expect([path, (await on.send(path, fields, { role: 'viewer' })).status]).toEqual([path, 403])
  expect(on.asked()).toEqual([])
})

test('a deploy somebody pushed is ended by Dokku; one that has ended is not', async () => {
  const { app, number, id } = running()
  const path = `/apps/${app}/deployments/${number}/cancellation`
  expect((await on.send(path, {})).status).toBe(200)
  expect(on.asked()).toEqual([`dokku builds:cancel ${app}`])
  change(id, { status: 'succeeded', endedAt: NOW })
  const late = await on.send(path, {})
  expect([late.status, late.details]).toEqual([409, [`${app} #${number} has ended: succeeded`]])
})

test('a deploy that a job of the panel runs is ended with its job', async () => {
  const { app, number, id } = running()
  change(id, { door: 'panel' })
  on.db
    .insert(jobs)
    .values({
      ...newJob(),
      kind: 'git:sync',
      app,
      state: 'running',
      token: 'a',
      queuedAt: NOW,
      startedAt: NOW,
    })
    .run()
  await on.send(`/apps/${app}/deployments/${number}/cancellation`, {})
  const [job, ...others] = on.db.select().from(jobs).all()
  expect(others).toEqual([])
  expect(job?.canceledBy).toBe('ada')
})

test('a canceled deploy says by whom where the panel did it, and by whom else nobody is named', async () => {
  const { app, number, id } = running()
  const path = `/apps/${app}/deployments/${number}`
  const { startedAt } = on.db.select().from(deployments).where(eq(deployments.id, id)).get() ?? {
    startedAt: 0,
  }
  change(id, { status: 'canceled', endedAt: startedAt + 60_000 })
  const job = { ...newJob(), app, state: 'succeeded', queuedAt: startedAt } as const
  const canceling = { kind: 'builds:cancel', who: 'bob', startedAt: startedAt + 50_000 } as const
  on.db
    .insert(jobs)
    .values([
      { ...job, ...canceling, token: 'a', endedAt: startedAt - 1 },
      { ...job, ...canceling, token: 'b', app: 'other', endedAt: startedAt + 60_000 },
      { ...job, ...canceling, token: 'c', state: 'failed', endedAt: startedAt + 60_000 },
      // Waited for its turn, and had nothing to do with the deploy.
      { ...job, kind: 'restart', canceledBy: 'eve', token: 'd', endedAt: startedAt + 30_000 },
    ])
    .run()
  expect(await asker(on).html(path)).not.toContain('Canceled by')
  on.db
    .insert(jobs)
    .values({ ...job, ...canceling, token: 'e', endedAt: startedAt + 61_000 })
    .run()
  expect(await asker(on).html(path)).toMatch(/Canceled by<\/dt><dd[^>]*>bob</)
})

test('to cancel a deploy and to keep it running are two buttons that cannot be taken for each other', async () => {
  const { app, number } = running()
  const html = await asker(on).html(`/apps/${app}/deployments/${number}`)
  expect(html).toMatch(/>Keep running<\/button><button class="button button-bad">Cancel deploy<\/button>/)
})

test('a restart cannot be canceled, and has no button for it', async () => {
  const { app, number, id } = running()
  change(id, { kind: 'deploy', source: 'ps:restart' })
  const { status, details } = await on.send(`/apps/${app}/deployments/${number}/cancellation`, {})
  expect([status, details]).toEqual([409, ['Dokku cancels builds only; a restart goes to its end']])
  expect(await asker(on).html(`/apps/${app}/deployments/${number}`)).not.toContain('aria-label="Cancel')
})

test('the newest code is built again, older code fetched anew from where it came, and what is not kept says so', async () => {
  const [oldest, ...later] = of('blog').filter(
    ({ status, kind }) => status === 'succeeded' && kind === 'build',
  )
  const newest = later.at(-1)
  if (oldest === undefined || newest === undefined) throw new Error('the story of blog is too short')
  const path = (number: number) => `/apps/blog/deployments/${number}/redeploys`
  await on.send(path(newest.number), {})
  expect(on.asked()).toEqual(['dokku ps:rebuild blog'])
  const pushed = await on.send(path(oldest.number), {})
  expect([pushed.status, pushed.details]).toEqual([409, [expect.stringContaining('push or upload it again')]])
  change(oldest.id, { sourceType: 'git-sync', sourceMetadata: `${SHOP}#${'a'.repeat(40)}` })
  await on.send(path(oldest.number), {})
  change(oldest.id, { sourceType: 'docker-image', sourceMetadata: 'ghcr.io/ada/blog:1' })
  await on.send(path(oldest.number), {})
  expect(on.asked().slice(1)).toEqual([
    `dokku git:sync --build blog ${SHOP} ${'a'.repeat(40)}`,
    'dokku git:from-image blog ghcr.io/ada/blog:1',
  ])
  change(oldest.id, { sourceMetadata: '--privileged' })
  expect((await on.send(path(oldest.number), {})).status).toBe(409)
})

test('a deployment that a lock refused says whose deploy held it, and leads there', async () => {
  const { app, number, id, appId, startedAt } = running()
  const [refused] = on.db
    .insert(deployments)
    .values({
      appId,
      number: number + 1,
      buildId: 'refused',
      kind: 'build',
      source: 'git-hook',
      status: 'refused',
      actor: 'grace',
      door: 'git push',
      pid: 1,
      logFile: '',
      startedAt: startedAt + 1000,
      endedAt: startedAt + 2000,
      judgedAt: NOW,
      reason: 'Refused: another deploy of this app was running',
    })
    .returning()
    .all()
  const { html } = asker(on)
  const page = await html(`/apps/${app}/deployments/${refused?.number}`)
  expect(page).toContain(`<a href="/apps/${app}/deployments/${number}" class="rounded font-medium underline`)
  expect(textOf(page)).toMatch(new RegExp(`${app} #${number} holds the lock: .+ It still runs`))
  change(id, { status: 'failed', endedAt: startedAt + 1500 })
  expect(textOf(await html(`/apps/${app}/deployments/${refused?.number}`))).toContain('so the way is free')
  change(id, { endedAt: startedAt + 500 })
  const unlocked = textOf(await html(`/apps/${app}/deployments/${refused?.number}`))
  expect(unlocked).not.toContain('held the lock')
  on.db.update(apps).set({ locked: true }).run()
  const nobody = textOf(await html(`/apps/${app}/deployments/${refused?.number}`))
  expect(nobody).toContain('No deploy known here held the lock.')
  expect(nobody).toContain(`dokku apps:unlock ${app}`)
})

test('the file of an archive is gone when its job is over', async () => {
  await on.jobs.start()
  await upload(tar())
  const [job] = on.db.select().from(jobs).all()
  await eventually(() => expect(on.reads.jobs.find(job?.id ?? 0)?.endedAt).not.toBe(null))
  expect(readdirSync(join(on.folder, 'data/jobs'))).toEqual([])
  await on.jobs.close()
})
