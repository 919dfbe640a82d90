import { isEnvironment } from '../database/environment.ts'
import type { Event, RecordedEvent } from '../events/event.ts'
import { messageOf } from '../web/message-of.ts'

/** What became of a batch, wherever it came from: the folder or `POST /events`. */
export interface Taken {
  readonly recorded: number
  /** Events the journal would not take, with the reason. Every other event of the batch is safe to forget. */
  readonly refused: readonly { readonly id: string; readonly reason: string }[]
}

/**
 * Records a batch. One event that cannot be recorded must not hold up all others, so a batch that fails is
 * tried one by one; a full disk or a locked database is nobody's fault and is thrown: all wait.
 */
export function take(
  events: readonly Event[],
  record: (events: readonly Event[]) => readonly RecordedEvent[],
): Taken {
  if (events.length === 0) return { recorded: 0, refused: [] }
  try {
    return { recorded: record(events).length, refused: [] }
  } catch (error) {
    if (isEnvironment(error)) throw error
    const [first] = events
    if (events.length === 1 && first)
      return { recorded: 0, refused: [{ id: first.id, reason: messageOf(error) }] }
    const each = events.map((event) => take([event], record))
    return {
      recorded: each.reduce((sum, { recorded }) => sum + recorded, 0),
      refused: each.flatMap(({ refused }) => refused),
    }
  }
}
