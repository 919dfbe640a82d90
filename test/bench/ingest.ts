import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Database, openDatabase } from '../../ui/database/database.ts'
import { type Event, formatEventFile } from '../../ui/events/event.ts'
import { journal } from '../../ui/journal/journal.ts'
import { outbox } from '../../ui/outbox/outbox.ts'
import { recording } from '../../ui/recording.ts'
import { deploys } from './deploys.ts'
import { newServer, startPanel, TOKEN } from './panel.ts'
import { newPast } from './past.ts'
import type { Place } from './place.ts'
import { insertRaw, rawInsert } from './raw.ts'
import { aSecond, microseconds, milliseconds, type Row, row } from './table.ts'
import { median, takingTurns, timed } from './times.ts'

const EVENTS = 20_000
const BATCH = 500
const SINGLES = 300
const silent = { publish: () => {} }

/** From a trigger to a row that survives a power cut. */
export async function ingest(place: Place): Promise<readonly Row[]> {
  const events = deploys(EVENTS)
  const rows = await rowsOf(place, events)
  const [raw = [], journalOnly = [], whole = [], files = []] = await takingTurns(3, [
    () => timed(() => insertRaw(emptyDatabase(place), rows, BATCH)),
    () => timed(() => inBatches(events, justTheJournal(emptyDatabase(place)).record)),
    () => timed(() => inBatches(events, recording(emptyDatabase(place), silent).record)),
    () => fromFiles(place, events),
  ])
  const each = (times: readonly number[]) => (median(times) * 1000) / EVENTS
  const second = (times: readonly number[]) => (EVENTS * 1000) / median(times)
  const posted = (EVENTS * 1000) / (await post(place, events))
  const floor = each(raw)
  return [
    await oneByOne(place, events, rows),
    row('an event in batches of 500: journal', microseconds, {
      floor,
      ours: each(journalOnly),
      aim: { times: 1.2 },
    }),
    row('  and every row that pages read', microseconds, { floor, ours: each(whole) }),
    row('20,000 files of the outbox → rows', aSecond, {
      floor: second(raw),
      ours: second(files),
      rate: true,
    }),
    row('20,000 by POST /events → rows', aSecond, { floor: second(raw), ours: posted, rate: true }),
  ]
}

const emptyDatabase = (place: Place): Database => openDatabase(join(place.folder('ingest'), 'dokkubase.db'))

const justTheJournal = (db: Database) => journal(db, silent, () => ({ id: null, topics: [] }), [])

function inBatches(events: readonly Event[], record: (batch: readonly Event[]) => readonly unknown[]): void {
  let recorded = 0
  for (let from = 0; from < events.length; from += BATCH)
    recorded += record(events.slice(from, from + BATCH)).length
  if (recorded !== events.length) throw new Error(`${recorded} of ${events.length} events were recorded`)
}

/** The rows of the journal as they are after all of it was recorded, for the floor to insert. */
async function rowsOf(place: Place, events: readonly Event[]): Promise<readonly unknown[][]> {
  const db = emptyDatabase(place)
  inBatches(events, recording(db, silent).record)
  return db.$client
    .prepare('select * from events order by seq')
    .raw()
    .all()
    .map((row) => [...rowOf(row)])
}

const rowOf = (row: unknown): readonly unknown[] => (Array.isArray(row) ? row : [])

/** Alone in its transaction: what a quiet server does. The disk's own flush is most of it. */
async function oneByOne(place: Place, events: readonly Event[], rows: readonly unknown[][]): Promise<Row> {
  const insert = rawInsert(emptyDatabase(place))
  const { record } = recording(emptyDatabase(place), silent)
  const [raw = [], ours = []] = await takingTurns(SINGLES, [
    (round) => timed(() => insert.run(rows[round])),
    (round) => timed(() => record(events.slice(round, round + 1))),
  ])
  const figures = { floor: median(raw), ours: median(ours), aim: { times: 1.2 } }
  return row('one event, safe on the disk', milliseconds, figures)
}

/** Reading, recording and removing them; writing them is not counted. */
async function fromFiles(place: Place, events: readonly Event[]): Promise<number> {
  const folder = place.folder('outbox')
  for (const event of events) writeFileSync(join(folder, event.id), formatEventFile(event))
  const box = outbox({
    folder,
    setAsideFolder: place.folder('set-aside'),
    record: recording(emptyDatabase(place), silent).record,
    onSetAside: (name, reason) => {
      throw new Error(`${name} was set aside: ${reason}`)
    },
    onProblem: (error) => {
      throw error
    },
  })
  let recorded = 0
  const time = await timed(async () => {
    recorded = await box.drain()
  })
  await box.stop()
  if (recorded !== events.length) throw new Error(`${recorded} of ${events.length} files were recorded`)
  return time
}

/** To the panel as it is installed, one batch after the other. */
async function post(place: Place, events: readonly Event[]): Promise<number> {
  const panel = await startPanel(place, newPast(place, 0), newServer(place, []))
  const bodies = Array.from({ length: events.length / BATCH }, (_, index) =>
    JSON.stringify({ host: 'elsewhere', events: events.slice(index * BATCH, (index + 1) * BATCH).map(sent) }),
  )
  const headers = { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' }
  const time = await timed(async () => {
    for (const body of bodies) {
      const answer = await fetch(`${panel.origin}/events`, { method: 'POST', headers, body })
      const said = await answer.text()
      if (!said.includes(`"recorded":${BATCH}`)) throw new Error(`POST /events said ${said.slice(0, 500)}`)
    }
  })
  await panel.stop()
  return time
}

const sent = ({ id, trigger, args, buildId, buildSource, logFile, caller, note }: Event) => ({
  id,
  trigger,
  args,
  buildId,
  buildSource,
  logFile,
  caller,
  note,
})
