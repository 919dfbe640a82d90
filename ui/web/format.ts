/** How numbers and times read on a page. Pure, and shared with the browser, which keeps them up to date. */

const SECOND = 1000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** "3 min ago"; older than a month it is the date. A clock that is a little ahead reads "just now". */
export function ago(at: number, now: number): string {
  const past = now - at
  if (past < 5 * SECOND) return 'just now'
  if (past < MINUTE) return `${Math.floor(past / SECOND)} s ago`
  if (past < HOUR) return `${Math.floor(past / MINUTE)} min ago`
  if (past < DAY) return `${Math.floor(past / HOUR)} h ago`
  if (past < 31 * DAY) return `${Math.floor(past / DAY)} d ago`
  return day(at, now)
}

/** "3 Nov", with the year where it is another one. */
export function day(at: number, now: number): string {
  const date = new Date(at)
  const short = `${date.getUTCDate()} ${MONTHS[date.getUTCMonth()]}`
  return date.getUTCFullYear() === new Date(now).getUTCFullYear()
    ? short
    : `${short} ${date.getUTCFullYear()}`
}

/** "2026-11-03 14:05:09 UTC": the same for everybody who reads it. */
export const exact = (at: number): string => exactly(new Date(at).toISOString())

/** The same of a moment that is written down already. */
export const exactly = (iso: string): string => `${iso.slice(0, 10)} ${iso.slice(11, 19)} UTC`

/** "850 ms", "9.4 s", "1 min 14 s", "2 h 05 min". */
export function duration(ms: number): string {
  if (ms < SECOND) return `${Math.max(0, Math.round(ms))} ms`
  if (ms < 10 * SECOND) return `${(Math.floor(ms / 100) / 10).toFixed(1)} s`
  if (ms < MINUTE) return `${Math.floor(ms / SECOND)} s`
  if (ms < HOUR) return `${Math.floor(ms / MINUTE)} min ${two(Math.floor((ms % MINUTE) / SECOND))} s`
  return `${Math.floor(ms / HOUR)} h ${two(Math.floor((ms % HOUR) / MINUTE))} min`
}

/** A duration that ticks shows whole seconds only, so that it does not flicker. */
export const ticking = (ms: number): string =>
  duration(ms < 10 * SECOND ? Math.floor(ms / SECOND) * SECOND : ms)
    .replace('.0', '')
    .replace(/^0 ms$/, '0 s')

/** Whole days until `at`; negative when it has passed. */
export const daysUntil = (at: number, now: number): number => Math.floor((at - now) / DAY)

export const shortRevision = (revision: string): string =>
  /^[0-9a-f]{40}$/.test(revision) ? revision.slice(0, 7) : revision

/** "1 app", "12 apps". */
export const counted = (count: number, one: string, many = `${one}s`): string =>
  `${grouped(count)} ${count === 1 ? one : many}`

/** 12345 → "12,345" */
export const grouped = (count: number): string => String(count).replace(/\B(?=(\d{3})+$)/g, ',')

/** The first day a calendar day began, in UTC. */
export const startOfDay = (at: number): number => Math.floor(at / DAY) * DAY

export const DAY_MS = DAY

/** 7 → "07" */
export const two = (value: number): string => String(value).padStart(2, '0')
