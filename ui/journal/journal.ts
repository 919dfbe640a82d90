import { asc, eq, gt, sql } from 'drizzle-orm'
import type { Database } from '../database/database.ts'
import { actorOf } from '../events/actor.ts'
import { appOf, type Event, type RecordedEvent } from '../events/event.ts'
import { events } from '../events/table.ts'
import type { Live, Topic } from '../live/live.ts'

/** How one feature's rows follow the journal. */
export interface Projection {
  /** What one event changes. Returns the topics of the pages that show it. */
  project(event: RecordedEvent, appId: number | null): Iterable<Topic>
  /** A rename made two rows of one app: whatever hangs on `from` belongs to `into` now. */
  rekey?(from: number, into: number): void
  /**
   * The app whose the event is by more than its name, which an app that was destroyed and the one made after it share.
   * Undefined: the name decides.
   */
  ownerOf?(event: Event, app: string): number | undefined
}

/** The app an event is about, found or made before every projection runs. `owner`: it is this one. */
export type AppOfEvent = (
  event: Event,
  app: string | null,
  owner: number | undefined,
) => {
  readonly id: number | null
  readonly topics: readonly Topic[]
  readonly rekey?: { readonly from: number; readonly into: number }
}

type Listener = (recorded: readonly RecordedEvent[]) => void

export interface Journal {
  /**
   * Records events in the order given, in one transaction, and brings the read model up to date.
   * An event that is already there (same host and id) changes nothing. Returns those that were new. `andThen` is done
   * in the same transaction, after them.
   */
  record(incoming: readonly Event[], andThen?: () => void): readonly RecordedEvent[]
  /** Called after each commit with what was new. One that throws neither undoes the commit nor stops the others. */
  onRecorded(listener: Listener): void
  /** Every event after `seq` in order, at most `limit`: what a replay reads. */
  read(seq: number, limit: number): readonly RecordedEvent[]
}

export function journal(
  db: Database,
  live: Pick<Live, 'publish'>,
  appOfEvent: AppOfEvent,
  projections: readonly Projection[],
  now: () => number = Date.now,
  onListenerError: (error: unknown) => void = () => {},
): Journal {
  const known = db.$client.prepare('select 1 from events where host = ? and id = ?').pluck()
  const insert = prepareInsert(db)
  const page = db
    .select()
    .from(events)
    .where(gt(events.seq, sql.placeholder('seq')))
    .orderBy(asc(events.seq))
    .limit(sql.placeholder('limit'))
    .prepare()
  const listeners = new Set<Listener>()

  const recordOne = (event: Event, topics: Set<Topic>): RecordedEvent | null => {
    if (known.get(event.host, event.id) !== undefined) return null
    const name = appOf(event.trigger, event.args)
    const app = appOfEvent(event, name, name === null ? undefined : ownerOf(event, name))
    const { lastInsertRowid } = insert.run(valuesOf(event, name, app.id, now()))
    const recorded: RecordedEvent = { ...event, seq: Number(lastInsertRowid), app: name }
    topics.add('events')
    if (name !== null) topics.add(`app:${name}`)
    for (const topic of app.topics) topics.add(topic)
    if (app.rekey) rekey(app.rekey.from, app.rekey.into)
    for (const { project } of projections) for (const topic of project(recorded, app.id)) topics.add(topic)
    return recorded
  }

  const ownerOf = (event: Event, name: string): number | undefined => {
    for (const projection of projections) {
      const owner = projection.ownerOf?.(event, name)
      if (owner !== undefined) return owner
    }
    return undefined
  }

  const moveEvents = db
    .update(events)
    .set({ appId: sql`${sql.placeholder('into')}` })
    .where(eq(events.appId, sql.placeholder('from')))
    .prepare()
  const rekey = (from: number, into: number) => {
    moveEvents.run({ from, into })
    for (const projection of projections) projection.rekey?.(from, into)
  }

  const inform = (listener: Listener, recorded: readonly RecordedEvent[]) => {
    try {
      listener(recorded)
    } catch (error) {
      onListenerError(error)
    }
  }

  return {
    record(incoming, andThen) {
      const topics = new Set<Topic>()
      const recorded = db.transaction(
        () => {
          const fresh = incoming.map((event) => recordOne(event, topics)).filter((event) => event !== null)
          andThen?.()
          return fresh
        },
        { behavior: 'immediate' },
      )
      if (recorded.length > 0) {
        live.publish(topics)
        for (const listener of listeners) inform(listener, recorded)
      }
      return recorded
    },
    onRecorded(listener) {
      listeners.add(listener)
    },
    read: (seq, limit) => page.all({ seq, limit }).map(toEvent),
  }
}

/** By better-sqlite3 itself: drizzle takes longer to fill in so many values than SQLite to keep them. */
function prepareInsert({ $client }: Database) {
  const names = COLUMNS.map((column) => events[column].name)
  return $client.prepare(
    `insert into events (${names.join(', ')}) values (${names.map(() => '?').join(', ')})`,
  )
}

/** In the order of `valuesOf`. */
const COLUMNS = [
  ...(['id', 'host', 'origin', 'trigger', 'at', 'args', 'buildId', 'buildSource', 'logFile'] as const),
  ...(['command', 'sshUser', 'sshName', 'fingerprint', 'sudoUser', 'loginUid'] as const),
  ...(['note', 'actor', 'door', 'app', 'appId', 'recordedAt'] as const),
] as const

function valuesOf(event: Event, app: string | null, appId: number | null, recordedAt: number) {
  const { id, host, origin, trigger, at, args, buildId, buildSource, logFile, note } = event
  const { command, sshUser, sshName, fingerprint, sudoUser, loginUid } = event.caller
  const { actor, door } = actorOf(event)
  return [
    ...[id, host, origin, trigger, at, JSON.stringify(args), buildId, buildSource, logFile],
    ...[command, sshUser, sshName, fingerprint, sudoUser, loginUid],
    ...[note, actor, door, app, appId, recordedAt],
  ]
}

/** A journal row as the event it was. */
export const toEvent = (row: typeof events.$inferSelect): RecordedEvent => ({
  seq: row.seq,
  id: row.id,
  host: row.host,
  origin: row.origin,
  trigger: row.trigger,
  at: row.at,
  args: row.args,
  buildId: row.buildId,
  buildSource: row.buildSource,
  logFile: row.logFile,
  caller: {
    command: row.command,
    sshUser: row.sshUser,
    sshName: row.sshName,
    fingerprint: row.fingerprint,
    sudoUser: row.sudoUser,
    loginUid: row.loginUid,
  },
  note: row.note,
  app: row.app,
})

/** Copies every event of one journal into another, whose read model then is the same. */
export function replay(from: Pick<Journal, 'read'>, into: Pick<Journal, 'record'>, batch = 500): number {
  let seq = 0
  let count = 0
  for (;;) {
    const events = from.read(seq, batch)
    const last = events.at(-1)
    if (last === undefined) return count
    seq = last.seq
    count += into.record(events).length
  }
}
