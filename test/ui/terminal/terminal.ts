/** A verb on a terminal of its own: what it is asked, what it says. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough, Readable } from 'node:stream'
import { afterEach } from 'vitest'
import { recordAudit } from '../../../ui/audit/table.ts'
import { type Database, openDatabase } from '../../../ui/database/database.ts'
import { pageReads } from '../../../ui/pages.ts'
import { readSettings } from '../../../ui/settings.ts'
import { printTo, type Terminal, type Verb } from '../../../ui/terminal/terminal.ts'
import { NOW } from '../story/seed.ts'

const made: string[] = []
const opened: Database[] = []
afterEach(() => {
  for (const db of opened.splice(0)) db.$client.close()
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true, force: true })
})

export const place = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'dokkubase-terminal-'))
  made.push(folder)
  return folder
}

export interface Seat {
  readonly data?: string
  /** What is read instead of the file in `data`. */
  readonly db?: Database
  readonly stdin?: Readable
  readonly clock?: () => number
  /** The executable that is Dokku; left out: one that answers. */
  readonly dokku?: string
}

export function seat({ data = place(), db, stdin = Readable.from([]), clock = () => NOW, dokku }: Seat) {
  const stdout = new PassThrough({ highWaterMark: 1 << 26 })
  const keep = (db: Database) => {
    opened.push(db)
    return db
  }
  let own: Database | undefined
  const terminal: Terminal = {
    settings: readSettings({
      DOKKUBASE_DATA: data,
      DOKKU_LIB_ROOT: data,
      DOKKUBASE_ORIGIN: 'https://panel.example.com',
      DOKKU: dokku ?? join(import.meta.dirname, 'dokku'),
    }),
    version: '1.2.3',
    clock,
    stdin,
    stdout,
    print: printTo(stdout),
    open() {
      own ??= db ?? keep(openDatabase(`${data}/dokkubase.db`))
      return own
    },
    reads: pageReads,
    audit: (db) => recordAudit({ db, clock }),
  }
  const taken: Buffer[] = []
  stdout.on('data', (chunk: Buffer) => taken.push(chunk))
  return {
    data,
    terminal,
    said: () => Buffer.concat(taken),
    async run(verb: Verb, ...words: string[]): Promise<string> {
      await verb(terminal, words)
      await new Promise(setImmediate)
      return Buffer.concat(taken).toString()
    },
    /** As a process that ends closes what it opened. */
    end() {
      own?.$client.close()
    },
  }
}
