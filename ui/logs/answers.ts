/** The three ways to have a log: streamed, some lines of it, all of it. */
import type { HttpBindings } from '@hono/node-server'
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response'
import type { Context } from 'hono'
import * as z from 'zod'
import type { Admit } from '../live/admission.ts'
import type { Copies } from './copies.ts'
import { EVENT_STREAM } from './message.ts'
import type { LineSource, LineStreams } from './stream.ts'

export type Bound = { Bindings: Partial<HttpBindings> }

/** One more viewer of a stream; all who give the same key share what is read for them. */
export function joined<Env extends Bound>(
  streams: LineStreams,
  c: Context<Env>,
  key: string,
  source: () => LineSource,
  admit: Admit,
): Response {
  const { outgoing } = c.env
  if (outgoing === undefined || outgoing.destroyed || c.req.raw.method === 'HEAD')
    return c.body(null, 200, EVENT_STREAM)
  const { stillAllowed, leave } = admit(c)
  outgoing.once('close', leave)
  const lastId = c.req.header('last-event-id') ?? c.req.query('from') ?? ''
  streams.join(key, source, outgoing, { lastId, stillAllowed })
  // Its own copy: what middleware adds to the headers must not gather in the one all share.
  return RESPONSE_ALREADY_SENT.clone()
}

const Range = z.object({
  from: z.coerce.number().int().min(1).max(1e12).catch(1),
  count: z.coerce.number().int().min(1).max(5000).catch(1000),
})

/** The lines asked for in the address, as JSON. */
export function someLines(c: Context, copies: Copies, id: number, bad: readonly number[]): Response {
  const { from, count } = Range.parse(c.req.query())
  const lines = copies.read(id, from, count).filter(([number]) => number < from + count)
  return c.json({ lines, last: copies.last(id), bad })
}

/** All of it as a file. */
export const download = (c: Context, name: string, text: Iterable<Buffer>): Response =>
  c.body(streamOf(text), 200, {
    'content-type': 'text/plain; charset=utf-8',
    'content-disposition': `attachment; filename="${name.replace(/[^\w.-]/g, '_')}"`,
  })

/** Asked for piece by piece, as fast as the browser takes them. */
function streamOf(pieces: Iterable<Buffer>): ReadableStream<Uint8Array> {
  const iterator = pieces[Symbol.iterator]()
  return new ReadableStream({
    pull(controller) {
      const { done, value } = iterator.next()
      if (done) controller.close()
      else controller.enqueue(value)
    },
  })
}
