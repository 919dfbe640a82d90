/**
 * A zip made by the Finder of a Mac has files of its own beside the folder that was packed. Dokku takes a folder for the
 * code only where it stands alone, so without more the code would lie one folder too deep, and no builder find it.
 */
import { closeSync, fstatSync, ftruncateSync, openSync, readSync, writeSync } from 'node:fs'

const LEFT_BY_MAC = /^__MACOSX(?:\/|$)|(?:^|\/)\.DS_Store$/

/** The end of a zip without its comment, and the longest comment. Bytes. */
const END_BYTES = 22
const MOST_COMMENT = 0xffff
const END = 0x06054b50
const ENTRY = 0x02014b50
const ENTRY_BYTES = 46
/** A directory larger than this is left as it is: some 200,000 files. Bytes. */
const MOST_DIRECTORY = 16 * 1024 * 1024

/** Takes what the Finder added out of the directory of the zip, in place. What is no plain zip stays as it is. */
export function withoutMacFiles(file: string): void {
  const handle = openSync(file, 'r+')
  try {
    const { size } = fstatSync(handle)
    const tail = read(handle, Math.max(0, size - END_BYTES - MOST_COMMENT), size)
    const end = endOf(tail)
    if (end === null) return
    const directory = read(handle, end.offset, end.offset + end.bytes)
    const kept = keptOf(directory, end.entries)
    if (kept === null || kept.length === 0 || kept.length === end.entries) return
    const fresh = Buffer.concat([...kept, newEnd(kept, end.offset)])
    writeSync(handle, fresh, 0, fresh.length, end.offset)
    ftruncateSync(handle, end.offset + fresh.length)
  } finally {
    closeSync(handle)
  }
}

function read(handle: number, from: number, to: number): Buffer {
  const bytes = Buffer.alloc(Math.max(0, to - from))
  return bytes.subarray(0, readSync(handle, bytes, 0, bytes.length, from))
}

/** Null: there is none, or it is one of the kinds for large archives, of several parts or with something in front. */
function endOf(tail: Buffer) {
  for (let at = tail.length - END_BYTES; at >= 0; at--) {
    if (tail.readUInt32LE(at) !== END || at + END_BYTES + tail.readUInt16LE(at + 20) !== tail.length) continue
    const [disk, entries] = [tail.readUInt16LE(at + 4), tail.readUInt16LE(at + 10)]
    const [bytes, offset] = [tail.readUInt32LE(at + 12), tail.readUInt32LE(at + 16)]
    return disk === 0 && entries < 0xffff && bytes <= MOST_DIRECTORY ? { entries, bytes, offset } : null
  }
  return null
}

/** Entries that stay, each as it is; null where the directory is not what its end says. */
function keptOf(directory: Buffer, entries: number): readonly Buffer[] | null {
  const kept: Buffer[] = []
  let at = 0
  for (let each = 0; each < entries; each++) {
    if (at + ENTRY_BYTES > directory.length || directory.readUInt32LE(at) !== ENTRY) return null
    const [name, extra, comment] = [28, 30, 32].map((place) => directory.readUInt16LE(at + place))
    const next = at + ENTRY_BYTES + (name ?? 0) + (extra ?? 0) + (comment ?? 0)
    const path = directory.toString('latin1', at + ENTRY_BYTES, at + ENTRY_BYTES + (name ?? 0))
    if (!LEFT_BY_MAC.test(path)) kept.push(directory.subarray(at, next))
    at = next
  }
  return at === directory.length ? kept : null
}

function newEnd(kept: readonly Buffer[], offset: number): Buffer {
  const end = Buffer.alloc(END_BYTES)
  end.writeUInt32LE(END, 0)
  end.writeUInt16LE(kept.length, 8)
  end.writeUInt16LE(kept.length, 10)
  end.writeUInt32LE(
    kept.reduce((total, { length }) => total + length, 0),
    12,
  )
  end.writeUInt32LE(offset, 16)
  return end
}
