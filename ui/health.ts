import { Hono } from 'hono'
import type { OutboxStatus } from './outbox/outbox.ts'

/** `GET /healthz`: 200 while events can be recorded, 503 with the reason when not. Says nothing about any app. */
export const health = (options: { outbox(): OutboxStatus; database(): void; version: string }) =>
  new Hono().get('/healthz', (c) => {
    const { problem } = options.outbox()
    const trouble = problem ?? troubleWith(options.database)
    return c.json(
      {
        status: trouble === null ? 'ok' : 'failing',
        version: options.version,
        ...(trouble === null ? {} : { trouble }),
      },
      trouble === null ? 200 : 503,
    )
  })

const troubleWith = (check: () => void): string | null => {
  try {
    check()
    return null
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}
