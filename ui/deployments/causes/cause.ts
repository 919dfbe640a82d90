/** A cause of failure that tools name in words of their own, and what usually helps. Pure. */
import type { FailedStep } from '../deployment.ts'

export interface Cause {
  /** Two or three words: "lock file". */
  readonly kind: string
  /**
   * Match one line of at most 2,000 characters, without prefixes (see `unprefixed`). Repetitions are bounded or begin
   * at `^`: an unbounded one that may begin anywhere takes the square of the line's length.
   */
  readonly when: readonly RegExp[]
  /** What usually helps, one or two sentences. `APP` stands for the app's name. */
  readonly hint: string | ((input: HintInput) => string)
  /** `primary`: the reason wherever it stands. `summary`: the reason only where no other line names a cause. */
  readonly weight?: 'primary' | 'summary'
  /** Only for failures of these steps (null: after the app was live); all without. */
  readonly steps?: readonly (FailedStep | null)[]
}

/** The failure that a hint is for. */
export interface HintInput {
  readonly step: FailedStep | null
  readonly reason: string
  /** The line that matched. */
  readonly line: string
}

/** Steps in which the app's own code runs. */
export const RUNS: readonly (FailedStep | null)[] = ['release', 'predeploy', 'checks', 'crash at start', null]
export const BUILDS: readonly (FailedStep | null)[] = ['build']
