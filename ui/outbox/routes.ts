import { type Context, Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { createMiddleware } from 'hono/factory'
import RateLimiterMemory from 'rate-limiter-flexible/lib/RateLimiterMemory.js'
import { type Event, type RecordedEvent, timeOfId } from '../events/event.ts'
import type { Visited } from '../web/security.ts'
import { subscriberOf } from '../web/subscriber.ts'
import { throttle } from '../web/throttle.ts'
import { take } from './intake.ts'
import { EventBatch, type RemoteToken, refusalOf, speaksFor, tokenGiven } from './remote.ts'

/** The largest batch, in bytes: 500 events of ordinary size and room to spare. */
const MAX_BATCH_BYTES = 8 * 1024 * 1024
/** Events of one host within a minute; a batch counts as a few at least. */
const EVENTS_A_MINUTE = 150_000
const LEAST_A_BATCH = 250

export interface IntakeOptions {
  readonly tokens: readonly RemoteToken[]
  record(events: readonly Event[]): readonly RecordedEvent[]
  readonly clock: () => number
}

interface IntakeEnv {
  Variables: Visited['Variables'] & { token: RemoteToken }
}

/**
 * `POST /events`: the same intake as the folder, for another host. A token, a batch of at most 500 events, and an
 * answer that names every id that is safe to forget. Mounted behind `knowVisitor`.
 */
export const intake = ({ tokens, record, clock }: IntakeOptions) => {
  const rates = new RateLimiterMemory({ points: EVENTS_A_MINUTE, duration: 60 })
  return new Hono<IntakeEnv>().post(
    '/events',
    requireToken(tokens),
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
      if (!speaksFor(c.get('token'), host, tokens))
        return c.json({ error: `this token does not speak for the host ${host}` }, 403)
      const wait = await rates.consume(host, Math.max(events.length, LEAST_A_BATCH)).then(
        () => 0,
        ({ msBeforeNext }) => Math.ceil(msBeforeNext / 1000),
      )
      if (wait > 0) return tooMany(c, wait, `a host may send ${EVENTS_A_MINUTE} events a minute`)

      const told = events.map((event): Event => ({ ...event, host, origin: 'told', at: timeOfId(event.id) }))
      const claims = told.map((event) => [event, refusalOf(event, clock())] as const)
      const taken = take(
        claims.flatMap(([event, reason]) => (reason === null ? [event] : [])),
        record,
      )
      const refused = [
        ...claims.flatMap(([{ id }, reason]) => (reason === null ? [] : [{ id, reason }])),
        ...taken.refused,
      ]
      const lost = new Set(refused.map(({ id }) => id))
      const acknowledged = events.map(({ id }) => id).filter((id) => !lost.has(id))
      return c.json({ acknowledged, recorded: taken.recorded, refused })
    },
  )
}

/** Puts the token on the context. Whoever guesses tokens has to wait, by address. */
function requireToken(tokens: readonly RemoteToken[]) {
  const guesses = throttle({ free: 10, longestPauseSeconds: 15 * 60 })
  return createMiddleware<IntakeEnv>(async (c, next) => {
    if (tokens.length === 0)
      return c.json({ error: 'no token is set: give the panel DOKKUBASE_TOKEN to take events by HTTP' }, 404)
    const attempt = await guesses.attempt(subscriberOf(c.get('visitor').ip))
    if (!attempt.allowed)
      return tooMany(c, attempt.waitSeconds, 'several tokens from this address were wrong')
    // Where http-auth stands before the panel, Authorization is nginx's.
    const given = c.req.header('x-dokkubase-token') ?? bearerOf(c.req.header('authorization'))
    const token = tokenGiven(given, tokens)
    if (token === undefined) return c.json({ error: 'the bearer token is not one of this panel' }, 401)
    await attempt.forget()
    c.set('token', token)
    return await next()
  })
}

function tooMany(c: Context, seconds: number, error: string): Response {
  c.header('Retry-After', String(seconds))
  return c.json({ error: `${error}: wait ${seconds} seconds` }, 429)
}

const bearerOf = (authorization = ''): string => /^Bearer (.*)$/.exec(authorization)?.[1] ?? ''
