/** Rows of what Docker has now: a dated snapshot, not part of the replay. What must not be forgotten, a crash, goes into the journal. */
import { and, eq, getTableColumns, notInArray, sql } from 'drizzle-orm'
import type { Database } from '../database/database.ts'
import type { AppLine, ContainerLine } from '../dokku/container.ts'
import { type AppState, type Container, follow, stateOf } from './process.ts'
import { containers, processTypes } from './table.ts'

/** What the states of processes need of their app's row; the apps feature offers it. */
export interface AppStates {
  find(name: string): AppOfStates | undefined
  byId(id: number): AppOfStates | undefined
  /** The app that had this name before it was renamed. */
  formerly(name: string): AppOfStates | undefined
  every(): readonly { readonly id: number; readonly name: string }[]
  setState(appId: number, state: AppState, at: number): void
  setNext(appId: number, next: Omit<AppLine, 'app'> | null): void
}

interface AppOfStates {
  readonly id: number
  readonly name: string
  readonly stopped: boolean
  readonly deployed: boolean
}

/** A process that died though it was not stopped. */
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

/** Everything of one list. */
export interface Snapshot {
  readonly containers: readonly ContainerLine[]
  readonly apps: readonly AppLine[]
}

const value = sql.placeholder
const VALUES = {
  id: value('id'),
  appId: value('appId'),
  processType: value('processType'),
  number: value('number'),
  name: value('name'),
  state: value('state'),
  exitCode: value('exitCode'),
  since: value('since'),
  imageId: value('imageId'),
  image: value('image'),
  startedAt: value('startedAt'),
  finishedAt: value('finishedAt'),
  oomKilled: value('oomKilled'),
  restarts: value('restarts'),
  restartPolicy: value('restartPolicy'),
  maxRestarts: value('maxRestarts'),
  memoryLimit: value('memoryLimit'),
  addresses: value('addresses'),
} satisfies Readonly<Record<keyof Container, unknown>>

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
  const put = db
    .insert(containers)
    .values(VALUES)
    .onConflictDoUpdate({
      target: containers.id,
      set: Object.fromEntries(
        Object.entries(getTableColumns(containers)).map(([key, { name }]) => [
          key,
          sql`excluded.${sql.identifier(name)}`,
        ]),
      ),
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
    listed(list: Snapshot): readonly string[] {
      return db.transaction(() => {
        const ids = list.containers.map(({ id }) => id)
        db.delete(containers)
          .where(ids.length === 0 ? undefined : and(notInArray(containers.id, ids)))
          .run()
        for (const line of list.containers) apply(line)
        const next = new Map(list.apps.map((line) => [line.app, line]))
        return apps
          .every()
          .map(({ id, name }) => {
            apps.setNext(id, next.get(name) ?? null)
            return name
          })
          .filter((name) => judge(apps.find(name)))
      })
    },
    /** `app`: whose it is, by the name it has now; null for none. */
    happened(line: ContainerLine): { readonly app: string | null; readonly death: Death | null } {
      return db.transaction(() => {
        const { app, death } = apply(line)
        judge(app)
        return { app: app?.name ?? null, death }
      })
    },
  }
}
