/** Words of the language, wherever a word from outside chooses something: none finds what nobody put there. */
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { events as eventRows } from '../../../ui/events/table.ts'
import { take } from '../../../ui/outbox/intake.ts'
import { hookEvent } from '../story/events.ts'
import { NOW } from '../story/seed.ts'
import { wholePanel } from '../story/whole.ts'

const WORDS = ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'valueOf']

/** Everything an object, an array or a function inherits, name and value. */
const inherited = () =>
  [Object.prototype, Array.prototype, Function.prototype, Object, Map.prototype].map((of) =>
    Reflect.ownKeys(of).map((key) => [key, Reflect.getOwnPropertyDescriptor(of, key)?.value]),
  )

const TRIGGERS = [
  ...['builds-record-start', 'builds-record-finalize', 'post-extract', 'pre-receive-app', 'post-deploy'],
  ...['post-release-builder', 'deploy-source-set', 'post-create', 'post-delete', 'post-config-update'],
  ...['post-domains-update', 'post-certs-update', 'post-proxy-ports-update', 'scheduler-post-run'],
  ...['post-app-rename', 'post-app-rename-setup', 'post-app-clone-setup', 'dokkubase-set', 'post-stop'],
  ...['container-died', 'formation-seen', 'domains-seen', 'build-seen', 'build-ended', 'lock-seen'],
]

test.each(WORDS)(
  '?method=%s is refused without a session, and every page answers afterwards',
  async (word) => {
    const before = inherited()
    const { raw } = await wholePanel()
    const headers = { 'sec-fetch-site': 'same-origin' }
    expect((await raw(`/?method=${word}`, { method: 'POST', headers })).status).toBe(400)
    expect((await raw(`/?method=${word}`, { method: 'DELETE', headers })).status).toBe(400)
    expect((await raw('/', { method: word, headers })).status).toBe(405)
    expect((await raw('/sign-in')).status).toBe(200)
    expect(inherited()).toEqual(before)
  },
)

test('a form may stand for PUT, PATCH and DELETE, and for nothing else', async () => {
  const { signedIn, raw } = await wholePanel()
  const ask = signedIn()
  const status = async (method: string, path: string) => (await ask(path, { method })).status
  expect(await status('POST', '/apps/no-such-app/lock?method=DELETE')).toBe(404)
  for (const method of ['GET', 'HEAD', 'POST', 'OPTIONS', 'TRACE', 'delete', '', 'PROPFIND'])
    expect([method, await status('POST', `/apps/blog/lock?method=${method}`)]).toEqual([method, 400])
  // A page on another site may send HEAD, so it never becomes anything else.
  expect(await status('HEAD', '/apps/blog?method=DELETE')).toBe(200)
  expect(await status('GET', '/apps/blog?method=DELETE')).toBe(200)
  for (const method of ['OPTIONS', 'PROPFIND', 'MKCOL', 'PURGE', 'QUERY', 'M-SEARCH'])
    expect([method, (await raw('/', { method })).status]).toEqual([method, 405])
  expect((await raw('/', { method: 'PROPFIND' })).headers.get('allow')).toContain('GET')
})

test('no route answers 500 to them, wherever they stand in a request', async () => {
  const before = inherited()
  const { routes, signedIn, logged } = await wholePanel()
  const all = [
    ...new Set(routes.filter(({ method }) => method !== 'ALL').map((r) => `${r.method} ${r.path}`)),
  ]
  expect(all.length).toBeGreaterThan(80)
  for (const [first] of WORDS.entries())
    for (const route of all) {
      const [method = '', pattern = ''] = route.split(' ')
      // Each word once in each place of the request, and every second time at an app that is there.
      const wordAt = (place: number): string => WORDS[(first + place) % WORDS.length] ?? ''
      const path = pattern
        .replace(/:app\b/, first % 2 === 0 ? 'shop' : wordAt(0))
        .replaceAll(/:\w+(\{[^}]*\})?/g, (_, digits) => (digits ? '1' : wordAt(1)))
      const filled = (names: readonly string[]) =>
        new URLSearchParams(names.map((name, place) => [name, wordAt(place)])).toString()
      const headers = { accept: 'application/json', [wordAt(2)]: wordAt(2), 'content-type': FORM }
      const body = filled([wordAt(0), `${wordAt(0)}.${wordAt(1)}`, `was.${wordAt(0)}`, ...FIELDS])
      const answer = await signedIn()(`${path}?${filled([...QUERIES, wordAt(0)])}`, {
        method,
        headers,
        ...(method !== 'GET' && { body }),
      })
      await answer.body?.cancel()
      expect([route, first, answer.status < 500]).toEqual([route, first, true])
    }
  expect(logged.filter((line) => line.includes('"level":50'))).toEqual([])
  expect(inherited()).toEqual(before)
}, 120_000)

const FORM = 'application/x-www-form-urlencoded'
const FIELDS = [
  ...[
    'name',
    'password',
    'next',
    'token',
    'current',
    'session',
    'url',
    'ref',
    'image',
    'line',
    'key',
    'value',
  ],
  ...[
    'domains',
    'domain',
    'confirmed',
    'type',
    'text',
    'remove',
    'app',
    'apps',
    'do',
    'kind',
    'host',
    'container',
  ],
  ...[
    'scheme.0',
    'host.0',
    'container.0',
    'memory.web',
    'cpu.web',
    'checks.web',
    'scale.web',
    'ps.restart-policy',
  ],
]
const QUERIES = [
  'sort',
  'state',
  'kind',
  'app',
  'actor',
  'by',
  'entry',
  'who',
  'from',
  'count',
  'q',
  'view',
  'seen',
]

test('an event made of them is recorded, listed and shown like any other', async () => {
  const before = inherited()
  const { db, journal, signedIn } = await wholePanel()
  const ask = signedIn()
  const recordedSoFar = () => db.select().from(eventRows).all().length
  let count = 0
  const event = (trigger: string, word: string) => {
    count += 1
    return hookEvent({
      id: `1793714700.${String(count).padStart(6, '0')}-1-1`,
      trigger,
      at: NOW,
      args: [word, word, word, word, word],
      buildSource: word,
      note: word,
      caller: {
        command: word,
        sshUser: word,
        sshName: word,
        fingerprint: word,
        sudoUser: word,
        loginUid: word,
      },
    })
  }
  for (const word of WORDS) {
    const all = [...TRIGGERS, word].map((trigger) => event(trigger, word))
    const sofar = recordedSoFar()
    expect(take(all, journal.record)).toEqual({ recorded: all.length, refused: [] })
    expect(recordedSoFar()).toBe(sofar + all.length)
    const pages = [`/apps/${word}`, `/apps/${word}/events`, `/apps/${word}/deployments`, `/apps/${word}/run`]
    for (const path of ['/', '/apps', '/events', '/deployments', `/events?actor=${word}`, ...pages])
      expect([path, (await ask(path)).status]).toEqual([path, 200])
  }
  for (let seq = recordedSoFar() - count + 1; seq <= recordedSoFar(); seq += 1)
    expect([seq, (await ask(`/events/${seq}`)).status]).toEqual([seq, 200])
  expect(inherited()).toEqual(before)
})

test.each(['package.json', 'ui/host/serve', 'ui/host/panel', 'ui/demo/panel.ts'])(
  '%s starts Node without Object.prototype.__proto__',
  (file) => {
    const text = readFileSync(new URL(`../../../${file}`, import.meta.url), 'utf8')
    expect(text).toContain('--disable-proto=delete')
  },
)
