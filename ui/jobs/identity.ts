/** Who runs a job: this process, told from any that had its number before. */
import { randomBytes } from 'node:crypto'
import { localProcesses } from '../builds/process.ts'

export const workerName = (): string =>
  `${process.pid}.${localProcesses.startTicks(process.pid)}.${randomBytes(4).toString('hex')}`

/** A process that is gone needs no lease to run out. */
export function isGone(worker: string): boolean {
  const [pid = '', startTicks = ''] = worker.split('.')
  return worker === '' || !localProcesses.alive(Number(pid), startTicks)
}
