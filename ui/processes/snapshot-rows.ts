/** Statements on the rows of the snapshot, prepared once: each event of Docker runs several of them. */
import { and, eq, getTableColumns, lt, notInArray, sql } from 'drizzle-orm'
import type { Database } from '../database/database.ts'
import type { Container, Deaths } from './process.ts'
import { containers, processDeaths, processTypes } from './table.ts'

const value = sql.placeholder
const CONTAINER = {
  id: value('id'),
  appId: value('appId'),
  processType: value('processType'),
  number: value('number'),
  name: value('name'),
  state: value('state'),
  exitCode: value('exitCode'),
  since: value('since'),
  toldAt: value('toldAt'),
  stopRequestedAt: value('stopRequestedAt'),
  oomAt: value('oomAt'),
  createdAt: value('createdAt'),
  inService: value('inService'),
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

export function snapshotRows(db: Database) {
  const ofId = eq(containers.id, value('id'))
  const ofProcess = and(eq(processDeaths.appId, value('appId')), eq(processDeaths.process, value('process')))
  const find = db.select().from(containers).where(ofId).prepare()
  const remove = db.delete(containers).where(ofId).prepare()
  const ofApp = db
    .select()
    .from(containers)
    .where(eq(containers.appId, value('appId')))
    .prepare()
  const formation = db
    .select()
    .from(processTypes)
    .where(eq(processTypes.appId, value('appId')))
    .prepare()
  const deaths = db
    .select()
    .from(processDeaths)
    .where(eq(processDeaths.appId, value('appId')))
    .prepare()
  const forget = db.delete(processDeaths).where(ofProcess).prepare()
  const put = db
    .insert(containers)
    .values(CONTAINER)
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

  return {
    find: (id: string): Container | undefined => find.get({ id }),
    put: (container: Container) => void put.run({ ...container }),
    remove: (id: string) => void remove.run({ id }),
    /** Removes the others, but for those that were told of since. */
    removeOthers(ids: readonly string[], readAt: number) {
      db.delete(containers)
        .where(and(notInArray(containers.id, [...ids]), lt(containers.toldAt, readAt)))
        .run()
    },
    ofApp: (appId: number): readonly Container[] => ofApp.all({ appId }),
    formation: (appId: number) => formation.all({ appId }),
    deaths: (appId: number): ReadonlyMap<string, Deaths> =>
      new Map(deaths.all({ appId }).map((row) => [row.process, row])),
    keepDeaths(appId: number, process: string, { containerId, recent, loop, ooms }: Deaths) {
      const row = { containerId, recent, loop, ooms }
      db.insert(processDeaths)
        .values({ appId, process, ...row })
        .onConflictDoUpdate({ target: [processDeaths.appId, processDeaths.process], set: row })
        .run()
    },
    forgetDeaths: (appId: number, process: string) => void forget.run({ appId, process }),
    /** Removes what is left of apps that are gone. */
    forgetOthers(apps: readonly number[]) {
      db.delete(processDeaths)
        .where(notInArray(processDeaths.appId, [...apps]))
        .run()
    },
  }
}

export type SnapshotRows = ReturnType<typeof snapshotRows>
