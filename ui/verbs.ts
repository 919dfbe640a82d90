/** The verbs of `dokku dokkubase:*` that need the panel's own data. */
import { mkdirSync } from 'node:fs'
import { recordAudit } from './audit/table.ts'
import { type Database, openDatabase } from './database/database.ts'
import { pageReads } from './pages.ts'
import type { Settings } from './settings.ts'
import { backup } from './terminal/backup.ts'
import { deployments } from './terminal/deployments.ts'
import { doctor } from './terminal/doctor.ts'
import { erase } from './terminal/erase.ts'
import { events } from './terminal/events.ts'
import { login } from './terminal/login.ts'
import { migrate } from './terminal/migrate.ts'
import { report } from './terminal/report.ts'
import { receive, restore } from './terminal/restore.ts'
import { printTo, Refusal, type Verb } from './terminal/terminal.ts'
import { lookup } from './web/lookup.ts'
import { messageOf } from './web/message-of.ts'
import { visible } from './web/visible.ts'

/** What `host/panel` runs for the subcommands of the same names; each prints and ends. */
const VERBS = lookup<Verb>({
  login,
  migrate,
  report,
  events,
  deployments,
  backup,
  receive,
  restore,
  doctor,
  erase,
})

export const VERB_NAMES: readonly string[] = [...VERBS.keys()]
export const isVerb = (word: string): boolean => VERBS.has(word)

/** Runs one verb to its end. What it refuses is printed, with the exit code it asks for. */
export async function runVerb(
  verb: string,
  words: readonly string[],
  { settings, version }: { readonly settings: Settings; readonly version: string },
): Promise<void> {
  // Nobody has to read to the end; a backup that was not taken to the end is none.
  process.stdout.on('error', () => process.exit(verb === 'backup' ? 1 : 0))
  process.umask(0o077)
  mkdirSync(settings.data, { recursive: true, mode: 0o700 })
  let db: Database | undefined
  const terminal = {
    settings,
    version,
    clock: Date.now,
    stdin: process.stdin,
    stdout: process.stdout,
    print: printTo(process.stdout),
    open() {
      db ??= openDatabase(`${settings.data}/dokkubase.db`)
      return db
    },
    reads: pageReads,
    audit: (db: Database) => recordAudit({ db, clock: Date.now }),
  }
  try {
    await VERBS.get(verb)?.(terminal, words)
  } catch (error) {
    process.stderr.write(visible(` !     ${messageOf(error)}\n`))
    process.exitCode = error instanceof Refusal ? error.exitCode : 1
  } finally {
    db?.$client.close()
    process.stdin.destroy()
  }
}
