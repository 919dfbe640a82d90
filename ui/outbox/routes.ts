import { createHash, timingSafeEqual } from 'node:crypto'
import { Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { type Event, EventBatch, type RecordedEvent, timeOfId } from '../events/event.ts'
import { take } from './intake.ts'

/** The largest batch, in bytes: 500 events of ordinary size and room to spare. */
const MAX_BATCH_BYTES = 8 * 1024 * 1024

/**
 * `POST /events`: the same intake as the folder, for another host. A token, a batch of at most 500 events, and an
 * answer that names every id that is safe to forget.
 */
export const intake = (options: {
  readonly token: string | null
  record(events: readonly Event[]): readonly RecordedEvent[]
}) =>
  new Hono().post(
    '/events',
    async (c, next) => {
      // Where http-auth stands before the panel, Authorization is nginx's.
      const given = c.req.header('x-dokkubase-token') ?? bearerOf(c.req.header('authorization'))
      if (options.token === null)
        return c.json(
          { error: 'no token is set: give the panel DOKKUBASE_TOKEN to take events by HTTP' },
          404,
        )
      if (!sameSecret(given, options.token))
        return c.json({ error: 'the bearer token is not the one of this panel' }, 401)
      return next()
    },
    bodyLimit({
      maxSize: MAX_BATCH_BYTES,
      onError: (c) =>
        c.json({ error: `a batch is at most ${MAX_BATCH_BYTES} bytes: send fewer events at a time` }, 413),
    }),
    async (c) => {
      const batch = EventBatch.safeParse(await c.req.json().catch(() => undefined))
      if (!batch.success) {
        const issues = batch.error.issues
          .slice(0, 10)
          .map(({ path, message }) => `${path.join('.')}: ${message}`)
        return c.json({ error: 'the batch is not as expected', issues }, 400)
      }
      const { host, events } = batch.data
      const { recorded, refused } = take(
        events.map((event): Event => ({ ...event, host, origin: 'told', at: timeOfId(event.id) })),
        options.record,
      )
      const lost = new Set(refused.map(({ id }) => id))
      const acknowledged = events.map(({ id }) => id).filter((id) => !lost.has(id))
      return c.json({ acknowledged, recorded, refused })
    },
  )

const bearerOf = (authorization = ''): string => /^Bearer (.*)$/.exec(authorization)?.[1] ?? ''

/** Compared by digest, so neither length nor content shows in the time it takes. */
const sameSecret = (given: string, expected: string): boolean =>
  timingSafeEqual(createHash('sha256').update(given).digest(), createHash('sha256').update(expected).digest())
