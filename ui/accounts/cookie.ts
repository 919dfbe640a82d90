import type { Context } from 'hono'
import { deleteCookie, getCookie, setCookie } from 'hono/cookie'
import type { Visitor } from '../web/security.ts'
import { LONGEST_MS } from './session.ts'

const NAME = 'dokkubase'

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
  getCookie(c, NAME, https ? 'host' : undefined)

export const keepToken = (c: Context, visitor: Visitor, token: string): void =>
  setCookie(c, NAME, token, { ...attributes(visitor), maxAge: LONGEST_MS / 1000 })

export const dropToken = (c: Context, visitor: Visitor): void => {
  deleteCookie(c, NAME, attributes(visitor))
}
