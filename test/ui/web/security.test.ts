import { Hono } from 'hono'
import { expect, test } from 'vitest'
import { knowVisitor, security, type TrustedProxy, type Visited } from '../../../ui/web/security.ts'

function panel(trustedProxy: TrustedProxy = true) {
  const app = new Hono<Visited>()
  app.use(knowVisitor(trustedProxy), ...security())
  app.get('/', (c) => c.html('<p>page</p>'))
  app.get('/who', (c) => c.json(c.get('visitor')))
  app.get('/assets/app.css', (c) => c.text('p{}', 200, { 'cache-control': 'public, immutable' }))
  app.all('/apps/:app', (c) => c.text(`${c.req.method} done`))
  return app
}

interface From {
  readonly peer?: string
  readonly trustedProxy?: TrustedProxy
}

const ask = (
  path: string,
  init: RequestInit = {},
  { peer = '127.0.0.1', trustedProxy = true }: From = {},
): Response | Promise<Response> =>
  panel(trustedProxy).request(`http://panel.test${path}`, init, {
    incoming: { socket: { remoteAddress: peer, remotePort: 1, remoteFamily: 'IPv4' } },
  })

const who = async (headers: Record<string, string>, from: From) =>
  (await ask('/who', { headers }, from)).json()

test('no page runs inline script, is framed, sniffed, stored or sent on', async () => {
  const { headers } = await ask('/', { headers: { 'x-forwarded-proto': 'https' } })
  const policy = headers.get('content-security-policy') ?? ''
  for (const directive of [
    "default-src 'self'",
    "img-src 'self' data:",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ])
    expect(policy.split('; ')).toContain(directive)
  expect(policy).not.toMatch(/unsafe|nonce|\*|script-src|style-src/)
  expect(Object.fromEntries(headers)).toMatchObject({
    'x-frame-options': 'DENY',
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'same-origin',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'cache-control': 'no-store',
  })
  expect(headers.get('permissions-policy')).toContain('camera=()')
})

test('https is asked for only where the browser already came by it, and for no other name', async () => {
  const plain = await ask('/', { headers: { 'x-forwarded-proto': 'http' } })
  expect(plain.headers.get('strict-transport-security')).toBeNull()
  const https = await ask('/', { headers: { 'x-forwarded-proto': 'https' } })
  expect(https.headers.get('strict-transport-security')).toBe('max-age=15552000')
  const liar = await ask('/', { headers: { 'x-forwarded-proto': 'https' } }, { trustedProxy: false })
  expect(liar.headers.get('strict-transport-security')).toBeNull()
})

test('an asset says itself how long it keeps', async () => {
  expect((await ask('/assets/app.css')).headers.get('cache-control')).toBe('public, immutable')
})

test('a refusal carries the same headers', async () => {
  const { headers } = await ask('/apps/blog', { method: 'POST' })
  expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'")
  expect(headers.get('cache-control')).toBe('no-store')
})

const FORM = 'application/x-www-form-urlencoded'
const METHODS = ['POST', 'PUT', 'PATCH', 'DELETE']
const BODIES = [FORM, 'multipart/form-data; boundary=x', 'text/plain', 'application/json', 'text/html', '']

const change = async (method: string, type: string, headers: Record<string, string>): Promise<number> => {
  const init = { method, headers: { ...(type !== '' && { 'content-type': type }), ...headers } }
  return (await ask('/apps/blog', init)).status
}

const OURS: readonly Record<string, string>[] = [
  { origin: 'http://panel.test' },
  { origin: 'http://panel.test', 'sec-fetch-site': 'same-origin' },
  // Behind a second proxy that ends TLS the scheme we see is not the browser's; the browser knows better.
  { origin: 'https://panel.test', 'sec-fetch-site': 'same-origin' },
]

const FOREIGN: readonly Record<string, string>[] = [
  {},
  { origin: 'null' },
  { origin: 'http://evil.test' },
  { origin: 'https://panel.test' },
  { origin: 'http://panel.test:81' },
  { origin: 'http://panel.test.evil.test' },
  { origin: 'http://evil.test', 'sec-fetch-site': 'cross-site' },
  { origin: 'http://shop.panel.test', 'sec-fetch-site': 'same-site' },
]

test.each(METHODS)('a %s from our own page is done, whatever its body', async (method) => {
  for (const type of BODIES)
    for (const headers of OURS)
      expect([type, headers, await change(method, type, headers)]).toEqual([type, headers, 200])
})

test.each(METHODS)('a %s from elsewhere is refused, whatever its body', async (method) => {
  for (const type of BODIES)
    for (const headers of FOREIGN)
      expect([type, headers, await change(method, type, headers)]).toEqual([type, headers, 403])
})

test('htmx asking from another site is refused as well', async () => {
  expect(await change('DELETE', '', { 'hx-request': 'true', origin: 'http://evil.test' })).toBe(403)
})

test('a program with a bearer token has no origin and needs none', async () => {
  const headers = { authorization: 'Bearer 0123456789abcdef' }
  expect(await change('POST', 'application/json', headers)).toBe(200)
  expect(await change('POST', FORM, headers)).toBe(403)
})

test('a link from a mail opens a page', async () => {
  const answer = await ask('/apps/blog', { headers: { 'sec-fetch-site': 'cross-site', accept: 'text/html' } })
  expect(answer.status).toBe(200)
})

test.each([
  ['no proxy: the peer', false, '203.0.113.9', '10.0.0.1', '203.0.113.9'],
  ['nginx on this host', true, '127.0.0.1', '203.0.113.9', '203.0.113.9'],
  ['nginx on this host, by IPv6', true, '::1', '203.0.113.9', '203.0.113.9'],
  ['nginx seen through a socket of both families', true, '::ffff:127.0.0.1', '203.0.113.9', '203.0.113.9'],
  ['a stranger who says he is one', true, '203.0.113.9', '10.0.0.1', '203.0.113.9'],
  ['a client that sent its own list', true, '127.0.0.1', '1.1.1.1, 203.0.113.9', '203.0.113.9'],
  ['two proxies of ours', ['127.0.0.1', '10.0.0.0/8'], '127.0.0.1', '203.0.113.9, 10.1.2.3', '203.0.113.9'],
  ['a list that is ours to its end', ['10.0.0.0/8'], '10.0.0.1', '10.0.0.2', '10.0.0.2'],
  ['nothing forwarded', true, '127.0.0.1', '', '127.0.0.1'],
  ['nonsense forwarded', true, '127.0.0.1', '203.0.113.9, <script>', '127.0.0.1'],
  ['an empty setting', [''], '127.0.0.1', '203.0.113.9', '127.0.0.1'],
] as const)('%s', async (_, trustedProxy, peer, forwarded, ip) => {
  expect(await who({ 'x-forwarded-for': forwarded }, { peer, trustedProxy })).toMatchObject({ ip })
})

test('a setting that is no address stops the start and names it', () => {
  expect(() => knowVisitor(['nginx'])).toThrow('"nginx" is no address or network')
  expect(() => knowVisitor(['10.0.0.0/64'])).toThrow('"10.0.0.0/64" is no address or network')
})

test('the browser is known by its scheme, host and a bounded user agent', async () => {
  const headers = { 'x-forwarded-proto': 'https', 'user-agent': 'x'.repeat(5000) }
  expect(await who(headers, {})).toEqual({
    ip: '127.0.0.1',
    https: true,
    origin: 'https://panel.test',
    userAgent: 'x'.repeat(300),
  })
})

test('a form over 64 KB is refused, also one that does not say how long it is', async () => {
  const body = `x=${'y'.repeat(70_000)}`
  const headers = { 'content-type': FORM, origin: 'http://panel.test' }
  expect((await ask('/apps/blog', { method: 'POST', body, headers })).status).toBe(413)
  const stream = new Blob([body]).stream()
  const chunked: RequestInit & { duplex: 'half' } = {
    method: 'POST',
    body: stream,
    headers: { ...headers, 'transfer-encoding': 'chunked' },
    duplex: 'half',
  }
  expect((await ask('/apps/blog', chunked)).status).toBe(413)
})
