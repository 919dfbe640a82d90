import { type FSWatcher, statSync, watch } from 'node:fs'
import { type Event, type RecordedEvent, timeOfId } from '../events/event.ts'
import { messageOf } from '../web/message-of.ts'
import { isMissing, listEvents, readEvent, removeEvent, setAside } from './folder.ts'
import { take } from './intake.ts'
import { unfinishedFiles } from './unfinished.ts'

/** The folder that hooks write into, one file an event: read in id order, recorded, then removed. */
export interface Outbox {
  /** Watches from now on; what waits is read at once. */
  start(): void
  /**
   * Reads until nothing is left that can be read. Resolves to how many events were new; rejects where more may wait
   * that could not be read or recorded: whoever judges by what was told must not judge then.
   */
  drain(): Promise<number>
  stop(): Promise<void>
  status(): OutboxStatus
}

/** For /healthz and the overview. `problem` says why the folder cannot be read. */
export interface OutboxStatus {
  readonly waiting: number
  readonly setAside: number
  readonly problem: string | null
}

export interface OutboxOptions {
  readonly folder: string
  /** Where a file goes that cannot be read as an event. */
  readonly setAsideFolder: string
  readonly host?: string
  record(events: readonly Event[]): readonly RecordedEvent[]
  onSetAside(name: string, reason: string): void
  onProblem(error: unknown): void
  /** The folder was deleted, and is looked for again with each reading until it is there. */
  onMissing?(): void
  /**
   * The folder can be read again after a problem: hooks may have failed to write meanwhile. `missing`: the time in which
   * there was no folder, so that events are lost; milliseconds since 1970.
   */
  onMended?(missing: { readonly from: number; readonly to: number } | null): void
  /** How often to look even when no doorbell rang, in milliseconds. */
  readonly everyMs?: number
}

/** Events a transaction, and bytes of them: enough to make the commit cheap, few enough to keep pages answering. */
const BATCH = 500
const BATCH_BYTES = 1024 * 1024
/** An id further ahead than this comes from a clock that was set back since: waiting would not help. */
const CLOCK_SET_BACK_MS = 1000

export function outbox(options: OutboxOptions): Outbox {
  const { folder, host = 'local', everyMs = 2000 } = options
  let bell: FSWatcher | undefined
  let watchedInode = 0n
  let timer: NodeJS.Timeout | undefined
  let again: NodeJS.Timeout | undefined
  let running: Promise<number> | undefined
  let rung = false
  let stopped = false
  let waiting = 0
  let asideCount = 0
  let problem: string | null = null
  let readAt = Date.now()
  let missingFrom: number | null = null
  let unwatched: string | null = null

  /** What can be neither read nor moved is passed over from then on: it must not hold up what comes after it. */
  const passedOver = new Set<string>()
  const aside = (name: string, reason: string) => {
    try {
      setAside(folder, name, options.setAsideFolder)
    } catch (error) {
      passedOver.add(name)
      options.onProblem(error)
    }
    asideCount += 1
    options.onSetAside(name, reason)
  }

  const unfinished = unfinishedFiles()
  /** `later`: it is read again. */
  const read = (name: string): { readonly event: Event; readonly bytes: number } | 'later' | 'gone' => {
    const now = performance.now()
    if (!unfinished.isDue(name, now)) return 'later'
    const found = readEvent(folder, name, host)
    if (found.kind === 'event') return found
    if (found.kind === 'vanished') return 'gone'
    const reason = found.kind === 'broken' ? found.reason : unfinished.note(name, found.seen, now)
    if (reason === null) return 'later'
    aside(name, reason)
    return 'gone'
  }

  /** Reads from the name at `from` on, and records. `next`: the first that was not read. */
  const readBatch = (names: readonly string[], from: number) => {
    const events: Event[] = []
    let bytes = 0
    let later = 0
    let next = from
    while (next < names.length && next - from < BATCH && bytes < BATCH_BYTES) {
      const found = read(names[next] ?? '')
      next += 1
      if (found === 'later') later += 1
      if (typeof found === 'string') continue
      events.push(found.event)
      bytes += found.bytes
    }
    const { recorded, refused } = take(events, options.record)
    for (const { id, reason } of refused) aside(id, reason)
    for (const { id } of events) removeEvent(folder, id)
    return { recorded, next, later }
  }

  const pass = async () => {
    const listedAt = Date.now()
    const all = new Set(listEvents(folder))
    for (const name of passedOver) if (!all.has(name)) passedOver.delete(name)
    unfinished.keep(all)
    const listed = [...all].filter((name) => !passedOver.has(name))
    const names = listed.filter((name) => !isAsYoungAs(listedAt, name))
    let recorded = 0
    let later = 0
    for (let from = 0; from < names.length; ) {
      waiting = names.length - from + later
      const done = readBatch(names, from)
      recorded += done.recorded
      later += done.later
      from = done.next
      await new Promise(setImmediate)
    }
    waiting = listed.length - names.length + later
    lookAgainIn(unfinished.nextInMs(performance.now()))
    if (listed.length > names.length) {
      rung = true
      await new Promise((resolve) => setTimeout(resolve, 1))
    }
    return recorded
  }

  const lookAgainIn = (ms: number | null) => {
    clearTimeout(again)
    // The slow timer looks anyway.
    again = ms === null || stopped || ms >= everyMs ? undefined : setTimeout(ring, ms)
  }

  const passes = async () => {
    let total = 0
    try {
      while (rung) {
        rung = false
        total += await pass()
      }
      const mended = problem !== null
      const missing = missingFrom === null ? null : { from: missingFrom, to: Date.now() }
      problem = null
      missingFrom = null
      readAt = Date.now()
      if (mended) options.onMended?.(missing)
    } catch (error) {
      if (problem !== messageOf(error)) options.onProblem(error)
      problem = messageOf(error)
      if (!isMissing(error)) throw error
      missingFrom ??= readAt
      options.onMissing?.()
    } finally {
      running = undefined
    }
    return total
  }

  const drain = () => {
    rung = true
    running ??= passes()
    return running
  }

  /** What goes wrong was told to `onProblem`, and stands in the status. */
  const ring = () => {
    if (!stopped) drain().catch(() => {})
  }

  /** The doorbell of a folder that was deleted and made again never rings: its inode tells. */
  const rewatch = () => {
    const inode = statSync(folder, { bigint: true, throwIfNoEntry: false })?.ino ?? 0n
    if (inode === watchedInode) return
    bell?.close()
    watchedInode = inode
    bell = inode === 0n ? undefined : watch(folder, ring)
    bell?.on('error', () => {
      watchedInode = 0n
    })
  }

  const look = () => {
    try {
      rewatch()
      unwatched = null
    } catch (error) {
      watchedInode = 0n
      if (unwatched !== messageOf(error)) options.onProblem(error)
      unwatched = messageOf(error)
    }
    ring()
  }

  return {
    start() {
      look()
      timer = setInterval(look, everyMs)
    },
    drain,
    async stop() {
      stopped = true
      clearInterval(timer)
      clearTimeout(again)
      bell?.close()
      await running?.catch(() => {})
    },
    status: () => ({ waiting, setAside: asideCount, problem }),
  }
}

/**
 * Listing a folder is no snapshot: a file made meanwhile may show where one made before it does not. So what began
 * after the listing waits for the next, and everything that came before what is read now was in the list.
 */
const isAsYoungAs = (listedAt: number, name: string): boolean => {
  const at = timeOfId(name)
  return at >= listedAt && at < listedAt + CLOCK_SET_BACK_MS
}
