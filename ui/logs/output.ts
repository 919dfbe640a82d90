/** A line of `dokku logs APP --tail`: colour, time to the nanosecond, process, text. */
import type { LogLine } from './log.ts'

export interface OutputLine {
  /** As Docker stamped it: text, for a number would lose the nanoseconds. Empty where the line has none. */
  readonly stamp: string
  /** `web.1`; empty where Dokku itself speaks. */
  readonly process: string
  readonly text: string
}

const LONGEST = 16 * 1024
const OUTPUT =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: Dokku colours the prefix, also into a pipe
  /^(?:\x1b\[\d+m)?(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z) app\[([\w.-]{1,64})\]:(?:\x1b\[0m)? ?/

export function outputLine(raw: string): OutputLine {
  const [prefix = '', stamp = '', process = ''] = OUTPUT.exec(raw.slice(0, 256)) ?? []
  const text = raw.slice(prefix.length, prefix.length + LONGEST)
  return { stamp, process, text: raw.length - prefix.length > LONGEST ? `${text} … cut here` : text }
}

/** Says something about the log itself between its lines: "web.1 was replaced". No process has this name. */
export const NOTE = '·'

export interface Ring {
  add(output: OutputLine): void
  note(text: string): void
  /** At most `count` lines after the one numbered `after`, as far as they are remembered. */
  read(after: number, count: number): readonly LogLine[]
  last(): number
  /** How often each remembered line was seen: what a new tail tells again is not new. */
  known(): Map<string, number>
  empty(): boolean
}

/** The newest lines, by number and by size. */
export function ring(
  { lines: most, characters: widest }: { lines: number; characters: number },
  now: () => number,
): Ring {
  let lines: LogLine[] = []
  let keys: string[] = []
  let characters = 0
  let last = 0

  const push = (line: LogLine, key: string): void => {
    lines.push(line)
    keys.push(key)
    characters += line[2].length
    if (lines.length > most * 1.25 || characters > widest) forget()
  }

  const forget = (): void => {
    let from = Math.max(0, lines.length - most)
    characters = lines.slice(from).reduce((sum, [, , text]) => sum + text.length, 0)
    for (; characters > widest * 0.75 && from < lines.length - 1; from += 1)
      characters -= lines[from]?.[2].length ?? 0
    lines = lines.slice(from)
    keys = keys.slice(from)
  }

  return {
    add(output) {
      last += 1
      push([last, Date.parse(output.stamp) || now(), output.text, output.process], keyOf(output))
    },
    note(text) {
      last += 1
      push([last, now(), text, NOTE], '')
    },
    read(after, count) {
      const from = Math.max(0, after + 1 - (lines[0]?.[0] ?? 0))
      return lines.slice(from, from + count)
    },
    last: () => last,
    known() {
      const known = new Map<string, number>()
      for (const key of keys) if (key !== '') known.set(key, (known.get(key) ?? 0) + 1)
      return known
    },
    empty: () => lines.length === 0,
  }
}

export const keyOf = ({ stamp, process, text }: OutputLine): string =>
  stamp === '' ? '' : `${stamp} ${process} ${text}`
