/** The running logs that somebody looks at, by app. */
import type { Dokku } from '../dokku/dokku.ts'
import { type Tail, type TailOptions, tail } from './tail.ts'

export interface Tails {
  /** The app's tail; it runs while somebody watches it. */
  of(app: string): Tail
  /** Begins it, so that its first lines are on their way before the page asks for them. */
  warm(app: string): void
  /** The app was deployed: its tail, if it runs, follows the new containers. */
  deployed(app: string): void
  /** How many run. */
  running(): number
  close(): void
}

const DEFAULTS: Omit<TailOptions, 'dokku' | 'run' | 'now'> = {
  before: 200,
  remembered: { lines: 2000, characters: 1024 * 1024 },
  graceMs: 5000,
  retryMs: 1000,
  slowestMs: 30_000,
}

/** How many apps' lines are remembered after everybody left, so that a tab shown again goes on where it was. */
const REMEMBERED_TAILS = 20
/** A deploy says several times that it is live. */
const SETTLE_MS = 300

export function tails({
  dokku,
  now = Date.now,
  ...options
}: { readonly dokku: Pick<Dokku, 'follow'>; readonly now?: () => number } & Partial<
  Omit<TailOptions, 'dokku' | 'run' | 'now'>
>): Tails {
  const known = new Map<string, Tail>()
  const settling = new Map<string, NodeJS.Timeout>()
  const started = now().toString(36)
  let count = 0

  const of = (app: string): Tail => {
    const found = known.get(app)
    // The order of the map is the order of last use.
    known.delete(app)
    count += found ? 0 : 1
    const used = found ?? tail(app, { ...DEFAULTS, ...options, dokku, now, run: `${started}r${count}` })
    known.set(app, used)
    for (const [name, other] of known) {
      if (known.size <= REMEMBERED_TAILS) break
      if (other.idle() && other !== used) known.delete(name)
    }
    return used
  }

  return {
    of,
    warm: (app) => of(app).watch(() => {})(),
    deployed(app) {
      if (!known.has(app)) return
      clearTimeout(settling.get(app))
      const restart = () => {
        settling.delete(app)
        known.get(app)?.restart()
      }
      settling.set(app, setTimeout(restart, SETTLE_MS))
    },
    running: () => [...known.values()].filter((one) => !one.idle()).length,
    close() {
      for (const timer of settling.values()) clearTimeout(timer)
      for (const one of known.values()) one.stop()
      known.clear()
    },
  }
}
