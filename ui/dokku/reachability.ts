/** Whether Dokku answers this panel, judged by the commands the panel runs anyway. */
import { type Command, type Dokku, DokkuError, NO_SUCH_APP } from './dokku.ts'

/** Why no command works. `since`: milliseconds since 1970. */
export interface Unreachable {
  readonly since: number
  readonly reason: string
}

export interface ReachabilityOptions {
  readonly dokku: Dokku
  now(): number
  /** Reachable again, or no longer. */
  onChange(unreachable: Unreachable | null): void
  /** Between two probes while Dokku does not answer, milliseconds: doubled from the first to the second. */
  readonly retryMs?: readonly [first: number, most: number]
  /** At most one probe in this time while Dokku answers, milliseconds: single commands may fail for reasons of their own. */
  readonly probeEveryMs?: number
}

export interface Reachability {
  /** The same Dokku, observed. */
  readonly dokku: Dokku
  /** Null while Dokku answers, or where no command has failed yet. */
  status(): Unreachable | null
  stop(): void
}

const PROBE: Command = ['version']

/**
 * A command that succeeds, or that Dokku itself refuses for want of the app, proves that Dokku answers. Any other failure
 * is looked into with one `dokku version`, since a report may fail where Dokku is well. While that fails, it is repeated.
 */
export function reachability(options: ReachabilityOptions): Reachability {
  const { dokku, now, onChange, retryMs: [first, most] = [2000, 60_000], probeEveryMs = 10_000 } = options
  let unreachable: Unreachable | null = null
  let probing = false
  let probedAt = Number.NEGATIVE_INFINITY
  let timer: NodeJS.Timeout | undefined
  let delay = first
  let stopped = false

  const answered = () => {
    delay = first
    clearTimeout(timer)
    if (unreachable === null) return
    unreachable = null
    onChange(null)
  }

  const failed = (error: unknown) => {
    const reason = error instanceof DokkuError ? error.said || error.message : String(error)
    if (unreachable?.reason !== reason) {
      unreachable = { since: unreachable?.since ?? now(), reason }
      onChange(unreachable)
    }
    if (stopped) return
    clearTimeout(timer)
    timer = setTimeout(() => void probe(), delay)
    delay = Math.min(delay * 2, most)
  }

  const probe = async () => {
    if (probing || stopped) return
    probing = true
    probedAt = performance.now()
    try {
      await dokku.run(PROBE)
      answered()
    } catch (error) {
      failed(error)
    } finally {
      probing = false
    }
  }

  const observe = (error: unknown) => {
    if (error instanceof DokkuError && error.exitCode === NO_SUCH_APP) return answered()
    if (unreachable === null && performance.now() - probedAt >= probeEveryMs) void probe()
  }

  return {
    dokku: {
      async run(command, limits) {
        try {
          const output = await dokku.run(command, limits)
          answered()
          return output
        } catch (error) {
          observe(error)
          throw error
        }
      },
      follow: (command) => dokku.follow(command),
    },
    status: () => unreachable,
    stop() {
      stopped = true
      clearTimeout(timer)
    },
  }
}
