/** Why a new container did not pass its checks: it answers wrong, or its process ended. Pure. */

import { causeLines, primaryCause, UNCAUGHT } from './cause-lines.ts'
import { complaints, type Evidence, type Failure, failure, lastWords, part } from './failure.ts'
import type { Said } from './signs.ts'

/** What the checks say of a process that does not run. Also one that is started again and again has ended. */
const ENDED = /container state is not running|container has restarted \d+ times|Container state: (?!running)/

export function checkFailure({ same, recent, causes }: Evidence): Failure {
  const process = part(same, /failed checks \((\S+?)\)/)
  const output = outputOf(recent, same[0]?.line ?? 0)
  const from = output[0]?.line ?? Number.POSITIVE_INFINITY
  const until = output.at(-1)?.line ?? 0
  const printed = causes.filter(({ line }) => line >= from && line <= until)
  const ended =
    same.find(({ text }) => ENDED.test(text)) ??
    (hasEnded(output) ? same.find(({ text }) => UNANSWERED.test(text)) : undefined)
  if (ended) {
    const relevant = causeLines(printed, 'crash at start')
    const words = primaryCause(relevant) ?? lastWords(output)
    return failure('crash at start', crash(process, ended.text, words), [
      ended,
      ...(words ? [words] : []),
      ...relevant.slice(0, MOST_CAUSES),
      ...same,
      ...complaints(output),
    ])
  }
  const named = same.find(({ text }) => text.includes('Failure in name='))
  const [, check = '', why = ''] = /Failure in name='([^']*)': (.*)$/.exec(named?.text ?? '') ?? []
  const whose = process === '' ? '' : ` of ${process}`
  return failure(
    'checks',
    check === '' ? `A check${whose} failed` : `Check '${check}'${whose} failed: ${why}`,
    [
      ...(named ? [named] : []),
      ...same,
      ...causeLines(printed, 'checks').slice(0, MOST_CAUSES),
      ...complaints(output),
    ],
  )
}

const MOST_CAUSES = 8

/**
 * Nobody answers a check where the process has ended, too. What it printed tells: Docker starts it again, so that the
 * same error comes more than once, or nothing but the error's stack follows.
 */
function hasEnded(output: readonly Said[]): boolean {
  const printed = output.map(({ text }) => text.trim()).filter((text) => text !== '')
  if (printed.slice(-LAST).some((text) => SAYS_IT_ENDED.test(text)) || isOver(printed)) return true
  const errors = printed.filter((text) => UNCAUGHT.test(text))
  const last = printed.lastIndexOf(errors.at(-1) ?? '')
  const isRepeated = errors.filter((text) => text === errors.at(-1)).length > 1
  return last >= 0 && (isRepeated || printed.slice(last + 1).every((text) => STACK.test(text)))
}

/** How many of the last lines may say that the process ended. */
const LAST = 6
/** What npm and other parents say of a process that ended. */
const SAYS_IT_ENDED =
  /^npm (?:ERR!|error) |\bELIFECYCLE\b|\bCommand failed with exit code \d|\bexited with (?:code|status) [1-9]|^Killed$|\bSegmentation fault\b|\bcore dumped\b|\bShutting down: Master\b|\bWorker failed to boot\b|: (?:command )?not found$|^Node\.js v\d|\bCrash dump is being written\b|^thrown in \S+ on line \d|^exit status \d|\bRUST_BACKTRACE=/

/** Whether it printed the very same lines again and again, from its first: it was started more than once. */
function isOver(printed: readonly string[]): boolean {
  const [first] = printed
  const again = printed.indexOf(first ?? '', 1)
  if (again < 2) return false
  const whole = printed.length - (printed.length % again)
  return whole >= again * 2 && printed.slice(0, whole).every((text, at) => text === printed[at % again])
}

const UNANSWERED =
  /connection refused|context deadline exceeded|no route to host|unable to enter the container/
/** What follows an error: where it was thrown, what it carries, the version of its runtime. */
const STACK =
  /^(?:at |File "|from |goroutine |\.\.\. \d+ more|Caused by: |caused by|exit status|Node\.js v|Require stack:|- \/|[{}\]^~]|\w+: .*,?$|\S+\.(?:go|rb|py|js|ts|java):\d+)/

function crash(process: string, sign: string, words: Said | undefined): string {
  const times = /restarted (\d+) times/.exec(sign)?.[1]
  const how =
    times === undefined ? 'ended right after its start' : `ended and was started again ${times} times`
  const said = words === undefined ? 'it printed nothing' : words.text.trim()
  return `${process === '' ? 'The process' : process} ${how}: ${said}`
}

/** What the container printed: Dokku shows it below the failed checks, indented. */
const outputOf = (recent: readonly Said[], after: number): readonly Said[] => {
  const start = recent.findIndex(
    ({ line, text }) => line > after && /^=====> Start of \S+ container output/.test(text),
  )
  const end = recent.findIndex(
    ({ text }, index) => index > start && /^=====> End of \S+ container output/.test(text),
  )
  if (start < 0) return recent.filter(({ line, text }) => line > after && text.startsWith('       '))
  return recent.slice(start + 1, end < 0 ? undefined : end)
}
