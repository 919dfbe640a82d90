/**
 * A panel that can serve no page any more ends, so that its supervisor starts it again. The check is a request of the
 * panel's own, so no visitor's bad requests make it fail.
 */
export interface SelfCheckOptions {
  /** Rejects when no page can be served. One that has not settled when the next is due counts as failed. */
  check(): Promise<void>
  /** Called for each failed check. */
  onFailed(error: unknown): void
  /** Called once, after `failures` failed checks in a row. */
  onBroken(): void
  readonly everyMs?: number
  readonly failures?: number
}

export function selfCheck({ check, onFailed, onBroken, everyMs = 15_000, failures = 4 }: SelfCheckOptions) {
  let timer: NodeJS.Timeout | undefined
  let failed = 0
  let pending = false

  const settle = (error?: { readonly reason: unknown }) => {
    failed = error === undefined ? 0 : failed + 1
    if (error !== undefined) onFailed(error.reason)
    if (failed < failures) return
    clearInterval(timer)
    onBroken()
  }
  const run = async () => {
    if (pending) return settle({ reason: new Error('the last check has not ended') })
    pending = true
    try {
      await check()
      pending = false
      settle()
    } catch (reason) {
      pending = false
      settle({ reason })
    }
  }

  return {
    start() {
      timer = setInterval(() => void run(), everyMs).unref()
    },
    stop: () => clearInterval(timer),
  }
}
