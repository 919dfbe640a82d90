/**
 * What a line of output is once a terminal has had it: no cursor movement, no links, no titles, and of a
 * progress line (`10%\r20%\r100%`, or drawn with backspaces) only what was left standing. Shared by the reader, the page and the browser.
 */

/** Everything a terminal would act upon but colour: other CSI, OSC and string sequences (also cut off), two-byte escapes. */
const CONTROL_SEQUENCES =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  /\x1b\[[0-?]*[ -/]*(?:[@-ln-~]|$)|\x1b[\]PX^_][^\x07\x1b]*(?:\x07|\x1b\\|$)?|\x1b[ -/]+[0-~]?|\x1b(?![[\]PX^_ -/])./gs
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const COLOURS = /\x1b\[[0-?]*[ -/]*m/g
// biome-ignore lint/suspicious/noControlCharactersInRegex: all of C0 but tab and ESC, and C1
const CONTROL_CHARACTERS = /[\x00-\x08\x0a-\x1a\x1c-\x1f\x7f-\x9f]/g
/** A colour code ansi_up can read; others (`38:5:1`, private ones, lists of hundreds) go. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: the escape character is the point
const READABLE_COLOUR = /^\x1b\[[\d;]{0,60}m$/

/**
 * The text that stays on the line: what follows the last `\r` that something follows. By index: `/\r+$/` takes the
 * square of the length of a run of `\r`.
 */
export function settled(line: string): string {
  const last = line.includes('\r') ? afterReturn(line) : line
  return last.includes('\b') ? overwritten(last) : last
}

function afterReturn(line: string): string {
  let end = line.length
  while (end > 0 && line[end - 1] === '\r') end -= 1
  return line.slice(end === 0 ? 0 : line.lastIndexOf('\r', end - 1) + 1, end)
}

/** A sequence that moves no text, or one character. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: the escape character is what is looked for
const CELLS = /\x1b\[[0-?]*[ -/]*[@-~]|./gsu

/** What clears the rest of the line. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: the escape character is what is looked for
const TO_THE_END = /^\x1b\[0?K$/

/**
 * With what a backspace steps back over written anew, as composer draws its progress: `(0%)\b\b\b\b(100%)`. Colours
 * stay where they were switched, whatever is written over them.
 */
function overwritten(line: string): string {
  const cells: string[] = []
  const switched: string[] = []
  let at = 0
  for (const [cell] of line.matchAll(CELLS)) {
    if (cell === '\b') at = Math.max(0, at - 1)
    else if (TO_THE_END.test(cell)) cells.length = at
    else if (cell.length > 1 && cell.startsWith('\x1b')) switched[at] = `${switched[at] ?? ''}${cell}`
    else if (cell >= ' ' || cell === '\t' || cell === '\x1b') cells[at++] = cell
  }
  const ends = Math.max(cells.length, switched.length)
  return Array.from({ length: ends }, (_, index) => `${switched[index] ?? ''}${cells[index] ?? ''}`).join('')
}

/** The line as text: no colour, nothing invisible. */
export function plain(line: string): string {
  const text = settled(line)
  return (text.includes('\x1b') ? text.replace(CONTROL_SEQUENCES, '').replace(COLOURS, '') : text)
    .replace(CONTROL_CHARACTERS, '')
    .replaceAll('\x1b', '')
}

/** The line with its colours (SGR codes) and nothing else a terminal would act upon. */
export function coloured(line: string): string {
  const text = settled(line)
  if (!text.includes('\x1b')) return text.replace(CONTROL_CHARACTERS, '')
  return text
    .replace(CONTROL_SEQUENCES, '')
    .replace(CONTROL_CHARACTERS, '')
    .replace(COLOURS, (code) => (READABLE_COLOUR.test(code) ? code : ''))
    .replace(LONE_ESCAPE, '')
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: the escape character is the point
const LONE_ESCAPE = /\x1b(?!\[[\d;]*m)/g
