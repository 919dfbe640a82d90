import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { Queue, Worker } from 'bullmq'
import { Redis } from 'ioredis'
import { type Database, openDatabase } from '../../ui/database/database.ts'
import type { Queue as OurQueue } from '../../ui/jobs/queue.ts'
import { jobRows } from '../../ui/jobs/rows.ts'
import { sqliteQueue } from '../../ui/jobs/sqlite.ts'
import { newJob, SUCCEEDED } from '../ui/jobs/drivers.ts'
import { startRedis } from '../ui/jobs/redis.ts'
import type { Place } from './place.ts'
import { aSecond, type Row, row } from './table.ts'
import { median, takingTurns, timed } from './times.ts'

const COUNT = 2000
const ROUNDS = 5
/** As many at once as the panel runs. */
const CONCURRENCY = 4

/** The embedded queue beside plain BullMQ on a Redis of its own, which writes nothing to the disk. */
export async function jobs(place: Place): Promise<readonly Row[]> {
  const folder = place.folder('jobs')
  mkdirSync(folder, { recursive: true })
  const redis = await startRedis(folder)
  const db = openDatabase(join(folder, 'dokkubase.db'))
  const theirs = bull(redis.url)
  const ours = embedded(db)
  try {
    // A first round of each is not counted.
    for (const one of [theirs, ours]) {
      await one.addEach()
      await one.work()
    }
    const [their = [], our = [], theirAtOnce = [], ourAtOnce = [], theirWork = [], ourWork = []] =
      await measured(theirs, ours)
    const rate = (times: readonly number[]) => COUNT / (median(times) / 1000)
    const line = (work: string, floor: readonly number[], mine: readonly number[]) =>
      row(work, aSecond, { floor: rate(floor), ours: rate(mine), rate: true, aim: { times: 1 } })
    return [
      line('a job asked for, one by one (floor: BullMQ)', their, our),
      line('  all in one go', theirAtOnce, ourAtOnce),
      line('a job claimed, run and ended, four at once', theirWork, ourWork),
    ]
  } finally {
    await theirs.close()
    await redis.stop()
    db.$client.close()
  }
}

interface Measured {
  addEach(): Promise<void>
  addAtOnce(): Promise<void>
  /** Until nothing is left of what was added. */
  work(): Promise<void>
  close(): Promise<void>
}

async function measured(theirs: Measured, ours: Measured): Promise<readonly number[][]> {
  const both = [theirs, ours]
  const each = await takingTurns(
    ROUNDS,
    both.map((one) => () => timed(() => one.addEach())),
  )
  for (const one of both) await one.work()
  const atOnce: number[][] = [[], []]
  const work: number[][] = [[], []]
  for (let round = 0; round < ROUNDS; round += 1)
    for (const [index, one] of both.entries()) {
      atOnce[index]?.push(await timed(() => one.addAtOnce()))
      work[index]?.push(await timed(() => one.work()))
    }
  return [...each, ...atOnce, ...work]
}

function bull(url: string): Measured {
  const connection = new Redis(url, { maxRetriesPerRequest: null })
  const queue = new Queue('bench', { connection, defaultJobOptions: { removeOnComplete: true } })
  let left = 0
  const add = (index: number) => ({ name: 'restart', data: { app: `app-${index}` } })
  return {
    async addEach() {
      for (let index = 0; index < COUNT; index += 1) {
        const { name, data } = add(index)
        await queue.add(name, data)
      }
      left += COUNT
    },
    async addAtOnce() {
      await queue.addBulk(Array.from({ length: COUNT }, (_, index) => add(index)))
      left += COUNT
    },
    async work() {
      const own = connection.duplicate()
      const worker = new Worker('bench', async () => {}, {
        connection: own,
        concurrency: CONCURRENCY,
        autorun: false,
      })
      await new Promise<void>((resolve) => {
        worker.on('completed', () => {
          left -= 1
          if (left === 0) resolve()
        })
        worker.run().catch(() => {})
      })
      await worker.close(true)
      own.disconnect()
    },
    async close() {
      await queue.close()
      connection.disconnect()
    },
  }
}

/**
 * Jobs of apps of their own. Like a job in Redis, one added so outlives a crash but not a power cut; the panel adds it
 * with its line in the audit trail, which waits for the disk. What may not run twice waits for it before it begins.
 */
function embedded(db: Database): Measured {
  const rows = jobRows(db)
  let left = 0
  const add = (index: number) => newJob({ app: `app-${index}`, mostAttempts: 2 })
  return {
    async addEach() {
      for (let index = 0; index < COUNT; index += 1) rows.add([add(index)], Date.now())
      left += COUNT
    },
    async addAtOnce() {
      rows.add(
        Array.from({ length: COUNT }, (_, index) => add(index)),
        Date.now(),
      )
      left += COUNT
    },
    async work() {
      let queue: OurQueue | undefined
      await new Promise<void>((resolve, reject) => {
        queue = sqliteQueue(db, {
          concurrency: CONCURRENCY,
          work: async () => SUCCEEDED,
          due: () => {},
          onError: reject,
          onChanged(changed) {
            left -= changed.filter(({ endedAt }) => endedAt !== null).length
            if (left === 0) resolve()
          },
        })
        queue.start().catch(reject)
      })
      await queue?.close()
    },
    async close() {},
  }
}
