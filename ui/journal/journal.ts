import { and, asc, eq, gt, sql } from 'drizzle-orm'
import type { Database } from '../database/database.ts'
import { actorOf, appOf, type Event, type RecordedEvent } from '../events/event.ts'
import { events } from '../events/table.ts'
import type { Live, Topic } from '../live/live.ts'

/** How one feature's rows follow the journal. */
export interface Projection {
  /** What one event changes. Returns the topics of the pages that show it. */
  project(event: RecordedEvent, appId: number | null): Iterable<Topic>
  /** A rename made two rows of one app: whatever hangs on `from` belongs to `into` now. */
  rekey?(from: number, into: number): void
}

/** The app an event is about, found or made before every projection runs. */
export type AppOfEvent = (
  event: Event,
  app: string | null,
) => {
  readonly id: number | null
  readonly topics: readonly Topic[]
  readonly rekey?: { readonly from: number; readonly into: number }
}

export interface Journal {
  /**
   * Records events in the order given, in one transaction, and brings the read model up to date.
   * An event that is already there (same host and id) changes nothing. Returns those that were new.
   */
  record(incoming: readonly Event[]): readonly RecordedEvent[]
  /** Called after each commit with what was new. */
  onRecorded(listener: (recorded: readonly RecordedEvent[]) => void): void
  /** Every event after `seq` in order, at most `limit`: what a replay reads. */
  read(seq: number, limit: number): readonly RecordedEvent[]
}

export function journal(
  db: Database,
  live: Pick<Live, 'publish'>,
  appOfEvent: AppOfEvent,
  projections: readonly Projection[],
  now: () => number = Date.now,
): Journal {
  const known = db
    .select({ seq: events.seq })
    .from(events)
    .where(and(eq(events.host, sql.placeholder('host')), eq(events.id, sql.placeholder('id'))))
    .prepare()
  const insert = prepareInsert(db)
  const page = db
    .select()
    .from(events)
    .where(gt(events.seq, sql.placeholder('seq')))
    .orderBy(asc(events.seq))
    .limit(sql.placeholder('limit'))
    .prepare()
  const listeners = new Set<(recorded: readonly RecordedEvent[]) => void>()

  const recordOne = (event: Event, topics: Set<Topic>): RecordedEvent | null => {
    if (known.get({ host: event.host, id: event.id })) return null
    const name = appOf(event.trigger, event.args)
    const app = appOfEvent(event, name)
    const row = insert.get({
      ...columns(event),
      ...actorOf(event),
      app: name,
      appId: app.id,
      recordedAt: now(),
    })
    const recorded: RecordedEvent = { ...event, seq: row.seq, app: name }
    topics.add('events')
    if (name !== null) topics.add(`app:${name}`)
    for (const topic of app.topics) topics.add(topic)
    if (app.rekey) rekey(app.rekey.from, app.rekey.into)
    for (const { project } of projections) for (const topic of project(recorded, app.id)) topics.add(topic)
    return recorded
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

  return {
    record(incoming) {
      const topics = new Set<Topic>()
      const recorded = db.transaction(
        () => incoming.map((event) => recordOne(event, topics)).filter((event) => event !== null),
        { behavior: 'immediate' },
      )
      if (recorded.length > 0) {
        live.publish(topics)
        for (const listener of listeners) listener(recorded)
      }
      return recorded
    },
    onRecorded(listener) {
      listeners.add(listener)
    },
    read: (seq, limit) => page.all({ seq, limit }).map(toEvent),
  }
}

const columns = (event: Event) => ({
  id: event.id,
  host: event.host,
  origin: event.origin,
  trigger: event.trigger,
  at: event.at,
  args: event.args,
  buildId: event.buildId,
  buildSource: event.buildSource,
  logFile: event.logFile,
  ...event.caller,
  note: event.note,
})

const prepareInsert = (db: Database) => {
  const value = sql.placeholder
  return db
    .insert(events)
    .values({
      id: value('id'),
      host: value('host'),
      origin: value('origin'),
      trigger: value('trigger'),
      at: value('at'),
      args: value('args'),
      buildId: value('buildId'),
      buildSource: value('buildSource'),
      logFile: value('logFile'),
      command: value('command'),
      sshUser: value('sshUser'),
      sshName: value('sshName'),
      fingerprint: value('fingerprint'),
      sudoUser: value('sudoUser'),
      loginUid: value('loginUid'),
      note: value('note'),
      actor: value('actor'),
      door: value('door'),
      app: value('app'),
      appId: value('appId'),
      recordedAt: value('recordedAt'),
    })
    .returning({ seq: events.seq })
    .prepare()
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
