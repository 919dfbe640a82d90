/** The two drivers, each opened as the panel opens it, and jobs to give them. */
import type { Database } from '../../../ui/database/database.ts'
import { driver as driverOf } from '../../../ui/jobs/driver.ts'
import type { Outcome } from '../../../ui/jobs/job.ts'
import type { Queue, QueueOptions } from '../../../ui/jobs/queue.ts'
import type { NewJob } from '../../../ui/jobs/rows.ts'

export const DRIVERS = ['sqlite', 'bullmq'] as const
export type DriverName = (typeof DRIVERS)[number]

/** `redis` is of no interest to the embedded one. */
export async function openQueue(
  name: DriverName,
  db: Database,
  redis: string,
  options: QueueOptions,
): Promise<Queue> {
  const open = await driverOf(db, name === 'sqlite' ? null : redis)
  return open(options)
}

export const SUCCEEDED: Outcome = { state: 'succeeded', exitCode: 0, reason: '' }
export const FAILED: Outcome = { state: 'failed', exitCode: 1, reason: 'it said no' }

export const newJob = (job: Partial<NewJob> = {}): NewJob => ({
  kind: 'restart',
  app: 'blog',
  accountId: 1,
  who: 'ada',
  payload: { app: 'blog' },
  command: 'ps:restart blog',
  input: false,
  priority: 10,
  runAt: 0,
  mostAttempts: 1,
  backoffMs: 0,
  retryOf: null,
  schedule: null,
  ...job,
})
