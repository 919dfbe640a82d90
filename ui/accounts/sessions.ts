/** Sign-in sessions in the database: opened, found by their token, listed, revoked. */
import { and, desc, eq, lte, ne, or, sql } from 'drizzle-orm'
import type { Database } from '../database/database.ts'
import type { Visitor } from '../web/security.ts'
import { subscriberOf } from '../web/subscriber.ts'
import type { Account } from './account.ts'
import { isAddressShared } from './cookie.ts'
import { IDLE_MS, isDueToBeSeen, isOver, LONGEST_MS } from './session.ts'
import { accounts, sessions } from './table.ts'
import { hashOf, randomToken } from './token.ts'

export type SessionRow = typeof sessions.$inferSelect

interface FoundSession {
  readonly sessionId: number
  readonly account: Account
}

export interface Sessions {
  /** Returns the token for the cookie, the only place it is ever kept. */
  open(accountId: number, visitor: Visitor, now: number): string
  /**
   * Null where it is over, and where it is used at an address that apps share (cookie.ts) from another network than it
   * was opened from: an app may have read the cookie, or set one of its own.
   */
  find(token: string, visitor: Visitor, now: number): FoundSession | null
  /** For streams that stay open: asks without counting as use. */
  isOpen(sessionId: number, now: number): boolean
  list(accountId: number, now: number): readonly SessionRow[]
  close(sessionId: number): void
  /** Only a session of this account: an id alone is no right. */
  revoke(accountId: number, sessionId: number): SessionRow | undefined
  revokeOthers(accountId: number, sessionId: number | null): number
}

export function sessionsIn(db: Database, token: () => string = randomToken): Sessions {
  const byToken = db
    .select({
      session: {
        id: sessions.id,
        ip: sessions.ip,
        lastSeenAt: sessions.lastSeenAt,
        expiresAt: sessions.expiresAt,
      },
      account: { id: accounts.id, name: accounts.name, role: accounts.role },
    })
    .from(sessions)
    .innerJoin(accounts, eq(accounts.id, sessions.accountId))
    .where(eq(sessions.tokenHash, sql.placeholder('hash')))
    .prepare()
  const times = db
    .select({ lastSeenAt: sessions.lastSeenAt, expiresAt: sessions.expiresAt })
    .from(sessions)
    .where(eq(sessions.id, sql.placeholder('id')))
    .prepare()
  const removeOver = (now: number) =>
    db
      .delete(sessions)
      .where(or(lte(sessions.expiresAt, now), lte(sessions.lastSeenAt, now - IDLE_MS)))
      .run()

  return {
    open(accountId, { ip, userAgent }, now) {
      removeOver(now)
      const secret = token()
      const row = { tokenHash: hashOf(secret), accountId, createdAt: now, lastSeenAt: now, ip, userAgent }
      db.insert(sessions)
        .values({ ...row, expiresAt: now + LONGEST_MS })
        .run()
      return secret
    },
    find(secret, visitor, now) {
      const found = byToken.get({ hash: hashOf(secret) })
      if (found === undefined || isOver(found.session, now)) return null
      if (isAddressShared(visitor) && subscriberOf(visitor.ip) !== subscriberOf(found.session.ip)) return null
      const { id } = found.session
      if (isDueToBeSeen(found.session, now))
        db.update(sessions).set({ lastSeenAt: now }).where(eq(sessions.id, id)).run()
      return { sessionId: id, account: found.account }
    },
    isOpen(id, now) {
      const found = times.get({ id })
      return found !== undefined && !isOver(found, now)
    },
    list: (accountId, now) =>
      db
        .select()
        .from(sessions)
        .where(eq(sessions.accountId, accountId))
        .orderBy(desc(sessions.lastSeenAt), desc(sessions.id))
        .all()
        .filter((row) => !isOver(row, now)),
    close(sessionId) {
      db.delete(sessions).where(eq(sessions.id, sessionId)).run()
    },
    revoke: (accountId, sessionId) =>
      db
        .delete(sessions)
        .where(and(eq(sessions.accountId, accountId), eq(sessions.id, sessionId)))
        .returning()
        .get(),
    revokeOthers: (accountId, sessionId) =>
      db
        .delete(sessions)
        .where(
          and(eq(sessions.accountId, accountId), sessionId === null ? undefined : ne(sessions.id, sessionId)),
        )
        .run().changes,
  }
}
