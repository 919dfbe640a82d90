/** Lines of a log as markup, the same from the server and in the browser. */

import { exact } from '../web/format.ts'

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

/** `markup` of a line has been escaped: it is what an AnsiStream made. */
export interface ShownLine {
  readonly number: number
  /** "+12.3 s", or the time of day. */
  readonly time: string
  readonly markup: string
  readonly process: string
}

/** A line of a deployment: its number is its address. `bad`: it says why the deploy failed. */
export const numberedLine = ({ number, time, markup }: ShownLine, bad: boolean): string =>
  `<div class="log-line${bad ? ' log-bad' : ''}" id="L${number}" data-time="${escaped(time)}"><a class="log-number" href="#L${number}" aria-label="Line ${number}">${number}</a><span class="log-text">${markup}</span></div>`

/** A line of an app's running log: time, process, text; `ms` is the time in full. */
export const stampedLine = ({ number, time, markup, process }: ShownLine, ms: number): string =>
  `<div class="log-line" data-line="${number}"><span class="log-stamp" title="${exact(ms)}">${escaped(time)}</span><span class="log-process log-process-${hue(process)}">${escaped(process)}</span><span class="log-text">${markup}</span></div>`

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

/** "14:05:09" in UTC: the server does not know the time zone of a visitor. */
export const timeOfDay = (ms: number): string => new Date(ms).toISOString().slice(11, 19)

const HUES = 6
/** The same process has the same colour on every page. */
function hue(process: string): number {
  let sum = 0
  for (const character of process) sum = (sum * 31 + (character.codePointAt(0) ?? 0)) % 9973
  return sum % HUES
}
