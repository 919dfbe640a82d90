/** The driver that was asked for. */
import type { Database } from '../database/database.ts'
import { bullQueue } from './bullmq.ts'
import type { Queue, QueueOptions } from './queue.ts'
import { sqliteQueue } from './sqlite.ts'

/** `redis` is its address, null where there is none: then nothing of what speaks to it is even loaded. */
export async function driver(db: Database, redis: string | null): Promise<(options: QueueOptions) => Queue> {
  if (redis === null) return (options) => sqliteQueue(db, options)
  const libraries = await import('./libraries.ts')
  return (options) => bullQueue(db, { ...options, redis }, libraries)
}
