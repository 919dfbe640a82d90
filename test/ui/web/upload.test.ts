import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { tooLarge, type UploadsOptions, uploads } from '../../../ui/web/upload.ts'

const LIMIT = 100_000
let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'dokkubase-upload-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const spool = () => join(folder, 'uploads')
/** On a disk with room. */
const open = (options: UploadsOptions = {}) =>
  uploads(spool(), LIMIT, { free: () => Number.POSITIVE_INFINITY, ...options })
const left = () => readdirSync(spool())
const form = (bytes: Uint8Array<ArrayBuffer>, name = 'archive', file = 'shop.tar') => {
  const body = new FormData()
  body.set('note', 'hello')
  body.set(name, new File([bytes], file))
  return new Request('http://panel.test/', { method: 'POST', body })
}
const bytes = (length: number) => Uint8Array.from({ length }, (_, at) => at % 251)

test('a file is on the disk as it was sent, for the panel alone, with its first bytes', async () => {
  const taken = await open().take(form(bytes(70_000)), 'archive')
  expect(taken?.bytes).toBe(70_000)
  expect(readFileSync(taken?.file ?? '')).toEqual(Buffer.from(bytes(70_000)))
  expect(taken?.head).toEqual(Buffer.from(bytes(512)))
  expect(statSync(taken?.file ?? '').mode & 0o777).toBe(0o600)
  expect(statSync(spool()).mode & 0o777).toBe(0o700)
  taken?.discard()
  expect(left()).toEqual([])
})

test('the name a browser sends with it is not used for anything', async () => {
  const taken = await open().take(form(bytes(10), 'archive', '../../../etc/passwd'), 'archive')
  expect(taken?.file).toMatch(/\/uploads\/[0-9a-f-]{36}$/)
})

test('as much as may come is taken, a byte more is refused in words that help, and nothing stays', async () => {
  const door = open()
  expect((await door.take(form(bytes(LIMIT)), 'archive'))?.bytes).toBe(LIMIT)
  rmSync(spool(), { recursive: true })
  const again = open()
  await expect(again.take(form(bytes(LIMIT + 1)), 'archive')).rejects.toMatchObject({
    status: 413,
    message: tooLarge(LIMIT),
  })
  await expect(again.take(form(bytes(20 * LIMIT)), 'archive')).rejects.toMatchObject({ status: 413 })
  expect(left()).toEqual([])
  expect(tooLarge(100 * 1024 * 1024)).toContain('An archive may be 100 MB at most')
})

test('no file, an empty one and one of another name are none', async () => {
  const door = open()
  expect(await door.take(form(new Uint8Array()), 'archive')).toBe(null)
  expect(await door.take(form(bytes(10), 'other'), 'archive')).toBe(null)
  expect(left()).toEqual([])
})

test('an upload that breaks off or is no form is refused, and nothing of it stays', async () => {
  const door = open()
  const type = { 'content-type': 'multipart/form-data; boundary=x' }
  const begun = '--x\r\ncontent-disposition: form-data; name="archive"; filename="a"\r\n\r\nsome of it'
  const broken = new ReadableStream({
    start: (controller) => controller.enqueue(new TextEncoder().encode(begun)),
    pull: (controller) => controller.error(new Error('gone')),
  })
  const init: RequestInit & { duplex: 'half' } = {
    method: 'POST',
    headers: type,
    body: broken,
    duplex: 'half',
  }
  const cut = new Request('http://panel.test/', init)
  await expect(door.take(cut, 'archive')).rejects.toMatchObject({ status: 400 })
  for (const body of [begun, 'nonsense', ''])
    await expect(
      door.take(new Request('http://panel.test/', { method: 'POST', headers: type, body }), 'archive'),
    ).rejects.toMatchObject({ status: 400 })
  const plain = new Request('http://panel.test/', { method: 'POST', body: 'archive=x' })
  await expect(door.take(plain, 'archive')).rejects.toMatchObject({ status: 400 })
  expect(left()).toEqual([])
})

test('what a crash left is gone at the next start', () => {
  open()
  writeFileSync(join(spool(), 'left'), 'x')
  open()
  expect(left()).toEqual([])
})

/** A form whose file is begun, and ended when told. */
function slow() {
  let end = () => {}
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      const send = (text: string) => controller.enqueue(new TextEncoder().encode(text))
      send('--x\r\ncontent-disposition: form-data; name="archive"; filename="a"\r\n\r\nsome of it')
      end = () => {
        send('\r\n--x--\r\n')
        controller.close()
      }
    },
  })
  const init: RequestInit & { duplex: 'half' } = {
    method: 'POST',
    headers: { 'content-type': 'multipart/form-data; boundary=x' },
    body,
    duplex: 'half',
  }
  return { request: new Request('http://panel.test/', init), end: () => end() }
}

test('two are received at once, others are told to wait, and one that has ended makes room', async () => {
  const door = open()
  const [first, second] = [slow(), slow()]
  const taken = [first, second].map(({ request }) => door.take(request, 'archive'))
  for (let other = 0; other < 4; other += 1)
    await expect(door.take(form(bytes(70_000)), 'archive')).rejects.toMatchObject({
      status: 429,
      message: expect.stringContaining('Wait until one of them is there'),
    })
  first.end()
  expect((await taken[0])?.bytes).toBe(10)
  expect((await door.take(form(bytes(10)), 'archive'))?.bytes).toBe(10)
  second.end()
  expect((await taken[1])?.bytes).toBe(10)
})

test('one that breaks off makes room as well', async () => {
  const door = open()
  for (let again = 0; again < 5; again += 1) {
    const body = new ReadableStream({ pull: (controller) => controller.error(new Error('gone')) })
    const init: RequestInit & { duplex: 'half' } = {
      method: 'POST',
      headers: { 'content-type': 'multipart/form-data; boundary=x' },
      body,
      duplex: 'half',
    }
    await expect(door.take(new Request('http://panel.test/', init), 'archive')).rejects.toMatchObject({
      status: 400,
    })
  }
  expect((await door.take(form(bytes(10)), 'archive'))?.bytes).toBe(10)
})

test('all together take at most as much as five of the largest', async () => {
  let kept = 3 * LIMIT
  const door = open({ kept: () => kept })
  const first = slow()
  const taken = door.take(first.request, 'archive')
  await expect(door.take(form(bytes(10)), 'archive')).resolves.toMatchObject({ bytes: 10 })
  kept += 1
  await expect(door.take(form(bytes(10)), 'archive')).rejects.toMatchObject({
    status: 503,
    message: expect.stringContaining('cancel one under Jobs'),
  })
  first.end()
  await taken
  expect((await door.take(form(bytes(10)), 'archive'))?.bytes).toBe(10)
  kept = 5 * LIMIT
  await expect(door.take(form(bytes(10)), 'archive')).rejects.toMatchObject({ status: 503 })
})

test('a disk that is nearly full is left alone', async () => {
  const door = open({ free: () => 200 * 1024 * 1024 })
  await expect(door.take(form(bytes(10)), 'archive')).rejects.toMatchObject({
    status: 503,
    message: expect.stringContaining('no room'),
  })
})
