/** Turns at jobs, under either driver: begun, kept by a lease, told to end, taken up from a worker that is gone. */

import { messageOf } from '../web/message-of.ts'
import { isGone, workerName } from './identity.ts'
import type { Outcome } from './job.ts'
import { CANCELED, HANDED_OVER, LEASE_MS, LOST, type QueueOptions } from './queue.ts'
import type { JobRows, Settled } from './rows.ts'
import type { JobRow } from './table.ts'

export interface Turns {
  /** Name of this worker in the rows it runs. */
  readonly worker: string
  /** Until when a job claimed now is kept. */
  leaseUntil(): number
  running(): number
  /** Resolves when the turn is over; its end is still to be written. */
  take(job: JobRow, takenUp?: boolean): Promise<Settled>
  /** Jobs of workers that are gone or say nothing, now of this one. */
  takeUp(): JobRow[]
  /** Takes a waiting job away, and tells one that runs here to end. False when it was over. */
  cancel(id: number, by: string): boolean
  /** Keeps the leases until closed; `onLook` is called as often. */
  start(onLook: () => void): void
  /** Tells every turn to hand over, and waits for them. */
  close(): Promise<void>
}

export function turns(
  rows: JobRows,
  { work, onChanged = () => {}, onError = () => {}, now = Date.now, leaseMs = LEASE_MS }: QueueOptions,
): Turns {
  const worker = workerName()
  const running = new Map<number, { controller: AbortController; over: Promise<Settled> }>()
  let timer: NodeJS.Timeout | undefined
  const leaseUntil = () => now() + leaseMs

  const take = async (job: JobRow, takenUp: boolean, signal: AbortSignal): Promise<Settled> => {
    try {
      // Where it stands is no reason to end it: on a full disk it goes on unseen.
      const progress = (words: string) => {
        try {
          const row = rows.progress(job.id, worker, words)
          if (row) onChanged([row])
        } catch (error) {
          onError(error)
        }
      }
      return { job, outcome: await work({ job, takenUp, signal, progress }) }
    } catch (error) {
      onError(error)
      return { job, outcome: broken(error) }
    } finally {
      running.delete(job.id)
    }
  }

  const renew = (): void => {
    const kept = new Map(rows.renew(worker, leaseUntil()).map(({ id, canceledBy }) => [id, canceledBy]))
    for (const [id, { controller }] of running) {
      if (!kept.has(id)) controller.abort(LOST)
      else if (kept.get(id) !== null) controller.abort(CANCELED)
    }
  }

  return {
    worker,
    leaseUntil,
    running: () => running.size,
    take(job, takenUp = false) {
      const controller = new AbortController()
      if (job.canceledBy !== null) controller.abort(CANCELED)
      // Begun in the next microtask, so that it is among those that run before it can be over.
      const over = Promise.resolve().then(() => take(job, takenUp, controller.signal))
      running.set(job.id, { controller, over })
      return over
    },
    takeUp: () =>
      rows
        .others(worker)
        .filter((job) => (job.leaseUntil ?? 0) <= now() || isGone(job.worker))
        .flatMap((job) => rows.takeUp(job, worker, leaseUntil()) ?? []),
    cancel(id, by) {
      const job = rows.cancel(id, by, now())
      if (job === undefined) return false
      running.get(id)?.controller.abort(CANCELED)
      onChanged([job])
      return true
    },
    start(onLook) {
      timer = setInterval(() => {
        try {
          renew()
          onLook()
        } catch (error) {
          onError(error)
        }
      }, leaseMs / 3)
    },
    async close() {
      clearInterval(timer)
      for (const { controller } of running.values()) controller.abort(HANDED_OVER)
      // The lease is kept while they are waited for.
      timer = setInterval(renew, leaseMs / 3)
      await Promise.all([...running.values()].map(({ over }) => over))
      clearInterval(timer)
    },
  }
}

const broken = (error: unknown): Outcome => ({
  state: 'failed',
  exitCode: null,
  reason: messageOf(error),
})
