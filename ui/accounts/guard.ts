/** Who is signed in, and the doors that ask for it. */
import type { Context } from 'hono'
import { createMiddleware } from 'hono/factory'
import { HTTPException } from 'hono/http-exception'
import type { Visited } from '../web/security.ts'
import type { Role, SignedIn } from './account.ts'
import { readTokens } from './cookie.ts'
import { signInPath } from './return-path.ts'
import type { Sessions } from './sessions.ts'

/** Before any door: `account` is on the context only where somebody is signed in. */
export interface MaybeSignedIn {
  Variables: Visited['Variables'] & Partial<Pick<SignedIn['Variables'], 'account' | 'sessionId'>>
}

/**
 * Puts account and session on the context, if the cookie names one. Refuses nobody. Where cookies name sessions of
 * several accounts, one was set by somebody else, and none is believed.
 */
export const remember = (sessions: Sessions, clock: () => number) =>
  createMiddleware<MaybeSignedIn>(async (c, next) => {
    const visitor = c.get('visitor')
    const tokens = readTokens(c, visitor).slice(0, MOST_TOKENS)
    const open = tokens.flatMap((token) => sessions.find(token, visitor, clock()) ?? [])
    const [found] = open
    if (found !== undefined && open.every(({ account }) => account.id === found.account.id)) {
      c.set('account', found.account)
      c.set('sessionId', found.sessionId)
    }
    await next()
  })

/** Each is looked up in the database. */
const MOST_TOKENS = 5

/** The door to everything that is not public. Mounted after the public routes, before all others. */
export const requireSession = createMiddleware<SignedIn>(async (c, next) => {
  const account: SignedIn['Variables']['account'] | undefined = c.get('account')
  return account === undefined ? askToSignIn(c) : await next()
})

/** For routes that change things or show what only some may see. */
export const requireRole = (role: Role) =>
  createMiddleware<SignedIn>(async (c, next) => {
    if (c.get('account').role !== role)
      throw new HTTPException(403, { message: `Only an ${role} may do this. You are signed in as a viewer.` })
    await next()
  })

/** A page is sent to the sign-in page and back; a part of a page takes the whole page there; a stream ends. */
function askToSignIn(c: Context): Response {
  const accept = c.req.header('accept') ?? ''
  const byHtmx = c.req.header('hx-request') === 'true'
  if (byHtmx) c.header('HX-Redirect', signInPath(pathOf(c.req.header('hx-current-url'))))
  if (byHtmx || accept.includes('text/event-stream')) return c.text('Sign in first.', 401)
  if (accept.includes('application/json'))
    return c.json({ error: { type: 'signed-out', message: 'Sign in first.' } }, 401)
  const url = new URL(c.req.url)
  const wanted = c.req.method === 'GET' ? url.pathname + url.search : undefined
  return c.redirect(signInPath(wanted), 303)
}

function pathOf(address: string | undefined): string | undefined {
  if (address === undefined || !URL.canParse(address)) return undefined
  const url = new URL(address)
  return url.pathname + url.search
}
