/**
 * The running log of an app: one `dokku logs APP --tail` for all who look. It follows the containers that ran when
 * it began, so it is begun again after a deploy; what it then tells a second time is left out.
 */
import { type Dokku, DokkuError, type Followed, NO_SUCH_APP } from '../dokku/dokku.ts'
import { keyOf, type OutputLine, outputLine, type Ring, ring } from './output.ts'
import type { LineSource } from './stream.ts'

export type TailState = 'connecting' | 'following' | 'waiting' | 'not deployed' | 'gone' | 'failed'

/** It runs while somebody watches, and not otherwise. */
export interface Tail extends LineSource {
  /** Begins anew at once: the app has other containers now. */
  restart(): void
  stop(): void
  idle(): boolean
}

export interface TailOptions {
  readonly dokku: Pick<Dokku, 'follow'>
  readonly run: string
  /** Lines asked for of the time before anybody looked. */
  readonly before: number
  readonly remembered: { readonly lines: number; readonly characters: number }
  /** How long it goes on when nobody looks: a page may only have been reloaded. */
  readonly graceMs: number
  /** From one try to the next when there is nothing to follow; doubled up to `slowestMs`. */
  readonly retryMs: number
  readonly slowestMs: number
  readonly now: () => number
}

/** The lines of several containers come container by container; those of the first moment are put in order of time. */
const FIRST_MOMENT_MS = 15
/** A tail that went on for so long did well, so the next try need not wait. */
const WELL_MS = 10_000
/** An app that says nothing is followed too. */
const SILENT_MS = 1000

export function tail(app: string, options: TailOptions): Tail {
  const { dokku, now, graceMs, retryMs, slowestMs } = options
  const lines = ring(options.remembered, now)
  const watchers = new Set<() => void>()
  let upstream: Followed | null = null
  /** Counts the upstreams: what an earlier one still has to say is of no interest. */
  let turn = 0
  let state: TailState = 'connecting'
  let said = ''
  let retryAfter = retryMs
  let retry: NodeJS.Timeout | undefined
  let grace: NodeJS.Timeout | undefined

  const tell = (): void => {
    for (const watcher of watchers) watcher()
  }

  const become = (next: TailState, why = ''): void => {
    if (state === next && said === why) return
    state = next
    said = why
    tell()
  }

  const follow = async (): Promise<void> => {
    turn += 1
    const mine = turn
    const current = () => turn === mine
    const began = now()
    const silent = setTimeout(() => current() && become('following'), SILENT_MS)
    const take = taker(lines, { current, tell, onFirst: () => become('following') })
    upstream = dokku.follow(['logs', app, '--tail', '--num', String(options.before)])
    let ended: readonly [TailState, string] = ['waiting', '']
    try {
      for await (const line of upstream.lines) if (current()) take(outputLine(line))
    } catch (error) {
      ended = stateOf(error)
    }
    clearTimeout(silent)
    if (!current()) return
    upstream = null
    become(...ended)
    if (now() - began >= WELL_MS) retryAfter = retryMs
    if (state !== 'gone') later()
  }

  const later = (): void => {
    retry = setTimeout(start, retryAfter)
    retryAfter = Math.min(retryAfter * 2, slowestMs)
  }

  const start = (): void => {
    clearTimeout(retry)
    retry = undefined
    if (upstream === null) void follow()
  }

  const stop = (): void => {
    clearTimeout(retry)
    clearTimeout(grace)
    retry = undefined
    turn += 1
    upstream?.stop()
    upstream = null
  }

  const runs = (): boolean => upstream !== null || retry !== undefined

  return {
    run: options.run,
    read: lines.read,
    last: lines.last,
    ended: () => false,
    farewell: () => '{}',
    state: () => JSON.stringify({ state, said }),
    watch(onChange) {
      clearTimeout(grace)
      if (watchers.size === 0) start()
      watchers.add(onChange)
      return () => {
        if (watchers.delete(onChange) && watchers.size === 0) grace = setTimeout(stop, graceMs)
      }
    },
    restart() {
      if (!runs() && watchers.size === 0) return
      stop()
      retryAfter = retryMs
      if (!lines.empty()) lines.note('The app has new containers')
      if (watchers.size === 0) grace = setTimeout(stop, graceMs)
      start()
    },
    stop,
    idle: () => watchers.size === 0 && !runs(),
  }
}

/** Takes the lines of one tail: sorted in its first moment, and without those an earlier tail has told. */
function taker(
  lines: Ring,
  { current, tell, onFirst }: { current: () => boolean; tell: () => void; onFirst: () => void },
): (line: OutputLine) => void {
  const known = lines.known()
  let first: OutputLine[] | null = []

  const add = (line: OutputLine): void => {
    const key = keyOf(line)
    const times = known.get(key) ?? 0
    if (times > 0) known.set(key, times - 1)
    else lines.add(line)
  }

  const firstMoment = (): void => {
    if (!current()) return
    const sorted = (first ?? []).toSorted((a, b) => (a.stamp < b.stamp ? -1 : a.stamp > b.stamp ? 1 : 0))
    first = null
    for (const line of sorted) add(line)
    tell()
  }

  return (line) => {
    if (first === null) {
      add(line)
      tell()
      return
    }
    if (first.length === 0) {
      onFirst()
      setTimeout(firstMoment, FIRST_MOMENT_MS)
    }
    first.push(line)
  }
}

function stateOf(error: unknown): readonly [TailState, string] {
  if (!(error instanceof DokkuError)) return ['failed', error instanceof Error ? error.message : '']
  if (error.exitCode === NO_SUCH_APP) return ['gone', error.said]
  if (/has not been deployed/.test(error.said)) return ['not deployed', error.said]
  return ['failed', error.said]
}
