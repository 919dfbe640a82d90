/** The whole panel on a seeded server, behind its real door, for a real browser. Only Dokku is played. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { createAdaptorServer } from '@hono/node-server'
import { pino } from 'pino'
import * as z from 'zod'
import type { Dokku } from '../../ui/dokku/dokku.ts'
import { live } from '../../ui/live/live.ts'
import { copies } from '../../ui/logs/copies.ts'
import { pageReads } from '../../ui/pages.ts'
import { panel } from '../../ui/panel.ts'
import { recording } from '../../ui/recording.ts'
import { readSettings } from '../../ui/settings.ts'
import { assets } from '../../ui/web/assets.ts'
import { metrics } from '../../ui/web/metrics.ts'
import { newPlace, openJobs } from '../ui/jobs/stage.ts'
import { NOW, seed, unseeded } from '../ui/story/seed.ts'
import { sessionOf } from '../ui/story/session.ts'

/** `docker logs` of an app that says one line and waits. */
const quietDokku: Dokku = {
  run: async () => '',
  follow: () => {
    let stop = () => {}
    const stopped = new Promise<void>((resolve) => {
      stop = resolve
    })
    return {
      lines: (async function* () {
        yield '2026-11-03T14:04:00.000000000Z app[web.1]: listening on 5000'
        await stopped
      })(),
      stop,
    }
  },
}

/** For `dokkuDoes`: goes on once the test says `go`. */
export const UNTIL_GO = 'until [[ -e "$here/go" ]]; do sleep 0.05; done'

export type Service = Awaited<ReturnType<typeof service>>

export async function service({ empty = false, port = 0, clock = () => NOW } = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'dokkubase-browser-'))
  const changes = live({ gatherMs: 20 })
  const { db } = empty ? unseeded() : seed()
  const journal = recording(db, changes, clock)
  const log = copies({ db, builds: folder, onProgress: ({ id }) => changes.publish([`deployment:${id}`]) })
  if (!empty) await writeLogs(db, log, folder)
  const token = sessionOf(db, { name: 'admin', role: 'admin', at: clock() })
  const place = newPlace()
  const jobs = openJobs(place, db, { live: changes })
  await jobs.start()
  const web = panel({
    settings: readSettings({ DOKKUBASE_DATA: folder }),
    version: '0.0.0',
    db,
    live: changes,
    dokku: quietDokku,
    copies: log,
    jobs,
    journal,
    outbox: () => ({ waiting: 0, setAside: 0, problem: null }),
    assets: assets(),
    metrics: metrics(),
    logger: pino({ level: 'silent' }),
    clock,
  })
  const server = createAdaptorServer({ fetch: web.fetch })
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  const address = server.address()
  return {
    origin: `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : port}`,
    /** The value of the session cookie of somebody signed in. */
    token,
    db,
    record: journal.record,
    publish: changes.publish,
    jobs,
    /** What the script in place of Dokku does from now on, in bash. */
    dokkuDoes: (script: string) => writeFileSync(join(place.folder, 'does'), script),
    /** Lets go on what waits for it: see UNTIL_GO. */
    go: () => writeFileSync(join(place.folder, 'go'), ''),
    /** Cuts every open connection, as a proxy that restarts does. */
    cut: () => 'closeAllConnections' in server && server.closeAllConnections(),
    async close() {
      server.close()
      if ('closeAllConnections' in server) server.closeAllConnections()
      log.close()
      await jobs.close()
      await web.close()
      db.$client.close()
      rmSync(folder, { recursive: true })
      rmSync(place.folder, { recursive: true })
    },
  }
}

/** The log of a deploy that failed on a real Dokku, and of one that went well. */
async function writeLogs(
  db: Parameters<typeof pageReads>[0],
  log: ReturnType<typeof copies>,
  folder: string,
): Promise<void> {
  const { apps, deployments } = pageReads(db)
  const logged = [
    ['api', 'failed', 'git-push-build-failure'],
    ['blog', 'succeeded', 'git-push-success-ssl'],
  ] as const
  for (const [name, status, recorded] of logged) {
    const [found] = deployments.page({ appId: apps.named(name)?.id ?? 0, statuses: [status] }, { limit: 1 })
    if (found === undefined) continue
    const logFile = join(folder, name, `${found.buildId}.log`)
    mkdirSync(dirname(logFile), { recursive: true })
    writeFileSync(logFile, recordedLog(recorded))
    await log.finish({ id: found.id, logFile, startedAt: found.startedAt })
  }
}

const Recorded = z.object({ lines: z.array(z.tuple([z.number(), z.string()])) })

/** What Dokku wrote into its log file, from what the one who pushed saw of it. */
function recordedLog(name: string): string {
  const file = new URL(`../fixtures/0.38.27/deploys/${name}.json`, import.meta.url)
  const { lines } = Recorded.parse(JSON.parse(readFileSync(file, 'utf8')))
  return lines
    .filter(([, line]) => line.startsWith('remote: '))
    .map(([, line]) => `${line.slice('remote: '.length).replace(/ {8}$/, '')}\n`)
    .join('')
}
