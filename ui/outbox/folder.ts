import {
  copyFileSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  unlinkSync,
} from 'node:fs'
import { join } from 'node:path'
import { type Event, MAX_EVENT_BYTES, parseEventFile } from '../events/event.ts'

/** What one file of the outbox turned out to be. */
export type FileRead =
  | { readonly kind: 'event'; readonly event: Event }
  | { readonly kind: 'unfinished' }
  | { readonly kind: 'broken'; readonly reason: string }
  | { readonly kind: 'vanished' }

/** A file that is not closed after this long had its writer killed. */
const UNFINISHED_MS = 60_000

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
  const path = join(folder, name)
  const stat = lstatSync(path, { throwIfNoEntry: false })
  if (stat === undefined) return { kind: 'vanished' }
  if (!stat.isFile()) return { kind: 'broken', reason: 'not a file' }
  if (stat.size > MAX_EVENT_BYTES) return { kind: 'broken', reason: `larger than ${MAX_EVENT_BYTES} bytes` }
  const parsed = parseQuietly(path, host)
  if (parsed.kind === 'unfinished' && Date.now() - stat.mtimeMs > UNFINISHED_MS)
    return { kind: 'broken', reason: 'never finished: its writer was killed or the disk was full' }
  if (parsed.kind === 'event' && parsed.event.id !== name)
    return { kind: 'broken', reason: 'the file name is not the id of its event' }
  return parsed
}

const parseQuietly = (path: string, host: string): FileRead => {
  try {
    return parseEventFile(readFileSync(path), host)
  } catch (error) {
    if (isCode(error, 'ENOENT')) return { kind: 'vanished' }
    if (isCode(error, 'EACCES')) return { kind: 'broken', reason: 'the panel may not read it' }
    throw error
  }
}

export function removeEvent(folder: string, name: string): void {
  try {
    unlinkSync(join(folder, name))
  } catch (error) {
    if (!isCode(error, 'ENOENT')) throw error
  }
}

/** Keeps a file that is no event for a person to look at, out of the way of the others. */
export function setAside(folder: string, name: string, into: string): void {
  mkdirSync(into, { recursive: true, mode: 0o700 })
  try {
    renameSync(join(folder, name), join(into, name))
  } catch (error) {
    if (isCode(error, 'ENOENT')) return
    if (!isCode(error, 'EXDEV')) throw error
    copyFileSync(join(folder, name), join(into, name))
    removeEvent(folder, name)
  }
}

const isCode = (error: unknown, code: string): boolean =>
  error instanceof Error && 'code' in error && error.code === code
