import { and, eq, notInArray, sql } from 'drizzle-orm'
import type { Database } from '../database/database.ts'
import type { ContainerLine } from '../dokku/container.ts'
import type { Projection } from '../journal/journal.ts'
import { type AppState, follow, stateOf } from './process.ts'
import { containers, processTypes } from './table.ts'

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

/** What the states of processes need of their app's row; the apps feature offers it. */
export interface AppStates {
  find(
    name: string,
  ): { readonly id: number; readonly stopped: boolean; readonly deployed: boolean } | undefined
  every(): readonly { readonly id: number; readonly name: string }[]
  setState(appId: number, state: AppState, at: number): void
}

/** A process that died though nobody stopped it. */
export interface Death {
  readonly app: string
  readonly process: string
  readonly exitCode: number | null
  readonly at: number
}

/**
 * Rows of the containers there are now. They are a dated snapshot of Docker, not part of the replay; what must
 * not be forgotten, a crash, goes into the journal.
 */
export function containerRows(db: Database, apps: AppStates, now: () => number) {
  const find = db
    .select()
    .from(containers)
    .where(eq(containers.id, sql.placeholder('id')))
    .prepare()
  const remove = db
    .delete(containers)
    .where(eq(containers.id, sql.placeholder('id')))
    .prepare()
  const ofApp = db
    .select()
    .from(containers)
    .where(eq(containers.appId, sql.placeholder('appId')))
    .prepare()
  const formation = db
    .select()
    .from(processTypes)
    .where(eq(processTypes.appId, sql.placeholder('appId')))
    .prepare()

  const value = sql.placeholder
  const values = {
    id: value('id'),
    appId: value('appId'),
    processType: value('processType'),
    number: value('number'),
    name: value('name'),
    state: value('state'),
    exitCode: value('exitCode'),
    since: value('since'),
  }
  const put = db
    .insert(containers)
    .values(values)
    .onConflictDoUpdate({
      target: containers.id,
      set: {
        name: sql`excluded.name`,
        state: sql`excluded.state`,
        exitCode: sql`excluded.exit_code`,
        since: sql`excluded.since`,
      },
    })
    .prepare()

  const judge = (name: string): boolean => {
    const app = apps.find(name)
    if (app === undefined) return false
    const state = stateOf({
      ...app,
      containers: ofApp.all({ appId: app.id }),
      formation: formation.all({ appId: app.id }),
    })
    apps.setState(app.id, state, now())
    return true
  }

  const apply = (line: ContainerLine): Death | null => {
    const app = apps.find(line.app)
    if (app === undefined) return null
    const before = find.get({ id: line.id })
    const after = follow(app.id, before, line)
    if (after === null) remove.run({ id: line.id })
    else put.run({ ...after })
    if (after?.state !== 'crashed' || before?.state === 'crashed' || line.action !== 'die') return null
    return {
      app: line.app,
      process: `${line.processType}.${line.number}`,
      exitCode: after.exitCode,
      at: line.at,
    }
  }

  return {
    judge,
    /** Everything there is. Returns the apps whose rows may have changed. */
    listed(lines: readonly ContainerLine[]): readonly string[] {
      return db.transaction(() => {
        const ids = lines.map(({ id }) => id)
        db.delete(containers)
          .where(ids.length === 0 ? undefined : and(notInArray(containers.id, ids)))
          .run()
        for (const line of lines) apply(line)
        return apps
          .every()
          .map(({ name }) => name)
          .filter(judge)
      })
    },
    happened(line: ContainerLine): Death | null {
      return db.transaction(() => {
        const death = apply(line)
        judge(line.app)
        return death
      })
    },
  }
}

/** An app's formation as `web=2`, `worker=1`. */
export function formationOf(db: Database): (appId: number) => readonly string[] {
  const ofApp = db
    .select()
    .from(processTypes)
    .where(eq(processTypes.appId, sql.placeholder('appId')))
    .prepare()
  return (appId) => ofApp.all({ appId }).map(({ processType, quantity }) => `${processType}=${quantity}`)
}
