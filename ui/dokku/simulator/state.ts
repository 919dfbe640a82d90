import { mkdirSync } from 'node:fs'
import SQLite from 'better-sqlite3'
import { type App, type Host, newApp, newHost } from './app.ts'
import type { Container } from './container.ts'
import type { Place } from './place.ts'

/** What Dokku and Docker know on this server. Every call is one transaction, so any number of processes may share it. */
export interface State {
  apps(): string[]
  app(name: string): App | null
  /** Reads, changes and writes in one step; the change must not wait for anything. Throws when there is no such app. */
  change<T>(name: string, change: (app: App) => T): T
  addApp(app: App): void
  removeApp(name: string): void
  host(): Host
  changeHost<T>(change: (host: Host) => T): T
  containers(app?: string): Container[]
  container(id: string): Container | null
  saveContainer(container: Container): void
  removeContainer(id: string): void
  /** Runs `work` while no other process changes anything. */
  alone<T>(work: () => T): T
  /** Runs `work` as one transaction: for seeding, where a thousand small ones would be slow. */
  batch<T>(work: () => Promise<T>): Promise<T>
  close(): void
}

const SCHEMA = `
  create table if not exists apps (name text primary key, document text not null) strict;
  create table if not exists host (id integer primary key check (id = 1), document text not null) strict;
  create table if not exists containers (id text primary key, app text not null, document text not null) strict;
  create index if not exists containers_app on containers (app);
`

export function openState(place: Place): State {
  mkdirSync(place.root, { recursive: true })
  const db = new SQLite(place.state, { timeout: 20_000 })
  db.pragma('journal_mode = WAL')
  // A crash of the machine may cost the simulator its last moments; it need not wait for the disk.
  db.pragma('synchronous = OFF')
  db.exec(SCHEMA)
  const documents = tables(db)

  const app = (name: string): App | null => {
    const row = documents.app.get(name)
    return row === undefined ? null : { ...newApp(name, 0), ...JSON.parse(row.document) }
  }
  const host = (): Host => {
    const row = documents.host.get()
    return row === undefined ? newHost() : { ...newHost(), ...JSON.parse(row.document) }
  }
  const containersOf = (rows: { document: string }[]): Container[] =>
    rows.map(({ document }) => JSON.parse(document))

  return {
    apps: () => documents.apps.all().map(({ name }) => name),
    app,
    change(name, change) {
      return db
        .transaction(() => {
          const found = app(name)
          if (found === null) throw new Error(`no app ${name}`)
          const result = change(found)
          documents.saveApp.run(found.name, JSON.stringify(found))
          return result
        })
        .immediate()
    },
    addApp: (added) => void documents.saveApp.run(added.name, JSON.stringify(added)),
    removeApp: (name) => void documents.removeApp.run(name),
    host,
    changeHost(change) {
      return db
        .transaction(() => {
          const found = host()
          const result = change(found)
          documents.saveHost.run(JSON.stringify(found))
          return result
        })
        .immediate()
    },
    containers: (ofApp) =>
      containersOf(ofApp === undefined ? documents.containers.all() : documents.containersOf.all(ofApp)),
    container(id) {
      const row = documents.container.get(id)
      return row === undefined ? null : JSON.parse(row.document)
    },
    saveContainer: (saved) => void documents.saveContainer.run(saved.id, saved.app, JSON.stringify(saved)),
    removeContainer: (id) => void documents.removeContainer.run(id),
    alone: (work) => db.transaction(work).immediate(),
    async batch(work) {
      db.exec('begin immediate')
      try {
        return await work()
      } finally {
        db.exec('commit')
      }
    },
    close: () => void db.close(),
  }
}

function tables(db: SQLite.Database) {
  type Document = { document: string }
  return {
    apps: db.prepare<[], { name: string }>('select name from apps order by name'),
    app: db.prepare<[string], Document>('select document from apps where name = ?'),
    saveApp: db.prepare<[string, string]>('insert or replace into apps values (?, ?)'),
    removeApp: db.prepare<[string]>('delete from apps where name = ?'),
    host: db.prepare<[], Document>('select document from host'),
    saveHost: db.prepare<[string]>('insert or replace into host values (1, ?)'),
    containers: db.prepare<[], Document>('select document from containers order by rowid'),
    containersOf: db.prepare<[string], Document>(
      'select document from containers where app = ? order by rowid',
    ),
    container: db.prepare<[string], Document>('select document from containers where id = ?'),
    saveContainer: db.prepare<[string, string, string]>(
      'insert into containers values (?, ?, ?) on conflict (id) do update set document = excluded.document',
    ),
    removeContainer: db.prepare<[string]>('delete from containers where id = ?'),
  }
}
