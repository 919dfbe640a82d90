import { Hono } from 'hono'
import { streamSSE } from 'hono/streaming'
import type { Admit } from './admission.ts'
import type { Change, Live } from './live.ts'

/** nginx cuts a silent stream after 60 s. */
const HEARTBEAT_MS = 15_000
/** A reader that takes nothing keeps at most this many changes; then it is told that everything changed. */
const MOST_WAITING = 200

export interface LiveRoutesOptions {
  readonly live: Live
  readonly admit: Admit
}

/** `GET /live`: names of what changed, one message a topic, resumable by Last-Event-ID. */
export const liveRoutes = ({ live, admit }: LiveRoutesOptions) =>
  new Hono().get('/live', (c) => {
    c.header('X-Accel-Buffering', 'no')
    c.header('Cache-Control', 'no-store')
    // Nobody reads what a HEAD would stream, so it would never end.
    if (c.req.raw.method === 'HEAD') return c.body(null, 200, { 'content-type': 'text/event-stream' })
    const admission = admit(c)
    return streamSSE(c, async (stream) => {
      let waiting: Change[] = []
      let wake = () => {}
      const push = (change: Change) => {
        waiting.push(change)
        if (waiting.length > MOST_WAITING) waiting = [{ id: change.id, topics: ['all'] }]
        wake()
      }
      const leave = live.enter()
      const unsubscribe = live.subscribe(push)
      const last = c.req.header('Last-Event-ID') ?? c.req.query('after')
      const missed = last === undefined ? [] : live.since(last)
      if (missed === null) push({ id: live.latest(), topics: ['all'] })
      else for (const change of missed) push(change)
      stream.onAbort(() => wake())

      try {
        // Without an id: what was missed comes next, and a connection cut before that must get it again.
        await stream.writeSSE({ event: 'connected', data: '1', retry: 1000 })
        while (!stream.aborted && !stream.closed && admission.stillAllowed()) {
          for (const change of waiting.splice(0)) await send(change)
          await new Promise<void>((resolve) => {
            const heartbeat = setTimeout(() => resolve(beat()), HEARTBEAT_MS)
            wake = () => {
              clearTimeout(heartbeat)
              resolve()
            }
            if (waiting.length > 0 || stream.aborted) wake()
          })
        }
      } finally {
        unsubscribe()
        leave()
        admission.leave()
      }

      async function beat() {
        await stream.write(': still here\n\n')
      }
      /** The id goes with the last topic only: a connection lost half way through a change gets all of it again. */
      async function send({ id, topics }: Change) {
        for (const [index, topic] of topics.entries())
          await stream.writeSSE({
            event: topic,
            data: '1',
            ...(index === topics.length - 1 ? { id } : {}),
          })
      }
    })
  })
