import { eq } from 'drizzle-orm'
import type { Database } from '../database/database.ts'
import type { Projection } from '../journal/journal.ts'
import { processTypes } from './table.ts'

/** The formation. `ps:scale` fires no trigger of its own: `formation-seen` [app, web=2, worker=1] tells it whole. */
export function processProjection(db: Database): Projection {
  return {
    project(event, appId) {
      if (appId === null || event.trigger !== 'formation-seen') return []
      const formation = event.args.slice(1).map((entry) => {
        const [processType = '', quantity] = entry.split('=')
        return { appId, processType, quantity: Number(quantity) }
      })
      db.delete(processTypes).where(eq(processTypes.appId, appId)).run()
      if (formation.length > 0) db.insert(processTypes).values(formation).run()
      return []
    },
    rekey(from, into) {
      db.delete(processTypes).where(eq(processTypes.appId, into)).run()
      db.update(processTypes).set({ appId: into }).where(eq(processTypes.appId, from)).run()
    },
  }
}
