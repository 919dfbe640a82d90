/** A log as the panel keeps it: numbered lines, cut where they are too long, in pieces of whole lines. */

/** `ms` since the deployment started, or, of an app's running log, since 1970. `process` only in a running log. */
export type LogLine = readonly [number: number, ms: number, text: string, process?: string]

export interface LogBounds {
  /** Bytes of one line; what is longer is cut with a mark. */
  readonly line: number
  /** Raw bytes of a piece before it is closed. */
  readonly chunk: number
  /** Raw bytes kept of the beginning, and as many of the end. The middle is left out and counted. */
  readonly side: number
}

export const LOG_BOUNDS: LogBounds = { line: 16 * 1024, chunk: 64 * 1024, side: 8 * 1024 * 1024 }

export interface WholeLine {
  /** Without its newline. */
  readonly bytes: Buffer
  /** Bytes of the file it took, newline included. */
  readonly took: number
}

export interface Splitter {
  push(data: Buffer): readonly WholeLine[]
  /** What stands after the last newline, as a line; null when nothing does. */
  rest(): WholeLine | null
}

/** Cuts bytes into lines, however they arrive. A line that never ends costs no more memory than its bound. */
export function splitter(bound: number): Splitter {
  let begun: Buffer[] = []
  let kept = 0
  let took = 0

  const keep = (part: Buffer): void => {
    took += part.length
    if (part.length === 0) return
    if (kept <= bound) {
      begun.push(part)
      kept += part.length
    }
    if (kept > bound) overwrite(part)
  }

  /** A progress line may run for megabytes, but what a `\r` has overwritten is not worth keeping. */
  const overwrite = (part: Buffer): void => {
    const end = part.lastIndexOf(CR, part.at(-1) === CR ? -2 : undefined)
    if (end < 0) return
    begun = [part.subarray(end + 1)]
    kept = part.length - end - 1
  }

  const close = (newline: 0 | 1): WholeLine => {
    const [first = EMPTY] = begun
    const line = {
      bytes: cut(begun.length === 1 ? first : Buffer.concat(begun), took, bound),
      took: took + newline,
    }
    begun = []
    kept = 0
    took = 0
    return line
  }

  return {
    push(data) {
      const lines: WholeLine[] = []
      let from = 0
      for (let end = data.indexOf(LF); end >= 0; end = data.indexOf(LF, from)) {
        keep(data.subarray(from, end))
        lines.push(close(1))
        from = end + 1
      }
      keep(data.subarray(from))
      return lines
    },
    rest: () => (took === 0 ? null : close(0)),
  }
}

const LF = 0x0a
const CR = 0x0d
const EMPTY = Buffer.alloc(0)

/** Never in the middle of a character. */
function cut(bytes: Buffer, took: number, bound: number): Buffer {
  if (bytes.length <= bound) return bytes
  let end = bound
  while (end > bound - 4 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end -= 1
  const mark = ` … cut here, the line has ${took.toLocaleString('en')} bytes`
  return Buffer.concat([bytes.subarray(0, end), Buffer.from(mark)])
}

/** When each line came: [line, ms] for every time some did. */
export type Times = readonly (readonly [line: number, ms: number])[]

/** The lines of a piece, numbered from `firstLine`. `raw` ends each with a newline. */
export function linesOf(raw: Buffer, firstLine: number, times: Times): LogLine[] {
  const texts = raw.toString('utf8').split('\n')
  texts.pop()
  let at = 0
  return texts.map((text, index) => {
    const number = firstLine + index
    while ((times[at + 1]?.[0] ?? Number.POSITIVE_INFINITY) <= number) at += 1
    return [number, times[at]?.[1] ?? 0, text]
  })
}

/** What stands where lines were left out, counted. */
export const leftOut = (lines: number): string =>
  `… ${lines.toLocaleString('en')} ${lines === 1 ? 'line' : 'lines'} left out`

/** Lines are shown, asked for and put away in blocks of so many, the first beginning at line 1. */
export const BLOCK = 200
export const blockStart = (line: number): number => Math.floor((Math.max(1, line) - 1) / BLOCK) * BLOCK + 1

/** The blocks of a log of `last` lines, in order; null where the middle was left out. */
export function blockRanges(
  last: number,
  gap: readonly [number, number] | null,
): readonly (readonly [first: number, until: number] | null)[] {
  const ranges: (readonly [number, number] | null)[] = []
  for (let first = 1; first <= last; ) {
    if (gap !== null && first >= gap[0] && first <= gap[1]) {
      ranges.push(null)
      first = gap[1] + 1
      continue
    }
    const full = Math.min(last, blockStart(first) + BLOCK - 1)
    const until = gap !== null && first < gap[0] ? Math.min(full, gap[0] - 1) : full
    ranges.push([first, until])
    first = until + 1
  }
  return ranges
}
