import { and, eq, notInArray, sql } from 'drizzle-orm'
import type { Database } from '../database/database.ts'
import type { ContainerLine } from '../dokku/container.ts'
import type { Projection } from '../journal/journal.ts'
import { type AppState, type Container, follow, stateOf } from './process.ts'
import { containers, processTypes } from './table.ts'

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
      // Dokku takes the formation along; until it was read of the new name, the one of the old name holds.
      if (formationOf(db)(from).length === 0) return
      db.delete(processTypes).where(eq(processTypes.appId, into)).run()
      db.update(processTypes).set({ appId: into }).where(eq(processTypes.appId, from)).run()
    },
  }
}

/** Of `web=2`: each process type once, the last one counts; anything else is left out. */
const entriesOf = (
  args: readonly string[],
): readonly (readonly [processType: string, quantity: number])[] => [
  ...new Map(
    args.flatMap((arg) => {
      const [, processType = '', quantity] = /^([^=]+)=(\d{1,9})$/.exec(arg) ?? []
      return quantity === undefined ? [] : [[processType, Number(quantity)] as const]
    }),
  ),
]

/** What the states of processes need of their app's row; the apps feature offers it. */
export interface AppStates {
  find(name: string): AppOfStates | undefined
  byId(id: number): AppOfStates | undefined
  /** The app that had this name before it was renamed. */
  formerly(name: string): AppOfStates | undefined
  every(): readonly { readonly id: number; readonly name: string }[]
  setState(appId: number, state: AppState, at: number): void
}

interface AppOfStates {
  readonly id: number
  readonly name: string
  readonly stopped: boolean
  readonly deployed: boolean
}

/** A process that died though nobody stopped it. */
export interface Death {
  readonly app: string
  readonly process: string
  readonly exitCode: number | null
  readonly at: number
}

interface Happened {
  readonly app: AppOfStates | undefined
  readonly death: Death | null
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
        appId: sql`excluded.app_id`,
        name: sql`excluded.name`,
        state: sql`excluded.state`,
        exitCode: sql`excluded.exit_code`,
        since: sql`excluded.since`,
      },
    })
    .prepare()

  const judge = (app: AppOfStates | undefined): boolean => {
    if (app === undefined) return false
    const state = stateOf({
      ...app,
      containers: ofApp.all({ appId: app.id }),
      formation: formation.all({ appId: app.id }),
    })
    apps.setState(app.id, state, now())
    return true
  }

  /** A container keeps the label of the name its app had when it was made: what is known of it comes first. */
  const ownerOf = (line: ContainerLine, before: Container | undefined) =>
    (before && apps.byId(before.appId)) ?? apps.find(line.app) ?? apps.formerly(line.app)

  const apply = (line: ContainerLine): Happened => {
    const before = find.get({ id: line.id })
    const app = ownerOf(line, before)
    const appId = app?.id ?? before?.appId
    if (appId === undefined) return { app, death: null }
    const after = follow(appId, before, line)
    if (after === null) remove.run({ id: line.id })
    else put.run({ ...after })
    const crashed = after?.state === 'crashed' && before?.state !== 'crashed' && line.action === 'die'
    if (app === undefined || !crashed) return { app, death: null }
    const process = `${line.processType}.${line.number}`
    return { app, death: { app: app.name, process, exitCode: after.exitCode, at: line.at } }
  }

  return {
    judge: (name: string): boolean => judge(apps.find(name)),
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
          .filter((name) => judge(apps.find(name)))
      })
    },
    /** `app`: whose it is, by the name it has now; null where nobody's. */
    happened(line: ContainerLine): { readonly app: string | null; readonly death: Death | null } {
      return db.transaction(() => {
        const { app, death } = apply(line)
        judge(app)
        return { app: app?.name ?? null, death }
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
