import type { Context } from 'hono'
import { deleteCookie, getCookie, setCookie } from 'hono/cookie'
import type { Visitor } from '../web/security.ts'
import { LONGEST_MS } from './session.ts'

const SESSION = 'dokkubase'
const KNOWN_BROWSER = 'dokkubase-known'
/** Browsers keep a cookie no longer than this. */
const LONGEST_COOKIE_S = 400 * 24 * 60 * 60

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
    // With the prefix a neighbour on the same domain cannot plant a cookie of this name.
    ...(https && { prefix: 'host' as const }),
  }) as const

export const readToken = (c: Context, { https }: Visitor): string | undefined =>
  getCookie(c, SESSION, https ? 'host' : undefined)

export const keepToken = (c: Context, visitor: Visitor, token: string): void =>
  setCookie(c, SESSION, token, { ...attributes(visitor), maxAge: LONGEST_MS / 1000 })

/** Outlives the session and a sign-out: it lets nobody in. */
export const keepKnownBrowser = (c: Context, visitor: Visitor, value: string): void =>
  setCookie(c, KNOWN_BROWSER, value, { ...attributes(visitor), maxAge: LONGEST_COOKIE_S })

export const readKnownBrowser = (c: Context, { https }: Visitor): string | undefined =>
  getCookie(c, KNOWN_BROWSER, https ? 'host' : undefined)

export const dropToken = (c: Context, visitor: Visitor): void => {
  deleteCookie(c, SESSION, attributes(visitor))
}
