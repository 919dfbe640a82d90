/**
 * `receive` takes a backup from stdin and checks it beside the database in use; `restore` then puts it in its
 * place. Two steps, since only the second one needs the service stopped.
 */
import { createWriteStream, existsSync, linkSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import SQLite from 'better-sqlite3'
import { signEverybodyOut } from '../accounts/restored.ts'
import { isDatabase, reasonAgainst } from '../database/received.ts'
import { exact } from '../web/format.ts'
import { facts, Refusal, stamp, type Terminal, type Verb } from './terminal.ts'

export const receive: Verb = async ({ settings, stdin, print }, args) => {
  if (args.length > 0) throw new Refusal(`Not understood: ${args.join(' ')}`)
  const file = received(settings)
  mkdirSync(settings.data, { recursive: true, mode: 0o700 })
  drop(file)
  await pipeline(stdin, createWriteStream(file, { mode: 0o600, flags: 'wx' }))
  const reason = reasonAgainst(file)
  if (reason !== null) {
    drop(file)
    throw new Refusal(`This backup cannot be restored: ${reason}. Nothing was changed`)
  }
  print(facts(contentsOf(file)))
}

export const restore: Verb = ({ settings, open, audit, clock, print }, args) => {
  if (args.length > 0) throw new Refusal(`Not understood: ${args.join(' ')}`)
  const file = received(settings)
  if (!existsSync(file))
    throw new Refusal('There is no backup to restore: type dokku dokkubase:restore <file>')
  const kept = setAside(settings, clock())
  renameSync(file, database(settings))
  const db = open()
  db.transaction(() => {
    signEverybodyOut(db)
    audit(db)({
      who: '',
      action: 'backup restored',
      by: { ip: '', userAgent: 'main.js restore' },
      after: { newest: exact(newestOf(db.$client)) },
    })
  })
  if (kept !== null) print(`${kept}\n`)
}

type Place = Pick<Terminal['settings'], 'data'>
const database = ({ data }: Place) => `${data}/dokkubase.db`
const received = ({ data }: Place) => `${data}/received.db`

/** Keeps the database in use under another name; it stays where it is until the other one takes its place. */
function setAside(place: Place, now: number): string | null {
  const old = database(place)
  if (!existsSync(old)) return null
  const folder = `${place.data}/backups`
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const kept = `${folder}/before-restore-${stamp(now).replaceAll(':', '')}.db`
  const whole = foldIn(old)
  linkSync(old, kept)
  for (const part of whole ? [] : ['-wal', '-shm'])
    if (existsSync(old + part)) renameSync(old + part, kept + part)
  return kept
}

/**
 * Brings what stands in the WAL into the file and leaves that mode, which SQLite does only for the last one who has
 * it open. A database too damaged for that is kept as it lies; whoever restores may do so because of it.
 */
function foldIn(file: string): boolean {
  if (!isDatabase(file)) return false
  try {
    const client = new SQLite(file, { timeout: 2000 })
    try {
      client.pragma('journal_mode = DELETE')
    } finally {
      client.close()
    }
    return true
  } catch (error) {
    if (error instanceof SQLite.SqliteError && error.code.startsWith('SQLITE_BUSY'))
      throw new Refusal('The panel runs and has its database open: type dokku dokkubase:stop')
    return false
  }
}

function contentsOf(file: string) {
  const client = new SQLite(file, { readonly: true })
  try {
    const of = (table: string) => Number(client.prepare(`select count(*) from ${table}`).pluck().get())
    const newest = newestOf(client)
    return {
      events: of('events'),
      deployments: of('deployments'),
      accounts: of('accounts'),
      newest: newest === 0 ? 'never' : stamp(newest),
    }
  } finally {
    client.close()
  }
}

const newestOf = (client: SQLite.Database): number =>
  Number(client.prepare('select coalesce(max(at), 0) from events').pluck().get())

function drop(file: string): void {
  for (const part of ['', '-wal', '-shm', '-journal']) rmSync(file + part, { force: true })
}
