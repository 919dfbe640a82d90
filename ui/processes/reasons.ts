/** How processes ended and why an app is in its state, in words for people. Pure. */
import { counted } from '../web/format.ts'
import type { Death, Ended, StateDetail } from './process.ts'

const SIGNALS: Readonly<Record<number, string>> = {
  1: 'SIGHUP',
  2: 'SIGINT',
  3: 'SIGQUIT',
  4: 'SIGILL',
  6: 'SIGABRT',
  7: 'SIGBUS',
  8: 'SIGFPE',
  11: 'SIGSEGV',
  13: 'SIGPIPE',
  15: 'SIGTERM',
}

/** "was killed for memory", "exited with code 1": how a process ended, as what follows its name. */
export function endOf({ exitCode, memory }: Pick<Death, 'exitCode' | 'memory'>): string {
  if (memory) return 'was killed for memory'
  if (exitCode === null) return 'ended'
  if (exitCode === 0) return 'ended by itself with exit code 0'
  if (exitCode === 137) return 'was killed by SIGKILL, not for memory'
  if (exitCode === 127) return 'exited with code 127 (command not found)'
  const signal = SIGNALS[exitCode - 128]
  return signal === undefined ? `exited with code ${exitCode}` : `was ended by ${signal}`
}

/** A sentence about an app without its name, and the time it ends with: ", the last 40 s ago". */
export interface Reason {
  readonly text: string
  readonly lastAt: number | null
}

/** Why an app is in its state, for people. */
export function reasonOf(detail: StateDetail): Reason {
  switch (detail.kind) {
    case 'ended':
      return reasonOfEnd(detail.ended)
    case 'fewer': {
      const { running, wanted, ended } = detail
      const text = `${running} of ${counted(wanted, 'process', 'processes')} ${running === 1 ? 'is' : 'are'} running`
      const end = ended && reasonOfEnd(ended)
      return { text: end === null ? text : `${text}; ${end.text}`, lastAt: end?.lastAt ?? null }
    }
    case 'unreachable': {
      const { addresses, some } = detail
      const where = addresses.join(', ')
      return {
        text: `is running, but nginx sends ${some ? 'some ' : ''}requests to ${where}, where it no longer is`,
        lastAt: null,
      }
    }
    case 'stopped':
      return {
        text:
          detail.by === 'request'
            ? 'is not running: its containers were stopped, but not by ps:stop'
            : 'is not running: its processes ended by themselves with exit code 0',
        lastAt: null,
      }
    case 'scaled':
      return { text: 'is not running: it is scaled to 0', lastAt: null }
    case 'unknown':
      return {
        text:
          detail.why === 'docker'
            ? 'is in an unknown state: Docker does not list its containers'
            : `is run by the scheduler ${detail.scheduler}, whose processes Dokkubase does not see`,
        lastAt: null,
      }
  }
}

const reasonOfEnd = (ended: Ended): Reason => ({
  text: `${ended.process} ${wordsOfEnd(ended)}`,
  lastAt: ended.last.at,
})

/** How a process that is in a loop or dead ended, as what follows its name. */
export function wordsOfEnd({ last, loop, gaveUpAfter, memoryLimit }: Ended): string {
  const limit = last.memory && memoryLimit !== null ? ` at its limit of ${megabytes(memoryLimit)}` : ''
  const gaveUp = gaveUpAfter === null ? '' : `; Docker gave up after ${counted(gaveUpAfter, 'restart')}`
  if (loop === null) return `${endOf(last)}${limit}${gaveUp}`
  const times = `${counted(loop.deaths, 'time')} in ${span(last.at - loop.since)}`
  if (loop.memory === loop.deaths) return `was killed for memory ${times}${limit}${gaveUp}`
  const memory = loop.memory === 0 ? '' : `, ${loop.memory} of them killed for memory`
  return `ended ${times}${memory} (it ${endOf(last)})${gaveUp}`
}

const megabytes = (bytes: number): string => `${Math.round(bytes / 2 ** 20)} MB`

/** "40 s", "12 min", "5 h", "3 d". */
export function span(ms: number): string {
  const seconds = Math.max(1, Math.round(ms / 1000))
  if (seconds < 120) return `${seconds} s`
  if (seconds < 7200) return `${Math.round(seconds / 60)} min`
  return seconds < 172_800 ? `${Math.round(seconds / 3600)} h` : `${Math.round(seconds / 86_400)} d`
}
