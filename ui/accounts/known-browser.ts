/**
 * Browsers an account signed in from before, told by a cookie. It proves that and lets nobody in: strangers who guess
 * the account's password make other strangers wait, never this browser, which is limited by itself.
 */
import { createHmac, timingSafeEqual } from 'node:crypto'
import type { AccountRow } from './table.ts'
import { randomToken } from './token.ts'

type Owner = Pick<AccountRow, 'id' | 'passwordHash'>

/** For the cookie: an id of the browser, signed for this account. */
export function newKnownBrowser(account: Owner): string {
  const browser = randomToken()
  return `${browser}.${signature(account, browser)}`
}

/** The id of the browser; null where the cookie is missing or was not made for this account and its password. */
export function knownBrowser(cookie: string | undefined, account: Owner | undefined): string | null {
  const [, browser = '', signed = ''] = /^([\w-]{43})\.([\w-]{43})$/.exec(cookie ?? '') ?? []
  if (account === undefined || browser === '') return null
  return timingSafeEqual(Buffer.from(signed), Buffer.from(signature(account, browser))) ? browser : null
}

/** Keyed by the stored hash, which only the panel has, so a new password makes every browser a stranger again. */
const signature = ({ id, passwordHash }: Owner, browser: string): string =>
  createHmac('sha256', passwordHash).update(`known browser ${id} ${browser}`).digest('base64url')
