/** Servers with a past: 200 apps, told through the journal, and as many years of them as a figure needs. */
import { join } from 'node:path'
import { sql } from 'drizzle-orm'
import { apps } from '../../ui/apps/table.ts'
import { type Database, openDatabase } from '../../ui/database/database.ts'
import type { BuildEnd } from '../../ui/deployments/build-end.ts'
import type { Event } from '../../ui/events/event.ts'
import { recording } from '../../ui/recording.ts'
import { type Person, SECOND, seen, told } from '../ui/story/events.ts'
import { sessionOf } from '../ui/story/session.ts'
import type { Place } from './place.ts'

export const APPS = 200
export const appName = (index: number): string => `app-${String(index).padStart(3, '0')}`
export const NAMES = Array.from({ length: APPS }, (_, index) => appName(index))

const SESSIONS = 64

const CHAPTER_MS = 17 * 3600 * SECOND
const PEOPLE: readonly Person[] = ['ada', 'grace', 'ci']

export interface Past {
  /** Folder for DOKKUBASE_DATA. */
  readonly data: string
  readonly events: number
  /** Tokens of sessions of somebody signed in: enough for a crowd, each of which may hold so many streams. */
  readonly tokens: readonly string[]
}

const pasts = new Map<number, Past>()

/** A database with so many events, a multiple of 1,000. Made once a run: later sections find it warm. */
export function past(place: Place, events: number): Past {
  const known = pasts.get(events)
  if (known) return known
  const made = newPast(place, events)
  pasts.set(events, made)
  return made
}

export function newPast(place: Place, events: number): Past {
  const data = place.folder('data')
  const db = openDatabase(join(data, 'dokkubase.db'))
  if (events > 0) tell(db, events / 1000)
  const tokens = Array.from({ length: SESSIONS }, (_, index) =>
    sessionOf(db, { name: `admin-${index}`, role: 'admin' }),
  )
  db.$client.pragma('wal_checkpoint(TRUNCATE)')
  db.$client.close()
  return { data, events, tokens }
}

function tell(db: Database, chapters: number): void {
  const from = Date.now() - chapters * CHAPTER_MS
  const journal = recording(db, { publish: () => {} })
  journal.record(NAMES.flatMap((app, index) => chapter(app, index, from + (index / APPS) * CHAPTER_MS)))
  db.update(apps).set({ state: 'running', stateAt: from, lookedAt: from }).run()
  retell(db, chapters)
}

/** Five events: one deploy that went well, and a domain. */
function chapter(app: string, index: number, at: number): Event[] {
  const who = PEOPLE[index % PEOPLE.length] ?? 'ada'
  const revision = (index * 2654435761).toString(16).padStart(8, '0').repeat(5).slice(0, 40)
  const buildId = `b${index.toString(36)}x${Math.floor(at).toString(36)}`
  const build = { buildId, buildSource: 'git-hook', logFile: '' }
  const end: BuildEnd = {
    status: 'succeeded',
    exitCode: 0,
    failedStep: null,
    reason: '',
    lines: [],
    steps: [{ step: 'live', at: at + 40 * SECOND, line: 40 }],
  }
  const commit = `Ada Lovelace\nada@example.com\n1790000000\nPage orders by key, part ${index}`
  return [
    told(at, who, 'builds-record-start', [app, buildId, '4242', 'git-hook'], build),
    told(at + SECOND, who, 'post-extract', [app, '/tmp/work', revision], { ...build, note: commit }),
    { ...seen(at + 45 * SECOND, 'build-ended', [app, buildId], end), ...build },
    told(at + 60 * SECOND, 'root', 'post-domains-update', [app, 'set', `${app}.example.com`]),
    seen(at + 90 * SECOND, 'formation-seen', [app, 'web=2', 'worker=1'], { untold: true }),
  ]
}

/** The first chapter again and again, each one later than the last: through the journal a million takes minutes. */
function retell(db: Database, chapters: number): void {
  const { $client: client } = db
  const later = `printf('%.6f', substr(id, 1, 17) + :ms / 1000.0) || substr(id, 18)`
  const build = `case when build_id = '' then '' else build_id || 'k' || :n end`
  const events = copyOf(client, 'events', 'seq', {
    id: later,
    at: 'at + :ms',
    recorded_at: 'recorded_at + :ms',
    build_id: build,
    args: `case when build_id = '' then args else replace(args, build_id, ${build}) end`,
  })
  const deployments = copyOf(client, 'deployments', 'id', {
    build_id: build,
    number: 'number + :n',
    started_at: 'started_at + :ms',
    live_at: 'live_at + :ms',
    ended_at: 'ended_at + :ms',
    judged_at: 'judged_at + :ms',
  })
  client.pragma('cache_size = -400000')
  db.transaction(() => {
    const [eventsTold, deploysTold] = [events.count(), deployments.count()]
    for (let n = 1; n < chapters; n += 1) {
      events.copy.run({ n, ms: n * CHAPTER_MS, told: eventsTold })
      deployments.copy.run({ n, ms: n * CHAPTER_MS, told: deploysTold })
    }
    const newest = sql`(select max(id) from deployments where app_id = ${apps.id})`
    db.update(apps)
      .set({
        lastDeploymentId: newest,
        liveDeploymentId: newest,
        nextNumber: chapters + 1,
        recent: 's'.repeat(Math.min(10, chapters)),
        lastEventAt: sql`${apps.lastEventAt} + ${(chapters - 1) * CHAPTER_MS}`,
      })
      .run()
  })
  client.pragma('optimize')
}

/** One statement that copies the first rows of a table with some columns changed. */
function copyOf(client: Database['$client'], name: string, key: string, changed: Record<string, string>) {
  const columns = client
    .prepare(`select name from pragma_table_info('${name}') where name <> '${key}'`)
    .pluck()
    .all()
    .map(String)
  const values = columns.map((column) => changed[column] ?? column)
  return {
    copy: client.prepare(
      `insert into ${name} (${columns.join(', ')}) select ${values.join(', ')} from ${name} where ${key} <= :told order by ${key}`,
    ),
    count: () => Number(client.prepare(`select max(${key}) from ${name}`).pluck().get() ?? 0),
  }
}
