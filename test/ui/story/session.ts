/** Somebody who is signed in already, as after the form. */
import { sessionsIn } from '../../../ui/accounts/sessions.ts'
import { accounts } from '../../../ui/accounts/table.ts'
import type { Database } from '../../../ui/database/database.ts'

const VISITOR = { ip: '127.0.0.1', userAgent: 'test', https: false, origin: '' }

interface Newcomer {
  readonly name: string
  readonly role: 'admin' | 'viewer'
  readonly at?: number
}

/** Makes their account; what their session's cookie holds. */
export function sessionOf(db: Database, { name, role, at = Date.now() }: Newcomer): string {
  const { id } = db.insert(accounts).values({ name, role, passwordHash: '', createdAt: at }).returning().get()
  return sessionsIn(db).open(id, VISITOR, at)
}
