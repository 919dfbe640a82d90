import { fileURLToPath } from 'node:url'
import SQLite from 'better-sqlite3'
import { type BetterSQLite3Database, drizzle } from 'drizzle-orm/better-sqlite3'
import { migrate } from 'drizzle-orm/better-sqlite3/migrator'

export type Database = BetterSQLite3Database & { readonly $client: SQLite.Database }

const MIGRATIONS = fileURLToPath(new URL('migrations', import.meta.url))

/**
 * SQLite plans a statement anew at each run if a bound value may change the plan, which takes longer than most of our
 * statements themselves. `+?` is the same value, but one it does not plan by.
 */
class PlannedOnce extends SQLite {
  override prepare<Values extends unknown[] | object = unknown[], Row = unknown>(source: string) {
    return super.prepare<Values, Row>(source.replace(/(= |limit )\?/g, '$1+?'))
  }
}

/**
 * Opens the database and brings it to the newest schema. `path` is a file or `:memory:`.
 * WAL with synchronous=FULL: an event's file is removed from the outbox right after the commit, so the commit
 * must be on the disk by then. Events come in batches, so this costs one fdatasync a batch, not one an event.
 */
export function openDatabase(path: string, migrations = MIGRATIONS): Database {
  const client = new PlannedOnce(path)
  client.pragma('journal_mode = WAL')
  client.pragma('synchronous = FULL')
  client.pragma('foreign_keys = ON')
  client.pragma('busy_timeout = 5000')
  // 4 MB of pages, not the driver's 16: the system keeps the file in memory anyway, and does so once.
  client.pragma('cache_size = -4000')
  const database = drizzle({ client })
  migrate(database, { migrationsFolder: migrations })
  return database
}
