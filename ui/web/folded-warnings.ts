import { messageOf } from './message-of.ts'

/** `repeats`: how often the same was met since it was last logged; left out where it was not. */
interface Found {
  readonly err: unknown
  readonly type: string
  readonly repeats?: number
}

const MOST_KNOWN = 100
const EVERY_MS = 600_000

/**
 * Keeps what fails again and again from filling the log: an error is logged in full when it is first met, and then once
 * per interval with the number of repeats. Errors are the same when their type and message are.
 */
export function foldedWarnings(warn: (found: Found) => void, now: () => number, everyMs = EVERY_MS) {
  const known = new Map<string, { loggedAt: number; repeats: number }>()
  return (type: string, err: unknown): void => {
    const key = `${type} ${messageOf(err)}`
    const before = known.get(key)
    if (before !== undefined && now() - before.loggedAt < everyMs) {
      before.repeats += 1
      return
    }
    known.delete(key)
    known.set(key, { loggedAt: now(), repeats: 0 })
    const [oldest] = known.keys()
    if (known.size > MOST_KNOWN && oldest !== undefined) known.delete(oldest)
    const repeats = before?.repeats ?? 0
    warn({ err, type, ...(repeats > 0 && { repeats }) })
  }
}
