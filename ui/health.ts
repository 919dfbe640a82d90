import { randomUUID } from 'node:crypto'
import { Hono } from 'hono'
import type { OutboxStatus } from './outbox/outbox.ts'
import { messageOf } from './web/message-of.ts'
import { isFromThisHost } from './web/security.ts'

export interface HealthOptions {
  outbox(): OutboxStatus
  /** Throws where the database does not answer. */
  database(): void
  readonly version: string
}

/**
 * `GET /healthz`: 200 while events can be recorded, 503 when not. `instance` is another at each start, so that whoever
 * asks by two ways knows whether one panel answered both. Version and reason, which name paths, are for this host only.
 */
export const health = ({ outbox, database, version }: HealthOptions) => {
  const instance = randomUUID()
  return new Hono().get('/healthz', (c) => {
    const trouble = outbox().problem ?? troubleWith(database)
    const status = trouble === null ? 'ok' : 'failing'
    const detail = isFromThisHost(c) ? { version, ...(trouble !== null && { trouble }) } : {}
    return c.json({ status, instance, ...detail }, trouble === null ? 200 : 503)
  })
}

const troubleWith = (check: () => void): string | null => {
  try {
    check()
    return null
  } catch (error) {
    return messageOf(error)
  }
}
