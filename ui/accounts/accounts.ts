/** Accounts as the panel mounts them: who is signed in, the public pages, the account page, the way in. */
import type { Registry } from 'prom-client'
import type { RecordAudit } from '../audit/audit.ts'
import type { Database } from '../database/database.ts'
import { type Entrance, signInCounter, throttles } from './entrance.ts'
import { remember } from './guard.ts'
import { type PasswordHashing, passwordHashing } from './hashing.ts'
import { linkSignIn } from './link-sign-in.ts'
import { ownAccount } from './own-account.ts'
import { sessionsIn } from './sessions.ts'
import { setup } from './setup.ts'
import { signIn } from './sign-in.ts'

export interface AccountsOptions {
  readonly db: Database
  readonly clock: () => number
  readonly audit: RecordAudit
  readonly registry: Registry
  /** What whoever owns the server types to let somebody in. */
  readonly login: string
  readonly hashing?: PasswordHashing
  /** Random tokens; a test may want to know them. */
  readonly token?: () => string
}

export function accounts({
  db,
  clock,
  audit,
  registry,
  login,
  hashing = passwordHashing(),
  token,
}: AccountsOptions) {
  const sessions = sessionsIn(db, token)
  const count = signInCounter(registry)
  const entrance: Entrance = { db, clock, audit, sessions, hashing, count, login, ...throttles() }
  return {
    /** Puts `account` and `sessionId` on the context where somebody is signed in; before `frame`. */
    remember: remember(sessions, clock),
    /** /sign-in, /sign-out, /setup; after `frame`, before `requireSession`. */
    publicRoutes: [linkSignIn(entrance), signIn(entrance), setup(entrance)],
    /** /account; behind `requireSession`. */
    routes: ownAccount(entrance),
    /** For what stays open: false as soon as the session is over or revoked. */
    isOpen: (sessionId: number): boolean => sessions.isOpen(sessionId, clock()),
    /** Ends the password thread. */
    close: (): Promise<void> => hashing.close(),
  }
}
