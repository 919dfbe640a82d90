/** A log as the panel keeps it: numbered lines, in pieces and blocks of whole lines. Shared with the browser. */

/** `ms` since the deployment started, or, of an app's running log, since 1970. `process` only in a running log. */
export type LogLine = readonly [number: number, ms: number, text: string, process?: string]

export interface LogBounds {
  /** Bytes of one line; what is longer is cut with a mark. */
  readonly line: number
  /** Raw bytes of a piece before it is closed, and lines: a piece is read whole. */
  readonly chunk: number
  readonly chunkLines: number
  /**
   * Raw bytes kept of the beginning, and as many of the end; the same of lines, which cost a reader whatever their
   * length. Of a log beyond either the middle is left out and counted: how it began and the error at its end stay.
   */
  readonly side: number
  readonly sideLines: number
}

export const LOG_BOUNDS: LogBounds = {
  line: 16 * 1024,
  chunk: 64 * 1024,
  chunkLines: 4000,
  side: 8 * 1024 * 1024,
  sideLines: 100_000,
}

/** Of a job's output: commands that say more than a deploy does are programs that went wild. */
export const OUTPUT_BOUNDS: LogBounds = { ...LOG_BOUNDS, side: 4 * 1024 * 1024, sideLines: 50_000 }

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
export const BLOCK = 100
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
