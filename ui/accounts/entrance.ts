/** What signing in, setting up and the account page share: sessions, hashes, limits, the trail, the counters. */
import type { Context } from 'hono'
import { Counter, type Registry } from 'prom-client'
import type { Facts, RecordAudit } from '../audit/audit.ts'
import type { Database } from '../database/database.ts'
import type { Frame } from '../web/frame.ts'
import { quietly } from '../web/quietly.ts'
import { subscriberOf } from '../web/subscriber.ts'
import { type Throttle, throttle } from '../web/throttle.ts'
import type { Account } from './account.ts'
import { keepKnownBrowser, keepToken } from './cookie.ts'
import type { MaybeSignedIn } from './guard.ts'
import type { PasswordHashing } from './hashing.ts'
import { newKnownBrowser } from './known-browser.ts'
import type { Sessions } from './sessions.ts'
import { accountWithId } from './table.ts'

/** The Hono environment of the public routes here. */
export interface Arriving {
  Variables: MaybeSignedIn['Variables'] & { frame: Frame }
}

export interface Entrance {
  readonly db: Database
  readonly clock: () => number
  readonly audit: RecordAudit
  readonly sessions: Sessions
  readonly hashing: PasswordHashing
  /** Strangers, by the account name they try. Pauses stay short: the owner may come with a new browser. */
  readonly names: Throttle
  /** Strangers, by address, for passwords and for links. */
  readonly addresses: Throttle
  /** Browsers the account signed in from before, each by itself: strangers never make them wait. */
  readonly browsers: Throttle
  /** Signed-in people who give their current password, by session. */
  readonly changes: Throttle
  readonly count: (outcome: Outcome) => void
  /** What whoever owns the server types to let somebody in. */
  readonly login: string
}

type Outcome = 'password' | 'link' | 'setup' | 'failed' | 'paused' | 'link refused'

export const limits = {
  names: { free: 5, longestPauseSeconds: 60 },
  addresses: { free: 10, longestPauseSeconds: 15 * 60 },
  browsers: { free: 5, longestPauseSeconds: 60 },
  changes: { free: 5, longestPauseSeconds: 60 },
} as const

export const throttles = (): Pick<Entrance, keyof typeof limits> => ({
  names: throttle(limits.names),
  addresses: throttle(limits.addresses),
  browsers: throttle(limits.browsers),
  changes: throttle(limits.changes),
})

export function signInCounter(registry: Registry): Entrance['count'] {
  const counter = new Counter({
    name: 'dokkubase_sign_ins_total',
    help: 'Attempts to get in, by how they ended.',
    labelNames: ['outcome'],
    registers: [registry],
  })
  return (outcome) => quietly(() => counter.inc({ outcome }))
}

export const addressOf = (c: Context<Arriving>): string => subscriberOf(c.get('visitor').ip)

/**
 * A new session with a new token, and the end of the one this browser came with: a token somebody planted or
 * saw before sign-in is worth nothing after it.
 */
export function begin(
  { db, clock, audit, sessions }: Entrance,
  c: Context<Arriving>,
  account: Account,
  after: Facts,
): void {
  const visitor = c.get('visitor')
  const earlier = c.get('sessionId')
  const token = db.transaction(() => {
    if (earlier !== undefined) sessions.close(earlier)
    audit({ who: account.name, action: 'signed in', by: visitor, after })
    return sessions.open(account.id, visitor, clock())
  })
  keepToken(c, visitor, token)
  rememberBrowser(db, c, account.id)
}

/** From now on this browser of the account is limited by itself. Its password may just have changed, so it is read anew. */
export function rememberBrowser(db: Database, c: Context, accountId: number): void {
  const account = accountWithId(db, accountId)
  if (account !== undefined) keepKnownBrowser(c, c.get('visitor'), newKnownBrowser(account))
}
