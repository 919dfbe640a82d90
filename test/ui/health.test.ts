import { Hono } from 'hono'
import { expect, test } from 'vitest'
import { health } from '../../ui/health.ts'

const PROBLEM = 'the outbox /var/lib/dokku/data/dokkubase/outbox is missing: nothing Dokku does is recorded'

const panel = (problem: string | null = null, database = () => {}) =>
  new Hono().route(
    '/',
    health({ outbox: () => ({ waiting: 0, setAside: 0, problem }), database, version: '1.2.3' }),
  )

interface From {
  readonly peer?: string
  readonly host?: string
  readonly headers?: Record<string, string>
}

const ask = async (app: Hono, { peer = '127.0.0.1', host = '127.0.0.1:3999', headers = {} }: From = {}) => {
  const incoming = { socket: { remoteAddress: peer, remotePort: 1, remoteFamily: 'IPv4' } }
  const answer = await app.request(`http://${host}/healthz`, { headers }, { incoming })
  return { status: answer.status, body: await answer.json() }
}

test.each([
  ['by IPv4', {}],
  ['by IPv6', { peer: '::1', host: '[::1]:3999' }],
  ['by IPv4 through a socket of both families', { peer: '::ffff:127.0.0.1' }],
  ['by name', { host: 'localhost:3999' }],
])('a process of this host is told version and reason: %s', async (_, from) => {
  expect(await ask(panel(), from)).toEqual({
    status: 200,
    body: { status: 'ok', version: '1.2.3', instance: expect.any(String) },
  })
  expect(await ask(panel(PROBLEM), from)).toMatchObject({ status: 503, body: { trouble: PROBLEM } })
})

test.each([
  ['through nginx', { host: 'panel.example.com', headers: { 'x-forwarded-for': '203.0.113.9' } }],
  ['through a proxy that says only who it is', { headers: { via: '1.1 proxy' } }],
  ['through one that passes on the address it was asked for', { host: 'panel.example.com' }],
  ['from elsewhere', { peer: '203.0.113.9', host: '192.0.2.10:3999' }],
  ['from elsewhere, saying it is here', { peer: '203.0.113.9' }],
])('everybody else is told whether the panel is well, and no more: %s', async (_, from) => {
  expect(await ask(panel(), from)).toEqual({
    status: 200,
    body: { status: 'ok', instance: expect.any(String) },
  })
  const broken = () => {
    throw new Error('unable to open /var/lib/dokkubase/dokkubase.db')
  }
  for (const app of [panel(PROBLEM), panel(null, broken)]) {
    const { status, body } = await ask(app, from)
    expect(status).toBe(503)
    expect(Object.keys(body).sort()).toEqual(['instance', 'status'])
    expect(body.status).toBe('failing')
  }
})

test('one panel names one instance, whichever way it is asked, and another one another', async () => {
  const [one, other] = [panel(), panel()]
  const here = await ask(one)
  const there = await ask(one, { host: 'panel.example.com' })
  expect(there.body.instance).toBe(here.body.instance)
  expect((await ask(other)).body.instance).not.toBe(here.body.instance)
})
