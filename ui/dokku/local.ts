import { setImmediate } from 'node:timers/promises'
import { execa } from 'execa'
import { splitter, type WholeLine } from '../logs/splitter.ts'
import { type Command, type Dokku, DokkuError, type Followed, spoken } from './dokku.ts'
import { type Gate, PANEL_ITSELF } from './gate.ts'

/** No command the panel waits for takes longer; a report of one app takes half a second. */
const TIMEOUT_MS = 30_000
const MAX_OUTPUT = 16 * 1024 * 1024

export interface LocalOptions {
  readonly gate: Gate
  /** Told of each command that ended: for the log and the figures. */
  onEnded?(command: Command, exitCode: number | null, ms: number): void
}

/** Dokku on this host, through the gate. What is asked ends when its stdin closes, and so with us however we end. */
export function localDokku({ gate, onEnded = () => {} }: LocalOptions): Dokku {
  const start = (command: Command, buffer: boolean) => {
    const { file, args, env } = gate.call('attend', PANEL_ITSELF, '--', ...command)
    const child = execa(file, args, {
      env,
      extendEnv: false,
      // A group of its own: builds:cancel kills groups.
      detached: true,
      reject: false,
      stdin: 'pipe',
      maxBuffer: MAX_OUTPUT,
      buffer: { stdout: buffer, stderr: true },
    })
    return { child, end: () => void child.stdin?.destroy() }
  }

  return {
    async run(command, { timeoutMs = TIMEOUT_MS } = {}) {
      const began = performance.now()
      const { child, end } = start(command, true)
      let isLate = false
      const timer = setTimeout(() => {
        isLate = true
        end()
      }, timeoutMs)
      const result = await child
      clearTimeout(timer)
      end()
      const exitCode = isLate ? null : (result.exitCode ?? null)
      onEnded(command, exitCode, performance.now() - began)
      if (exitCode === 0) return result.stdout ?? ''
      throw isLate ? new DokkuError(command, null, `no answer in ${timeoutMs} ms`) : failed(command, result)
    },
    follow(command): Followed {
      const { child, end } = start(command, false)
      let stopped = false
      const stop = () => {
        stopped = true
        end()
      }
      const lines = async function* () {
        if (child.stdout) yield* linesOf(child.stdout)
        const result = await child
        if (!stopped && result.exitCode !== 0) throw failed(command, result)
      }
      return { lines: lines(), stop }
    },
  }
}

/** A container may write for hours without a newline: what is longer is cut. */
const MAX_LINE = 1024 * 1024
/** Then others get their turn. */
const LINES_A_TURN = 1000

/** The lines of a stream as they come, in UTF-8. */
export async function* linesOf(stream: AsyncIterable<Buffer>): AsyncGenerator<string> {
  const lines = splitter(MAX_LINE)
  const text = ({ bytes }: WholeLine): string => bytes.toString('utf8').replace(/\r$/, '')
  let count = 0
  for await (const data of stream) {
    lines.push(data)
    for (let line = lines.next(); line !== null; line = lines.next()) {
      yield text(line)
      count += 1
      if (count % LINES_A_TURN === 0) await setImmediate()
    }
  }
  const rest = lines.rest()
  if (rest !== null) yield text(rest)
}

interface Ended {
  readonly exitCode?: number | undefined
  readonly stderr?: string | undefined
  readonly shortMessage?: string | undefined
}

const failed = (command: Command, { exitCode, stderr, shortMessage }: Ended): DokkuError =>
  new DokkuError(command, exitCode ?? null, spoken(stderr ?? '') || (shortMessage ?? ''))
