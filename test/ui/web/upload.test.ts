import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { tooLarge, uploads } from '../../../ui/web/upload.ts'

const LIMIT = 100_000
let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'dokkubase-upload-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const spool = () => join(folder, 'uploads')
const left = () => readdirSync(spool())
const form = (bytes: Uint8Array<ArrayBuffer>, name = 'archive', file = 'shop.tar') => {
  const body = new FormData()
  body.set('note', 'hello')
  body.set(name, new File([bytes], file))
  return new Request('http://panel.test/', { method: 'POST', body })
}
const bytes = (length: number) => Uint8Array.from({ length }, (_, at) => at % 251)

test('a file is on the disk as it was sent, for the panel alone, with its first bytes', async () => {
  const taken = await uploads(spool(), LIMIT).take(form(bytes(70_000)), 'archive')
  expect(taken?.bytes).toBe(70_000)
  expect(readFileSync(taken?.file ?? '')).toEqual(Buffer.from(bytes(70_000)))
  expect(taken?.head).toEqual(Buffer.from(bytes(512)))
  expect(statSync(taken?.file ?? '').mode & 0o777).toBe(0o600)
  expect(statSync(spool()).mode & 0o777).toBe(0o700)
  taken?.discard()
  expect(left()).toEqual([])
})

test('the name a browser sends with it is not used for anything', async () => {
  const taken = await uploads(spool(), LIMIT).take(
    form(bytes(10), 'archive', '../../../etc/passwd'),
    'archive',
  )
  expect(taken?.file).toMatch(/\/uploads\/[0-9a-f-]{36}$/)
})

test('as much as may come is taken, a byte more is refused in words that help, and nothing stays', async () => {
  const door = uploads(spool(), LIMIT)
  expect((await door.take(form(bytes(LIMIT)), 'archive'))?.bytes).toBe(LIMIT)
  rmSync(spool(), { recursive: true })
  const again = uploads(spool(), LIMIT)
  await expect(again.take(form(bytes(LIMIT + 1)), 'archive')).rejects.toMatchObject({
    status: 413,
    message: tooLarge(LIMIT),
  })
  await expect(again.take(form(bytes(20 * LIMIT)), 'archive')).rejects.toMatchObject({ status: 413 })
  expect(left()).toEqual([])
  expect(tooLarge(100 * 1024 * 1024)).toContain('An archive may be 100 MB at most')
})

test('no file, an empty one and one of another name are none', async () => {
  const door = uploads(spool(), LIMIT)
  expect(await door.take(form(new Uint8Array()), 'archive')).toBe(null)
  expect(await door.take(form(bytes(10), 'other'), 'archive')).toBe(null)
  expect(left()).toEqual([])
})

test('an upload that breaks off or is no form is refused, and nothing of it stays', async () => {
  const door = uploads(spool(), LIMIT)
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
  uploads(spool(), LIMIT)
  writeFileSync(join(spool(), 'left'), 'x')
  uploads(spool(), LIMIT)
  expect(left()).toEqual([])
})
