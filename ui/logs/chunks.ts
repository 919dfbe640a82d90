/** A log in SQLite: compressed pieces of whole lines, the last one open, the middle left out when it grows too long. */
import { zstdCompressSync, zstdDecompressSync } from 'node:zlib'
import { type LogBounds, type LogLine, leftOut, linesOf } from './log.ts'
import type { ChunkHead, ChunkRow, LogStore } from './store.ts'

export interface ChunkWriter {
  /** Takes a copy of the line. */
  append(line: Buffer, ms: number): void
  /** Writes what is new and how far the file was read, in one transaction. */
  save(bytesRead: number, complete: boolean): void
  unsaved(): boolean
  /** Number of the last line. */
  last(): number
  read(from: number, count: number): LogLine[]
}

interface OpenChunk {
  readonly firstLine: number
  lines: number
  /** How much of the buffer is its own. */
  rawBytes: number
  readonly times: [number, number][]
}

/** Goes on where an earlier writer of the same log stopped. */
export function chunkWriter(store: LogStore, of: number, bounds: LogBounds): ChunkWriter {
  const kept = keptPieces(store.heads(of), bounds)
  let { last, dropped } = kept
  const reopened = reopen(store, of, kept.reopened)
  let open = reopened?.chunk ?? emptyChunk(last + 1)
  /** Lines of the open piece, each with its newline. The same memory for one piece after the other. */
  let raw: Buffer = reopened?.raw ?? Buffer.alloc(0)
  /** Pieces that only memory knows, by their first line; bounded, for those left out go from here too. */
  const closed = new Map<number, ChunkRow>()
  let gone: number[] = []
  let changed = false

  const rowOf = ({ firstLine, lines, rawBytes, times }: OpenChunk): ChunkRow => ({
    of,
    firstLine,
    lines,
    rawBytes,
    times,
    data: zstdCompressSync(raw.subarray(0, rawBytes)),
  })

  const close = (): void => {
    const { firstLine, lines, rawBytes } = open
    closed.set(firstLine, rowOf(open))
    for (const leaving of kept.add({ firstLine, lines, rawBytes })) {
      dropped += leaving.lines
      if (!closed.delete(leaving.firstLine)) gone.push(leaving.firstLine)
    }
    open = emptyChunk(last + 1)
  }

  const makeRoom = (bytes: number): void => {
    const needed = open.rawBytes + bytes
    if (needed <= raw.length) return
    const larger = Buffer.allocUnsafe(Math.max(needed, Math.min(raw.length * 2, bounds.chunk)))
    raw.copy(larger, 0, 0, open.rawBytes)
    raw = larger
  }

  const pieceWith = (line: number): ChunkRow | undefined =>
    store.chunkWith(of, line) ?? [...closed.values()].find(({ firstLine, lines }) => firstLine + lines > line)

  return {
    append(line, ms) {
      last += 1
      if (open.times.at(-1)?.[1] !== ms) open.times.push([last, ms])
      makeRoom(line.length + 1)
      line.copy(raw, open.rawBytes)
      raw[open.rawBytes + line.length] = LF
      open.rawBytes += line.length + 1
      open.lines += 1
      changed = true
      if (isFull(open, bounds)) close()
    },
    save(bytes, complete) {
      const rows = [...closed.values(), ...(open.lines === 0 ? [] : [rowOf(open)])]
      store.save({ of, bytes, lines: last, droppedLines: dropped, complete }, rows, gone)
      closed.clear()
      gone = []
      changed = false
    },
    unsaved: () => changed,
    last: () => last,
    read(from, count) {
      const earlier = readPieces(pieceWith, from, Math.min(count, open.firstLine - from))
      if (earlier.length >= count) return earlier
      const { firstLine, rawBytes, times } = open
      const begin = Math.max(from, firstLine) - firstLine
      // A follower asks for a few new lines at the end of many.
      let at = 0
      for (let line = 0; line < begin && at < rawBytes; line++) at = raw.indexOf(LF, at) + 1
      const own = linesOf(raw.subarray(at, rawBytes), firstLine + begin, times)
      return [...earlier, ...own.slice(0, count - earlier.length)]
    },
  }
}

const LF = 0x0a

const isFull = (
  { lines, rawBytes }: Pick<ChunkHead, 'lines' | 'rawBytes'>,
  { chunk, chunkLines }: LogBounds,
): boolean => rawBytes >= chunk || lines >= chunkLines

/** Which closed pieces stay: the first ones up to a bound, and of the later ones the newest up to the same. */
function keptPieces(heads: readonly ChunkHead[], bounds: LogBounds) {
  const newest: ChunkHead[] = []
  const first = { bytes: 0, lines: 0 }
  const later = { bytes: 0, lines: 0 }
  const add = (piece: ChunkHead): readonly ChunkHead[] => {
    if (first.bytes < bounds.side && first.lines < bounds.sideLines) {
      first.bytes += piece.rawBytes
      first.lines += piece.lines
      return []
    }
    newest.push(piece)
    later.bytes += piece.rawBytes
    later.lines += piece.lines
    const leaving: ChunkHead[] = []
    while (later.bytes > bounds.side || later.lines > bounds.sideLines) {
      const oldest = newest.shift()
      if (oldest === undefined) break
      later.bytes -= oldest.rawBytes
      later.lines -= oldest.lines
      leaving.push(oldest)
    }
    return leaving
  }
  const end = heads.at(-1)
  const reopened = end !== undefined && !isFull(end, bounds) ? end : null
  for (const piece of heads) if (piece !== reopened) add(piece)
  const last = end === undefined ? 0 : end.firstLine + end.lines - 1
  const dropped = last - heads.reduce((sum, { lines }) => sum + lines, 0)
  return { add, reopened, last, dropped }
}

function reopen(
  store: LogStore,
  of: number,
  head: ChunkHead | null,
): { readonly chunk: OpenChunk; readonly raw: Buffer } | null {
  const row = head && store.chunkWith(of, head.firstLine)
  if (!row) return null
  const raw = zstdDecompressSync(row.data)
  const times = row.times.map(([line, ms]): [number, number] => [line, ms])
  return { chunk: { firstLine: row.firstLine, lines: row.lines, rawBytes: raw.length, times }, raw }
}

const emptyChunk = (firstLine: number): OpenChunk => ({ firstLine, lines: 0, rawBytes: 0, times: [] })

/** At most `count` lines from `from` on; the numbers jump where lines were left out. */
export const readStored = (store: LogStore, of: number, from: number, count: number): LogLine[] =>
  readPieces((line) => store.chunkWith(of, line), from, count)

/** `pieceWith`: the piece that holds a line, or where that was left out, the one after it. */
function readPieces(
  pieceWith: (line: number) => ChunkRow | undefined,
  from: number,
  count: number,
): LogLine[] {
  const lines: LogLine[] = []
  for (let line = from; lines.length < count; ) {
    const chunk = pieceWith(line)
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
