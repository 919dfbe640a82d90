import { and, asc, count, eq, inArray, lt, sql } from 'drizzle-orm'
import { index, integer, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'
import type { Database } from '../database/database.ts'
import type { Role } from './account.ts'
import { IDLE_MS } from './session.ts'

export const accounts = sqliteTable(
  'accounts',
  {
    id: integer('id').primaryKey({ autoIncrement: true }),
    name: text('name').notNull(),
    role: text('role', { enum: ['admin', 'viewer'] }).notNull(),
    passwordHash: text('password_hash').notNull(),
    createdAt: integer('created_at').notNull(),
  },
  (t) => [uniqueIndex('accounts_name').on(t.name)],
)

/** Sign-in sessions. The cookie holds the token; the row only its SHA-256. */
export const sessions = sqliteTable(
  'sessions',
  {
    id: integer('id').primaryKey({ autoIncrement: true }),
    tokenHash: text('token_hash').notNull(),
    accountId: integer('account_id').notNull(),
    createdAt: integer('created_at').notNull(),
    lastSeenAt: integer('last_seen_at').notNull(),
    expiresAt: integer('expires_at').notNull(),
    ip: text('ip').notNull(),
    userAgent: text('user_agent').notNull(),
  },
  (t) => [uniqueIndex('sessions_token').on(t.tokenHash), index('sessions_account').on(t.accountId)],
)

/** One-time tokens for setup and sign-in links: random, hashed, expiring, used once. */
export const oneTimeTokens = sqliteTable(
  'one_time_tokens',
  {
    id: integer('id').primaryKey({ autoIncrement: true }),
    tokenHash: text('token_hash').notNull(),
    purpose: text('purpose', { enum: ['setup', 'sign-in'] }).notNull(),
    accountId: integer('account_id'),
    createdAt: integer('created_at').notNull(),
    expiresAt: integer('expires_at').notNull(),
    usedAt: integer('used_at'),
  },
  (t) => [uniqueIndex('one_time_tokens_hash').on(t.tokenHash)],
)

/** An account with its hash, for whoever checks a password; never handed on. */
export type AccountRow = typeof accounts.$inferSelect

export const accountNamed = (db: Database, name: string): AccountRow | undefined =>
  db.select().from(accounts).where(eq(accounts.name, name)).get()

export const accountWithId = (db: Database, id: number): AccountRow | undefined =>
  db.select().from(accounts).where(eq(accounts.id, id)).get()

/** Whom a sign-in link of the server's owner lets in. */
export const firstAdmin = (db: Database): AccountRow | undefined =>
  db.select().from(accounts).where(eq(accounts.role, 'admin')).orderBy(asc(accounts.id)).get()

export const isSetUp = (db: Database): boolean =>
  (db.select({ all: count() }).from(accounts).get()?.all ?? 0) > 0

export const addAccount = (
  db: Database,
  account: { name: string; role: Role; passwordHash: string; createdAt: number },
): AccountRow => db.insert(accounts).values(account).returning().get()

export const setPasswordHash = (db: Database, id: number, passwordHash: string): void => {
  db.update(accounts).set({ passwordHash }).where(eq(accounts.id, id)).run()
}

/** False where the hash is no longer the one before. */
export const changePasswordHash = (
  db: Database,
  id: number,
  { before, after }: { readonly before: string; readonly after: string },
): boolean =>
  db
    .update(accounts)
    .set({ passwordHash: after })
    .where(and(eq(accounts.id, id), eq(accounts.passwordHash, before)))
    .run().changes === 1

/** One-time tokens that were used or expired before then, at most so many; returns how many went. */
export const removeOldTokens = (db: Database, before: number, most: number): number => {
  const { id, usedAt, expiresAt } = oneTimeTokens
  const old = db
    .select({ id })
    .from(oneTimeTokens)
    .where(lt(sql`coalesce(${usedAt}, ${expiresAt})`, before))
    .limit(most)
  return db.delete(oneTimeTokens).where(inArray(id, old)).run().changes
}

/** Sessions that ended by themselves before then; whoever signs out or is signed out leaves none. */
export const removeOldSessions = (db: Database, before: number, most: number): number => {
  const { id, lastSeenAt, expiresAt } = sessions
  const old = db
    .select({ id })
    .from(sessions)
    .where(lt(sql`min(${expiresAt}, ${lastSeenAt} + ${IDLE_MS})`, before))
    .limit(most)
  return db.delete(sessions).where(inArray(id, old)).run().changes
}
