import { createInterface } from 'node:readline'
import { stripVTControlCharacters } from 'node:util'
import { execa } from 'execa'
import { type Command, type Dokku, DokkuError, type Followed } from './dokku.ts'

/** No command the panel waits for takes longer; a report of one app takes half a second. */
const TIMEOUT_MS = 30_000
const MAX_OUTPUT = 16 * 1024 * 1024

export interface LocalOptions {
  /** The executable: `dokku`, or the simulator. */
  readonly executable: string
  /** Environment of the panel; what Dokku reads as its own is taken out before a child sees it. */
  readonly env: Readonly<Record<string, string | undefined>>
  /** Told of each command that ended: for the log and the figures. */
  onEnded?(command: Command, exitCode: number | null, ms: number): void
}

/** Dokku on this host, by exact argv. Each child has its own process group, since builds:cancel kills groups. */
export function localDokku({ executable, env, onEnded = () => {} }: LocalOptions): Dokku {
  const childEnv = cleanEnvironment(env)
  const start = (args: readonly string[], timeoutMs: number | undefined) =>
    execa(executable, args, {
      env: childEnv,
      extendEnv: false,
      detached: true,
      reject: false,
      // What is followed ends by itself when its stdin closes, so that it ends with us however we end.
      stdin: timeoutMs === undefined ? 'pipe' : 'ignore',
      maxBuffer: MAX_OUTPUT,
      ...(timeoutMs === undefined ? { buffer: { stdout: false, stderr: true } } : { timeout: timeoutMs }),
    })

  return {
    async run(command, { timeoutMs = TIMEOUT_MS } = {}) {
      const began = performance.now()
      const child = start(['--quiet', ...command], timeoutMs)
      const result = await child
      if (result.timedOut) killGroup(child.pid)
      onEnded(command, result.exitCode ?? null, performance.now() - began)
      if (result.exitCode === 0) return result.stdout ?? ''
      throw new DokkuError(command, result.exitCode ?? null, spoken(result.stderr, result.shortMessage ?? ''))
    },
    follow(command): Followed {
      const child = start(command, undefined)
      let stopped = false
      const stop = () => {
        if (stopped) return
        stopped = true
        killGroup(child.pid)
      }
      const lines = async function* () {
        if (child.stdout) yield* createInterface({ input: child.stdout, crlfDelay: Number.POSITIVE_INFINITY })
        const result = await child
        if (!stopped && result.exitCode !== 0)
          throw new DokkuError(
            command,
            result.exitCode ?? null,
            spoken(result.stderr, result.shortMessage ?? ''),
          )
      }
      return { lines: lines(), stop }
    },
  }
}

/** Dokku takes its own state from the environment: an inherited build id would merge two builds into one. */
const cleanEnvironment = (env: LocalOptions['env']) => ({
  ...Object.fromEntries(
    Object.entries(env).filter(
      ([name]) => !/^(DOKKU(?!_SIMULATOR)|NAME$|FINGERPRINT$|SSH_|SUDO_|GIT_|PLUGIN_|npm_)/.test(name),
    ),
  ),
  LC_ALL: 'C.UTF-8',
})

const killGroup = (pid: number | undefined) => {
  if (pid === undefined) return
  try {
    process.kill(-pid, 'SIGTERM')
  } catch {
    // The group is gone already.
  }
}

/** What Dokku said, without its ` !     ` marks and colours. */
const spoken = (stderr: string | undefined, otherwise: string): string =>
  stripVTControlCharacters(stderr ?? '')
    .split('\n')
    .map((line) => line.replace(/^ !\s+/, '').trim())
    .filter((line) => line !== '')
    .slice(-20)
    .join('\n') || otherwise
