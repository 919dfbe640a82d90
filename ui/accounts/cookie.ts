/**
 * The panel's cookies. Cookies know no ports: a browser also sends them to whatever else answers at the panel's host
 * name or address, and takes cookies for the panel from there. So their names carry the port, which keeps panels on one
 * address apart; under https they have the `__Host-` prefix, so that no neighbour on the same domain can set one; and a
 * session on a shared address holds for the network it was opened from (sessions.ts).
 */
import { isIP } from 'node:net'
import type { Context } from 'hono'
import { deleteCookie, getCookie, setCookie } from 'hono/cookie'
import type { Visitor } from '../web/security.ts'
import { LONGEST_MS } from './session.ts'

/** Browsers keep a cookie no longer than this. */
const LONGEST_COOKIE_S = 400 * 24 * 60 * 60

/** Name of the session's cookie, without a prefix, for a panel at this origin. */
export const sessionCookie = (origin: string): string => withPort('dokkubase', origin)
const knownBrowserCookie = (origin: string): string => withPort('dokkubase-known', origin)

const withPort = (name: string, origin: string): string => {
  const { port } = new URL(origin)
  return port === '' ? name : `${name}-${port}`
}

/** Whether apps of this server may answer at the same host without https: at an address, or at another port. */
export function isAddressShared({ https, origin }: Pick<Visitor, 'https' | 'origin'>): boolean {
  const { hostname, port } = new URL(origin)
  return !https && (port !== '' || isIP(hostname.replace(/^\[|\]$/g, '')) !== 0)
}

/**
 * SameSite is Lax, not Strict: a link to a deployment in a mail or chat shall open that deployment, not the
 * sign-in page. What Lax lets through are top-level GETs, and no GET changes anything.
 */
const attributes = ({ https }: Visitor) =>
  ({
    httpOnly: true,
    sameSite: 'Lax',
    path: '/',
    secure: https,
    ...(https && { prefix: 'host' as const }),
  }) as const

/** Every value sent under the session's name: a neighbour may have set one for a path of the panel besides ours. */
export function readTokens(c: Context, { https, origin }: Visitor): readonly string[] {
  const begin = `${https ? '__Host-' : ''}${sessionCookie(origin)}=`
  const all = (c.req.header('cookie') ?? '').split(';').map((pair) => pair.trim())
  return all.filter((pair) => pair.startsWith(begin)).map((pair) => pair.slice(begin.length))
}

export const keepToken = (c: Context, visitor: Visitor, token: string): void =>
  setCookie(c, sessionCookie(visitor.origin), token, {
    ...attributes(visitor),
    maxAge: LONGEST_MS / 1000,
  })

export const dropToken = (c: Context, visitor: Visitor): void => {
  deleteCookie(c, sessionCookie(visitor.origin), attributes(visitor))
}

/** Outlives the session and a sign-out: it lets nobody in. */
export const keepKnownBrowser = (c: Context, visitor: Visitor, value: string): void =>
  setCookie(c, knownBrowserCookie(visitor.origin), value, {
    ...attributes(visitor),
    maxAge: LONGEST_COOKIE_S,
  })

export const readKnownBrowser = (c: Context, { https, origin }: Visitor): string | undefined =>
  getCookie(c, knownBrowserCookie(origin), https ? 'host' : undefined)
