/** One build's log, copied while Dokku writes it. */
import { closeSync, fstatSync, readSync } from 'node:fs'
import { setImmediate } from 'node:timers/promises'
import type { StepTime } from '../deployments/deployment.ts'
import { type LogReader, logReader, type Reading } from '../deployments/reading.ts'
import { chunkWriter, readStored } from './chunks.ts'
import { withoutCredentials } from './credentials.ts'
import { openBuildLog } from './file.ts'
import type { LogBounds, LogLine } from './log.ts'
import { splitter, type WholeLine } from './splitter.ts'
import type { LogStore } from './store.ts'
import { withoutTrace } from './trace.ts'

/** What is needed of a deployment to copy its log, or of a job to copy its output. */
export interface LoggedBuild {
  readonly id: number
  readonly logFile: string
  readonly startedAt: number
  /** Takes out of a line what nobody is to read. */
  readonly mask?: (line: Buffer) => Buffer
}

/** What the log says so far. */
export interface Progress extends Omit<Reading, 'steps'> {
  readonly steps: readonly StepTime[]
  readonly lines: number
}

export interface CopyOptions {
  readonly store: LogStore
  /** Dokku's data/builds: a log lies below it or is not read. */
  readonly builds: string
  readonly bounds: LogBounds
  readonly now: () => number
}

export interface Pulled {
  readonly lines: boolean
  /** A step began, of the deploy or of its image build. */
  readonly moved: boolean
  /** There may be more to read at once. */
  readonly more: boolean
}

export interface Copy {
  /** Reads what is new, for at most so many milliseconds. */
  pull(forMs?: number): Pulled
  /** Saves what is new, at most every five seconds; or whatever there is at once. True when it did. */
  save(whatever?: boolean): boolean
  /** Takes what stands behind the last newline as a line, and closes the file. */
  end(): void
  close(): void
  last(): number
  read(from: number, count: number): LogLine[]
  progress(): Progress
  /** When Dokku last wrote; null when there is no file. */
  lastWriteAt(): number | null
  /** Bytes of the file now; 0 when there is none. */
  size(): number
  /** So many bytes were read, and every whole line in them. */
  hasRead(bytes: number): boolean
  /** Why the file is not read; empty where it is. */
  refusal(): string
}

/** One turn of the event loop reads no longer and no more lines than this: then pages and events get theirs. */
export const TURN_MS = 10
const LINES_A_TURN = 20_000
const BLOCK_BYTES = 64 * 1024
/** However fast a log grows, SQLite takes it at this pace. What was not saved when the panel ends is read again. */
const SAVE_EVERY_MS = 5000

/**
 * Goes on at the byte where the row says an earlier copy stopped. The file stays open, so it is read to its end
 * even when Dokku prunes it, destroys the app, or moves it to the app's new name.
 */
export function copy(build: LoggedBuild, { store, builds, bounds, now }: CopyOptions): Copy {
  const row = store.log(build.id)
  const writer = chunkWriter(store, build.id, bounds)
  const lines = splitter(bounds.line)
  const says = timedReader(build.startedAt)
  const replaying = replay(store, build.id, says)
  const { mask = (line) => line } = build
  const untraced = withoutTrace()
  const block = Buffer.allocUnsafe(BLOCK_BYTES)
  let isReplayed = row === undefined
  let fd: number | null = null
  let refusal = ''
  let position = row?.bytes ?? 0
  let whole = position
  let savedAt = now()

  const open = (): number | null => {
    if (fd !== null || refusal !== '') return fd
    const opened = openBuildLog(build.logFile, builds)
    if (opened.kind === 'open') fd = opened.fd
    if (opened.kind === 'refused') refusal = opened.reason
    return fd
  }

  const take = ({ bytes, took }: WholeLine, ms: number): boolean => {
    whole += took
    const line = bytes.length === 0 ? bytes : mask(untraced(withoutCredentials(bytes)))
    writer.append(line, ms)
    return says.line(line.length === 0 ? '' : line.toString('utf8'), ms, writer.last())
  }

  /** When the lines just read were written, as near as can be told: not later than the file was. */
  const since = (file: number): number =>
    Math.max(0, Math.floor(Math.min(now(), fstatSync(file).mtimeMs)) - build.startedAt)

  /** The next block; false at the end of the file. */
  const readMore = (file: number): boolean => {
    const size = readSync(file, block, 0, block.length, position)
    position += size
    if (size > 0) lines.push(block.subarray(0, size))
    return size > 0
  }

  const read = (file: number, until: number): Pulled => {
    const before = writer.last()
    const ms = since(file)
    let moved = false
    let more = true
    for (let count = 0; more && count < LINES_A_TURN && performance.now() < until; ) {
      const line = lines.next()
      if (line === null) {
        more = readMore(file)
        continue
      }
      moved = take(line, ms) || moved
      count += 1
    }
    return { lines: writer.last() > before, moved, more }
  }

  return {
    pull(forMs = TURN_MS) {
      const until = performance.now() + forMs
      while (!isReplayed) {
        isReplayed = replaying.next().done === true
        if (!isReplayed && performance.now() >= until) return { ...NOTHING, more: true }
      }
      const file = open()
      if (file === null) return NOTHING
      try {
        return read(file, until)
      } catch (error) {
        refusal = error instanceof Error ? error.message : 'cannot be read'
        closeSync(file)
        fd = null
        return NOTHING
      }
    },
    save(whatever = false) {
      const due = writer.unsaved() && now() - savedAt >= SAVE_EVERY_MS
      if (!due && !whatever) return false
      // Before it is tried: on a full disk too, it is not tried at each look.
      savedAt = now()
      writer.save(whole, false)
      return true
    },
    end() {
      const rest = lines.rest()
      if (rest !== null) take(rest, fd === null ? 0 : since(fd))
      writer.save(whole, true)
    },
    close() {
      if (fd !== null) closeSync(fd)
      fd = null
    },
    last: writer.last,
    read: writer.read,
    progress: () => ({ ...says.reading(), lines: writer.last() }),
    lastWriteAt: () => (fd === null ? null : Math.floor(fstatSync(fd).mtimeMs)),
    size: () => (fd === null ? 0 : fstatSync(fd).size),
    hasRead: (bytes) => position - lines.waiting() >= bytes,
    refusal: () => refusal,
  }
}

const NOTHING: Pulled = { lines: false, moved: false, more: false }

/** The reader of a log, with the time each step began. */
function timedReader(startedAt: number) {
  const reader: LogReader = logReader()
  const times = new Map<number, number>()
  return {
    line(text: string, ms: number, number: number): boolean {
      const moved = reader.line(text, number)
      if (moved) times.set(number, startedAt + ms)
      return moved
    },
    reading(): Omit<Progress, 'lines'> {
      const { steps, ...rest } = reader.reading()
      return {
        ...rest,
        steps: steps.map(({ step, line }) => ({ step, line, at: times.get(line) ?? startedAt })),
      }
    },
  }
}

const REPLAYED_AT_ONCE = 1000

/** What the log said before the panel was started again, some lines at each step. */
function* replay(store: LogStore, id: number, says: ReturnType<typeof timedReader>): Generator<void> {
  for (let from = 1; ; ) {
    const lines = readStored(store, id, from, REPLAYED_AT_ONCE)
    for (const [number, ms, text] of lines) says.line(text, ms, number)
    const [last] = lines.at(-1) ?? []
    if (last === undefined) return
    from = last + 1
    yield
  }
}

/** What the log of a deployment that ended says. */
export async function readAgain(store: LogStore, build: LoggedBuild): Promise<Progress> {
  const says = timedReader(build.startedAt)
  for (const _ of replay(store, build.id, says)) await setImmediate()
  return { ...says.reading(), lines: store.log(build.id)?.lines ?? 0 }
}
