/** Time as one run of `dokku` sees it. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number
  /** Lets the recorded time pass. */
  wait(seconds: number): Promise<void>
  /** How long something of so many recorded seconds goes on after this run of `dokku`, in milliseconds. */
  after(seconds: number): number
  /** How long until somebody else does something, in milliseconds: no speed makes cron come at once. */
  later(seconds: number): number
}

/** The wall clock. `speed` 1 is the recorded pace, 10 ten times that, 0 doesn't wait at all; `slowness` stretches it. */
export function wallClock(speed: number, slowness: () => number): Clock {
  const after = (seconds: number) => (speed === 0 ? 0 : (seconds * 1000 * slowness()) / speed)
  return {
    now: Date.now,
    wait: (seconds) =>
      speed === 0 ? Promise.resolve() : new Promise((resolve) => setTimeout(resolve, after(seconds))),
    after,
    later: (seconds) => (seconds * 1000) / (speed || 1),
  }
}

/** Whatever was going on when a moving clock reached its end. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted'
}

/** A clock that stands at `start` and moves only by waiting, up to `end`; `pace` stretches the recorded time. */
export function movingClock(start: number, pace = 1, end = Number.POSITIVE_INFINITY): Clock {
  let now = start
  return {
    now: () => now,
    async wait(seconds) {
      now = Math.min(end, now + seconds * 1000 * pace)
      if (now === end) throw new Interrupted()
    },
    after: () => 0,
    later: () => 0,
  }
}

/** Go's time.Duration rounded to seconds: 44s, 1m41s, 1h2m3s. */
export function goDuration(ms: number): string {
  const total = Math.max(0, Math.round(ms / 1000))
  const hours = Math.floor(total / 3600)
  const minutes = Math.floor((total % 3600) / 60)
  const seconds = `${total % 60}s`
  if (hours > 0) return `${hours}h${minutes}m${seconds}`
  return minutes > 0 ? `${minutes}m${seconds}` : seconds
}
