/** Lines of a log as markup, the same from the server and in the browser. */
import { type AnsiStream, alone } from './ansi.ts'
import type { LogLine } from './log.ts'

/** Escapes whatever the text is: numbers and classes beside it are our own. */
const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}
export const escaped = (text: string): string =>
  text.replace(/[&<>"']/g, (character) => ESCAPES[character] ?? '')

/** A line of a deployment: number (its address), text, when it came. `bad`: it says why the deploy failed. */
export const numberedLine = (ansi: AnsiStream, [number, ms, text]: LogLine, bad: boolean): string =>
  `<div class="log-line${bad ? ' log-bad' : ''}" id="L${number}" data-time="${sinceStart(ms)}"><a class="log-number" href="#L${number}" aria-label="Line ${number}">${number}</a><span class="log-text">${alone(ansi, text)}</span></div>`

/** A line of an app's running log: time, process, text. `time` is in the reader's own time zone. */
export const stampedLine = (
  ansi: AnsiStream,
  [number, , text, process = '']: LogLine,
  time: string,
): string =>
  `<div class="log-line" data-line="${number}"><span class="log-stamp">${escaped(time)}</span><span class="log-process log-process-${hue(process)}">${escaped(process)}</span><span class="log-text">${alone(ansi, text)}</span></div>`

/** Between the lines: something was left out, or happened to the log itself. */
export const noteLine = (text: string): string => `<div class="log-note">${escaped(text)}</div>`

/** "+12.3 s" since the deploy began. */
export function sinceStart(ms: number): string {
  const seconds = ms / 1000
  if (seconds < 60) return `+${seconds.toFixed(1)} s`
  const rest = String(Math.floor(seconds % 60)).padStart(2, '0')
  return seconds < 3600
    ? `+${Math.floor(seconds / 60)}:${rest}`
    : `+${Math.floor(seconds / 3600)}:${String(Math.floor((seconds % 3600) / 60)).padStart(2, '0')}:${rest}`
}

const HUES = 6
/** The same process has the same colour on every page. */
function hue(process: string): number {
  let sum = 0
  for (const character of process) sum = (sum * 31 + (character.codePointAt(0) ?? 0)) % 9973
  return sum % HUES
}
