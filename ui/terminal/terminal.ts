/** What a verb on the server's terminal works with: the panel's own data, and where its words go. Never Dokku. */
import type { Readable, Writable } from 'node:stream'
import type { RecordAudit } from '../audit/audit.ts'
import type { Database } from '../database/database.ts'
import type { PageReads } from '../pages.ts'
import type { Settings } from '../settings.ts'
import { visible, visibleLine } from '../web/visible.ts'

export interface Terminal {
  readonly settings: Settings
  readonly version: string
  readonly clock: () => number
  readonly stdin: Readable
  /** For bytes; text goes through `print`. */
  readonly stdout: Writable
  /** Prints text, of which nothing reaches a terminal as a control character. */
  readonly print: (text: string) => void
  /** The database in its newest shape; closed by whoever opened the terminal. */
  readonly open: () => Database
  readonly reads: (db: Database) => PageReads
  readonly audit: (db: Database) => RecordAudit
}

/** Its words after the verb in, when it has said everything out. */
export type Verb = (terminal: Terminal, args: readonly string[]) => Promise<void> | void

/** Something the caller can mend; `exitCode` as Dokku's: 20 where there is no such app. */
export class Refusal extends Error {
  readonly exitCode: number
  constructor(message: string, exitCode = 1) {
    super(message)
    this.exitCode = exitCode
  }
}

export const NO_SUCH_APP = 20

export const printTo =
  (stdout: Writable): Terminal['print'] =>
  (text) =>
    void stdout.write(visible(text))

/** Seconds are enough for a person: 2026-11-03T14:05:09Z */
export const stamp = (at: number): string => `${new Date(at).toISOString().slice(0, 19)}Z`

/** Cells in columns two blanks apart, as Dokku's own lists; the last one runs free. */
export function columns(given: readonly (readonly string[])[]): string {
  const rows = given.map((row) => row.map(visibleLine))
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? []
  return rows
    .map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  '))
    .map((line) => `${line.trimEnd()}\n`)
    .join('')
}

/** One name and its value a line, for the scripts that ask. */
export const facts = (values: Readonly<Record<string, string | number>>): string =>
  Object.entries(values)
    .map(([name, value]) => `${name} ${visibleLine(String(value))}\n`)
    .join('')
