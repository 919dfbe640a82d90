import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, rmSync } from 'node:fs'
import type { Commands } from './dispatch.ts'
import { goJson } from './go.ts'
import { parseOptions } from './options.ts'
import { lockOf } from './place.ts'
import {
  alive,
  endRecord,
  type ListedRecord,
  listed,
  logOf,
  prune,
  readRecord,
  recordNamed,
  records,
} from './record.ts'
import { report } from './report.ts'
import { columns, info } from './speech.ts'
import { appNamed, Refused, refuse, type World } from './world.ts'

const KINDS = ['build', 'deploy']
const STATUSES = ['running', 'succeeded', 'failed', 'canceled', 'abandoned']

export const commands: Commands = {
  builds: list,
  'builds:list': list,
  'builds:info'(world, args) {
    const { values, rest } = parseOptions('builds:info', args, { values: ['format'] })
    checkFormat(values.format)
    const app = appNamed(world, rest[0])
    if (rest[1] === undefined) throw refuse('Please specify a build id')
    const build = listed(world, recordNamed(world, app.name, rest[1]))
    if (values.format === 'json') world.out(`${goJson(build)}\n`)
    else world.out(columns(details(build)))
  },
  'builds:output'(world, args) {
    const app = appNamed(world, args[0])
    const id = args[1] === undefined || args[1] === 'current' ? current(world, app.name) : args[1]
    if (id === null) return
    const record = readRecord(world, app.name, id)
    const log = logOf(world, app.name, id)
    if (!existsSync(log)) return
    if (record?.status === 'running' && alive(record.pid)) follow(log)
    else world.bytes(readFileSync(log))
  },
  'builds:cancel': cancel,
  'builds:prune'(world, args) {
    const { flags, rest } = parseOptions('builds:prune', args, { flags: ['all-apps'] })
    const names = flags.has('all-apps') ? world.state.apps() : [appNamed(world, rest[0]).name]
    for (const name of names) prune(world, name)
  },
  'builds:report': report('builds'),
}

function list(world: World, args: readonly string[]) {
  const { values, rest } = parseOptions('builds:list', args, { values: ['format', 'kind', 'status'] })
  checkFormat(values.format)
  checkOneOf('kind', values.kind, KINDS)
  checkOneOf('status', values.status, STATUSES)
  const matches = (build: ListedRecord) =>
    (values.kind ?? build.kind) === build.kind &&
    (values.status ?? build.display_status) === build.display_status
  const json = values.format === 'json'
  if (rest[0] === undefined) return listRunning(world, json, matches)
  const app = appNamed(world, rest[0])
  const builds = records(world, app.name)
    .map((record) => listed(world, record))
    .filter(matches)
    .sort((a, b) => Number(b.display_status === 'running') - Number(a.display_status === 'running'))
  if (json) return world.out(`${goJson(builds)}\n`)
  if (builds.length === 0) return world.out('No builds recorded for this app\n')
  const header = ['Build ID', 'Kind', 'Status', 'PID', 'Source', 'Started', 'Duration']
  const rows = builds.map((b) => [
    b.id,
    b.kind,
    b.display_status,
    String(b.pid),
    b.source,
    started(b),
    b.duration,
  ])
  world.out(columns([header, ...rows]))
}

/** Every app's records that say "running", those whose process is long gone as well. */
function listRunning(world: World, json: boolean, matches: (build: ListedRecord) => boolean) {
  const builds = world.state
    .apps()
    .flatMap((name) => records(world, name))
    .filter(({ status }) => status === 'running')
    .map((record) => listed(world, record))
    .filter(matches)
    .sort((a, b) => (a.started_at < b.started_at ? 1 : -1))
  if (json) return world.out(`${goJson(builds)}\n`)
  if (builds.length === 0) return world.out('No builds currently running\n')
  const header = ['App', 'Build ID', 'Kind', 'PID', 'Source', 'Started']
  world.out(
    columns([header, ...builds.map((b) => [b.app, b.id, b.kind, String(b.pid), b.source, started(b)])]),
  )
}

/** Ends the process group of the build that holds the lock and marks its record; no trigger tells of it. */
function cancel(world: World, args: readonly string[]) {
  const app = appNamed(world, args[0])
  const id = current(world, app.name)
  if (id === null) return
  const file = lockOf(world.place, app.name)
  const record = readRecord(world, app.name, id)
  if (record === null) {
    info(world, `No build record for ${id}, removing stale lock file`)
    return rmSync(file, { force: true })
  }
  if (record.status !== 'running')
    return info(world, `Build ${id} is no longer running (status=${record.status}); leaving record untouched`)
  if (alive(record.pid)) {
    info(world, 'Killing app deploy')
    process.kill(-groupOf(record.pid), 'SIGQUIT')
    endRecord(world, recordNamed(world, app.name, id), 'canceled', -1)
  } else {
    info(world, 'Build was already terminated, marking failed')
    endRecord(world, record, 'failed', -1)
  }
  rmSync(file, { force: true })
}

/** Id of the build that holds, or last held, the lock. */
function current(world: World, app: string): string | null {
  const file = lockOf(world.place, app)
  if (!existsSync(file)) {
    info(world, 'App not currently deploying')
    return null
  }
  const id = readFileSync(file, 'utf8').trim()
  if (id === '') info(world, 'No matching app deploy found')
  return id === '' ? null : id
}

/** Fifth field of /proc/PID/stat, counted after the name, which may hold anything. */
function groupOf(pid: number): number {
  const stat = `/proc/${pid}/stat`
  if (!existsSync(stat)) return pid
  const content = readFileSync(stat, 'utf8')
  return Number(content.slice(content.lastIndexOf(')') + 2).split(' ')[2])
}

function follow(log: string): never {
  const { status } = spawnSync('tail', ['-n', '1000', '-f', log], { stdio: 'inherit' })
  throw new Refused(status ?? 1)
}

function checkFormat(format = 'stdout'): void {
  if (format !== 'stdout' && format !== 'json')
    throw refuse('Invalid format specified, supported formats: json, stdout')
}

function checkOneOf(flag: string, value: string | undefined, allowed: readonly string[]): void {
  if (value !== undefined && !allowed.includes(value))
    throw refuse(`Invalid --${flag} value "${value}" (allowed: ${allowed.join(', ')})`)
}

const started = (build: ListedRecord): string => `${build.started_at.slice(0, 19)}Z`

const details = (build: ListedRecord): string[][] => [
  ['Build ID:', build.id],
  ['App:', build.app],
  ['Kind:', build.kind],
  ['Status:', build.display_status],
  ['PID:', String(build.pid)],
  ['Source:', build.source],
  ['Started:', started(build)],
  ...(build.finished_at === undefined ? [] : [['Finished:', `${build.finished_at.slice(0, 19)}Z`]]),
  ['Duration:', build.duration],
  ...(build.exit_code === undefined ? [] : [['Exit Code:', String(build.exit_code)]]),
  ['Log:', build.log_path],
]
