/** Programs a run starts: the panel as it is installed, and what node:http alone does in its place. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { openSync, readdirSync, readFileSync } from 'node:fs'
import { get } from 'node:http'
import { join } from 'node:path'
import { freePort, type Place, REPO } from './place.ts'
import { pause } from './times.ts'

export interface Started {
  readonly pid: number
  readonly origin: string
  /** What it printed. */
  readonly output: string
  /** Milliseconds from the signal until it was gone. */
  stop(): Promise<number>
}

const running = new Set<ChildProcess>()
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL')
})

/** Starts a program that listens on PORT. Does not wait for it. */
export async function start(
  place: Place,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Started> {
  const port = await freePort()
  const output = join(place.folder('output'), 'output')
  const said = openSync(output, 'w')
  const child = spawn(process.execPath, args, {
    cwd: REPO,
    env: { PATH: '/usr/bin:/bin', HOME: '/', PORT: String(port), ...env },
    stdio: ['ignore', said, said],
  })
  running.add(child)
  const gone = once(child, 'exit').then(() => running.delete(child))
  return {
    pid: child.pid ?? 0,
    origin: `http://127.0.0.1:${port}`,
    output,
    async stop() {
      const from = performance.now()
      child.kill('SIGTERM')
      await gone
      return performance.now() - from
    },
  }
}

/** `node:http` and nothing else; see bare.mjs. */
export const beginBare = (place: Place, env: Readonly<Record<string, string>> = {}): Promise<Started> =>
  start(place, [`${REPO}test/bench/bare.mjs`], env)

/** The same, ready to answer. */
export async function startBare(place: Place, env: Readonly<Record<string, string>> = {}): Promise<Started> {
  const bare = await beginBare(place, env)
  await firstAnswer(bare, '/', performance.now())
  return bare
}

/** Asks again and again, as one who waits for a start does, until it is answered well. Milliseconds since `from`. */
export async function firstAnswer({ origin, output }: Started, path: string, from: number): Promise<number> {
  while (performance.now() - from < 30_000) {
    if ((await statusOf(origin + path)) === 200) return performance.now() - from
    await pause(1)
  }
  throw new Error(`${path} was not answered within 30 s: ${readFileSync(output, 'utf8').slice(-2000)}`)
}

const statusOf = (url: string): Promise<number> =>
  new Promise((resolve) => {
    get(url, { agent: false }, (response) => {
      response.resume()
      resolve(response.statusCode ?? 0)
    }).on('error', () => resolve(0))
  })

/** Memory in MB: all a process holds, and its share where pages are shared with others. */
export function memoryOf(pid: number): { readonly rss: number; readonly pss: number } {
  const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8')
  const of = (key: string) => Number(new RegExp(`^${key}:\\s+(\\d+) kB`, 'm').exec(rollup)?.[1]) / 1024
  return { rss: of('Rss'), pss: of('Pss') }
}

/** Time all threads of a process spent on a CPU so far, in microseconds. */
export const cpuOf = (pid: number): number =>
  readdirSync(`/proc/${pid}/task`)
    .map((task) => Number(readFileSync(`/proc/${pid}/task/${task}/schedstat`, 'utf8').split(' ')[0]) / 1000)
    .reduce((sum, one) => sum + one, 0)
