import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { goDuration } from './clock.ts'
import { buildsOf } from './place.ts'
import { refuse, type World } from './world.ts'

/** Dokku's record of one build, as it lies on disk: data/builds/APP/ID.json beside the log ID.log. */
export interface Record {
  readonly id: string
  readonly app: string
  readonly kind: 'build' | 'deploy'
  readonly pid: number
  readonly started_at: string
  readonly finished_at?: string
  readonly status: 'running' | 'succeeded' | 'failed' | 'canceled'
  readonly source: string
  readonly exit_code?: number
}

export interface ListedRecord extends Record {
  readonly display_status: Record['status'] | 'abandoned'
  readonly duration: string
  readonly log_path: string
}

/** Sources that make a new image; the others deploy the image there is. */
const BUILDS = ['git-hook', 'ps:rebuild', 'git:sync', 'git:from-archive', 'git:from-image', 'git:load-image']
const RETENTION = 20

export const newRecord = (world: World, app: string, id: string, source: string): Record => ({
  id,
  app,
  kind: BUILDS.includes(source) ? 'build' : 'deploy',
  pid: world.pid(),
  started_at: goTime(world),
  status: 'running',
  source,
})

/** Eight base-36 digits of the time, six of chance: sorts by time. */
export function newBuildId(world: World): string {
  const time = Math.floor(world.clock.now()).toString(36).padStart(8, '0')
  const chance = Array.from({ length: 6 }, () => Math.floor(world.random() * 36).toString(36)).join('')
  return `${time}${chance}`
}

export const logOf = (world: World, app: string, id: string): string =>
  join(buildsOf(world.place, app), `${id}.log`)

/** Written beside and renamed into place, so that nobody reads half a record. */
export function writeRecord(world: World, record: Record): void {
  const folder = buildsOf(world.place, record.app)
  mkdirSync(folder, { recursive: true })
  const file = join(folder, `${record.id}.json`)
  writeFileSync(`${file}.tmp`, JSON.stringify(record, null, 2))
  const at = world.clock.now() / 1000
  utimesSync(`${file}.tmp`, at, at)
  renameSync(`${file}.tmp`, file)
}

export function readRecord(world: World, app: string, id: string): Record | null {
  const file = join(buildsOf(world.place, app), `${id}.json`)
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : null
}

/** Newest first. */
export function records(world: World, app: string): Record[] {
  const folder = buildsOf(world.place, app)
  if (!existsSync(folder)) return []
  const files = readdirSync(folder).filter((file) => file.endsWith('.json'))
  const read = files.map((file): Record => JSON.parse(readFileSync(join(folder, file), 'utf8')))
  return read.sort((a, b) => (a.started_at < b.started_at ? 1 : -1))
}

/** Sets the outcome of a record that still runs; one that has ended is left alone. */
export function endRecord(world: World, record: Record, status: Record['status'], exitCode: number): void {
  if (record.status !== 'running') return
  writeRecord(world, {
    id: record.id,
    app: record.app,
    kind: record.kind,
    pid: record.pid,
    started_at: record.started_at,
    finished_at: goTime(world),
    status,
    source: record.source,
    exit_code: exitCode,
  })
}

/** Builds whose process is gone become failed / -1; then the newest 20 ended ones stay, with those still alive. */
export function prune(world: World, app: string): void {
  for (const record of records(world, app))
    if (record.status === 'running' && !alive(record.pid)) endRecord(world, record, 'failed', -1)
  if (!world.forgets) return
  const ended = records(world, app).filter((record) => record.status !== 'running')
  const kept = Number(world.state.app(app)?.properties['builds.retention'] || RETENTION)
  for (const { id } of ended.slice(kept)) {
    rmSync(join(buildsOf(world.place, app), `${id}.json`), { force: true })
    rmSync(logOf(world, app, id), { force: true })
  }
}

export const listed = (world: World, record: Record): ListedRecord => ({
  ...record,
  display_status: record.status === 'running' && !alive(record.pid) ? 'abandoned' : record.status,
  duration: goDuration(
    (record.finished_at === undefined ? world.clock.now() : Date.parse(record.finished_at)) -
      Date.parse(record.started_at),
  ),
  log_path: logOf(world, record.app, record.id),
})

/** A process of another user is alive too. */
export function alive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

/** Go's RFC3339Nano: nanoseconds without the zeros at the end. */
function goTime(world: World): string {
  const now = world.clock.now()
  const micros = String(Math.floor(world.random() * 1_000_000)).padStart(6, '0')
  const iso = new Date(now).toISOString()
  return `${iso.slice(0, -1)}${micros}`.replace(/0+$/, '').concat('Z')
}

/** The named build or Dokku's word that there is none. */
export function recordNamed(world: World, app: string, id: string): Record {
  const record = readRecord(world, app, id)
  if (record === null) throw refuse(`No build record found for ${app}/${id}`)
  return record
}
