import { setTimeout as sleep } from 'node:timers/promises'

export interface CloseAllOptions {
  onError(step: string, error: unknown): void
  /** Time for all steps together, in milliseconds: less than the supervisor waits before it kills the process. */
  readonly timeoutMs?: number
}

/** Runs the steps one after the other; one that throws, rejects or hangs keeps no later one from being started. */
export async function closeAll(
  steps: readonly (readonly [name: string, close: () => unknown])[],
  { onError, timeoutMs = 15_000 }: CloseAllOptions,
): Promise<void> {
  const deadline = performance.now() + timeoutMs
  for (const [name, close] of steps) {
    const timeout = new AbortController()
    const expired = async () => {
      await sleep(Math.max(1, deadline - performance.now()), undefined, { signal: timeout.signal })
      throw new Error(`not closed within ${timeoutMs} ms`)
    }
    try {
      await Promise.race([(async () => close())(), expired()])
    } catch (error) {
      onError(name, error)
    } finally {
      timeout.abort()
    }
  }
}
