/** A log in SQLite: compressed pieces of whole lines, the last one open, the middle left out when it grows too long. */
import { zstdCompressSync, zstdDecompressSync } from 'node:zlib'
import { type LogBounds, type LogLine, leftOut, linesOf } from './log.ts'
import type { ChunkHead, ChunkRow, LogStore } from './store.ts'

export interface ChunkWriter {
  append(line: Buffer, ms: number): void
  /** Writes what is new and how far the file was read, in one transaction. */
  save(bytesRead: number, complete: boolean): void
  /** There is a closed piece that only memory knows. */
  pressing(): boolean
  unsaved(): boolean
  /** Number of the last line. */
  last(): number
  read(from: number, count: number): LogLine[]
}

interface OpenChunk {
  readonly firstLine: number
  readonly lines: Buffer[]
  readonly times: [number, number][]
  rawBytes: number
}

/** Goes on where an earlier writer of the same log stopped. */
export function chunkWriter(store: LogStore, of: number, bounds: LogBounds): ChunkWriter {
  const kept = keptPieces(store.heads(of), bounds)
  let { last, dropped } = kept
  let open = reopen(store, of, kept.reopened) ?? emptyChunk(last + 1)
  let closed: OpenChunk[] = []
  let gone: number[] = []
  let changed = false

  const close = (): void => {
    const { firstLine, rawBytes } = open
    closed.push(open)
    for (const piece of kept.add({ firstLine, lines: open.lines.length, rawBytes })) {
      dropped += piece.lines
      gone.push(piece.firstLine)
    }
    open = emptyChunk(last + 1)
  }

  return {
    append(line, ms) {
      last += 1
      if (open.times.at(-1)?.[1] !== ms) open.times.push([last, ms])
      open.lines.push(line)
      open.rawBytes += line.length + 1
      changed = true
      if (open.rawBytes >= bounds.chunk) close()
    },
    save(bytes, complete) {
      const pieces = open.lines.length === 0 ? closed : [...closed, open]
      const written = pieces.filter(({ firstLine }) => !gone.includes(firstLine))
      store.save(
        { of, bytes, lines: last, droppedLines: dropped, complete },
        written.map((piece) => rowOf(of, piece)),
        gone,
      )
      closed = []
      gone = []
      changed = false
    },
    pressing: () => closed.length > 0,
    unsaved: () => changed,
    last: () => last,
    read(from, count) {
      const stored = readStored(store, of, from, Math.min(count, open.firstLine - from))
      if (stored.length >= count) return stored
      const begin = Math.max(from, open.firstLine) - open.firstLine
      const raw = open.lines.slice(begin, begin + count - stored.length)
      return [...stored, ...linesOf(joined(raw), open.firstLine + begin, open.times)]
    },
  }
}

/** Which closed pieces stay: the first ones up to a bound, and of the later ones the newest up to the same. */
function keptPieces(heads: readonly ChunkHead[], bounds: LogBounds) {
  const newest: ChunkHead[] = []
  let first = 0
  let later = 0
  const add = (piece: ChunkHead): readonly ChunkHead[] => {
    if (first < bounds.side) {
      first += piece.rawBytes
      return []
    }
    newest.push(piece)
    later += piece.rawBytes
    const leaving: ChunkHead[] = []
    while (later > bounds.side) {
      const [oldest] = newest.splice(0, 1)
      if (oldest === undefined) break
      later -= oldest.rawBytes
      leaving.push(oldest)
    }
    return leaving
  }
  const end = heads.at(-1)
  const reopened = end !== undefined && end.rawBytes < bounds.chunk ? end : null
  for (const piece of heads) if (piece !== reopened) add(piece)
  const last = end === undefined ? 0 : end.firstLine + end.lines - 1
  const dropped = last - heads.reduce((sum, { lines }) => sum + lines, 0)
  return { add, reopened, last, dropped }
}

function reopen(store: LogStore, of: number, head: ChunkHead | null): OpenChunk | null {
  const row = head && store.chunkWith(of, head.firstLine)
  if (!row) return null
  const raw = zstdDecompressSync(row.data)
  const lines: Buffer[] = []
  for (let from = 0; from < raw.length; ) {
    const end = raw.indexOf(0x0a, from)
    if (end < 0) break
    lines.push(raw.subarray(from, end))
    from = end + 1
  }
  const times = row.times.map(([line, ms]): [number, number] => [line, ms])
  return { firstLine: row.firstLine, lines, times, rawBytes: raw.length }
}

const emptyChunk = (firstLine: number): OpenChunk => ({ firstLine, lines: [], times: [], rawBytes: 0 })

const rowOf = (of: number, { firstLine, lines, times, rawBytes }: OpenChunk): ChunkRow => ({
  of,
  firstLine,
  lines: lines.length,
  rawBytes,
  times,
  data: zstdCompressSync(joined(lines)),
})

const NEWLINE = Buffer.from('\n')
const joined = (lines: readonly Buffer[]): Buffer => Buffer.concat(lines.flatMap((line) => [line, NEWLINE]))

/** At most `count` lines from `from` on; the numbers jump where lines were left out. */
export function readStored(store: LogStore, of: number, from: number, count: number): LogLine[] {
  const lines: LogLine[] = []
  for (let line = from; lines.length < count; ) {
    const chunk = store.chunkWith(of, line)
    if (chunk === undefined) break
    const found = linesOf(zstdDecompressSync(chunk.data), chunk.firstLine, chunk.times)
    const begin = Math.max(0, line - chunk.firstLine)
    lines.push(...found.slice(begin, begin + count - lines.length))
    line = chunk.firstLine + chunk.lines
  }
  return lines
}

/** Where the middle was left out: the numbers of the first and the last line that are missing. */
export function gapOf(store: LogStore, of: number): readonly [number, number] | null {
  if (!store.log(of)?.droppedLines) return null
  let expected = 1
  for (const { firstLine, lines } of store.heads(of)) {
    if (firstLine > expected) return [expected, firstLine - 1]
    expected = firstLine + lines
  }
  return null
}

/** The whole log as bytes, piece by piece, with a line in words where some were left out. */
export function* wholeText(store: LogStore, of: number): Generator<Buffer> {
  let expected = 1
  for (;;) {
    const chunk = store.chunkWith(of, expected)
    if (chunk === undefined) return
    if (chunk.firstLine > expected) yield Buffer.from(`${leftOut(chunk.firstLine - expected)}\n`)
    yield zstdDecompressSync(chunk.data)
    expected = chunk.firstLine + chunk.lines
  }
}
