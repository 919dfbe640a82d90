/** What follows when the outbox was deleted: it is made again, and what that cost becomes an event. */
import { type Event, eventId, seenEvent } from '../events/event.ts'
import type { OutboxOptions } from './outbox.ts'

export interface RecoveryOptions {
  /** Makes the folder again; rejects where that cannot be done. */
  remake(): Promise<void>
  record(events: readonly Event[]): void
  /** The folder can be read again: whatever changed meanwhile is read from Dokku. */
  onMended(): void
  onError(error: unknown): void
  /** After a request that failed, milliseconds. */
  readonly retryMs?: number
}

export function outboxRecovery(
  options: RecoveryOptions,
): Required<Pick<OutboxOptions, 'onMissing' | 'onMended'>> {
  const { retryMs = 60_000 } = options
  let notBefore = 0
  return {
    /** Called with every reading that finds no folder. */
    onMissing() {
      if (performance.now() < notBefore) return
      notBefore = performance.now() + retryMs
      options.remake().then(() => {
        notBefore = 0
      }, options.onError)
    },
    onMended(missing) {
      if (missing !== null) options.record([eventsMissed(missing)])
      options.onMended()
    },
  }
}

const eventsMissed = ({ from, to }: { readonly from: number; readonly to: number }): Event =>
  seenEvent({
    id: eventId(to, process.pid, 'outbox'),
    host: 'local',
    trigger: 'events-missed',
    at: to,
    args: [String(from), String(to)],
  })
