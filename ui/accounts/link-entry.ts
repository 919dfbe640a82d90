/**
 * What setup and sign-in links have in common. Opening one changes nothing but what is counted and written
 * down, so a mail scanner or a chat's preview does not use it up; the button on its page does.
 */
import type { Context } from 'hono'
import { card } from '../web/layout.ts'
import { type Arriving, addressOf, type Entrance } from './entrance.ts'
import { linkState, type Purpose } from './links.ts'
import { isSetUp } from './table.ts'
import { linkRefusedView, pausedView } from './views.ts'

export type Refusal = 'used' | 'expired' | 'unknown'

export type Opened =
  | { readonly open: true; readonly accountId: number | null }
  | { readonly open: false; readonly page: Response | Promise<Response> }

/**
 * A good link is never made to wait: nobody guesses 256 bits, and it is the owner's way in while strangers keep
 * the address or the name busy. Only bad ones count.
 */
export async function openLink(
  entrance: Entrance,
  c: Context<Arriving>,
  purpose: Purpose,
  token: string,
): Promise<Opened> {
  const link = linkState(entrance.db, purpose, token, entrance.clock())
  if (link.state === 'open') return { open: true, accountId: link.accountId }
  const attempt = await entrance.addresses.attempt(addressOf(c))
  if (attempt.allowed) return { open: false, page: refuseLink(entrance, c, purpose, link.state) }
  entrance.count('paused')
  c.header('Retry-After', String(attempt.waitSeconds))
  const content = pausedView(attempt.waitSeconds)
  return { open: false, page: c.html(card(c.get('frame'), { title: 'Wait a moment' }, content), 429) }
}

/** Says why, and how the server's owner gets a new one. */
export function refuseLink(
  { db, audit, count, login }: Entrance,
  c: Context<Arriving>,
  purpose: Purpose,
  why: Refusal,
): Response | Promise<Response> {
  count('link refused')
  audit({ who: '', action: `${purpose} link refused`, by: c.get('visitor'), after: { link: why } })
  const content = linkRefusedView({ why, isSetUp: isSetUp(db), login })
  return c.html(
    card(c.get('frame'), { title: 'This link does not work' }, content),
    why === 'unknown' ? 404 : 410,
  )
}

export const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')
