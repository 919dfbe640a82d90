/** One build's log, copied while Dokku writes it. */
import { closeSync, fstatSync, readSync } from 'node:fs'
import type { StepTime } from '../deployments/deployment.ts'
import { type LogReader, logReader, type Reading } from '../deployments/reading.ts'
import { chunkWriter, readStored } from './chunks.ts'
import { withoutCredentials } from './credentials.ts'
import { openBuildLog } from './file.ts'
import type { LogBounds, LogLine } from './log.ts'
import { splitter, type WholeLine } from './splitter.ts'
import type { LogStore } from './store.ts'

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
  /** Reads what is new, bounded. */
  pull(): Pulled
  /** Saves when something is due: a closed piece at once, the open one each second; or whatever there is. True when it did. */
  save(whatever?: boolean): boolean
  /** Takes what stands behind the last newline as a line, and closes the file. */
  end(): void
  close(): void
  last(): number
  read(from: number, count: number): LogLine[]
  progress(): Progress
  /** When Dokku last wrote; null when there is no file. */
  lastWriteAt(): number | null
  /** Why the file is not read; empty where it is. */
  refusal(): string
}

/** Every copy reads through the same one, and takes a copy of what it read. */
const SCRATCH = Buffer.alloc(256 * 1024)
/** Then others get their turn. */
const READS_AT_ONCE = 4
const SAVE_EVERY_MS = 1000

/**
 * Goes on at the byte where the row says an earlier copy stopped. The file stays open, so it is read to its end
 * even when Dokku prunes it, destroys the app, or moves it to the app's new name.
 */
export function copy(build: LoggedBuild, { store, builds, bounds, now }: CopyOptions): Copy {
  const row = store.log(build.id)
  const writer = chunkWriter(store, build.id, bounds)
  const lines = splitter(bounds.line)
  const says = timedReader(build.startedAt)
  replay(store, build.id, says)
  const { mask = (line) => line } = build
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
    const line = mask(withoutCredentials(bytes))
    writer.append(line, ms)
    return says.line(line.toString('utf8'), ms, writer.last())
  }

  /** When the lines just read were written, as near as can be told: not later than the file was. */
  const since = (file: number): number =>
    Math.max(0, Math.floor(Math.min(now(), fstatSync(file).mtimeMs)) - build.startedAt)

  const read = (file: number): Pulled => {
    const [from, before] = [position, writer.last()]
    let moved = false
    while (position - from < READS_AT_ONCE * SCRATCH.length) {
      const size = readSync(file, SCRATCH, 0, SCRATCH.length, position)
      if (size === 0) break
      position += size
      const ms = since(file)
      for (const line of lines.push(Buffer.from(SCRATCH.subarray(0, size)))) moved = take(line, ms) || moved
    }
    const more = position - from >= READS_AT_ONCE * SCRATCH.length
    return { lines: writer.last() > before, moved, more }
  }

  return {
    pull() {
      const file = open()
      if (file === null) return NOTHING
      try {
        return read(file)
      } catch (error) {
        refusal = error instanceof Error ? error.message : 'cannot be read'
        closeSync(file)
        fd = null
        return NOTHING
      }
    },
    save(whatever = false) {
      const due = writer.unsaved() && now() - savedAt >= SAVE_EVERY_MS
      if (!writer.pressing() && !due && !whatever) return false
      writer.save(whole, false)
      savedAt = now()
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

const REPLAYED_AT_ONCE = 5000

/** What the log said before the panel was started again. */
function replay(store: LogStore, id: number, says: ReturnType<typeof timedReader>): void {
  for (let from = 1; ; ) {
    const lines = readStored(store, id, from, REPLAYED_AT_ONCE)
    for (const [number, ms, text] of lines) says.line(text, ms, number)
    const [last] = lines.at(-1) ?? []
    if (last === undefined) return
    from = last + 1
  }
}

/** What the log of a deployment that ended says. */
export function readAgain(store: LogStore, build: LoggedBuild): Progress {
  const says = timedReader(build.startedAt)
  replay(store, build.id, says)
  return { ...says.reading(), lines: store.log(build.id)?.lines ?? 0 }
}
