import { vi } from 'vitest'

/** How long a busy machine may take for anything, in milliseconds: a guard against what hangs, and no promise. */
export const PATIENCE_MS = 120_000

/** Waits until the check does not throw, and answers with what it answers. */
export const eventually = <Answer>(check: () => Answer | Promise<Answer>): Promise<Answer> =>
  vi.waitFor(check, { timeout: PATIENCE_MS, interval: 20 })
