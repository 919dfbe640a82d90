import { expect, test } from 'vitest'
import { returnPath, signInPath } from '../../../ui/accounts/return-path.ts'
import { wholePanel } from '../story/whole.ts'

test.each([
  ['/apps/blog?tab=logs', '/apps/blog?tab=logs'],
  ['/apps/../audit', '/audit'],
  ['/apps/blog#log', '/apps/blog'],
  [undefined, '/'],
  ['', '/'],
  ['https://evil.example/', '/'],
  ['//evil.example', '/'],
  ['///evil.example', '/'],
  ['/\\evil.example', '/'],
  ['/\t/evil.example', '/'],
  ['/\n/evil.example', '/'],
  ['/.//evil.example', '/'],
  ['/..//evil.example', '/'],
  ['\\\\evil.example', '/'],
  ['javascript:alert(1)', '/'],
  ['@evil.example', '/'],
  ['/sign-out', '/'],
  ['/sign-in?next=/sign-in', '/'],
  ['/setup?token=x', '/'],
  ['/live', '/'],
  ['/events', '/events'],
  ['/events?app=shop', '/events?app=shop'],
  ['/events/12', '/events/12'],
  ['/apps/live', '/apps/live'],
  ['/apps/card', '/apps/card'],
  ['/apps/stream', '/apps/stream'],
  ['/jobs/12/output', '/jobs/12/output'],
  ['/jobs/12/card', '/'],
  ['/jobs/12/output/lines?from=1', '/'],
  ['/apps/shop/logs/stream', '/'],
])('after sign-in %j leads to %s', (wanted, path) => {
  expect(returnPath(wanted)).toBe(path)
  expect(new URL(returnPath(wanted), 'https://panel.test').host).toBe('panel.test')
})

test('an address with its own query survives the way through sign-in', () => {
  const path = signInPath('/apps?q=a b&state=running')
  expect(returnPath(new URL(path, 'http://panel.test').searchParams.get('next') ?? '')).toBe(
    '/apps?q=a%20b&state=running',
  )
})

test('signing in leads back to every page and to every file, and to nothing else', async () => {
  const { routes, signedIn, raw, jobs } = await wholePanel()
  jobs.ask([{ kind: 'ps:restart', payload: { app: 'shop' } }], { id: 1, name: 'ada' })
  const ask = signedIn()
  const addresses = [...new Set(routes.filter(({ method }) => method === 'GET').map(({ path }) => path))]
    .filter((path) => !NOT_GUARDED.test(path))
    .map((path) => path.replace(':app', 'shop').replaceAll(/:\w+(\{[^}]*\})?/g, '1'))
  expect(addresses.length).toBeGreaterThan(25)
  for (const address of addresses) {
    const answer = await ask(address)
    const isFile = answer.headers.has('content-disposition')
    const isStream = answer.headers.get('content-type')?.startsWith('text/event-stream')
    const isPage = !isStream && !isFile && (await answer.text()).startsWith('<!doctype html>')
    await answer.body?.cancel().catch(() => {})
    const led = answer.status === 303 || isPage || isFile
    const turned = (await raw(address, { headers: { accept: 'text/html' } })).headers.get('location')
    const wanted = address === '/' || !led ? '/sign-in' : `/sign-in?next=${encodeURIComponent(address)}`
    expect([address, turned]).toEqual([address, wanted])
  }
})

/** Answered without a session. */
const NOT_GUARDED = /^\/(assets|sign-in|setup|healthz)/
