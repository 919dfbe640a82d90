/** A cause of failure that tools name in words of their own, and what usually helps. Pure. */
import type { FailedStep } from '../deployment.ts'

export interface Cause {
  /** Two or three words: "lock file". */
  readonly kind: string
  /**
   * Each matches one line as `bareLine` leaves it, of at most 2,000 characters. What repeats begins at `^` or has a
   * bound: a pattern that may begin anywhere and goes to the end takes the square of the line's length.
   */
  readonly when: readonly RegExp[]
  /** What usually helps, one or two sentences. `APP` stands for the app's name. Empty where only the line helps. */
  readonly hint: string | ((about: About) => string)
  /** Of several lines, one that decides is the reason before any other, one that only sums up after all others. */
  readonly weight?: 'decides' | 'sums up'
  /** Only for failures of these steps (null: after the app was live); all without. */
  readonly steps?: readonly (FailedStep | null)[]
}

/** What a hint is told of the failure. */
export interface About {
  readonly step: FailedStep | null
  readonly reason: string
  /** The line that matched. */
  readonly line: string
}

/** Steps in which the app's own code runs. */
export const RUNS: readonly (FailedStep | null)[] = ['release', 'predeploy', 'checks', 'crash at start', null]
export const BUILDS: readonly (FailedStep | null)[] = ['build']
