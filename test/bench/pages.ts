import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pino } from 'pino'
import { openDatabase } from '../../ui/database/database.ts'
import { jobs } from '../../ui/jobs/jobs.ts'
import { sqliteQueue } from '../../ui/jobs/sqlite.ts'
import { live } from '../../ui/live/live.ts'
import { copies } from '../../ui/logs/copies.ts'
import { pageReads } from '../../ui/pages.ts'
import { panel } from '../../ui/panel.ts'
import { recording } from '../../ui/recording.ts'
import { readSettings } from '../../ui/settings.ts'
import { assets } from '../../ui/web/assets.ts'
import { metrics } from '../../ui/web/metrics.ts'
import { startPanel } from './panel.ts'
import { APPS, appName, past } from './past.ts'
import type { Place } from './place.ts'
import { plainApps, plainEvents, rawEventsOfApp } from './plain.ts'
import { startBare } from './started.ts'
import { microseconds, milliseconds, type Row, row } from './table.ts'
import { medianAwaited, medianOf } from './times.ts'

const ROUNDS = 200

/** Pages of 200 apps, with a short past and with a long one. */
export async function pages(place: Place): Promise<readonly Row[]> {
  return [...(await withPast(place, 1000)), ...(await withPast(place, 1_000_000))]
}

async function withPast(place: Place, events: number): Promise<readonly Row[]> {
  const { data, tokens } = past(place, events)
  const cookie = `dokkubase=${tokens[0]}`
  const db = openDatabase(join(data, 'dokkubase.db'))
  const web = panelOn(db, place.folder('pages'))
  const page = async (path: string): Promise<string> => {
    const answer = await web.request(path, { headers: { cookie } })
    if (answer.status !== 200) throw new Error(`${path} answered ${answer.status}`)
    return answer.text()
  }
  const apps = await page('/apps?view=list')
  if (apps.split('<tr id="app-').length - 1 !== APPS) throw new Error(`the apps page has not ${APPS} rows`)
  const after = `${events.toLocaleString('en')} events`
  const reads = pageReads(db)
  const appId = reads.apps.named(appName(7))?.id ?? 0
  const found = reads.events.page({ appId }, { limit: 50 }).length
  const [plainly, eventsPlainly, raw] = [plainApps(db), plainEvents(db), rawEventsOfApp(db)]
  if (events > 1000 && (found !== 50 || raw(appId).length !== 50)) throw new Error('not 50 events were found')
  const rows = [
    row(`apps page, 200 apps, ${after}: made`, milliseconds, {
      floor: medianOf(ROUNDS, plainly),
      ours: await medianAwaited(ROUNDS, () => page('/apps?view=list')),
      aim: { most: 0.5 },
    }),
    row(`  newest 50 events of one app`, microseconds, {
      floor: 1000 * medianOf(ROUNDS, () => raw(appId)),
      ours: 1000 * medianOf(ROUNDS, () => reads.events.page({ appId }, { limit: 50 })),
      aim: { times: 2 },
    }),
    row(`  events page: made`, milliseconds, {
      floor: medianOf(ROUNDS, eventsPlainly),
      ours: await medianAwaited(ROUNDS, () => page('/events')),
    }),
  ]
  await web.close()
  db.$client.close()
  return [...rows, await overHttp(place, events, apps)]
}

/** Asked as a browser asks; the floor sends the same bytes ready-made. */
async function overHttp(place: Place, events: number, apps: string): Promise<Row> {
  const file = join(place.folder('page'), 'apps.html')
  writeFileSync(file, apps)
  const bare = await startBare(place, { PAGE: file })
  const service = await startPanel(place, past(place, events))
  const ask = (origin: string) => async () => {
    const answer = await fetch(`${origin}/apps?view=list`, { headers: { cookie: service.cookie } })
    if ((await answer.text()).length < apps.length / 2) throw new Error(`not the apps page: ${answer.status}`)
  }
  await ask(service.origin)()
  const floor = await medianAwaited(ROUNDS, ask(bare.origin))
  const ours = await medianAwaited(ROUNDS, ask(service.origin))
  await bare.stop()
  await service.stop()
  return row('  apps page: asked over HTTP', milliseconds, { floor, ours })
}

function panelOn(db: ReturnType<typeof openDatabase>, folder: string) {
  const changes = live()
  return panel({
    settings: readSettings({ DOKKUBASE_DATA: folder }),
    version: '0.0.0',
    db,
    live: changes,
    dokku: { run: async () => '', follow: () => ({ lines: (async function* () {})(), stop() {} }) },
    copies: copies({ db, builds: folder }),
    jobs: jobs({
      db,
      live: changes,
      kinds: [],
      gate: {
        start: async () => 'started',
        cancel: async () => 'canceled',
        builds: async () => false,
        read: () => null,
      },
      inputs: folder,
      outputs: folder,
      queue: (options) => sqliteQueue(db, options),
    }),
    journal: recording(db, changes),
    outbox: () => ({ waiting: 0, setAside: 0, problem: null }),
    assets: assets(),
    metrics: metrics(),
    logger: pino({ level: 'silent' }),
    clock: Date.now,
  })
}
