import { Hono } from 'hono'
import { HTTPException } from 'hono/http-exception'
import { pino } from 'pino'
import { Counter, Registry } from 'prom-client'
import { expect, test } from 'vitest'
import * as z from 'zod'
import { DokkuError } from '../../../ui/dokku/dokku.ts'
import { type ErrorsOptions, errors, NotFound, tell } from '../../../ui/web/errors.ts'
import { frame, type PageEnv } from '../../../ui/web/frame.ts'

const NOW = Date.UTC(2026, 10, 3, 12)
const asset = (name: string) => `/assets/${name}`

const broken: Readonly<Record<string, () => never>> = {
  missing: () => {
    throw new NotFound('There is no app named <b>blog</b>.')
  },
  input: () => {
    z.object({ domain: z.string('a domain is text') }).parse({})
    throw new Error('unreachable')
  },
  dokku: () => {
    throw new DokkuError(['ps:report', 'blog'], 20, '\u001b[1;31m !     App blog does not exist\u001b[0m\n')
  },
  forbidden: () => {
    throw new HTTPException(403, { message: 'Only an admin may do this.' })
  },
  busy: () => {
    throw new HTTPException(503)
  },
  mistake: () => {
    throw new TypeError('state of undefined is not a function')
  },
}

function panel(signedIn: boolean) {
  const logged: string[] = []
  const registry = new Registry()
  const counter = new Counter({
    name: 'dokkubase_errors_total',
    help: 'errors',
    labelNames: ['type'],
    registers: [registry],
  })
  const log = pino({}, { write: (line: string) => logged.push(line) })
  const { onError, notFound } = errors({ log, counter, clock: () => NOW, asset })
  const app = new Hono<PageEnv>()
  app.onError(onError)
  app.notFound(notFound)
  app.use(async (c, next) => {
    if (signedIn) c.set('account', { id: 1, name: 'ada', role: 'admin' })
    await next()
  })
  const counts = () => ({ apps: 0, deployments: 0, certificates: 0, jobs: 0 })
  app.use(frame({ clock: () => NOW, asset, counts, position: () => 'run-0' }))
  app.all('/apps/:broken', (c) => broken[c.req.param('broken')]?.() ?? c.notFound())
  return { app, logged, registry }
}

const ask = (path: string, headers: Record<string, string> = {}, method = 'GET') =>
  panel(true).app.request(path, { method, headers: { accept: 'text/html', ...headers } })

test.each([
  ['missing', 404, 'Not found'],
  ['input', 400, 'Nothing was changed.'],
  ['dokku', 502, 'Dokku did not do this'],
  ['forbidden', 403, 'Only an admin may do this.'],
  ['busy', 503, 'Wait a few seconds and try again.'],
  ['mistake', 500, 'The panel made a mistake'],
  ['nowhere', 404, 'There is no page at this address.'],
])('%s is answered with %i and what to do', async (kind, status, text) => {
  const answer = await ask(`/apps/${kind}`)
  expect(answer.status).toBe(status)
  const page = await answer.text()
  expect(page).toContain(text)
  expect(page).toContain('<nav id="navigation"')
})

test('bad input is named field by field', async () => {
  expect(await (await ask('/apps/input')).text()).toContain('domain: a domain is text')
})

test('Dokku is quoted as a person reads it, without its colours', async () => {
  const page = await (await ask('/apps/dokku')).text()
  expect(page).toContain('!     App blog does not exist</pre>')
  expect(page).not.toContain('\u001b')
})

test('what an error says is escaped', async () => {
  const page = await (await ask('/apps/missing')).text()
  expect(page).toContain('There is no app named &lt;b&gt;blog&lt;/b&gt;.')
})

test('a mistake of ours shows an id that is also in the log, and nothing of its inside', async () => {
  const { app, logged } = panel(true)
  const page = await (await app.request('/apps/mistake?token=s3cret')).text()
  const [, id] = page.match(/Error id <code[^>]*>([0-9a-f]{8})</) ?? []
  expect(page).not.toContain('state of undefined')
  const [line = ''] = logged
  expect(JSON.parse(line)).toMatchObject({
    level: 50,
    errorId: id,
    type: 'internal',
    method: 'GET',
    path: '/apps/mistake',
    err: { type: 'TypeError', message: 'state of undefined is not a function' },
  })
  expect(line).not.toContain('s3cret')
})

test('what a visitor got wrong is a warning, not an error', async () => {
  const { app, logged } = panel(true)
  await app.request('/apps/missing')
  expect(JSON.parse(logged[0] ?? '')).toMatchObject({ level: 40, type: 'not-found' })
})

test('errors are counted by type', async () => {
  const { app, registry } = panel(true)
  for (const path of ['/apps/missing', '/nowhere', '/apps/dokku']) await app.request(path)
  const figures = await registry.metrics()
  expect(figures).toContain('dokkubase_errors_total{type="not-found"} 2')
  expect(figures).toContain('dokkubase_errors_total{type="dokku"} 1')
})

const throws = (): never => {
  throw new Error('broken as well')
}

test.each([
  ['the counter', { counter: { inc: throws } }],
  ['the log', { log: { error: throws, warn: throws } }],
  ['both', { counter: { inc: throws }, log: { error: throws, warn: throws } }],
])('an error is answered where %s throws', async (_, broken) => {
  for (const [path, status] of [
    ['/mistake', 500],
    ['/nowhere', 404],
  ] as const) {
    const answer = await withBroken(broken).request(path, { headers: { accept: 'text/html' } })
    expect(answer.status).toBe(status)
    expect(await answer.text()).toContain('<!doctype html>')
  }
})

test.each([
  ['the assets', { asset: throws }],
  ['the clock', { clock: throws }],
])('an error is answered in plain text where its page cannot be made: %s', async (_, broken) => {
  const answer = await withBroken({ ...broken, counter: { inc: throws } }).request('/mistake')
  expect(answer.status).toBe(500)
  expect(answer.headers.get('content-type')).toBe('text/plain; charset=utf-8')
  expect(await answer.text()).toMatch(/^The panel made a mistake\..*\nError id [0-9a-f]{8}\n$/)
})

function withBroken(broken: Partial<ErrorsOptions>) {
  const log = { error() {}, warn() {} }
  const { onError, notFound } = errors({ log, counter: { inc() {} }, clock: () => NOW, asset, ...broken })
  const app = new Hono()
  app.onError(onError)
  app.notFound(notFound)
  return app.get('/mistake', throws)
}

test('a program is answered in JSON', async () => {
  const answer = await ask('/apps/input', { accept: 'application/json' })
  expect(answer.status).toBe(400)
  expect(await answer.json()).toMatchObject({
    error: { type: 'bad-input', details: ['domain: a domain is text'] },
  })
})

test('a live part that fails keeps what it showed', async () => {
  const answer = await ask('/apps/dokku', { 'hx-request': 'true' })
  expect(answer.status).toBe(502)
  expect(answer.headers.get('hx-reswap')).toBe('none')
})

test('an act that fails is answered at the top of the page, as a part of it', async () => {
  const answer = await ask('/apps/dokku', { 'hx-request': 'true' }, 'POST')
  expect(answer.headers.get('hx-retarget')).toBe('#main')
  expect(answer.headers.get('hx-reswap')).toBe('afterbegin')
  const part = await answer.text()
  expect(part).not.toContain('<html')
  expect(part).toContain('role="alert"')
  expect(part).toContain(`id="${answer.headers.get('hx-reselect')?.slice(1)}"`)
})

test('whoever is not signed in sees no sidebar', async () => {
  const answer = await panel(false).app.request('/nowhere')
  expect(answer.status).toBe(404)
  expect(await answer.text()).not.toContain('<nav id="navigation"')
})

test('each status a library may throw has words', () => {
  for (const status of [400, 401, 403, 404, 405, 413, 415, 422, 429, 500, 502, 503] as const) {
    const told = tell(new HTTPException(status))
    expect(told.status).toBe(status)
    expect(told.title).not.toBe('')
    expect(told.text).not.toBe('')
  }
})
