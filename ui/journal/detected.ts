/**
 * The one way into the journal for what the panel detects by itself. Nothing that is recorded may be the cause of the
 * next detection; where it is after all, or where Docker tells of the same thing again and again, this bounds it.
 */
import { type Event, eventId, seenEvent } from '../events/event.ts'
import type { Journal } from './journal.ts'

export interface DetectedOptions {
  readonly record: Journal['record']
  /** Told once an hour of each thing that is detected too often. */
  onLimit(trigger: string, app: string): void
  /** Milliseconds since 1970. */
  now(): number
  /** Milliseconds since some time, never set back. */
  readonly clock?: () => number
}

/** Events of one kind about one app that are recorded in a minute. */
export const DETECTED_A_MINUTE = 20
const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS

/** Of builds each is a thing of its own: after a long absence one app may have hundreds. */
const OF_A_BUILD: ReadonlySet<string> = new Set(['build-ended', 'build-seen'])

const subjectOf = ({ host, trigger, args: [app = '', build = ''] }: Event): string =>
  JSON.stringify(OF_A_BUILD.has(trigger) ? [host, trigger, app, build] : [host, trigger, app])

/** The same as `record`, for at most so many events a minute; an event says where one was left out. */
export function detected(options: DetectedOptions): Journal['record'] {
  const { record, onLimit, now, clock = () => performance.now() } = options
  const recent = new Map<string, readonly number[]>()
  const saidAt = new Map<string, number>()
  let limits = 0

  const limited = ({ host, trigger, args: [app = ''] }: Event): Event => {
    limits += 1
    const id = eventId(now(), process.pid, `limit-${limits}`)
    return seenEvent({ id, host, trigger: 'detection-limited', at: now(), args: [app, trigger] })
  }

  const forget = (at: number): void => {
    for (const [subject, times] of recent) if (Math.max(...times) <= at - MINUTE_MS) recent.delete(subject)
    for (const [subject, time] of saidAt) if (time <= at - HOUR_MS) saidAt.delete(subject)
  }

  return (events, andThen) => {
    const at = clock()
    forget(at)
    const counted = new Map<string, readonly number[]>()
    const cut = new Map<string, Event>()
    const kept = events.filter((event) => {
      const subject = subjectOf(event)
      const times =
        counted.get(subject) ?? (recent.get(subject) ?? []).filter((time) => time > at - MINUTE_MS)
      if (times.length < DETECTED_A_MINUTE) return counted.set(subject, [...times, at])
      if (!saidAt.has(subject)) cut.set(subject, event)
      return false
    })
    const recorded = record([...kept, ...[...cut.values()].map(limited)], andThen)
    // What could not be recorded counts for nothing.
    for (const [subject, times] of counted) recent.set(subject, times)
    for (const [subject, { trigger, args }] of cut) {
      saidAt.set(subject, at)
      onLimit(trigger, args[0] ?? '')
    }
    return recorded
  }
}
