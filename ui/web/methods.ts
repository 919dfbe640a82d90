/**
 * Request methods the panel serves. The router looks a method up in plain objects, where words such as `__proto__` find
 * what nobody put there, so only listed methods may reach it: a request's own, and the one a form asks for.
 */
import type { Hono, MiddlewareHandler } from 'hono'
import { HTTPException } from 'hono/http-exception'
import { methodOverride } from 'hono/method-override'

const SERVED: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'])
/** What a form without script may ask for by `?method=`; a browser's form can send only GET and POST. */
const OVERRIDES: ReadonlySet<string> = new Set(['PUT', 'PATCH', 'DELETE'])

/** Answers 405 to every other method before the router sees it, also where the router is called again. */
export function serveKnownMethods(app: Hono): void {
  const dispatch = app.fetch
  app.fetch = (request, ...rest) => (SERVED.has(request.method) ? dispatch(request, ...rest) : notServed())
}

const notServed = (): Response =>
  new Response('This method is not served here.\n', {
    status: 405,
    headers: {
      allow: [...SERVED].join(', '),
      'content-type': 'text/plain; charset=utf-8',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    },
  })

/**
 * A POST with `?method=DELETE` is served as that method. Mounted after the origin check: the request then passes every
 * guard once more under its new method. Throws 400 for any other method, and where the request is not a POST.
 */
export function overriddenMethod(app: Hono): MiddlewareHandler {
  const override = methodOverride({ app, query: 'method' })
  return (c, next) => {
    const wanted = c.req.query('method')
    if (wanted === undefined || c.req.method === 'GET' || c.req.method === 'HEAD') return next()
    if (c.req.method !== 'POST' || !OVERRIDES.has(wanted))
      throw new HTTPException(400, { message: '?method= may be PUT, PATCH or DELETE, and only in a POST.' })
    return override(c, next)
  }
}
