/**
 * One-time links: the way in for whoever owns the server. The first one sets the panel up, later ones sign in
 * as the first admin (the password is lost, or a demo wants to be seen).
 */
import { and, eq, gt, isNull } from 'drizzle-orm'
import type { RecordAudit } from '../audit/audit.ts'
import type { Database } from '../database/database.ts'
import { exact } from '../web/format.ts'
import { firstAdmin, isSetUp, oneTimeTokens } from './table.ts'
import { hashOf, randomToken } from './token.ts'

export type Purpose = 'setup' | 'sign-in'

export interface OneTimeLink {
  /** Shown once, to whoever asked; nothing can bring it back. */
  readonly url: string
  readonly purpose: Purpose
  readonly expiresAt: number
}

const VALID_MS = 24 * 60 * 60 * 1000

/** `origin` is the panel's configured address, never a Host header: a link must not lead elsewhere. */
export function makeOneTimeLink(
  { db, audit, clock, token = randomToken }: LinkMaker,
  origin: string,
): OneTimeLink {
  const admin = firstAdmin(db)
  const purpose: Purpose = isSetUp(db) ? 'sign-in' : 'setup'
  const secret = token()
  const createdAt = clock()
  const expiresAt = createdAt + VALID_MS
  db.transaction(() => {
    db.insert(oneTimeTokens)
      .values({ tokenHash: hashOf(secret), purpose, accountId: admin?.id ?? null, createdAt, expiresAt })
      .run()
    audit({
      who: '',
      action: `${purpose} link made`,
      ...(admin && { subject: admin.name }),
      by: { ip: '', userAgent: 'main.js login' },
      after: { expires: exact(expiresAt) },
    })
  })
  return { url: new URL(`/${purpose}?token=${secret}`, origin).href, purpose, expiresAt }
}

export interface LinkMaker {
  readonly db: Database
  readonly audit: RecordAudit
  readonly clock: () => number
  readonly token?: () => string
}

export type LinkState =
  | { readonly state: 'open'; readonly accountId: number | null }
  | { readonly state: 'used' | 'expired' | 'unknown' }

export function linkState(db: Database, purpose: Purpose, token: string, now: number): LinkState {
  const row = db
    .select()
    .from(oneTimeTokens)
    .where(eq(oneTimeTokens.tokenHash, hashOf(token)))
    .get()
  if (row === undefined || row.purpose !== purpose) return { state: 'unknown' }
  if (row.usedAt !== null || (purpose === 'setup' && isSetUp(db))) return { state: 'used' }
  return now >= row.expiresAt ? { state: 'expired' } : { state: 'open', accountId: row.accountId }
}

/** True for exactly one caller: the condition and the mark are one statement. */
export const useLink = (db: Database, purpose: Purpose, token: string, now: number): boolean =>
  db
    .update(oneTimeTokens)
    .set({ usedAt: now })
    .where(
      and(
        eq(oneTimeTokens.tokenHash, hashOf(token)),
        eq(oneTimeTokens.purpose, purpose),
        isNull(oneTimeTokens.usedAt),
        gt(oneTimeTokens.expiresAt, now),
      ),
    )
    .run().changes === 1
