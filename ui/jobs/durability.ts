import type { Database } from '../database/database.ts'

/**
 * One transaction that a crash of the panel cannot lose but a power cut within the next seconds can: it costs no
 * wait for the disk, of which every step of a job would need one. Within another transaction it is part of that.
 */
export const lightly = <Result>(db: Database, work: () => Result): Result =>
  withoutWait(db, () => db.$client.transaction(work).immediate())

/** The same of a single statement, which is a transaction by itself. */
export function withoutWait<Result>(db: Database, work: () => Result): Result {
  const client = db.$client
  if (client.inTransaction) return work()
  // `exec`, for `pragma` takes ten times as long to read the same words.
  client.exec('pragma synchronous = normal')
  try {
    return work()
  } finally {
    client.exec('pragma synchronous = full')
  }
}
