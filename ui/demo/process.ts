import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process'

/** Child processes of the demo, each in a group of its own, all of which end with it. */
export interface Children {
  start(file: string, args: readonly string[], options: SpawnOptions): ChildProcess
  /** TERM to every group, and KILL to what is still there after `patienceMs`. */
  endAll(patienceMs?: number): Promise<void>
}

export function children(): Children {
  const running = new Map<ChildProcess, Promise<void>>()
  const signal = (name: NodeJS.Signals) => {
    for (const { pid } of running.keys()) if (pid !== undefined) send(pid, name)
  }
  return {
    start(file, args, options) {
      const child = spawn(file, args, { ...options, detached: true })
      const ended = new Promise<void>((resolve) => {
        child.on('error', () => resolve())
        child.on('exit', () => resolve())
      }).then(() => void running.delete(child))
      running.set(child, ended)
      return child
    },
    async endAll(patienceMs = 5_000) {
      signal('SIGTERM')
      const timer = setTimeout(() => signal('SIGKILL'), patienceMs)
      await Promise.all(running.values())
      clearTimeout(timer)
    },
  }
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal)
  } catch {
    // The group is gone already.
  }
}
