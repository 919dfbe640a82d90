import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { deploymentKinds } from '../../../ui/deployments/command.ts'
import { withoutMacFiles } from '../../../ui/deployments/mac-zip.ts'
import { changingPanel } from '../story/changing.ts'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'dokkubase-zip-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

/** A zip of such files, none of them compressed. */
function zip(files: Readonly<Record<string, string>>, comment = ''): Buffer {
  const [locals, entries]: [Buffer[], Buffer[]] = [[], []]
  let offset = 0
  for (const [name, content] of Object.entries(files)) {
    const facts = Buffer.alloc(26)
    facts.writeUInt16LE(20, 0)
    facts.writeUInt32LE(crc32(content), 10)
    facts.writeUInt32LE(content.length, 14)
    facts.writeUInt32LE(content.length, 18)
    facts.writeUInt16LE(name.length, 22)
    const local = Buffer.concat([Buffer.from('PK\x03\x04'), facts, Buffer.from(name + content)])
    const where = Buffer.alloc(14)
    where.writeUInt32LE(offset, 10)
    entries.push(Buffer.concat([Buffer.from('PK\x01\x02\x14\0'), facts, where, Buffer.from(name)]))
    locals.push(local)
    offset += local.length
  }
  const end = Buffer.alloc(22)
  end.write('PK\x05\x06')
  end.writeUInt16LE(entries.length, 8)
  end.writeUInt16LE(entries.length, 10)
  end.writeUInt32LE(Buffer.concat(entries).length, 12)
  end.writeUInt32LE(offset, 16)
  end.writeUInt16LE(comment.length, 20)
  return Buffer.concat([...locals, ...entries, end, Buffer.from(comment)])
}

const after = (bytes: Buffer): Buffer => {
  const file = join(folder, 'code.zip')
  writeFileSync(file, bytes)
  withoutMacFiles(file)
  return readFileSync(file)
}

/** Names in its directory, with what lies where each of them says. */
function listed(bytes: Buffer): Readonly<Record<string, string>> {
  const end = bytes.length - 22
  const files: Record<string, string> = {}
  let at = bytes.readUInt32LE(end + 16)
  for (let each = bytes.readUInt16LE(end + 10); each > 0; each--) {
    const [size, length, offset] = [
      bytes.readUInt32LE(at + 24),
      bytes.readUInt16LE(at + 28),
      bytes.readUInt32LE(at + 42),
    ]
    const content = offset + 30 + length
    files[bytes.toString('utf8', at + 46, at + 46 + length)] = bytes.toString('utf8', content, content + size)
    at += 46 + length
  }
  expect(at).toBe(end)
  expect(bytes.readUInt32LE(end + 12)).toBe(end - bytes.readUInt32LE(end + 16))
  return files
}

const shop = { 'shop/': '', 'shop/Procfile': 'web: node .', 'shop/app/__MACOSX.js': 'x' }

test('what a Mac adds beside the folder is taken out, and every other file is where it was', () => {
  const mac = { '__MACOSX/shop/._Procfile': 'rsrc', 'shop/.DS_Store': 'ds', '.DS_Store': 'ds' }
  expect(listed(zip(shop))).toEqual(shop)
  expect(listed(after(zip({ ...mac, ...shop })))).toEqual(shop)
  expect(listed(after(zip({ ...shop, ...mac }, 'made on a Mac')))).toEqual(shop)
})

test('any other archive goes on byte for byte', () => {
  const onlyMac = zip({ '__MACOSX/a': 'x' })
  for (const bytes of [zip(shop), zip({}), onlyMac, zip(shop, 'PK\x05\x06'), Buffer.from('PK\x03\x04')])
    expect(after(bytes).equals(bytes)).toBe(true)
})

test('no bytes break it, however they lie', () => {
  const good = zip({ ...shop, '__MACOSX/a': 'x' })
  fc.assert(
    fc.property(fc.nat(good.length - 1), fc.nat(255), fc.nat(good.length), (at, byte, length) => {
      const bytes = Buffer.from(good)
      bytes[at] = byte
      expect(after(bytes.subarray(0, length)).length).toBeLessThanOrEqual(good.length)
    }),
  )
})

test('a zip that is uploaded goes to Dokku without it', async () => {
  const on = changingPanel(deploymentKinds)
  const sent = zip({ ...shop, '__MACOSX/shop/._Procfile': 'rsrc' })
  const form = new FormData()
  form.set('archive', new File([new Uint8Array(sent)], 'shop.zip'))
  await on.panel('admin').request('/apps/blog/archives', { method: 'POST', body: form })
  expect(on.asked()).toEqual(['dokku git:from-archive --archive-type zip blog --'])
  const [file = ''] = readdirSync(on.folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
    /jobs\/1\./.test(name),
  )
  expect(listed(readFileSync(join(on.folder, file)))).toEqual(shop)
})
