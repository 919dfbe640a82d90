import { and, eq } from 'drizzle-orm'
import type { Database } from '../database/database.ts'
import { actorOf } from '../events/event.ts'
import type { Projection } from '../journal/journal.ts'
import { configKeys } from './table.ts'

/** Which keys changed, when and by whom. Dokku sets GIT_REV itself at each build: that is no change of config. */
export function configProjection(db: Database): Projection {
  const note = (appId: number, key: string, change: 'set' | 'unset', changedAt: number, changedBy: string) =>
    db
      .insert(configKeys)
      .values({ appId, key, change, changedAt, changedBy })
      .onConflictDoUpdate({
        target: [configKeys.appId, configKeys.key],
        set: { change, changedAt, changedBy },
      })
      .run()
  return {
    project(event, appId) {
      if (appId === null || event.trigger !== 'post-config-update') return []
      const [, operation, ...keys] = event.args
      const { actor } = actorOf(event)
      const set = eq(configKeys.appId, appId)
      if (operation === 'clear')
        db.update(configKeys)
          .set({ change: 'unset', changedAt: event.at, changedBy: actor })
          .where(and(set, eq(configKeys.change, 'set')))
          .run()
      else
        for (const key of keys)
          if (key !== 'GIT_REV') note(appId, key, operation === 'unset' ? 'unset' : 'set', event.at, actor)
      return []
    },
    rekey(from, into) {
      db.delete(configKeys).where(eq(configKeys.appId, into)).run()
      db.update(configKeys).set({ appId: into }).where(eq(configKeys.appId, from)).run()
    },
  }
}
