/** Files of the outbox that are not whole yet: when each is read again, and when no end of it is to be hoped for. */

/** What tells whether a file was written to. */
export interface Seen {
  readonly size: number
  readonly mtimeMs: number
}

interface Known {
  readonly seen: Seen
  readonly firstAt: number
  readonly changedAt: number
  readonly delayMs: number
  readonly notBefore: number
}

export interface UnfinishedFiles {
  /** Whether it is to be read now. Until then it counts as unfinished. */
  isDue(name: string, now: number): boolean
  /** It was read and is not whole. Why it is to be given up; null: it is read again. */
  note(name: string, seen: Seen, now: number): string | null
  /** Forgets all but these. */
  keep(names: ReadonlySet<string>): void
  /** Milliseconds until the next one is due; null: none is waited for. */
  nextInMs(now: number): number | null
}

/** A hook writes its file at once, so the first looks come soon; from then on each waits twice as long. */
const FIRST_MS = 15
const SLOWEST_MS = 2000
/** A file that was not written to for so long had its writer killed. */
export const SILENT_MS = 60_000
export const NEVER_FINISHED = 'never finished: its writer was killed or the disk was full'
/** One that is written to all the same and is never whole is none of a hook's. */
const NEVER_MS = 10 * 60_000

/** Times are milliseconds of a clock that is never set back. */
export function unfinishedFiles(): UnfinishedFiles {
  const known = new Map<string, Known>()

  const next = (before: Known | undefined, seen: Seen, now: number): Known => {
    const changed = before?.seen.size !== seen.size || before.seen.mtimeMs !== seen.mtimeMs
    const delayMs = before === undefined || changed ? FIRST_MS : Math.min(before.delayMs * 2, SLOWEST_MS)
    return {
      seen,
      firstAt: before?.firstAt ?? now,
      changedAt: before === undefined || changed ? now : before.changedAt,
      delayMs,
      notBefore: now + delayMs,
    }
  }

  return {
    isDue: (name, now) => now >= (known.get(name)?.notBefore ?? 0),
    note(name, seen, now) {
      const file = next(known.get(name), seen, now)
      known.set(name, file)
      if (now - file.changedAt > SILENT_MS) return NEVER_FINISHED
      return now - file.firstAt > NEVER_MS ? 'written to for minutes and never finished' : null
    },
    keep(names) {
      for (const name of known.keys()) if (!names.has(name)) known.delete(name)
    },
    nextInMs: (now) =>
      known.size === 0
        ? null
        : Math.max(1, Math.min(...[...known.values()].map(({ notBefore }) => notBefore - now))),
  }
}
