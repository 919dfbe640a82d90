/** A database file somebody hands in: whether it is one of ours, whole, and not newer than this version. */
import { closeSync, openSync, readSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import SQLite from 'better-sqlite3'
import { readMigrationFiles } from 'drizzle-orm/migrator'
import { messageOf } from '../web/message-of.ts'
import { openDatabase } from './database.ts'

const MIGRATIONS = fileURLToPath(new URL('migrations', import.meta.url))
const SQLITE = 'SQLite format 3\0'

/** Says why the file cannot be used, or null. Brings it to the newest schema, to see that this works. */
export function reasonAgainst(path: string, migrations = MIGRATIONS): string | null {
  if (!isDatabase(path)) return 'it is not a database'
  try {
    return damage(path) ?? otherVersion(path, migrations) ?? otherShape(path, migrations)
  } catch (error) {
    return `it cannot be read: ${messageOf(error)}`
  }
}

/** By its first bytes: SQLite itself may remove what lies beside a file that it cannot read. */
export function isDatabase(path: string): boolean {
  const beginning = Buffer.alloc(SQLITE.length)
  const file = openSync(path, 'r')
  readSync(file, beginning, 0, beginning.length, 0)
  closeSync(file)
  return beginning.toString('latin1') === SQLITE
}

/** How many steps of the schema a database has taken. */
export const schemaOf = (client: SQLite.Database): number =>
  Number(client.prepare('select count(*) from __drizzle_migrations').pluck().get())

function damage(path: string): string | null {
  return reading(path, (client) => {
    const found = client.pragma('integrity_check(1)', { simple: true })
    return found === 'ok' ? null : `it is damaged: ${found}`
  })
}

function otherVersion(path: string, migrations: string): string | null {
  return reading(path, (client) => {
    const known = readMigrationFiles({ migrationsFolder: migrations })
    const tables = client.prepare("select name from sqlite_schema where type = 'table'").pluck().all()
    if (!tables.includes('__drizzle_migrations') || !tables.includes('events'))
      return 'it is not a backup of Dokkubase'
    const taken = client.prepare('select hash from __drizzle_migrations order by created_at').pluck().all()
    if (taken.length > known.length) return 'it comes from a newer Dokkubase; upgrade this one first'
    const same = taken.every((hash, step) => hash === known[step]?.hash)
    return same ? null : 'its schema is not one that Dokkubase ever had'
  })
}

/** A trigger or view of somebody else's would run as soon as the panel reads. */
function otherShape(path: string, migrations: string): string | null {
  const shape = (file: string) => {
    const { $client } = openDatabase(file, migrations)
    const parts = $client
      .prepare("select type, name, sql from sqlite_schema where name not like 'sqlite\\_%' escape '\\'")
      .all()
      .map((part) => JSON.stringify(part))
    // Out of WAL mode: whoever only reads the file then leaves nothing beside it
    $client.pragma('journal_mode = DELETE')
    $client.close()
    return parts.sort().join('\n')
  }
  return shape(path) === shape(':memory:') ? null : 'its tables are not those of Dokkubase'
}

function reading<T>(path: string, read: (client: SQLite.Database) => T): T {
  const client = new SQLite(path, { readonly: true, fileMustExist: true })
  try {
    // Nothing that a schema of somebody else's brings along may run
    client.pragma('trusted_schema = OFF')
    client.pragma('cell_size_check = ON')
    return read(client)
  } finally {
    client.close()
  }
}
