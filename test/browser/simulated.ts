/** The panel as it runs on a server, a process of its own, on a simulated Dokku behind the real gate. */
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { execa } from 'execa'
import { expect } from 'vitest'
import { openDatabase } from '../../ui/database/database.ts'
import { panelProcess } from '../../ui/demo/panel.ts'
import { children } from '../../ui/demo/process.ts'
import { placeAt, prepare } from '../../ui/dokku/simulator/place.ts'
import { enablePlugin } from '../../ui/dokku/simulator/plugin.ts'
import { jobs } from '../../ui/jobs/table.ts'
import { setStage } from '../contract/stage.ts'
import type { RunOptions, Said, Target } from '../contract/target.ts'
import { eventually } from '../patience.ts'
import { sessionOf } from '../ui/story/session.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))

export type Simulated = Awaited<ReturnType<typeof simulated>>

export interface SimulatedOptions {
  /** Those of the contract's stage: web (web, worker, a cron entry, a mount), shop, broken, empty. */
  readonly apps: readonly string[]
  /** Ends all of it, as far as it came. */
  readonly open: AsyncDisposableStack
}

export async function simulated({ apps, open }: SimulatedOptions) {
  const folder = mkdtempSync(join(tmpdir(), 'dokkubase-simulated-'))
  open.defer(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }))
  const place = placeAt(join(folder, 'server'))
  const { dokku } = prepare(place)
  enablePlugin(place, ROOT, 'dokkubase')
  const target = targetAt(dokku)
  await setStage(target, apps)
  const group = children()
  const panel = panelProcess({ place, folder, port: await freePort(), children: group, onEnded: () => {} })
  open.defer(() => group.endAll())
  panel.start()
  hurry(dokku)
  await panel.ready()
  const db = openDatabase(join(folder, 'data/dokkubase.db'))
  open.defer(() => void db.$client.close())
  return {
    origin: panel.origin,
    /** Everything of the server and of the panel. */
    folder,
    /** From now on its commands take as long as recorded, divided by this; 0: no longer than their process does. */
    pace: (speed: number) =>
      writeFileSync(dokku, readFileSync(dokku, 'utf8').replace(/(DOKKU_SIMULATOR_SPEED=)\S+/, `$1${speed}`), {
        mode: 0o755,
      }),
    token: sessionOf(db, { name: 'ada', role: 'admin' }),
    /** The session of a second admin. */
    other: sessionOf(db, { name: 'bob', role: 'admin' }),
    /** The session of somebody who may only look. */
    viewer: sessionOf(db, { name: 'vera', role: 'viewer' }),
    /** Types a command into the server's terminal. */
    dokku: (...args: readonly string[]) => target.run(args),
    /** The same, held and let go on as the test wants it. */
    typing(...args: readonly string[]) {
      const said = execa(dokku, args, { detached: true, reject: false, stdin: 'ignore' })
      const signal = (name: NodeJS.Signals) => {
        try {
          process.kill(-(said.pid ?? Number.NaN), name)
        } catch {
          // It is over.
        }
      }
      open.defer(() => signal('SIGKILL'))
      return { said, hold: () => signal('SIGSTOP'), letGo: () => signal('SIGCONT') }
    },
    report: async (plugin: string, app: string): Promise<Readonly<Record<string, string>>> =>
      JSON.parse((await target.run([`${plugin}:report`, app, '--format', 'json'])).stdout),
    /** What `dokku dokkubase:set NAME true` leaves behind, as root types it. */
    allow(name: string) {
      const folder = join(place.lib, 'config/dokkubase/--global')
      mkdirSync(folder, { recursive: true })
      writeFileSync(join(folder, name), 'true\n')
    },
    /** The commands of all jobs so far, with how they ended. */
    jobs: () =>
      db
        .select({ command: jobs.command, state: jobs.state })
        .from(jobs)
        .all()
        .map(({ command, state }) => `${command}: ${state}`),
    async over(...commands: readonly string[]) {
      await eventually(() =>
        expect(this.jobs()).toEqual(expect.arrayContaining(commands.map((each) => `${each}: succeeded`))),
      )
    },
  }
}

/** One that nobody listens on, whatever an earlier run left behind. */
async function freePort(): Promise<number> {
  const listener = createServer().listen(0, '127.0.0.1')
  await once(listener, 'listening')
  const address = listener.address()
  listener.close()
  if (address === null || typeof address === 'string') throw new Error(`no port: ${address}`)
  await once(listener, 'close')
  return address.port
}

/** Its commands take no longer than their process does. */
function hurry(dokku: string): void {
  const script = readFileSync(dokku, 'utf8')
  if (!script.includes(SPEED))
    writeFileSync(dokku, script.replace(' exec ', ` ${SPEED} exec `), { mode: 0o755 })
}
const SPEED = 'DOKKU_SIMULATOR_SPEED=0'

function targetAt(dokku: string): Target {
  hurry(dokku)
  const run = async (args: readonly string[], { stdin = '' }: RunOptions = {}): Promise<Said> => {
    // A group of its own: builds:cancel ends whole groups.
    const said = await execa(dokku, args, {
      input: stdin,
      detached: true,
      reject: false,
      stripFinalNewline: false,
    })
    return { exit: said.exitCode ?? 128, stdout: said.stdout, stderr: said.stderr }
  }
  return {
    name: 'simulator',
    run,
    ask: (args) => run(args),
    asRecorded: (text) => text,
    withoutDocker: (text) => text,
    close: () => {},
  }
}
