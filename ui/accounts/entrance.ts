/** What signing in, setting up and the account page share: sessions, hashes, limits, the trail, the counters. */
import type { Context } from 'hono'
import { Counter, type Registry } from 'prom-client'
import type { Facts, RecordAudit } from '../audit/audit.ts'
import type { Database } from '../database/database.ts'
import type { Frame } from '../web/frame.ts'
import { quietly } from '../web/quietly.ts'
import type { Account } from './account.ts'
import { subscriberOf } from './address.ts'
import { keepToken } from './cookie.ts'
import type { MaybeSignedIn } from './guard.ts'
import type { PasswordHashing } from './hashing.ts'
import type { Sessions } from './sessions.ts'
import { type Throttle, throttle } from './throttle.ts'

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
  /** By account name. Its pauses stay short: strangers must not lock the owner out for long. */
  readonly names: Throttle
  /** By address, for passwords and for links. */
  readonly addresses: Throttle
  readonly count: (outcome: Outcome) => void
  /** What whoever owns the server types to let somebody in. */
  readonly login: string
}

type Outcome = 'password' | 'link' | 'setup' | 'failed' | 'paused' | 'link refused'

export const limits = {
  names: { free: 5, longestPauseSeconds: 60 },
  addresses: { free: 10, longestPauseSeconds: 15 * 60 },
} as const

export const throttles = (): Pick<Entrance, 'names' | 'addresses'> => ({
  names: throttle(limits.names),
  addresses: throttle(limits.addresses),
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
}
