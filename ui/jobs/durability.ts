import type { Database } from '../database/database.ts'

/**
 * One transaction that a crash of the panel cannot lose but a power cut within the next seconds can: it costs no
 * wait for the disk, of which every step of a job would need one. Within another transaction it is part of that.
 */
export function lightly<T>(db: Database, work: () => T): T {
  const client = db.$client
  if (client.inTransaction) return work()
  client.pragma('synchronous = NORMAL')
  try {
    return client.transaction(work).immediate()
  } finally {
    client.pragma('synchronous = FULL')
  }
}
