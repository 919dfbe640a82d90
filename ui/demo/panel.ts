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
/** As ui/host/serve starts it: no word from outside reaches a prototype by `object.__proto__`. */
const FLAGS = ['--disable-proto=delete']
const BUILD = fileURLToPath(new URL('../web/build.ts', import.meta.url))
const run = promisify(execFile)

export interface PanelOptions {
  readonly place: Place
  /** Folder of the demo: database and the panel's log. */
  readonly folder: string
  readonly port: number
  readonly children: Children
  /** It ended by itself after it was ready. */
  onEnded(why: string): void
}

/** The panel itself, as it runs on a server: a process told by its environment where everything is. */
export function panelProcess({ place, folder, port, children, onEnded }: PanelOptions) {
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
  const logFile = join(folder, 'panel.log')
  let child: ChildProcess | undefined
  let isReady = false

  return {
    origin,
    start() {
      const log = createWriteStream(logFile, { flags: 'a' })
      const started = children.start(process.execPath, [...FLAGS, MAIN], {
        env,
        stdio: ['ignore', 'pipe', 'pipe'],
      })
      started.stdout?.pipe(log, { end: false })
      started.stderr?.pipe(log, { end: false })
      started.stderr?.pipe(process.stderr)
      started.on('exit', () => {
        if (child === started && isReady) onEnded(endOf(started, logFile))
      })
      child = started
      isReady = false
    },
    /** Resolves when the first page can be had. */
    async ready(): Promise<void> {
      for (;;) {
        if (child && hasEnded(child)) throw new Error(endOf(child, logFile))
        if (await answers(`${origin}/healthz`)) break
        await sleep(50)
      }
      isReady = true
    },
    async restart(): Promise<void> {
      const before = child
      child = undefined
      if (before && !hasEnded(before)) {
        const ended = new Promise((resolve) => before.once('exit', resolve))
        before.kill('SIGTERM')
        await ended
      }
      this.start()
      await this.ready()
    },
    /** A one-time link, as `main.js login` prints it on a server. */
    async link(): Promise<string> {
      const { stdout } = await run(process.execPath, [...FLAGS, MAIN, 'login'], { env })
      return stdout.trim()
    },
  }
}

const hasEnded = ({ exitCode, signalCode }: ChildProcess): boolean => exitCode !== null || signalCode !== null

const endOf = ({ exitCode, signalCode }: ChildProcess, logFile: string): string =>
  `The panel ended with ${exitCode ?? signalCode}; what it said is in ${logFile}`

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
