/** Requests no browser sends: each is the sender's mistake, told as one, and none is a mistake of the panel. */
import { expect, test } from 'vitest'
import { wholePanel } from '../story/whole.ts'

const MULTIPART = 'multipart/form-data; boundary=x'
const FORM = 'application/x-www-form-urlencoded'
const part = (name: string) => `--x\r\ncontent-disposition: form-data; name="${name}"\r\n\r\nvalue\r\n`
const deep = `${'a.'.repeat(40)}b`

test.each([
  ['no boundary', 'multipart/form-data', part('line')],
  ['another boundary', 'multipart/form-data; boundary=y', part('line')],
  ['no end', MULTIPART, part('line')],
  ['no headers', MULTIPART, '--x\r\nline\r\n--x--\r\n'],
  ['nothing at all', MULTIPART, ''],
  ['nonsense', MULTIPART, '\0\r\n\r\n--x'],
  ['fields that nest too deeply', FORM, `${deep}=1`],
  ['parts that nest too deeply', MULTIPART, `${part(deep)}--x--\r\n`],
])('a form with %s is answered 400', async (_, type, body) => {
  const { raw, signedIn, logged } = await wholePanel()
  const ask = signedIn()
  const headers = { 'content-type': type, 'sec-fetch-site': 'same-origin' }
  const paths = ['/apps/shop/runs', '/apps/shop/processes?method=PATCH', '/account/password', '/sign-in']
  for (const path of paths)
    for (const send of [ask, raw])
      expect([path, (await send(path, { method: 'POST', body, headers })).status]).toEqual([path, 400])
  expect(logged.join('')).not.toContain('"level":50')
})

test('a form that breaks off is answered 400, also one that does not say how long it is', async () => {
  const { signedIn, logged } = await wholePanel()
  const ask = signedIn()
  for (const type of [MULTIPART, FORM, 'text/plain']) {
    const body = new ReadableStream({
      pull: (controller) => controller.error(new Error('aborted')),
    })
    const init: RequestInit & { duplex: 'half' } = {
      method: 'POST',
      body,
      headers: { 'content-type': type, 'transfer-encoding': 'chunked' },
      duplex: 'half',
    }
    expect([type, (await ask('/apps/shop/runs', init)).status]).toEqual([type, 400])
  }
  expect(logged.join('')).not.toContain('"level":50')
})

test('a form that is too large is still told so', async () => {
  const { signedIn } = await wholePanel()
  const body = `line=${'x'.repeat(70_000)}`
  const answer = await signedIn()('/apps/shop/runs', {
    method: 'POST',
    body,
    headers: { 'content-type': FORM },
  })
  expect(answer.status).toBe(413)
})

test('an address that is no valid text is a page that is not there', async () => {
  const { signedIn } = await wholePanel()
  const ask = signedIn()
  for (const word of ['%', '%E0%A4%A', '%ff', '%00', '%0d%0a', '..%2f..', '%u0041'])
    for (const path of [
      `/${word}`,
      `/apps/${word}`,
      `/apps/${word}/events`,
      `/apps/shop/${word}`,
      `/jobs/${word}`,
    ])
      expect([path, (await ask(path)).status]).toEqual([path, 404])
  for (const query of ['%', '%ff', 'state=%', '%=x', '&&&=', 'before=1e999', 'before=-1'])
    for (const path of ['/apps', '/events', '/jobs', '/deployments', '/audit'])
      expect([query, (await ask(`${path}?${query}`)).status]).toEqual([query, 200])
})
