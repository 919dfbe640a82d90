import { readdirSync } from 'node:fs'
import { Hono } from 'hono'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { appReads } from '../../../ui/apps/table.ts'
import { type Database, openDatabase } from '../../../ui/database/database.ts'
import { TRIGGERS } from '../../../ui/events/event.ts'
import { events } from '../../../ui/events/table.ts'
import type { Journal } from '../../../ui/journal/journal.ts'
import { intake } from '../../../ui/outbox/routes.ts'
import { recording } from '../../../ui/recording.ts'
import { readSettings } from '../../../ui/settings.ts'
import { knowVisitor } from '../../../ui/web/security.ts'
import { deploy, hookEvent } from '../story/events.ts'

const TOKEN = 'a-token-of-32-characters-or-more'
/** Some minutes after the events below. */
const NOW = 1_795_398_000_000
let db: Database
let journal: Journal

beforeEach(() => {
  db = openDatabase(':memory:')
  journal = recording(db, { publish() {} })
})
afterEach(() => {
  db.$client.close()
})

const event = (number: number, rest: object = {}) => ({
  id: `1795397599.${String(number).padStart(6, '0')}-100-${number}`,
  trigger: 'post-create',
  args: ['blog'],
  caller: { command: 'apps:create', sshUser: 'root', sudoUser: 'root' },
  ...rest,
})
/** A panel that takes these tokens, as its settings name them. */
const panel = (tokens = TOKEN) => {
  const env = tokens === '' ? {} : { DOKKUBASE_TOKEN: tokens }
  const app = new Hono()
    .use(knowVisitor(true))
    .route('/', intake({ tokens: readSettings(env).tokens, record: journal.record, clock: () => NOW }))
  return (body: unknown, headers: Record<string, string> = {}, ip = '203.0.113.7') =>
    app.request(
      '/events',
      {
        method: 'POST',
        headers: {
          authorization: `Bearer ${TOKEN}`,
          'content-type': 'application/json',
          'x-forwarded-for': ip,
          ...headers,
        },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      },
      { incoming: { socket: { remoteAddress: '127.0.0.1', remotePort: 1, remoteFamily: 'IPv4' } } },
    )
}
const post = (body: unknown, headers: Record<string, string> = {}) => panel()(body, headers)
const recorded = () => db.select().from(events).all()

describe('POST /events', () => {
  test('takes its token from a header of its own where http-auth has taken Authorization', async () => {
    const behind = { authorization: 'Basic YWRhOnNlY3JldA==' }
    const batch = { host: 'second.example.com', events: [event(1)] }
    expect((await post(batch, behind)).status).toBe(401)
    expect((await post(batch, { ...behind, 'x-dokkubase-token': 'nope' })).status).toBe(401)
    expect((await post(batch, { ...behind, 'x-dokkubase-token': TOKEN })).status).toBe(200)
  })

  test('records a batch and names every id that is safe to forget', async () => {
    const response = await post({ host: 'second.example.com', events: [event(1), event(2)] })
    expect(response.status).toBe(200)
    expect(await response.json()).toEqual({
      acknowledged: [event(1).id, event(2).id],
      recorded: 2,
      refused: [],
    })
    expect(recorded()).toMatchObject([
      {
        host: 'second.example.com',
        origin: 'told',
        app: 'blog',
        actor: 'root',
        door: 'terminal',
        at: 1795397599000,
      },
      { host: 'second.example.com' },
    ])
  })

  test('a batch sent again is acknowledged again and recorded once', async () => {
    const batch = { host: 'second', events: [event(1)] }
    await post(batch)
    expect(await (await post(batch)).json()).toEqual({
      acknowledged: [event(1).id],
      recorded: 0,
      refused: [],
    })
    expect(recorded()).toHaveLength(1)
  })

  test('the same id from two hosts is two events', async () => {
    await post({ host: 'one', events: [event(1)] })
    await post({ host: 'two', events: [event(1)] })
    expect(recorded().map(({ host }) => host)).toEqual(['one', 'two'])
  })

  test.each([
    ['no token', {}, { authorization: '' }, 401],
    ['a wrong token', {}, { authorization: 'Bearer nope' }, 401],
    ['no batch', 'not json', {}, 400],
    ['a bad host', { host: '../x', events: [] }, {}, 400],
    ['a bad id', { host: 'h', events: [event(1, { id: '../../x' })] }, {}, 400],
    ['a bad trigger', { host: 'h', events: [event(1, { trigger: 'post create' })] }, {}, 400],
    [
      'too many events',
      { host: 'h', events: Array.from({ length: 501 }, (_, index) => event(index)) },
      {},
      400,
    ],
    [
      'a huge batch',
      JSON.stringify({ host: 'h', events: [event(1, { note: 'x'.repeat(9_000_000) })] }),
      {},
      413,
    ],
  ])('%s is refused with what to do, and nothing is recorded', async (_, body, headers, status) => {
    const response = await post(body, headers)
    expect(response.status).toBe(status)
    expect(JSON.stringify(await response.json())).toMatch(/token|batch/)
    expect(recorded()).toEqual([])
  })

  test('the door is shut where no token is set', async () => {
    const response = await panel('')({ host: 'h', events: [event(1)] })
    expect(response.status).toBe(404)
    expect(recorded()).toEqual([])
  })
})

describe('what another host may claim', () => {
  const SECOND = 'the-token-of-the-second-host'
  const THIRD = 'the-token-of-the-third-host'
  const bearer = (token: string) => ({ authorization: `Bearer ${token}` })
  const from = (host: string) => ({ host, events: [event(1)] })

  test('no host is this one', async () => {
    const send = panel(`second:${SECOND},${TOKEN}`)
    for (const token of [SECOND, TOKEN]) {
      const response = await send(from('local'), bearer(token))
      expect(response.status).toBe(403)
      expect(await response.json()).toEqual({ error: 'this token does not speak for the host local' })
    }
    expect(recorded()).toEqual([])
  })

  test('a token with a host speaks for that host; one without, for those that have none', async () => {
    const send = panel(`second:${SECOND}, third.example.com:${THIRD}, ${TOKEN}`)
    const status = async (host: string, token: string) => (await send(from(host), bearer(token))).status
    expect(await status('second', SECOND)).toBe(200)
    expect(await status('third.example.com', THIRD)).toBe(200)
    expect(await status('second', THIRD)).toBe(403)
    expect(await status('fourth', SECOND)).toBe(403)
    expect(await status('second', TOKEN)).toBe(403)
    expect(await status('fourth', TOKEN)).toBe(200)
    expect(recorded().map(({ host }) => host)).toEqual(['second', 'third.example.com', 'fourth'])
  })

  test.each([
    ['a trigger only the panel fires', { trigger: 'build-ended' }, 'do not tell of build-ended'],
    ['one that is none', { trigger: 'constructor' }, 'do not tell of constructor'],
    [
      'settings of this panel',
      { trigger: 'dokkubase-set', args: ['allow-docker-options', 'true'] },
      'do not tell',
    ],
    [
      'a person of this panel',
      { caller: { sshUser: 'dokkubase', sshName: 'admin' } },
      'only this panel tells',
    ],
    ['a caller with an escape', { caller: { sshName: 'ada\u001b[2J' } }, 'control characters'],
    ['an app with a line break', { args: ['blog\nevent: x'] }, 'no name that Dokku gives'],
    ['an app that is a path', { args: ['../blog'] }, 'no name that Dokku gives'],
    ['a build that is a path', { buildId: '../../x' }, 'no id that Dokku gives'],
    [
      'a PID that is none',
      { trigger: 'builds-record-start', args: ['blog', 'b1', '1 or 1', 'git-hook'] },
      'not a number',
    ],
    ['a file of this server', { logFile: '/etc/passwd' }, 'not an absolute path to a .log'],
    [
      'a file above its folder',
      { logFile: '/var/lib/dokku/data/builds/../../x.log' },
      'not an absolute path',
    ],
    ['the future', { id: '1999999999.000000-1-1' }, 'set the clock of that host'],
  ])('%s is refused with the reason, and the rest of the batch is recorded', async (_, claim, reason) => {
    const events = [event(1), event(2, claim), event(3)]
    const response = await post({ host: 'second', events })
    expect(response.status).toBe(200)
    expect(await response.json()).toEqual({
      acknowledged: [events[0]?.id, events[2]?.id],
      recorded: 2,
      refused: [{ id: events[1]?.id, reason: expect.stringContaining(reason) }],
    })
  })

  test('what a hook really writes is recorded', async () => {
    const events = deploy({ app: 'shop', at: NOW - 600_000, who: 'ada', revision: 'a'.repeat(40) })
      .filter(({ origin }) => origin === 'told')
      .map(({ host, origin, at, ...sent }) => sent)
    const response = await post({ host: 'second', events })
    expect(await response.json()).toMatchObject({ recorded: events.length, refused: [] })
  })

  test('an app of this server is not the other host’s app of the same name', async () => {
    journal.record([
      hookEvent({
        id: '1795390000.000001-1-1',
        trigger: 'post-create',
        at: 1_795_390_000_000,
        args: ['blog'],
      }),
    ])
    await post({ host: 'second', events: [event(1), event(2, { trigger: 'post-delete', args: ['blog'] })] })
    const other = { trigger: 'post-create', args: ['blog'] }
    await post({ host: 'second', events: [event(3, other)] })
    const { named } = appReads(db)
    expect(named('blog')).toMatchObject({ host: 'local', destroyedAt: null })
  })

  test('another host’s panel is not this panel', async () => {
    await post({ host: 'second', events: [event(1, { args: ['dokkubase'] })] })
    expect(appReads(db).named('dokkubase')).toMatchObject({ front: false })
  })
})

describe('limits', () => {
  test('guessing tokens has to wait, by address; the right one does not', async () => {
    const send = panel()
    const wrong = { authorization: 'Bearer wrong' }
    const statuses: number[] = []
    for (let guess = 0; guess < 30; guess += 1) statuses.push((await send({}, wrong)).status)
    expect(statuses.filter((status) => status === 401)).toHaveLength(10)
    const refused = await send({}, wrong)
    expect([refused.status, Number(refused.headers.get('retry-after')) > 0]).toEqual([429, true])
    expect((await send({ host: 'second', events: [event(1)] }, {}, '198.51.100.4')).status).toBe(200)
  })

  test('one host may send so many events a minute, and another is not slowed by it', async () => {
    const send = panel()
    const statuses: number[] = []
    for (let batch = 0; batch < 601; batch += 1)
      statuses.push((await send({ host: 'second', events: [] })).status)
    expect(new Set(statuses.slice(0, 600))).toEqual(new Set([200]))
    expect(statuses[600]).toBe(429)
    expect((await send({ host: 'third', events: [event(1)] })).status).toBe(200)
  })
})

test('the triggers that may be told are those that hooks are linked for', () => {
  const files = readdirSync(new URL('../../../triggers', import.meta.url))
  const hooks = files.filter((name) => name !== 'event' && name !== 'uninstall')
  expect([...TRIGGERS].sort()).toEqual(hooks.sort())
})

describe('DOKKUBASE_TOKEN', () => {
  test.each([
    ['', []],
    [TOKEN, [{ host: null, token: TOKEN }]],
    [`second.example.com:${TOKEN}`, [{ host: 'second.example.com', token: TOKEN }]],
    [
      `b:${TOKEN}==, c:x${TOKEN}`,
      [
        { host: 'b', token: `${TOKEN}==` },
        { host: 'c', token: `x${TOKEN}` },
      ],
    ],
  ])('%j', (DOKKUBASE_TOKEN, tokens) => {
    const env = DOKKUBASE_TOKEN === '' ? {} : { DOKKUBASE_TOKEN }
    expect(readSettings(env).tokens).toEqual(tokens)
  })

  test.each([
    ['', '16 or more'],
    ['short', '16 or more'],
    [`local:${TOKEN}`, 'no remote host is named local'],
    [`b:${TOKEN},b:x${TOKEN}`, 'give each host one token'],
    [`b:${TOKEN},c:${TOKEN}`, 'give each host a token of its own'],
    [`Host:${TOKEN}`, '16 or more'],
    [`a token with ${TOKEN}`, '16 or more'],
  ])('%j stops the start and is named', (DOKKUBASE_TOKEN, reason) => {
    expect(() => readSettings({ DOKKUBASE_TOKEN })).toThrow(/DOKKUBASE_TOKEN: /)
    expect(() => readSettings({ DOKKUBASE_TOKEN })).toThrow(reason)
  })
})
