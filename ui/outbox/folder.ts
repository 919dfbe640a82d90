import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  renameSync,
  rmSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { type Event, MAX_EVENT_BYTES, parseEventFile } from '../events/event.ts'
import { NEVER_FINISHED, type Seen, SILENT_MS } from './unfinished.ts'

/** What one file of the outbox turned out to be. */
export type FileRead =
  | { readonly kind: 'event'; readonly event: Event; readonly bytes: number }
  | { readonly kind: 'unfinished'; readonly seen: Seen }
  | { readonly kind: 'broken'; readonly reason: string }
  | { readonly kind: 'vanished' }

/** Names in the folder, oldest event first. A missing folder is an error that says what it costs. */
export function listEvents(folder: string): string[] {
  try {
    return readdirSync(folder).sort()
  } catch (error) {
    if (isCode(error, 'ENOENT'))
      throw new Error(`the outbox ${folder} is missing: nothing Dokku does is recorded`, { cause: error })
    throw error
  }
}

/** Of a folder that is not there nothing waits, unlike of one that cannot be read. */
export const isMissing = (error: unknown): boolean => error instanceof Error && isCode(error.cause, 'ENOENT')

export function readEvent(folder: string, name: string, host: string): FileRead {
  const opened = readQuietly(join(folder, name))
  if (opened.kind !== 'read') return opened
  const { content, seen } = opened
  const parsed = parseEventFile(content, host)
  if (parsed.kind === 'broken') return parsed
  if (parsed.kind === 'unfinished')
    // Also where the panel was not there to see it.
    return Date.now() - seen.mtimeMs > SILENT_MS
      ? { kind: 'broken', reason: NEVER_FINISHED }
      : { ...parsed, seen }
  if (parsed.event.id !== name) return { kind: 'broken', reason: 'the file name is not the id of its event' }
  return { ...parsed, bytes: content.length }
}

type Opened =
  | { readonly kind: 'read'; readonly content: Buffer; readonly seen: Seen }
  | Extract<FileRead, { kind: 'broken' | 'vanished' }>

/** Never waits, whatever lies there: a pipe without a writer would hold up every event for good. */
function readQuietly(path: string): Opened {
  let file: number
  try {
    // A device may act upon being opened, so it is not.
    const stat = lstatSync(path, { throwIfNoEntry: false })
    if (stat === undefined) return { kind: 'vanished' }
    if (!stat.isFile()) return NO_FILE
    file = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
  } catch (error) {
    if (isCode(error, 'ENOENT')) return { kind: 'vanished' }
    if (isCode(error, 'EACCES')) return { kind: 'broken', reason: 'the panel may not read it' }
    // It became a link, a socket or a device meanwhile.
    if (isCode(error, 'ELOOP') || isCode(error, 'ENXIO') || isCode(error, 'ENODEV')) return NO_FILE
    throw error
  }
  try {
    const stat = fstatSync(file)
    if (!stat.isFile()) return NO_FILE
    const { size, mtimeMs } = stat
    if (size > MAX_EVENT_BYTES) return { kind: 'broken', reason: `larger than ${MAX_EVENT_BYTES} bytes` }
    return { kind: 'read', content: beginningOf(file, size), seen: { size, mtimeMs } }
  } finally {
    closeSync(file)
  }
}

const NO_FILE = { kind: 'broken', reason: 'not a file' } as const

/** As much of it as an event may be long, however fast it grows meanwhile. */
function beginningOf(file: number, size: number): Buffer {
  const content = Buffer.alloc(Math.min(size, MAX_EVENT_BYTES))
  return content.subarray(0, readSync(file, content, 0, content.length, 0))
}

export function removeEvent(folder: string, name: string): void {
  try {
    unlinkSync(join(folder, name))
  } catch (error) {
    if (!isCode(error, 'ENOENT')) throw error
  }
}

/** As many are kept to be looked at; of more the oldest go. */
const MOST_ASIDE = 500

/**
 * Keeps a file that is no event for a person to look at, out of the way of the others: at most its beginning, and of
 * what is no file (a pipe, a link, a device) nothing. Throws where it can be neither moved nor removed.
 */
export function setAside(folder: string, name: string, into: string): void {
  mkdirSync(into, { recursive: true, mode: 0o700 })
  const path = join(folder, name)
  const stat = lstatSync(path, { throwIfNoEntry: false })
  if (stat === undefined) return
  if (!stat.isFile() && !stat.isDirectory()) removeEvent(folder, name)
  else if (stat.size > MAX_EVENT_BYTES && stat.isFile()) copyAside(folder, name, into)
  else
    try {
      renameSync(path, join(into, name))
    } catch (error) {
      if (isCode(error, 'ENOENT')) return
      if (!isCode(error, 'EXDEV') || !stat.isFile()) throw error
      copyAside(folder, name, into)
    }
  forgetOldest(into)
}

function copyAside(folder: string, name: string, into: string): void {
  const path = join(folder, name)
  const file = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
  try {
    const target = join(into, name)
    rmSync(target, { force: true, recursive: true })
    const stat = fstatSync(file)
    if (stat.isFile()) writeFileSync(target, beginningOf(file, stat.size), { flag: 'wx', mode: 0o600 })
  } finally {
    closeSync(file)
  }
  removeEvent(folder, name)
}

function forgetOldest(into: string): void {
  const names = readdirSync(into)
  if (names.length <= MOST_ASIDE) return
  const aged = names.map((name) => {
    return { name, at: lstatSync(join(into, name), { throwIfNoEntry: false })?.mtimeMs ?? 0 }
  })
  const oldest = aged.sort((one, other) => one.at - other.at).slice(0, names.length - MOST_ASIDE)
  for (const { name } of oldest) rmSync(join(into, name), { force: true, recursive: true })
}

const isCode = (error: unknown, code: string): boolean =>
  error instanceof Error && 'code' in error && error.code === code
