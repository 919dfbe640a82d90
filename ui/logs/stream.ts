/**
 * Lines sent to whoever looks, as server-sent events. A batch is put into words once for all who stand at the same
 * line; each viewer's own position decides what comes next, so a line is never lost and never sent twice, and
 * somebody who reads slowly is waited for instead of being buffered for.
 */
import type { ServerResponse } from 'node:http'
import type { LogLine } from './log.ts'
import {
  batch,
  EVENT_STREAM,
  event,
  HEARTBEAT,
  LINES_A_BATCH,
  lineOf,
  linesEvent,
  OPENING,
} from './message.ts'

/** Where lines come from: SQLite and memory for a deployment, a ring for a running log. */
export interface LineSource {
  /** Stands before the number in an event's id; another one means that numbers begin anew. Letters and digits. */
  readonly run: string
  /** At most `count` lines after the one numbered `after`. */
  read(after: number, count: number): readonly LogLine[]
  last(): number
  /** No line will follow. */
  ended(): boolean
  /** What the page is told when no line will follow, as JSON. */
  farewell(): string
  /** How it stands with the source, as JSON for the page; empty where there is nothing to say. */
  state(): string
  watch(onChange: () => void): () => void
}

export interface ViewerOptions {
  /** Id of the last event the viewer had; empty: none. */
  readonly lastId: string
  /** Asked again while the stream is open: a session may end before its stream does. */
  readonly stillAllowed: () => boolean
}

export interface LineStreams {
  /** Sends a source to one more viewer, until either ends. `key` names it; all viewers of a key share one. */
  join(key: string, source: () => LineSource, out: ServerResponse, options: ViewerOptions): void
  viewers(): number
  close(): void
}

export interface StreamOptions {
  readonly gatherMs?: number
  readonly heartbeatMs?: number
  readonly recheckMs?: number
  /** A viewer that takes nothing for so long is let go; it comes back with its last id. */
  readonly patienceMs?: number
}

/** Then others get their turn. */
const BATCHES_AT_ONCE = 16
/** Bytes on the way to one viewer before it is waited for. */
const ON_THE_WAY = 256 * 1024

interface Viewer {
  readonly out: ServerResponse
  readonly stillAllowed: () => boolean
  position: number
  /** Since when it is waited for; 0: it is not. */
  crowdedAt: number
}

interface Hub {
  readonly source: LineSource
  readonly viewers: Set<Viewer>
  readonly leave: () => void
  flushedAt: number
  timer: NodeJS.Timeout | undefined
  state: string
}

export function lineStreams({
  gatherMs = 100,
  heartbeatMs = 15_000,
  recheckMs = 30_000,
  patienceMs = 60_000,
}: StreamOptions = {}): LineStreams {
  const hubs = new Map<string, Hub>()

  const hubFor = (key: string, sourceOf: () => LineSource): Hub => {
    const known = hubs.get(key)
    if (known) return known
    const source = sourceOf()
    const hub: Hub = {
      source,
      viewers: new Set(),
      leave: source.watch(() => gather(hub)),
      flushedAt: 0,
      timer: undefined,
      state: source.state(),
    }
    hubs.set(key, hub)
    return hub
  }

  /** At the next turn after a pause, else `gatherMs` after the last: lines that came at once go at once. */
  const gather = (hub: Hub): void => {
    const wait = hub.flushedAt + gatherMs - performance.now()
    hub.timer ??= setTimeout(() => flush(hub), Math.max(1, wait))
  }

  const flush = (hub: Hub): void => {
    clearTimeout(hub.timer)
    hub.timer = undefined
    tellState(hub)
    for (let batches = 0; ; ) {
      const groups = standing(hub)
      if (groups.size > 0) hub.flushedAt = performance.now()
      for (const [position, group] of groups) send(hub, position, group)
      batches += groups.size
      if (groups.size === 0) break
      if (batches >= BATCHES_AT_ONCE) {
        hub.timer = setTimeout(() => flush(hub), 0)
        return
      }
    }
    if (hub.source.ended()) bidFarewell(hub)
  }

  const tellState = (hub: Hub): void => {
    const state = hub.source.state()
    if (state === hub.state) return
    hub.state = state
    for (const { out } of hub.viewers) out.write(event('state', state))
  }

  const send = (hub: Hub, position: number, group: readonly Viewer[]): void => {
    const lines = batch(hub.source.read(position, LINES_A_BATCH))
    const [last] = lines.at(-1) ?? [hub.source.last()]
    const words = Buffer.from(linesEvent(hub.source.run, last, lines))
    for (const viewer of group) {
      viewer.out.write(words)
      viewer.position = last
      if (viewer.out.writableLength > ON_THE_WAY) waitFor(hub, viewer)
    }
  }

  const waitFor = (hub: Hub, viewer: Viewer): void => {
    viewer.crowdedAt = performance.now()
    viewer.out.once('drain', () => {
      viewer.crowdedAt = 0
      catchUp(hub, viewer)
    })
  }

  /** By itself, until it stands where the others do or is to be waited for again. */
  const catchUp = (hub: Hub, viewer: Viewer): void => {
    while (hub.viewers.has(viewer) && viewer.crowdedAt === 0 && viewer.position < hub.source.last())
      send(hub, viewer.position, [viewer])
    if (hub.source.ended()) bidFarewell(hub)
  }

  const everyone = function* (): Generator<readonly [Hub, Viewer]> {
    for (const hub of hubs.values()) for (const viewer of hub.viewers) yield [hub, viewer]
  }
  const beat = setInterval(() => {
    const now = performance.now()
    for (const [, { out, crowdedAt }] of everyone()) {
      if (crowdedAt === 0) out.write(HEARTBEAT)
      else if (now - crowdedAt > patienceMs) out.destroy()
    }
  }, heartbeatMs).unref()
  const recheck = setInterval(() => {
    for (const [hub, viewer] of everyone())
      if (!viewer.stillAllowed()) letGo(hub, viewer, event('signed-out', '{}'))
  }, recheckMs).unref()

  return {
    join(key, sourceOf, out, { lastId, stillAllowed }) {
      const hub = hubFor(key, sourceOf)
      const line = lineOf(hub.source.run, lastId)
      const viewer: Viewer = { out, stillAllowed, position: line ?? 0, crowdedAt: 0 }
      out.on('error', ignore)
      out.once('close', () => {
        hub.viewers.delete(viewer)
        if (hub.viewers.size > 0 || hubs.get(key) !== hub) return
        clearTimeout(hub.timer)
        hub.leave()
        hubs.delete(key)
      })
      hub.viewers.add(viewer)
      out.writeHead(200, EVENT_STREAM)
      out.write(OPENING)
      if (line === null && lastId !== '') out.write(event('reset', '{}'))
      if (hub.state !== '') out.write(event('state', hub.state))
      flush(hub)
    },
    viewers: () => [...everyone()].length,
    close() {
      clearInterval(beat)
      clearInterval(recheck)
      for (const [, { out }] of everyone()) out.end()
      for (const { leave, timer } of hubs.values()) {
        clearTimeout(timer)
        leave()
      }
      hubs.clear()
    },
  }
}

/** To all who have everything. */
function bidFarewell(hub: Hub): void {
  for (const viewer of hub.viewers)
    if (hasAll(hub, viewer)) letGo(hub, viewer, event('end', hub.source.farewell()))
}

const hasAll = ({ source }: Hub, { crowdedAt, position }: Viewer): boolean =>
  crowdedAt === 0 && position >= source.last()

/** Nothing may be written after the end, so the viewer goes first. */
function letGo({ viewers }: Hub, viewer: Viewer, words: string): void {
  viewers.delete(viewer)
  viewer.out.end(words)
}

/** A browser that is gone between two writes is no error: `close` follows. */
const ignore = (): void => {}

/** Viewers that can take more, by the line they stand at. Mostly all stand at one. */
function standing({ source, viewers }: Hub): Map<number, Viewer[]> {
  const groups = new Map<number, Viewer[]>()
  const last = source.last()
  for (const viewer of viewers) {
    if (viewer.crowdedAt > 0 || viewer.position >= last) continue
    const group = groups.get(viewer.position)
    if (group) group.push(viewer)
    else groups.set(viewer.position, [viewer])
  }
  return groups
}
