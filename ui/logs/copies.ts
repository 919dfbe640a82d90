/** Every log being copied now, and whoever watches one. */
import { setImmediate, setTimeout as sleep } from 'node:timers/promises'
import type { Database } from '../database/database.ts'
import { watchers } from '../live/watchers.ts'
import { gapOf, readStored, wholeText } from './chunks.ts'
import { type Copy, copy, type LoggedBuild, type Progress, type Pulled, readAgain, TURN_MS } from './copy.ts'
import { LOG_BOUNDS, type LogBounds, type LogLine } from './log.ts'
import { type LogStore, logStore } from './store.ts'
import { logChunks, logs } from './table.ts'

export interface LogSays extends Progress {
  /** When Dokku last wrote to it, in milliseconds since 1970; null when there was no file. */
  readonly lastWriteAt: number | null
}

export interface Copies {
  start(build: LoggedBuild): void
  /** Copies what is left once the build's process is gone. Safe to call again. */
  finish(build: LoggedBuild): Promise<LogSays>
  /** What the log of a running deployment says so far, or of one that ended just now; null of any other. */
  progress(id: number): Progress | null
  /** At most `count` lines from line `from` on. Numbers jump where the middle was left out. */
  read(id: number, from: number, count: number): LogLine[]
  /** Number of the last line. */
  last(id: number): number
  running(id: number): boolean
  /** It was read to its end. */
  complete(id: number): boolean
  /** Told of new lines, and of the end. */
  watch(id: number, onChange: () => void): () => void
  /** Numbers of the first and the last line left out of the middle; null when all are there. */
  gap(id: number): readonly [number, number] | null
  /** All of it as it is now, piece by piece. */
  text(id: number): Iterable<Buffer>
  /** Saves everything; the next start goes on from there. */
  close(): void
}

export interface CopiesOptions {
  readonly db: Database
  /** Where they are kept; by default with the deployments. */
  readonly store?: LogStore
  /** The folder below which the files lie. */
  readonly builds: string
  readonly now?: () => number
  readonly bounds?: LogBounds
  /** A step began, or another step of the image build. */
  readonly onProgress?: (build: LoggedBuild, progress: Progress) => void
  /** Logs cannot be copied: told once, however often it is tried. */
  readonly onError?: (error: unknown) => void
  /** After that, when all of them can be again. */
  readonly onMended?: () => void
}

/** At most so many of the last lines. */
export function lastLines(log: Pick<Copies, 'last' | 'read'>, id: number, most: number): LogLine[] {
  return log.read(id, Math.max(1, log.last(id) - most + 1), most)
}

/** How often a file is looked at: while somebody watches it, and while nobody does. */
const WATCHED_MS = 50
const UNWATCHED_MS = 200
/** Dokku writes a little after its process is gone: until it was quiet for so long, and never longer than that. */
const QUIET_MS = 150
const PATIENCE_MS = 700
/** A file not written for this long is not going to be. */
const SETTLED_MS = 2000
/** What their logs say is asked for once more, by those who watch them end. */
const REMEMBERED_ENDS = 50

interface Running {
  readonly build: LoggedBuild
  readonly copy: Copy
  finishing: Promise<LogSays> | null
}

export function copies({
  db,
  store = logStore(db, logs, logChunks),
  builds,
  now = Date.now,
  bounds = LOG_BOUNDS,
  onProgress = () => {},
  onError = () => {},
  onMended = () => {},
}: CopiesOptions): Copies {
  const running = new Map<number, Running>()
  const justEnded = new Map<number, Progress>()
  /** By deployment: somebody may look before its log is copied. */
  const watching = watchers()
  /** Deployments whose log could not be saved when it was tried last. */
  const unsaved = new Set<number>()
  let timer: NodeJS.Timeout | undefined

  /** A full disk is full for every log and at every look. */
  const told = <Result>(id: number, work: () => Result): Result => {
    try {
      return work()
    } catch (error) {
      if (unsaved.size === 0) onError(error)
      unsaved.add(id)
      throw error
    }
  }
  /** True when it could not be before. */
  const saved = (id: number): boolean => {
    const mended = unsaved.delete(id)
    if (mended && unsaved.size === 0) onMended()
    return mended
  }

  const start = (build: LoggedBuild): Running | null => {
    const known = running.get(build.id)
    if (known) return known
    if (store.log(build.id)?.complete) return null
    const begun: Running = {
      build,
      copy: copy(build, { store, builds, bounds, now }),
      finishing: null,
    }
    running.set(build.id, begun)
    if (timer === undefined) look()
    return begun
  }

  const pull = ({ build, copy }: Running): Pulled => {
    const known = copy.refusal()
    // All that run share one turn.
    const pulled = told(build.id, () => copy.pull(TURN_MS / running.size))
    // What was read in vain until now is news too.
    const mended = told(build.id, () => copy.save()) && saved(build.id)
    if (copy.refusal() !== known) onError(new Error(copy.refusal()))
    if (pulled.lines || mended) watching.tell(build.id)
    if (pulled.moved || mended) onProgress(build, copy.progress())
    return pulled
  }

  const look = (): void => {
    timer = undefined
    let more = false
    let watched = false
    for (const one of running.values()) {
      try {
        more = pull(one).more || more
      } catch {
        // Told once; the next look tries again.
      }
      watched ||= watching.has(one.build.id)
    }
    if (running.size > 0) timer = setTimeout(look, more ? 0 : watched ? WATCHED_MS : UNWATCHED_MS)
  }

  const drain = async (one: Running): Promise<LogSays> => {
    const began = now()
    let quietSince = began
    let size: number | undefined
    for (;;) {
      const { lines, more } = pull(one)
      size ??= one.copy.size()
      const wrote = one.copy.lastWriteAt()
      if (lines) quietSince = now()
      // Whatever the build left running may write for ever: what was there when it ended is read in any case.
      if (more && (!one.copy.hasRead(size) || now() - began < PATIENCE_MS)) await setImmediate()
      else if (now() - quietSince >= QUIET_MS || now() - began >= PATIENCE_MS) break
      else if (wrote !== null && now() - wrote >= SETTLED_MS) break
      else await sleep(QUIET_MS / 6)
    }
    return end(one)
  }

  const end = ({ build, copy }: Running): LogSays => {
    const lastWriteAt = copy.lastWriteAt()
    try {
      told(build.id, () => copy.end())
      saved(build.id)
      const says = copy.progress()
      justEnded.set(build.id, says)
      for (const [id] of justEnded) if (justEnded.size > REMEMBERED_ENDS) justEnded.delete(id)
      return { ...says, lastWriteAt }
    } finally {
      copy.close()
      running.delete(build.id)
      watching.tell(build.id)
    }
  }

  const finish = async (build: LoggedBuild): Promise<LogSays> => {
    const one = start(build)
    if (one === null) return { ...(await readAgain(store, build)), lastWriteAt: null }
    one.finishing ??= drain(one).catch((error: unknown) => {
      one.finishing = null
      throw error
    })
    return one.finishing
  }

  return {
    start: (build) => void start(build),
    finish,
    progress: (id) => running.get(id)?.copy.progress() ?? justEnded.get(id) ?? null,
    read: (id, from, count) => running.get(id)?.copy.read(from, count) ?? readStored(store, id, from, count),
    last: (id) => running.get(id)?.copy.last() ?? store.log(id)?.lines ?? 0,
    running: (id) => running.has(id),
    complete: (id) => store.log(id)?.complete ?? false,
    watch: watching.watch,
    gap(id) {
      running.get(id)?.copy.save(true)
      return gapOf(store, id)
    },
    text(id) {
      running.get(id)?.copy.save(true)
      return wholeText(store, id)
    },
    close() {
      clearTimeout(timer)
      for (const { build, copy } of running.values()) {
        try {
          told(build.id, () => copy.save(true))
        } catch {
          // Told; the next start reads it again from what was saved last.
        }
        copy.close()
      }
      running.clear()
    },
  }
}
