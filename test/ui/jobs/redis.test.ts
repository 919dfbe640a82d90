/** What only the driver on Redis can go through. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as bullmq from 'bullmq'
import * as ioredis from 'ioredis'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Database, openDatabase } from '../../../ui/database/database.ts'
import { bullQueue } from '../../../ui/jobs/bullmq.ts'
import type { Queue } from '../../../ui/jobs/queue.ts'
import { jobRows } from '../../../ui/jobs/rows.ts'
import { eventually } from '../../patience.ts'
import { newJob, SUCCEEDED } from './drivers.ts'
import { startRedis } from './redis.ts'

let folder: string
let redis: Awaited<ReturnType<typeof startRedis>>
let db: Database
let queue: Queue
const ran: number[] = []

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'dokkubase-redis-'))
  redis = await startRedis(folder)
  db = openDatabase(':memory:')
  ran.length = 0
  queue = bullQueue(
    db,
    {
      redis: redis.url,
      sweepMs: 300,
      due: () => {},
      work: async ({ job }) => {
        ran.push(job.id)
        return SUCCEEDED
      },
    },
    { bullmq, ioredis },
  )
  await queue.start()
})
afterEach(async () => {
  await queue.close()
  await redis.stop()
  db.$client.close()
  rmSync(folder, { recursive: true })
})

const ask = async (runAt = 0) => {
  const rows = jobRows(db).add([newJob({ runAt })], Date.now())
  await queue.offer(rows)
}
const ranAre = (ids: readonly number[]) => eventually(() => expect(ran).toEqual(ids))

test('a Redis that forgets everything loses no job', async () => {
  await ask(Date.now() + 500)
  await redis.forget()
  await ranAre([1])
})

test('jobs wait for a Redis that is away, and run when it is back, empty', async () => {
  await ask()
  await ranAre([1])
  await redis.stop()
  jobRows(db).add([newJob()], Date.now())
  redis = await startRedis(folder)
  await ranAre([1, 2])
})

test('a service ends though its Redis is gone', async () => {
  await ask()
  await ranAre([1])
  await redis.stop()
  await queue.close()
})

test('nothing of a job but its app is ever in Redis', async () => {
  const rows = jobRows(db).add(
    [
      newJob({
        runAt: Date.now() + 60_000,
        who: 'ada',
        command: 'dokku config:import blog',
        payload: { note: 'private' },
      }),
    ],
    Date.now(),
  )
  await queue.offer(rows)
  const connection = new ioredis.Redis(redis.url)
  const kept = await Promise.all(
    (await connection.keys('*')).map(async (key) => [key, await connection.dumpBuffer(key)] as const),
  )
  await connection.quit()
  const all = kept.map(([key, value]) => `${key} ${value?.toString('latin1')}`).join('\n')
  expect(all).toContain('"app":"blog"')
  for (const word of ['private', 'ada', 'config:import']) expect(all).not.toContain(word)
})
