import { eq, sql } from 'drizzle-orm'
import type { Database } from '../database/database.ts'
import type { Projection } from '../journal/journal.ts'
import { containers, processDeaths, processTypes } from './table.ts'

/** The formation. `ps:scale` fires no trigger of its own: `formation-seen` [app, web=2, worker=1] tells it whole. */
export function processProjection(db: Database): Projection {
  return {
    project(event, appId) {
      if (appId === null || event.trigger !== 'formation-seen') return []
      const formation = entriesOf(event.args.slice(1)).map(([processType, quantity]) => ({
        appId,
        processType,
        quantity,
      }))
      db.delete(processTypes).where(eq(processTypes.appId, appId)).run()
      if (formation.length > 0) db.insert(processTypes).values(formation).run()
      return []
    },
    rekey(from, into) {
      db.update(containers).set({ appId: into }).where(eq(containers.appId, from)).run()
      db.delete(processDeaths).where(eq(processDeaths.appId, into)).run()
      db.update(processDeaths).set({ appId: into }).where(eq(processDeaths.appId, from)).run()
      // Dokku takes the formation along; until it was read of the new name, the one of the old name holds.
      if (formationOf(db)(from).length === 0) return
      db.delete(processTypes).where(eq(processTypes.appId, into)).run()
      db.update(processTypes).set({ appId: into }).where(eq(processTypes.appId, from)).run()
    },
  }
}

/** Of `web=2`: each process type once, the last one counts; anything else is left out. Dokku takes `web=-1` too. */
const entriesOf = (
  args: readonly string[],
): readonly (readonly [processType: string, quantity: number])[] => [
  ...new Map(
    args.flatMap((arg) => {
      const [, processType = '', quantity] = /^([^=]+)=(-?\d{1,9})$/.exec(arg) ?? []
      return quantity === undefined ? [] : [[processType, Number(quantity)] as const]
    }),
  ),
]

/** An app's formation as `web=2`, `worker=1`. */
export function formationOf(db: Database): (appId: number) => readonly string[] {
  const ofApp = db
    .select()
    .from(processTypes)
    .where(eq(processTypes.appId, sql.placeholder('appId')))
    .prepare()
  return (appId) => ofApp.all({ appId }).map(({ processType, quantity }) => `${processType}=${quantity}`)
}
