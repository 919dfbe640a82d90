import { isNull } from 'drizzle-orm'
import type { Database } from '../database/database.ts'
import { oneTimeTokens, sessions } from './table.ts'

/** A session or a link that was ended since a backup was made must not come back with it. */
export function signEverybodyOut(db: Database): void {
  db.delete(sessions).run()
  db.delete(oneTimeTokens).where(isNull(oneTimeTokens.usedAt)).run()
}
