/** The embedded driver: the rows themselves are the queue. */
import type { Database } from '../database/database.ts'
import { lightly } from './durability.ts'
import { CONCURRENCY, LEASE_MS, type Queue, type QueueOptions } from './queue.ts'
import { jobRows, type Settled } from './rows.ts'
import { schedules } from './schedules.ts'
import type { JobRow } from './table.ts'
import { turns } from './turns.ts'

/**
 * Everything that became due in one turn of the event loop is one transaction: ends are written, times that have come
 * are noted and free places given away. Another process on the same database is noticed by looking now and then.
 */
export function sqliteQueue(db: Database, options: QueueOptions): Queue {
  const { due, now = Date.now, onChanged = () => {}, onError = () => {} } = options
  const { concurrency = CONCURRENCY, leaseMs = LEASE_MS } = options
  const rows = jobRows(db)
  const times = schedules(db)
  const going = turns(rows, options)
  let ended: Settled[] = []
  let state: 'new' | 'open' | 'closed' = 'new'
  let asked = false
  let timer: NodeJS.Timeout | undefined

  const soon = (): void => {
    if (asked || state !== 'open') return
    asked = true
    setImmediate(() => {
      asked = false
      if (state !== 'open') return
      try {
        pump()
      } catch (error) {
        onError(error)
        timer = setTimeout(soon, leaseMs / 3)
      }
    })
  }

  const claim = (at: number): JobRow[] => {
    const claimed: JobRow[] = []
    while (going.running() + claimed.length < concurrency) {
      const job = rows.claim(going.worker, going.leaseUntil(), at)
      if (job === undefined) break
      claimed.push(job)
    }
    return claimed
  }

  const pump = (): void => {
    const at = now()
    const [settled, claimed] = lightly(db, () => {
      const settled = ended.flatMap((one) => rows.settle(one, going.worker, at) ?? [])
      if (state !== 'open') return [settled, []]
      for (const name of times.takeDue(at)) due(name)
      rows.promote(at)
      return [settled, claim(at)]
    })
    ended = []
    // What must not run twice is on the disk before it begins: a commit that waits takes those before it along.
    if (claimed.some(({ mostAttempts }) => mostAttempts === 1)) rows.renew(going.worker, going.leaseUntil())
    for (const job of claimed) begin(job)
    wakeAt(rows.nextTime())
    if (settled.length + claimed.length > 0) onChanged([...settled, ...claimed])
  }

  const begin = (job: JobRow, takenUp = false): void => {
    void going.take(job, takenUp).then((end) => {
      ended.push(end)
      soon()
    })
  }

  const wakeAt = (at: number | null): void => {
    clearTimeout(timer)
    if (state === 'open' && at !== null)
      timer = setTimeout(soon, Math.min(Math.max(at - now(), 0), LONGEST_TIMER))
  }

  const look = (): void => {
    for (const job of going.takeUp()) begin(job, true)
    soon()
  }

  return {
    async start() {
      state = 'open'
      going.start(look)
      look()
    },
    async offer() {
      soon()
    },
    cancel: async (id, by) => going.cancel(id, by),
    async schedule() {
      soon()
    },
    async unschedule() {},
    running: going.running,
    async close() {
      state = 'closed'
      clearTimeout(timer)
      await going.close()
      pump()
    },
  }
}

const LONGEST_TIMER = 2 ** 31 - 1
