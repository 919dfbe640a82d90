/** How long a sign-in lasts, and what a list of sessions says about each. */

const DAY = 24 * 60 * 60 * 1000

/** A session ends so long after sign-in, however much it is used … */
export const LONGEST_MS = 30 * DAY
/** … and so long after it was last used. */
export const IDLE_MS = 7 * DAY
/** Being seen is written at most this often: pages re-request themselves many times a minute. */
const SEEN_EVERY_MS = 60_000

export interface SessionTimes {
  readonly lastSeenAt: number
  readonly expiresAt: number
}

export const isOver = ({ lastSeenAt, expiresAt }: SessionTimes, now: number): boolean =>
  now >= expiresAt || now >= lastSeenAt + IDLE_MS

export const isDueToBeSeen = ({ lastSeenAt }: SessionTimes, now: number): boolean =>
  now >= lastSeenAt + SEEN_EVERY_MS

const BROWSERS: readonly (readonly [RegExp, string])[] = [
  [/\bEdg(e|A|iOS)?\//, 'Edge'],
  [/\bOPR\/|\bOpera\b/, 'Opera'],
  [/\bSamsungBrowser\//, 'Samsung Internet'],
  [/\bFirefox\/|\bFxiOS\//, 'Firefox'],
  [/Chrom(e|ium)\/|\bCriOS\//, 'Chrome'],
  [/\bSafari\//, 'Safari'],
  [/^curl\//, 'curl'],
]

const SYSTEMS: readonly (readonly [RegExp, string])[] = [
  [/\biPhone\b/, 'iPhone'],
  [/\biPad\b/, 'iPad'],
  [/\bAndroid\b/, 'Android'],
  [/\bWindows\b/, 'Windows'],
  [/\bCrOS\b/, 'ChromeOS'],
  [/\bMac OS X\b|\bMacintosh\b/, 'macOS'],
  [/\bLinux\b|\bX11\b/, 'Linux'],
]

/** "Firefox on Linux"; what the browser says of itself where neither is known. */
export function device(userAgent: string): string {
  const browser = BROWSERS.find(([pattern]) => pattern.test(userAgent))?.[1]
  const system = SYSTEMS.find(([pattern]) => pattern.test(userAgent))?.[1]
  if (browser !== undefined && system !== undefined) return `${browser} on ${system}`
  return browser ?? system ?? (userAgent.slice(0, 60) || 'Unknown device')
}
