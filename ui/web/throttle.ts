/**
 * Guessing gets slower: a few tries are free, then each one buys a pause that doubles. The pause is set before
 * the try is judged, so a hundred tries at once are one try.
 */
import type { RateLimiterRes } from 'rate-limiter-flexible'
import RateLimiterMemory from 'rate-limiter-flexible/lib/RateLimiterMemory.js'
import { counted as inWords } from './format.ts'

export interface Limits {
  /** Tries before the first pause. */
  readonly free: number
  readonly longestPauseSeconds: number
  /** Maximum keys remembered, those used last: what strangers choose must not fill the memory. */
  readonly keys?: number
}

export type Attempt =
  | {
      readonly allowed: true
      /** This try was no failure: it does not count, and the pause it set is lifted. */
      undo(): Promise<void>
      /** Nor were those before it. */
      forget(): Promise<void>
    }
  | { readonly allowed: false; readonly waitSeconds: number }

export interface Throttle {
  /** Counts one try for this key. It stays counted unless it is undone. */
  attempt(key: string): Promise<Attempt>
}

const FORGOTTEN_AFTER_SECONDS = 60 * 60

export function throttle({ free, longestPauseSeconds, keys = 10_000 }: Limits): Throttle {
  const tries = new RateLimiterMemory({ points: free, duration: FORGOTTEN_AFTER_SECONDS, keyPrefix: 'tries' })
  const pauses = new RateLimiterMemory({ points: 1, duration: 1, keyPrefix: 'pause' })
  /** In the order of last use. */
  const known = new Set<string>()

  const remember = async (key: string) => {
    known.delete(key)
    known.add(key)
    const [oldest = ''] = known
    if (known.size <= keys) return
    known.delete(oldest)
    await Promise.all([tries.delete(oldest), pauses.delete(oldest)])
  }

  return {
    async attempt(key) {
      await remember(key)
      const counted = (await tries.penalty(key)).consumedPoints
      if (counted >= free) {
        const customDuration = Math.min(2 ** (counted - free), longestPauseSeconds)
        const waitSeconds = await pauses.consume(key, 1, { customDuration }).then(() => 0, secondsLeft)
        if (waitSeconds > 0) {
          await tries.reward(key)
          return { allowed: false, waitSeconds }
        }
      }
      return {
        allowed: true,
        async undo() {
          await tries.reward(key)
          await pauses.delete(key)
        },
        async forget() {
          await tries.delete(key)
          await pauses.delete(key)
        },
      }
    },
  }
}

/** What somebody reads who must wait, wherever they tried. */
export const waitWords = (seconds: number): string =>
  `Wait ${seconds < 60 ? inWords(seconds, 'second') : inWords(Math.ceil(seconds / 60), 'minute')}, then try again`

export const WHY_WAIT = 'Several tries failed. Each further failure makes the wait longer.'

const secondsLeft = (refusal: RateLimiterRes): number => Math.max(1, Math.ceil(refusal.msBeforeNext / 1000))
