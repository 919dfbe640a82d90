/** The whole panel in this process, on a simulated Dokku behind the real gate; every command line is noted. */
import {
  existsSync,
  globSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Hono } from 'hono'
import { pino } from 'pino'
import { expect } from 'vitest'
import { actions } from '../../../ui/actions.ts'
import { audit } from '../../../ui/audit/table.ts'
import { openDatabase } from '../../../ui/database/database.ts'
import { allowedBy, gateAt, remakeOutbox, reservedBy } from '../../../ui/dokku/gate.ts'
import { localDokku } from '../../../ui/dokku/local.ts'
import { prepare } from '../../../ui/dokku/simulator/place.ts'
import { enablePlugin } from '../../../ui/dokku/simulator/plugin.ts'
import { eventId, seenEvent } from '../../../ui/events/event.ts'
import { jobs as jobRows } from '../../../ui/jobs/table.ts'
import { live } from '../../../ui/live/live.ts'
import { copies } from '../../../ui/logs/copies.ts'
import { panel } from '../../../ui/panel.ts'
import { recorder } from '../../../ui/recorder.ts'
import { recording } from '../../../ui/recording.ts'
import { keepReport, SERVER } from '../../../ui/reports/table.ts'
import { readSettings } from '../../../ui/settings.ts'
import { metrics } from '../../../ui/web/metrics.ts'
import { eventually } from '../../patience.ts'
import { openServer } from '../dokku/server.ts'
import { sessionOf } from '../story/session.ts'

const ROOT = fileURLToPath(new URL('../../..', import.meta.url))
const GATE = join(ROOT, 'ui/dokku/gate/gate')
const ORIGIN = 'http://panel.test'

export type Stage = Awaited<ReturnType<typeof stage>>

export async function stage() {
  const server = openServer()
  const { place } = server
  const data = join(place.root, 'panel')
  const calls = join(place.root, 'calls')
  mkdirSync(join(place.root, 'gate'), { recursive: true })
  for (const list of ['reserved', 'script-names'])
    symlinkSync(join(dirname(GATE), list), join(place.root, 'gate', list))
  const noting = (name: string, of: string, env = '') => {
    const file = join(place.root, name)
    const leaks = join(place.root, 'leaks')
    // `leaks`: a Dokku that prints what it is given.
    const script = `#!/bin/bash\nprintf '%q ' "$@" >>'${calls}'; echo >>'${calls}'; env >>'${calls}'\n[[ ${name} != dokku || ! -e '${leaks}' || $2 != config:import ]] || { cat; exit 1; }\n${env}exec '${of}' "$@"\n`
    writeFileSync(file, script, { mode: 0o755 })
    return file
  }
  enablePlugin(place, ROOT, 'dokkubase')
  const dokkuFile = noting('dokku', prepare(place).dokku, 'export DOKKU_SIMULATOR_SPEED=0\n')
  const settings = readSettings({
    DOKKUBASE_DATA: data,
    DOKKU: dokkuFile,
    DOKKUBASE_GATE: noting('gate/gate', GATE),
    DOKKU_LIB_ROOT: place.lib,
  })
  mkdirSync(data, { recursive: true })
  const db = openDatabase(join(data, 'dokkubase.db'))
  const changes = live({ gatherMs: 5 })
  const journal = recording(db, changes)
  const gate = gateAt({ script: settings.gate, user: null, dokku: dokkuFile, dokkuLibRoot: place.lib })
  const dokku = localDokku({ gate })
  const logged: string[] = []
  const logger = pino({}, { write: (line: string) => logged.push(line) })
  const log = copies({ db, builds: join(place.lib, 'data/builds') })
  const figures = metrics()
  const listening = recorder({
    ...{ settings, db, live: changes, journal, dokku, log, logger, metrics: figures, now: Date.now },
    allowed: () => allowedBy(gate),
    remakeOutbox: () => remakeOutbox(gate),
    reserved: () => reservedBy(gate),
  })
  const jobs = await actions({ settings, db, live: changes, gate, logger, onOver: () => {} })
  await jobs.start()
  const open = () =>
    panel({
      ...{ settings, version: '0.0.0', db, live: changes, dokku, copies: log, jobs, journal, logger },
      outbox: () => listening.outbox.status(),
      assets: { asset: (name) => `/assets/${name}`, routes: new Hono() },
      metrics: metrics(),
      clock: Date.now,
    })
  let web = open()

  const signIn = (name: string, role: 'admin' | 'viewer') => {
    const token = sessionOf(db, { name, role })
    const ask = (path: string, init: RequestInit = {}) =>
      web.request(`${ORIGIN}${path}`, {
        ...init,
        headers: { cookie: `dokkubase=${token}`, 'sec-fetch-site': 'same-origin', ...init.headers },
      })
    return {
      get: (path: string) => ask(path),
      /** As a browser without script, or with. */
      post: (
        path: string,
        fields: Readonly<Record<string, string>> = {},
        headers: Record<string, string> = {},
      ) =>
        ask(path, {
          method: 'POST',
          body: new URLSearchParams(fields).toString(),
          headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
        }),
      text: async (path: string) => {
        const answer = await ask(path)
        expect([path, answer.status]).toEqual([path, 200])
        return answer.text()
      },
    }
  }

  const over = () =>
    eventually(() =>
      expect(
        db
          .select()
          .from(jobRows)
          .all()
          .filter(({ endedAt }) => endedAt === null),
      ).toEqual([]),
    )

  return {
    place,
    db,
    data,
    logged,
    ada: signIn('ada', 'admin'),
    vera: signIn('vera', 'viewer'),
    signIn,
    jobs,
    dokku: (...args: readonly string[]) => server.run(args),
    /** What Dokku has. */
    config: async (app: string): Promise<Readonly<Record<string, string>>> =>
      JSON.parse((await server.run(['--quiet', 'config:export', app, '--format', 'json'])).stdout),
    /** As root does on the server, and the panel reads from time to time. */
    allow(...switches: readonly string[]) {
      const folder = join(place.lib, 'config/dokkubase/--global')
      rmSync(folder, { recursive: true, force: true })
      mkdirSync(folder, { recursive: true })
      for (const name of switches) writeFileSync(join(folder, name), 'true\n')
      keepReport(db)(SERVER, 'allowed', switches, Date.now())
    },
    told: () => listening.outbox.drain(),
    /** As if a hook had told of it. */
    record: (trigger: string, args: readonly string[]) =>
      void journal.record([
        seenEvent({ id: eventId(Date.now(), 1, trigger), host: 'local', trigger, at: Date.now(), args }),
      ]),
    /** What the panel believes root allowed, whatever root did since. */
    believe: (...switches: readonly string[]) => keepReport(db)(SERVER, 'allowed', switches, Date.now()),
    over,
    /** A panel that begins anew on what the last one left. */
    async again() {
      await web.close()
      web = open()
    },
    rows: () => db.select().from(jobRows).all(),
    trail: () => db.select().from(audit).all(),
    calls: () => (existsSync(calls) ? readFileSync(calls, 'utf8') : ''),
    drafts: () => globSync('*', { cwd: join(data, 'drafts') }),
    modeOf: (file: string) => statSync(join(data, file)).mode & 0o777,
    leak: (does: boolean) =>
      does
        ? writeFileSync(join(place.root, 'leaks'), '')
        : rmSync(join(place.root, 'leaks'), { force: true }),
    /** Files of the panel and of the gate that hold this, as bytes. */
    holding(text: string): readonly string[] {
      db.$client.pragma('wal_checkpoint(PASSIVE)')
      const folders = [data, join(place.lib, 'data/dokkubase')]
      return folders.flatMap((cwd) =>
        globSync('**/*', { cwd }).filter(
          (file) => statSync(join(cwd, file)).isFile() && readFileSync(join(cwd, file)).includes(text),
        ),
      )
    },
    async close() {
      await listening.stop()
      await jobs.close()
      log.close()
      await web.close()
      db.$client.close()
      server.close()
    },
  }
}
