/** Bytes of a growing file cut into lines, however they arrive. */

export interface WholeLine {
  /** Without its newline. */
  readonly bytes: Buffer
  /** Bytes of the file it took, newline included. */
  readonly took: number
}

export interface Splitter {
  /** Adds bytes, which must stay as they are until their lines were taken. Not before `next` answered null. */
  push(data: Buffer): void
  /** The next line; null when none is whole before more bytes come. */
  next(): WholeLine | null
  /** Bytes not yet looked at. */
  waiting(): number
  /** What stands after the last newline, as a line; null when nothing does. */
  rest(): WholeLine | null
}

/**
 * Cuts bytes into lines. One line at a time, so that whoever reads may stop between any two. A line that never ends
 * costs no more memory than its bound.
 */
export function splitter(bound: number): Splitter {
  /** Bytes not yet looked at. */
  let data: Buffer = EMPTY
  let from = 0
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
    const bytes = begun.length === 1 ? first : Buffer.concat(begun)
    const line = { bytes: cut(bytes, took, bound), took: took + newline }
    begun = []
    kept = 0
    took = 0
    return line
  }

  return {
    push(more) {
      data = more
      from = 0
    },
    next() {
      if (took === 0 && data[from] === LF) {
        from += 1
        return NO_TEXT
      }
      const end = data.indexOf(LF, from)
      if (end >= 0) {
        keep(data.subarray(from, end))
        from = end + 1
        return close(1)
      }
      // A copy: the bytes are the reader's again.
      keep(Buffer.from(data.subarray(from)))
      data = EMPTY
      from = 0
      return null
    },
    waiting: () => data.length - from,
    rest: () => (took === 0 ? null : close(0)),
  }
}

const LF = 0x0a
const CR = 0x0d
const EMPTY = Buffer.alloc(0)
const NO_TEXT: WholeLine = { bytes: EMPTY, took: 1 }

/** Never in the middle of a character. */
function cut(bytes: Buffer, took: number, bound: number): Buffer {
  if (bytes.length <= bound) return bytes
  let end = bound
  while (end > bound - 4 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end -= 1
  const mark = ` … cut here, the line has ${took.toLocaleString('en')} bytes`
  return Buffer.concat([bytes.subarray(0, end), Buffer.from(mark)])
}
