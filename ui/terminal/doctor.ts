/**
 * `doctor`: the checks that only the panel's own user can make. One line each: `ok TEXT`, or `wrong TEXT` with a
 * tab and what to type. `dokku dokkubase:doctor` prints them beside its own.
 */
import { spawnSync } from 'node:child_process'
import { accessSync, constants, readdirSync, statfsSync, statSync } from 'node:fs'
import { SERVER } from '../config/config.ts'
import { GLOBAL } from '../config/owner.ts'
import { SWITCH } from '../config/reserved.ts'
import { DokkuError } from '../dokku/dokku.ts'
import { gateAt } from '../dokku/gate.ts'
import { localDokku } from '../dokku/local.ts'
import { reservedHere } from '../reserved.ts'
import { counted } from '../web/format.ts'
import { messageOf } from '../web/message-of.ts'
import { visibleLine } from '../web/visible.ts'
import { Refusal, type Terminal, type Verb } from './terminal.ts'

type Check = readonly ['ok', text: string] | readonly ['wrong', text: string, mend: string]

const NEEDED_BYTES = 500 * 1024 * 1024
/** An event waits no longer than the service needs to read it. */
const TOO_LONG_MS = 60_000
const INSTALL = 'sudo dokku plugin:install'

export const doctor: Verb = async (terminal, args) => {
  if (args.length > 0) throw new Refusal(`Not understood: ${args.join(' ')}`)
  const checks: Check[] = []
  for (const check of [gate, database, outbox, setAside, logs, room]) checks.push(await check(terminal))
  for (const [state, text, mend] of [...checks, ...config(terminal)]) {
    const told = [text, ...(mend === undefined ? [] : [mend])].map(visibleLine).join('\t')
    terminal.print(`${state} ${told}\n`)
  }
}

/** One real command on the way every other takes: what sudo would allow says nothing of what lies behind it. */
const gate = async ({ settings }: Terminal): Promise<Check> => {
  const { gate, gateUser, dokku, dokkuLibRoot } = settings
  if (gateUser !== null && spawnSync('sudo', ['-n', '-l', '-u', gateUser, '--', gate]).status !== 0)
    return [
      'wrong',
      'sudo does not let the panel reach Dokku: /etc/sudoers.d/dokkubase',
      `sudo visudo -c; ${INSTALL}`,
    ]
  try {
    await localDokku({ gate: gateAt({ script: gate, user: gateUser, dokku, dokkuLibRoot }) }).run(['version'])
    return ['ok', 'The panel reaches Dokku']
  } catch (error) {
    const reason = error instanceof DokkuError ? error.said || error.message : messageOf(error)
    return ['wrong', `Dokku does not answer the panel: ${reason}`, INSTALL]
  }
}

const database = ({ open }: Terminal): Check => {
  try {
    const found = open().$client.pragma('quick_check(1)', { simple: true })
    return found === 'ok'
      ? ['ok', 'The database is whole']
      : ['wrong', `The database is damaged: ${found}`, 'dokku dokkubase:restore <a backup>']
  } catch (error) {
    return [
      'wrong',
      `The database cannot be opened: ${messageOf(error)}`,
      'dokku dokkubase:restore <a backup>',
    ]
  }
}

const outbox = ({ settings, clock }: Terminal): Check => {
  try {
    accessSync(settings.outbox, constants.R_OK | constants.W_OK | constants.X_OK)
  } catch (error) {
    return ['wrong', `The outbox cannot be read and emptied: ${messageOf(error)}`, INSTALL]
  }
  const late = readdirSync(settings.outbox).filter(
    (name) => Number(name.slice(0, 10)) * 1000 < clock() - TOO_LONG_MS,
  ).length
  return late === 0
    ? ['ok', 'Events are recorded as they happen']
    : ['wrong', `${counted(late, 'event')} waiting for longer than a minute`, 'dokku dokkubase:restart']
}

const setAside = ({ settings }: Terminal): Check => {
  const folder = `${settings.data}/set-aside`
  const count = filesOf(folder).length
  return count === 0
    ? ['ok', 'Every event could be read']
    : ['wrong', `${counted(count, 'event')} that could not be read: set aside`, `ls ${folder}`]
}

/** Dokku leaves them readable for all; an umask or a chmod of somebody's may have changed that. */
const logs = ({ settings }: Terminal): Check => {
  const folder = `${settings.dokkuLibRoot}/data/builds`
  try {
    const closed = readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .map((name) => `${folder}/${name}`)
      .find((file) => !isReadable(file))
    return closed === undefined
      ? ['ok', 'Build logs can be read']
      : ['wrong', `A build log cannot be read: ${closed}`, `sudo chmod -R o+rX ${folder}`]
  } catch (error) {
    if (messageOf(error).includes('ENOENT')) return ['ok', 'Nothing was built yet']
    return ['wrong', `Build logs cannot be read: ${messageOf(error)}`, `sudo chmod -R o+rX ${folder}`]
  }
}

const room = ({ settings }: Terminal): Check => {
  const { bavail, bsize } = statfsSync(settings.data)
  const megabytes = Math.floor((bavail * bsize) / 1024 / 1024)
  return bavail * bsize >= NEEDED_BYTES
    ? ['ok', `${megabytes} MB are free for the database`]
    : ['wrong', `Only ${megabytes} MB are free for the database`, `df -h ${settings.data}`]
}

/** Keys that Dokku or its programs obey, of apps and of the server: whoever set them, and before they were known. */
const config = ({ settings, open, reads }: Terminal): readonly Check[] => {
  const known = readable(() => reads(open()))
  // That the database cannot be read is told already.
  if (known === null) return []
  const reasonOf = reservedHere(settings, known.reports)()
  const isAllowed = known.reports.server('allowed')?.body.includes(SWITCH) === true
  const owners = [
    ...known.apps.all().filter(({ destroyedAt }) => destroyedAt === null),
    { id: SERVER, name: GLOBAL },
  ]
  const found = owners.flatMap(({ id, name }): readonly Check[] => {
    const keys = known.config
      .ofApp(id)
      .filter(({ key, change }) => change === 'set' && !['dokku', null].includes(reasonOf(key)))
      .map(({ key }) => key)
      .join(' ')
    if (keys === '') return []
    const text = `${name} has config that Dokku or its programs on the server obey: ${keys}`
    return isAllowed
      ? [['ok', `${text}; root allows it`]]
      : [['wrong', text, `dokku config:unset --no-restart ${name} ${keys}`]]
  })
  return found.length > 0
    ? found
    : [['ok', 'No app has config that Dokku or its programs on the server obey']]
}

function readable<Found>(read: () => Found): Found | null {
  try {
    return read()
  } catch {
    return null
  }
}

function isReadable(file: string): boolean {
  try {
    const folder = statSync(file).isDirectory()
    accessSync(file, folder ? constants.R_OK | constants.X_OK : constants.R_OK)
    return true
  } catch (error) {
    // Dokku prunes while we look
    return messageOf(error).includes('ENOENT')
  }
}

function filesOf(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}
