/** The whole panel on a seeded server, behind its real guards, without a socket. Jobs are kept and never run. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { onTestFinished } from 'vitest'
import { actions } from '../../../ui/actions.ts'
import { gateAt } from '../../../ui/dokku/gate.ts'
import { live } from '../../../ui/live/live.ts'
import { copies } from '../../../ui/logs/copies.ts'
import { type PanelOptions, panel } from '../../../ui/panel.ts'
import { recording } from '../../../ui/recording.ts'
import { readSettings } from '../../../ui/settings.ts'
import { assets } from '../../../ui/web/assets.ts'
import { metrics } from '../../../ui/web/metrics.ts'
import { NOW, seed } from './seed.ts'
import { sessionOf } from './session.ts'

/** The peer of every request. */
const LOCAL = { remoteAddress: '127.0.0.1', remotePort: 40_000, remoteFamily: 'IPv4' }

/** Dokku that answers nothing and whose logs have no line. */
const silentDokku: PanelOptions['dokku'] = {
  run: async (command) => (command.includes('json') ? '{}' : ''),
  follow: () => ({ lines: (async function* () {})(), stop() {} }),
}

export interface WholeOptions extends Partial<PanelOptions> {
  readonly env?: Readonly<Record<string, string>>
}

/** One for one test, with which it ends. */
export async function wholePanel({ env = {}, ...options }: WholeOptions = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'dokkubase-whole-'))
  const lib = join(folder, 'lib')
  mkdirSync(join(lib, 'data/dokkubase/jobs'), { recursive: true })
  const settings = readSettings({ DOKKUBASE_DATA: folder, DOKKU_LIB_ROOT: lib, ...env })
  const { db } = seed()
  const changes = live({ gatherMs: 5 })
  const journal = recording(db, changes, () => NOW)
  const logged: string[] = []
  const logger = pino({}, { write: (line: string) => logged.push(line) })
  const log = copies({ db, builds: folder })
  const gate = gateAt({ script: settings.gate, user: null, dokku: 'false', dokkuLibRoot: lib })
  const jobs = await actions({ settings, db, live: changes, gate, logger, onOver: () => {} })
  const web = panel({
    ...{ settings, version: '1.2.3', db, live: changes, dokku: silentDokku, copies: log, jobs, journal },
    outbox: () => ({ waiting: 0, setAside: 0, problem: null }),
    assets: assets(),
    metrics: metrics(),
    logger,
    clock: () => NOW,
    ...options,
  })
  onTestFinished(async () => {
    await web.close()
    await jobs.close()
    log.close()
    db.$client.close()
    rmSync(folder, { recursive: true, force: true })
  })
  const raw = (path: string, init: RequestInit = {}, socket: object = LOCAL) =>
    web.request(`http://panel.test${path}`, init, { incoming: { socket } })
  let accounts = 0
  /** What the cookie of somebody signed in holds. */
  const token = (role: 'admin' | 'viewer' = 'admin') => {
    accounts += 1
    return sessionOf(db, { name: `${role}-${accounts}`, role, at: NOW })
  }
  return {
    token,
    db,
    folder,
    journal,
    changes,
    jobs,
    logged,
    settings,
    routes: web.routes,
    fetch: web.fetch,
    check: web.check,
    /** As it arrives: nothing is added to it. */
    raw,
    /** Somebody signed in, whose browser says where its requests come from. */
    signedIn(role: 'admin' | 'viewer' = 'admin') {
      const cookie = `dokkubase=${token(role)}`
      return (path: string, { headers, ...init }: RequestInit = {}) =>
        raw(path, {
          ...init,
          headers: {
            accept: 'text/html',
            cookie,
            'sec-fetch-site': 'same-origin',
            ...Object.fromEntries(new Headers(headers)),
          },
        })
    },
  }
}
