import { readFileSync } from 'node:fs'

/** Looks at one process on this host. */
export interface Processes {
  /**
   * Whether the process that began at `startTicks` (field 22 of /proc/PID/stat, empty: not known) still runs.
   * Any process may have the PID by now, so the start time decides.
   */
  alive(pid: number, startTicks: string): boolean
  /** When it began, in the same ticks; empty when there is none. */
  startTicks(pid: number): string
}

export const localProcesses: Processes = {
  alive(pid, startTicks) {
    const stat = readStat(pid)
    if (stat === null) return existsByKill(pid)
    if (stat.state === 'Z' || stat.state === 'X') return false
    return startTicks === '' || stat.startTicks === startTicks
  },
  startTicks: (pid) => readStat(pid)?.startTicks ?? '',
}

/** The 22nd field of a /proc/PID/stat line; the second, the command in parentheses, may itself hold spaces. */
export const startTicksOf = (stat: string): string => afterCommand(stat)[19] ?? ''

const readStat = (pid: number): { state: string; startTicks: string } | null => {
  try {
    const fields = afterCommand(readFileSync(`/proc/${pid}/stat`, 'latin1'))
    return { state: fields[0] ?? '', startTicks: fields[19] ?? '' }
  } catch {
    return null
  }
}

const afterCommand = (stat: string): string[] => stat.slice(stat.lastIndexOf(')') + 2).split(' ')

/** /proc may hide other users' processes (hidepid); a signal that is not permitted still shows there is one. */
const existsByKill = (pid: number): boolean => {
  if (pid <= 0) return false
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}
