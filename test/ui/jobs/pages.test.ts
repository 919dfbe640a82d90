import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createAdaptorServer } from '@hono/node-server'
import { Hono } from 'hono'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { madeBy } from '../../../ui/apps/command.ts'
import type { Jobs } from '../../../ui/jobs/jobs.ts'
import { jobRoutes } from '../../../ui/jobs/routes.ts'
import { jobReads, jobs as table } from '../../../ui/jobs/table.ts'
import { eventually } from '../../patience.ts'
import { browser, type Door, openDoor } from '../accounts/doorway.ts'
import { look } from '../logs/server.ts'
import { expectHarmless, HOSTILE, mainOf, textOf } from '../story/ask.ts'
import { newJob } from './drivers.ts'
import { ADA, stage } from './stage.ts'

let on: ReturnType<typeof stage>
let door: Door
let jobs: Jobs
let close: () => void
let ada: ReturnType<typeof browser>
let vera: ReturnType<typeof browser>

beforeEach(async () => {
  on = stage()
  door = openDoor({ db: on.db })
  jobs = await on.open()
  const routes = jobRoutes({
    jobs,
    reads: jobReads(on.db),
    audit: door.audit,
    makes: madeBy,
    deploymentOf: ({ kind }) => (kind === 'deploy' ? { app: 'blog', number: 7 } : undefined),
    knowsApp: (name) => name === 'blog',
    admit: () => ({ stillAllowed: () => true, leave() {} }),
  })
  close = routes.close
  door.app.route('/', routes.routes)
  await door.addAccount('ada')
  await door.addAccount('vera', 'viewer')
  ada = browser(door)
  vera = browser(door)
  await ada.signIn('ada')
  await vera.signIn('vera')
})
afterEach(async () => {
  close()
  await on.close()
  await door.close()
})

const restart = { kind: 'restart', payload: { app: 'blog' } }
const read = async (path: string, who = ada) => {
  const answer = await who.get(path)
  expect([path, answer.status]).toEqual([path, 200])
  return answer.text()
}
const text = async (path: string, who = ada) => textOf(mainOf(await read(path, who)))
const acts = () => door.trail().filter(({ action }) => action.startsWith('job'))
/** Rows as history left them; nothing of it runs. */
const past = (...all: Partial<typeof table.$inferInsert>[]) => {
  const at = Date.now() - 60_000
  for (const one of all)
    on.db
      .insert(table)
      .values({
        ...newJob(),
        state: 'succeeded',
        token: 'a',
        queuedAt: at,
        startedAt: at,
        endedAt: at + 1500,
        ...one,
      })
      .run()
}

test('before anything was asked for the list says what will fill it', async () => {
  expect(await text('/jobs')).toContain(
    'No jobs yet Whatever is asked of Dokku from these pages appears here',
  )
})

test('the list says of each job what, of which app, by whom, how it stands and how long it took', async () => {
  past(
    { command: 'dokku ps:restart blog' },
    { command: 'dokku domains:add-global example.com', app: null, payload: {}, who: 'vera' },
    { app: 'shop', state: 'failed', reason: 'App shop does not exist' },
  )
  const page = await text('/jobs')
  expect(page).toContain('dokku domains:add-global example.com Succeeded server vera 1.5 s')
  expect(page).toContain('Failed: App shop does not exist shop ada 1.5 s')
  expect(page.indexOf('domains:add-global')).toBeLessThan(page.indexOf('ps:restart blog Succeeded blog ada'))
})

test('the list can be narrowed to a state, an app and a person, and says when nothing fits', async () => {
  past(
    { command: 'one' },
    { command: 'two', app: 'shop', state: 'failed' },
    { command: 'three', who: 'vera' },
  )
  const shown = async (path: string) =>
    [...(await read(path)).matchAll(/href="\/jobs\/(\d+)"/g)].map(([, id]) => id)
  expect(await shown('/jobs')).toEqual(['3', '2', '1'])
  expect(await shown('/jobs?state=failed')).toEqual(['2'])
  expect(await shown('/jobs?app=shop')).toEqual(['2'])
  expect(await shown('/jobs?who=vera')).toEqual(['3'])
  expect(await shown('/jobs?state=nonsense&before=x')).toEqual(['3', '2', '1'])
  expect(await text('/jobs?state=interrupted')).toContain('No job like that Show all jobs')
})

test('what waits is found whether it waits for its turn or for its time', async () => {
  jobs.ask([{ ...restart, runAt: Date.now() + 3600_000 }], ADA)
  expect(await text('/jobs?state=waiting')).toContain('Delayed until 20')
})

test('older jobs follow page by page, none twice and none left out', async () => {
  past(...Array.from({ length: 120 }, () => ({})))
  const ids: number[] = []
  for (let path: string | undefined = '/jobs'; path !== undefined; ) {
    const page = await read(path)
    ids.push(...[...page.matchAll(/id="job-(\d+)"/g)].map(([, id]) => Number(id)))
    // The page itself asks for its own address too, to stay live.
    path = /id="older"[^>]*><div hx-get="(\/jobs\?before=\d+)"/.exec(page)?.[1]
  }
  expect(ids).toEqual(Array.from({ length: 120 }, (_, index) => 120 - index))
})

test('a job that failed says so first: the command, why, and the line that says so', async () => {
  on.does('echo "-----> Restarting"; echo " !     App blog does not exist" >&2; exit 20')
  jobs.ask([restart], ADA)
  await on.over(1)
  const page = await read('/jobs/1')
  expect(textOf(mainOf(page))).toMatch(
    /^failed dokku ps:restart blog Failed · blog · ada · just now Run it again/,
  )
  expect(textOf(mainOf(page))).toContain('App blog does not exist line 2')
  expect(textOf(mainOf(page))).toContain('Exit code 20')
  expect(page).toContain('data-copy="dokku ps:restart blog"')
  expect(page).toContain('<a href="#L2"')
  expect(page).toContain('data-topics="job:1"')
  expect(page).toContain('class="log-line log-bad" id="L2"')
})

test('a card says which job its own waits for', async () => {
  const open = { queuedAt: Date.now(), startedAt: null, endedAt: null } as const
  past(
    { ...open, state: 'running', startedAt: Date.now() },
    { ...open, state: 'waiting' },
    { ...open, state: 'waiting', kind: 'apps:clone', app: 'shop', payload: { app: 'shop', name: 'blog' } },
    { ...open, state: 'waiting', app: 'wiki' },
  )
  for (const waiting of [2, 3]) {
    const card = await read(`/jobs/${waiting}/card`)
    expect(textOf(card)).toContain('Asked · waits for job 1')
    expect(card).toContain('href="/jobs/1"')
  }
  expect(textOf(await read('/jobs/4/card'))).not.toContain('waits for')
})

test('the card of an app that was made leads to it, once it is', async () => {
  const made = { app: 'garden', payload: { app: 'shop', name: 'garden' } }
  past(
    { ...made, kind: 'apps:create' },
    { ...made, kind: 'apps:clone', app: 'shop' },
    { ...made, kind: 'apps:create', state: 'failed' },
    {},
  )
  for (const id of [1, 2])
    expect(await read(`/jobs/${id}/card`)).toMatch(/href="\/apps\/garden"[^>]*>Open garden</)
  for (const id of [3, 4]) expect(await read(`/jobs/${id}/card`)).not.toContain('href="/apps/')
})

test('a job that began a deployment leads to it', async () => {
  past({ kind: 'deploy', payload: { app: 'blog' } }, { kind: 'restart', payload: { app: 'blog' } })
  expect(await read('/jobs/1')).toContain('href="/apps/blog/deployments/7"')
  expect(await read('/jobs/2')).not.toContain('/deployments/')
})

test('an app that has no page is no link', async () => {
  past({ app: 'gone' })
  expect(await read('/jobs/1')).not.toContain('href="/apps/gone"')
})

test('a job nobody knows is not found, whatever stands in the address', async () => {
  for (const path of [
    '/jobs/1',
    '/jobs/999999999999999999999',
    '/jobs/1/output',
    '/jobs/1/output/lines',
    '/jobs/1/output/stream',
  ])
    expect([path, (await ada.get(path)).status]).toEqual([path, 404])
  expect((await ada.post('/jobs/1/cancellation')).status).toBe(404)
  expect((await ada.post('/jobs/1/retries')).status).toBe(404)
})

test('what a command said can be had line by line and whole', async () => {
  on.does('for i in 1 2 3 4 5; do echo "line $i"; done')
  jobs.ask([restart], ADA)
  await on.over(1)
  const lines = await (await ada.get('/jobs/1/output/lines?from=2&count=2')).json()
  expect(lines).toMatchObject({
    last: 5,
    bad: [],
    lines: [
      [2, expect.any(Number), 'line 2'],
      [3, expect.any(Number), 'line 3'],
    ],
  })
  const file = await ada.get('/jobs/1/output')
  expect(file.headers.get('content-disposition')).toBe('attachment; filename="job-1.log"')
  expect(await file.text()).toBe('line 1\nline 2\nline 3\nline 4\nline 5\n')
})

test('hostile text in a command, an app, a reason or output stays text', async () => {
  past({
    command: HOSTILE,
    app: HOSTILE,
    who: HOSTILE,
    reason: HOSTILE,
    state: 'failed',
    progress: HOSTILE,
    schedule: HOSTILE,
  })
  past({
    command: HOSTILE,
    app: HOSTILE,
    who: HOSTILE,
    progress: HOSTILE,
    state: 'running',
    endedAt: null,
    worker: 'x',
    leaseUntil: Date.now() + 60_000,
  })
  for (const path of ['/jobs', '/jobs/1', '/jobs/2']) expectHarmless(await read(path))
})

test('who is not signed in sees no job and acts on none', async () => {
  past({ state: 'failed' })
  const nobody = browser(door)
  for (const path of ['/jobs', '/jobs/1', '/jobs/1/output', '/jobs/1/output/lines'])
    expect([path, (await nobody.get(path)).status]).toEqual([path, 303])
  expect((await nobody.get('/jobs/1/output/stream', { accept: 'text/event-stream' })).status).toBe(401)
  for (const path of ['/jobs/1/cancellation', '/jobs/1/retries'])
    expect([path, (await nobody.post(path)).status]).toEqual([path, 303])
  expect(jobReads(on.db).page({}, { limit: 10 })).toHaveLength(1)
})

test('a viewer sees jobs and their output, and has no button and no right to act', async () => {
  past({ state: 'failed' })
  on.does('touch "$here/begun"; sleep 60')
  jobs.ask([restart], ADA)
  await eventually(() => expect(existsSync(join(on.folder, 'begun'))).toBe(true))
  expect(await text('/jobs/2', vera)).toContain('dokku ps:restart blog Running')
  for (const id of [1, 2]) {
    expect(await read(`/jobs/${id}`, vera)).not.toContain('method="post" action="/jobs')
    for (const what of ['cancellation', 'retries']) {
      const answer = await vera.post(`/jobs/${id}/${what}`)
      expect([answer.status, await answer.text()]).toEqual([
        403,
        expect.stringContaining('Only an admin may do this.'),
      ])
    }
  }
  expect([on.row(2).canceledBy, acts()]).toEqual([null, []])
  await jobs.cancel(2, ADA)
})

test('another site can make nobody act', async () => {
  past({ state: 'failed' })
  const answer = await ada.post(
    '/jobs/1/retries',
    {},
    { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' },
  )
  expect([answer.status, acts()]).toEqual([403, []])
})

test('an admin cancels a job, once, and the trail says who', async () => {
  on.does('touch "$here/begun"; sleep 60')
  jobs.ask([restart], ADA)
  await eventually(() => expect(existsSync(join(on.folder, 'begun'))).toBe(true))
  const answer = await ada.post('/jobs/1/cancellation')
  expect([answer.status, answer.headers.get('location')]).toEqual([303, '/jobs/1'])
  await on.over(1)
  expect(on.row()).toMatchObject({ state: 'canceled', canceledBy: 'ada' })
  expect(await text('/jobs/1')).toContain('Canceled by ada')
  await ada.post('/jobs/1/cancellation')
  expect(acts()).toMatchObject([
    { who: 'ada', action: 'job canceled', subject: 'dokku ps:restart blog', after: { job: 1 } },
  ])
})

test('an admin runs a job again where that is safe; a second click asks for nothing more', async () => {
  on.does('[[ -e "$here/mended" ]] && until [[ -e "$here/go" ]]; do sleep 0.05; done')
  jobs.ask([restart, { kind: 'rebuild', payload: { app: 'shop' } }], ADA)
  await on.over(1, 2)
  expect(await read('/jobs/2')).not.toContain('/jobs/2/retries')
  expect((await ada.post('/jobs/2/retries')).headers.get('location')).toBe('/jobs/2')
  writeFileSync(join(on.folder, 'mended'), '')
  const clicks = await Promise.all([ada.post('/jobs/1/retries'), ada.post('/jobs/1/retries')])
  expect(clicks.map((answer) => answer.headers.get('location'))).toEqual(['/jobs/3', '/jobs/3'])
  writeFileSync(join(on.folder, 'go'), '')
  await on.over(3)
  expect(await text('/jobs/3')).toContain('Again after job 1')
  expect(await text('/jobs/1')).toContain('Run again as job 3')
  expect(acts()).toMatchObject([{ action: 'job run again', after: { job: 3, 'again after job': 1 } }])
  expect(jobReads(on.db).page({}, { limit: 10 })).toHaveLength(3)
})

test('a job that has said nothing for long is pointed out', async () => {
  const at = Date.now() - 25 * 60_000
  past({ state: 'running', startedAt: at, endedAt: null, worker: 'x', leaseUntil: Date.now() + 3600_000 })
  // The door's clock stands still, so the job began before that.
  on.db
    .update(table)
    .set({ startedAt: Date.UTC(2026, 10, 3, 12) - 25 * 60_000 })
    .run()
  expect(await text('/jobs/1')).toContain('It has said nothing for 25 min 00 s')
})

test('who watches a job sees each line, also of the next try, and is told of the end', async () => {
  const server = createAdaptorServer({ fetch: new Hono().route('/', openRoutes()).fetch })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const origin = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`
  on.does('echo "try $(wc -l <"$here/calls")"; [[ $(wc -l <"$here/calls") == 2 ]] || { sleep 0.3; exit 4; }')
  jobs.ask([{ kind: 'start', payload: { app: 'blog' }, runAt: Date.now() + 300 }], ADA)
  const viewer = await look(`${origin}/jobs/1/output/stream`)
  await eventually(() => expect(viewer.ended()).toBe(true))
  expect(viewer.texts()).toEqual(['try 1', '--- Try 2 of 3 ---', 'try 2'])
  expect(viewer.of('end')).toHaveLength(1)
  server.close()
})

test('who watches a job that is canceled before it begins is told of the end', async () => {
  const server = createAdaptorServer({ fetch: new Hono().route('/', openRoutes()).fetch })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  jobs.ask([{ ...restart, runAt: Date.now() + 60_000 }], ADA)
  const viewer = await look(
    `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}/jobs/1/output/stream`,
  )
  expect(viewer.ended()).toBe(false)
  await jobs.cancel(1, ADA)
  await eventually(() => expect(viewer.ended()).toBe(true))
  server.close()
})

/** Without the door: who may look has its own tests. */
const openRoutes = () =>
  jobRoutes({
    jobs,
    reads: jobReads(on.db),
    audit: door.audit,
    knowsApp: () => true,
    admit: () => ({ stillAllowed: () => true, leave() {} }),
  }).routes

test('the jobs of an app are filtered by the people who requested one of it', async () => {
  const past = { state: 'succeeded', queuedAt: 1, startedAt: 1, endedAt: 2 } as const
  const add = (app: string, who: string) =>
    on.db
      .insert(table)
      .values({ ...newJob(), ...past, app, who, payload: { app }, command: 'dokku ps:stop', token: who })
      .run()
  add('blog', 'ada')
  add('shop', 'grace')
  const people = async (path: string) =>
    [...(await read(path)).matchAll(/<option value="(ada|grace)"/g)].map(([, name]) => name)
  expect(await people('/jobs')).toEqual(['ada', 'grace'])
  expect(await people('/jobs?app=shop')).toEqual(['grace'])
})
