/**
 * A service of its own that works at a queue: `worker.ts DRIVER DATABASE REDIS DIARY LEASE CONCURRENCY`. Each turn is a line at its
 * beginning and one at its end. The payload is how long it takes in milliseconds, or a file it waits for. The service ends
 * when it is killed.
 */
import { appendFileSync, existsSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { openDatabase } from '../../../ui/database/database.ts'
import { DRIVERS, openQueue, SUCCEEDED } from './drivers.ts'

const [name, file = '', redis = '', diary = '', lease = '1000', concurrency = '6'] = process.argv.slice(2)
const driver = DRIVERS.find((each) => each === name) ?? 'sqlite'
const write = (words: string) => appendFileSync(diary, `${process.pid} ${words}\n`)

const queue = await openQueue(driver, openDatabase(file), redis, {
  leaseMs: Number(lease),
  concurrency: Number(concurrency),
  due: () => {},
  async work({ job, takenUp }) {
    write(`${takenUp ? 'again' : 'begin'} ${job.id} ${job.app}`)
    if (takenUp) return { state: 'interrupted', exitCode: null, reason: 'its service was killed' }
    if (typeof job.payload === 'string') while (!existsSync(job.payload)) await sleep(20)
    else await sleep(Number(job.payload))
    write(`end ${job.id} ${job.app}`)
    return SUCCEEDED
  },
})
await queue.start()
write('ready')
process.once('SIGTERM', () => void queue.close().then(() => process.exit(0)))
