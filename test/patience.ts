import { expect, vi } from 'vitest'

/** How long a busy machine may take for anything, in milliseconds: a guard against what hangs, and no promise. */
export const PATIENCE_MS = 120_000

/** Waits until the check does not throw, and answers with what it answers. */
export const eventually = <Answer>(check: () => Answer | Promise<Answer>): Promise<Answer> =>
  vi.waitFor(check, { timeout: PATIENCE_MS, interval: 20 })

/** Far more than linear work needs on any machine, and far less than work that grows with the square of its input. */
const LINEAR_US = 10_000_000

/** That the work, done at once on a large and hostile input, is linear: by the time on the processor, not on the clock. */
export function expectLinear(work: () => unknown): void {
  const began = process.threadCpuUsage()
  work()
  expect(process.threadCpuUsage(began).user).toBeLessThan(LINEAR_US)
}
