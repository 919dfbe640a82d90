import type { MiddlewareHandler } from 'hono'
import { HTTPException } from 'hono/http-exception'

/** Files come to this address alone, where they are streamed to the disk under a limit of their own. */
export const isUploadPath = (path: string): boolean => /^\/apps\/[^/]+\/archives(\?|$)/.test(path)

const FORM = /^(application\/x-www-form-urlencoded|multipart\/form-data)/i

/**
 * Reads the form of a request, which routes then find read already. Throws 400 for one that is malformed, nests too
 * deeply or broke off. Mounted after the method override, which passes the body on unread.
 */
export const readForm: MiddlewareHandler = async (c, next) => {
  if (FORM.test(c.req.header('content-type') ?? '') && !isUploadPath(c.req.path))
    await c.req.parseBody({ dot: true }).catch(refuseForm)
  await next()
}

/** What a library throws for a body it cannot read is the sender's mistake and not the panel's. */
export function refuseForm(error: unknown): never {
  if (error instanceof HTTPException) throw error
  throw new HTTPException(400, {
    message: 'The form is malformed or broke off. Send it again.',
    cause: error,
  })
}
