/**
 * The driver on Redis. What it keeps there are hints: "it may be this app's turn". Which of the app's jobs that is,
 * and that no other runs, SQLite decides when the hint is taken, so an emptied Redis loses nothing.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Job, Worker } from 'bullmq'
import type { Database } from '../database/database.ts'
import { lightly } from './durability.ts'
import { CONCURRENCY, LEASE_MS, type Queue, type QueueOptions } from './queue.ts'
import { jobRows, type Settled } from './rows.ts'
import { schedules } from './schedules.ts'
import type { JobRow } from './table.ts'
import { turns } from './turns.ts'
import { appsOf } from './two-apps.ts'

export interface BullOptions extends QueueOptions {
  readonly redis: string
  /** Name of the queue in Redis; two panels on one Redis need two. */
  readonly name?: string
  /** Hints that were lost are found missing within this time. */
  readonly sweepMs?: number
}

/** Loaded only where there is a Redis: together they are larger than the panel. */
export interface Libraries {
  readonly bullmq: Pick<typeof import('bullmq'), 'Queue' | 'Worker'>
  readonly ioredis: Pick<typeof import('ioredis'), 'Redis'>
}

/** The app of a job; null: the server. */
interface Hint {
  readonly app: string | null
}

const SWEEP_MS = 30_000
/** A Redis that does not answer keeps no service from ending. */
const PATIENCE_MS = 3000
const HINT = 'hint'
const DUE = 'due'

export function bullQueue(db: Database, options: BullOptions, { bullmq, ioredis }: Libraries): Queue {
  const { redis, due, name = 'dokkubase-jobs', sweepMs = SWEEP_MS, now = Date.now } = options
  const { onChanged = () => {}, onError = () => {} } = options
  const { concurrency = CONCURRENCY, leaseMs = LEASE_MS } = options
  const rows = jobRows(db)
  const times = schedules(db)
  const going = turns(rows, options)
  const connect = () => new ioredis.Redis(redis, { maxRetriesPerRequest: null }).on('error', onError)
  const [asking, working] = [connect(), connect()]
  const hints = new bullmq.Queue<Hint>(name, {
    connection: asking,
    defaultJobOptions: { removeOnComplete: true, removeOnFail: true },
  })
  hints.on('error', onError)
  const taken: Promise<void>[] = []
  let worker: Worker<Hint, readonly Hint['app'][]> | undefined
  let sweep: NodeJS.Timeout | undefined
  let isClosed = false

  const hint = ({ id, attempts, app, priority, runAt, state }: JobRow) => ({
    name: HINT,
    data: { app },
    opts: {
      // A second one of the same name is none, so telling again is harmless.
      jobId: `job-${id}-${attempts}`,
      priority,
      delay: state === 'delayed' ? Math.max(0, runAt - now()) : 0,
    },
  })

  const tell = async (all: readonly JobRow[]): Promise<void> => {
    if (all.length > 0 && !isClosed) await hints.addBulk(all.map(hint))
  }

  /** What may come next of apps that have just become free. */
  const follow = (apps: readonly Hint['app'][]): Promise<void> =>
    tell(apps.flatMap((app) => rows.head(app) ?? []))

  const turn = async (job: JobRow, takenUp = false): Promise<void> => {
    onChanged([job])
    const end: Settled = await going.take(job, takenUp)
    const settled = lightly(db, () => rows.settle(end, going.worker, now()))
    if (settled === undefined) return
    onChanged([settled])
    if (settled.state === 'delayed') await tell([settled])
  }

  /** Says which apps may be free now. */
  const take = async ({ name: what, data, repeatJobKey }: Job<Hint>): Promise<readonly Hint['app'][]> => {
    if (isClosed) return []
    if (what === DUE) {
      fire(repeatJobKey ?? '')
      return []
    }
    const at = now()
    const claimed = lightly(db, () => {
      rows.promote(at)
      return rows.claimIn(data.app, going.worker, going.leaseUntil(), at)
    })
    if (claimed === undefined) return [data.app]
    if (claimed.mostAttempts === 1) rows.renew(going.worker, going.leaseUntil())
    await turn(claimed)
    return appsOf(claimed)
  }

  const fire = (schedule: string): void => {
    const row = times.named(schedule)
    if (row === undefined) return
    lightly(db, () => {
      times.passed(schedule, row.pattern, now())
      due(schedule)
    })
  }

  const takeUp = (): void => {
    for (const job of going.takeUp()) {
      const over = turn(job, true)
        .then(() => follow(appsOf(job)))
        .catch(onError)
      taken.push(over)
    }
  }

  const tellAll = async (): Promise<void> => {
    await tell(rows.pending())
    for (const { name: schedule, pattern } of times.all())
      await hints.upsertJobScheduler(schedule, { pattern }, { name: DUE, data: { app: null } })
  }

  return {
    async start() {
      worker = new bullmq.Worker<Hint, readonly Hint['app'][]>(name, take, {
        connection: working,
        concurrency,
        // A hint that came back is only a hint, so it may as often as it likes.
        maxStalledCount: 1_000_000,
        lockDuration: Math.max(leaseMs, 1000),
        stalledInterval: Math.max(leaseMs, 1000),
      })
      worker.on('error', onError)
      // Not before: until it is removed, another hint of the same name is none.
      worker.on('completed', (_, free) => void follow(free).catch(onError))
      worker.on('failed', (hinted) => {
        if (hinted?.name === HINT) follow([hinted.data.app]).catch(onError)
      })
      going.start(takeUp)
      sweep = setInterval(() => tellAll().catch(onError), sweepMs)
      takeUp()
      tellAll().catch(onError)
    },
    offer: tell,
    cancel: async (id, by) => going.cancel(id, by),
    async schedule(schedule, pattern) {
      await hints.upsertJobScheduler(schedule, { pattern }, { name: DUE, data: { app: null } })
    },
    async unschedule(schedule) {
      await hints.removeJobScheduler(schedule)
    },
    running: going.running,
    async close() {
      isClosed = true
      clearInterval(sweep)
      await going.close()
      await Promise.all(taken)
      const closed = Promise.all([worker?.close(), hints.close()])
      closed.catch(onError)
      await Promise.race([closed, sleep(PATIENCE_MS)])
      asking.disconnect()
      working.disconnect()
    },
  }
}
