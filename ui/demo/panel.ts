import { type ChildProcess, execFile } from 'node:child_process'
import { createWriteStream } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { type Place, prepare } from '../dokku/simulator/place.ts'
import type { Children } from './process.ts'

/** The bundle that is installed on servers too: it starts in a fifth of the time the sources need. */
const MAIN = fileURLToPath(new URL('../../dist/main.js', import.meta.url))
const BUILD = fileURLToPath(new URL('../web/build.ts', import.meta.url))
const run = promisify(execFile)

export interface PanelOptions {
  readonly place: Place
  /** Folder of the demo: database and the panel's log. */
  readonly folder: string
  readonly port: number
  readonly children: Children
}

/** The panel itself, as it runs on a server: a process told by its environment where everything is. */
export function panelProcess({ place, folder, port, children }: PanelOptions) {
  const origin = `http://127.0.0.1:${port}`
  const env = {
    ...process.env,
    PORT: String(port),
    DOKKU: prepare(place).dokku,
    DOKKU_LIB_ROOT: place.lib,
    DOKKUBASE_DATA: join(folder, 'data'),
    DOKKUBASE_ORIGIN: origin,
    DOKKUBASE_LOG_LEVEL: 'info',
  }
  let child: ChildProcess | undefined

  return {
    origin,
    start() {
      const log = createWriteStream(join(folder, 'panel.log'), { flags: 'a' })
      const started = children.start(process.execPath, [MAIN], { env, stdio: ['ignore', 'pipe', 'pipe'] })
      started.stdout?.pipe(log, { end: false })
      started.stderr?.pipe(log, { end: false })
      started.stderr?.pipe(process.stderr)
      child = started
    },
    /** Resolves when the first page can be had. */
    async ready(): Promise<void> {
      for (;;) {
        if (child?.exitCode !== null && child?.exitCode !== undefined)
          throw new Error(
            `the panel ended with ${child.exitCode}; what it said is in ${join(folder, 'panel.log')}`,
          )
        if (await answers(`${origin}/healthz`)) return
        await sleep(50)
      }
    },
    async restart(): Promise<void> {
      const ended = new Promise((resolve) => child?.once('exit', resolve))
      child?.kill('SIGTERM')
      await ended
      this.start()
      await this.ready()
    },
    /** A one-time link, as `main.js login` prints it on a server. */
    async link(): Promise<string> {
      const { stdout } = await run(process.execPath, [MAIN, 'login'], { env })
      return stdout.trim()
    },
  }
}

/** Stylesheet, scripts and the panel in one file; quick where nothing changed. */
export async function buildPanel(): Promise<void> {
  await run(process.execPath, [BUILD])
}

async function answers(url: string): Promise<boolean> {
  try {
    const { status } = await fetch(url, { signal: AbortSignal.timeout(2_000) })
    return status < 500
  } catch {
    return false
  }
}
