import { spawn } from 'node:child_process'
import { appendFileSync, writeFileSync } from 'node:fs'

/** What writes a build's log: Dokku's is a `tee` of its own, which goes on for a moment after the build's process ended. */
export interface Tee {
  write(file: string, bytes: Buffer): void
  /** Hands what isn't written yet to a process that outlives this one. */
  end(): void
}

const append = (file: string, bytes: Buffer): void => {
  unlessGone(() => appendFileSync(file, bytes))
}

/** False when there is nowhere to write: the app was destroyed while its build went on. */
function unlessGone(write: () => void): boolean {
  try {
    write()
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return false
    throw error
  }
}

/** Writes all at the end: nobody reads a log of the past while it grows. */
export function gatheringTee(): Tee {
  const held: Buffer[] = []
  let into = ''
  return {
    write(file, bytes) {
      into = file
      held.push(bytes)
    },
    end() {
      if (held.length > 0) append(into, Buffer.concat(held))
    },
  }
}

const LAG_MS = 20

/** Writes a little late, and the last words `afterMs` after the process is gone; promptly while that is 0. */
export function lateTee(afterMs: () => number): Tee {
  let held: Buffer[] = []
  let into = ''
  let timer: NodeJS.Timeout | undefined
  const flush = () => {
    timer = undefined
    if (held.length > 0) append(into, Buffer.concat(held))
    held = []
  }
  return {
    write(file, bytes) {
      if (afterMs() === 0) return append(file, bytes)
      into = file
      held.push(bytes)
      timer ??= setTimeout(flush, LAG_MS)
    },
    end() {
      clearTimeout(timer)
      if (held.length === 0) return
      const rest = `${into}.rest`
      if (!unlessGone(() => writeFileSync(rest, Buffer.concat(held)))) return
      const script = 'sleep "$3"; cat "$2" >>"$1"; rm -f "$2"'
      const seconds = String(afterMs() / 1000)
      spawn('sh', ['-c', script, 'sh', into, rest, seconds], { detached: true, stdio: 'ignore' }).unref()
    },
  }
}
