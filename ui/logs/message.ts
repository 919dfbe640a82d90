/** What goes over the wire to a viewer. Data is always JSON, so no line of a log can begin a field of its own. */
import type { LogLine } from './log.ts'

export const LINES_A_BATCH = 1000
const CHARACTERS_A_BATCH = 64 * 1024

/** As many of the lines as make a fair event: at least one. */
export function batch(lines: readonly LogLine[]): readonly LogLine[] {
  let characters = 0
  const end = lines.findIndex(([, , text]) => {
    characters += text.length
    return characters > CHARACTERS_A_BATCH
  })
  return end < 0 ? lines : lines.slice(0, Math.max(1, end))
}

/** `run` stands before the number where numbers begin anew with every run. */
export const linesEvent = (run: string, last: number, lines: readonly LogLine[]): string =>
  `id: ${run === '' ? '' : `${run}-`}${last}\ndata: ${JSON.stringify(lines)}\n\n`

/** The line a viewer has, from the id it came back with; null when its numbers are of another run. */
export function lineOf(run: string, id: string): number | null {
  const [, ofRun = '', line = ''] = /^(?:(\w{1,40})-)?(\d{1,15})$/.exec(id) ?? []
  return line === '' || ofRun !== run ? null : Number(line)
}

export const event = (name: string, data: string): string => `event: ${name}\ndata: ${data}\n\n`

export const OPENING = 'retry: 1000\n\n'
export const HEARTBEAT = Buffer.from(':\n\n')

/** nginx holds a stream back without the third, and a browser may keep it without the second. */
export const EVENT_STREAM = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-store',
  'x-accel-buffering': 'no',
  'x-content-type-options': 'nosniff',
} as const
