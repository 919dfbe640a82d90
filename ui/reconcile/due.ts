export interface DueOptions {
  /** When the first thing is due, milliseconds since 1970; Infinity when nothing is. */
  firstAt(): number
  /** Does what is due by now. What becomes due meanwhile may be left for the next time. */
  workThroughDue(): Promise<void>
  now(): number
  onError(error: unknown): void
}

/** Works when something is due, and never twice at once. */
export function working({ firstAt, workThroughDue, now, onError }: DueOptions) {
  const timers: NodeJS.Timeout[] = []
  let work: Promise<void> | undefined
  let wake: NodeJS.Timeout | undefined
  let stopped = false

  const schedule = (): void => {
    const first = firstAt()
    if (stopped || work || first === Number.POSITIVE_INFINITY) return
    clearTimeout(wake)
    wake = setTimeout(begin, Math.max(0, first - now()))
  }

  const begin = (): void => {
    work = workThroughDue()
      .catch(onError)
      .finally(() => {
        work = undefined
        schedule()
      })
  }

  return {
    /** To be called when something became due. */
    schedule,
    /** Does it each so often; 0: never. */
    every(ms: number, task: () => void): void {
      if (ms > 0) timers.push(setInterval(task, ms))
    },
    isStopped: () => stopped,
    /** Resolves when nothing is due or under way. */
    async settled(): Promise<void> {
      while (work || firstAt() < Number.POSITIVE_INFINITY)
        await (work ?? new Promise((resolve) => setTimeout(resolve, 20)))
    },
    async stop(): Promise<void> {
      stopped = true
      for (const timer of timers) clearInterval(timer)
      clearTimeout(wake)
      await work
    },
  }
}

/** One after the other and again from the beginning, also when they become more or fewer; undefined of none. */
export function roundOf(names: () => readonly string[]): () => string | undefined {
  let turn = 0
  return () => {
    const all = names()
    return all[turn++ % Math.max(1, all.length)]
  }
}
