export interface FoldedWarningsOptions {
  /** `repeats`: how often the same was met since it was last logged. */
  warn(error: unknown, type: string, repeats: number): void
  now(): number
  /** The same error is logged once in this time, milliseconds. */
  readonly everyMs?: number
}

const MOST_KNOWN = 100

/**
 * Keeps what fails again and again from filling the log: an error is logged in full when it is first met, and then once
 * per interval with the number of repeats. Errors are the same when their type and message are.
 */
export function foldedWarnings({ warn, now, everyMs = 600_000 }: FoldedWarningsOptions) {
  const known = new Map<string, { loggedAt: number; repeats: number }>()
  return (type: string, error: unknown): void => {
    const key = `${type} ${error instanceof Error ? error.message : String(error)}`
    const before = known.get(key)
    if (before !== undefined && now() - before.loggedAt < everyMs) {
      before.repeats += 1
      return
    }
    known.delete(key)
    known.set(key, { loggedAt: now(), repeats: 0 })
    const [oldest] = known.keys()
    if (known.size > MOST_KNOWN && oldest !== undefined) known.delete(oldest)
    warn(error, type, before?.repeats ?? 0)
  }
}
