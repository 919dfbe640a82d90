/** Why a new container did not pass its checks: it answers wrong, or its process ended. Pure. */
import { complaints, type Evidence, type Failure, failure, lastWords, part, UNCAUGHT } from './failure.ts'
import type { Said } from './signs.ts'

/** What the checks say of a process that does not run. Also one that is started again and again has ended. */
const ENDED = /container state is not running|container has restarted \d+ times|Container state: (?!running)/

export function checkFailure({ same, recent }: Evidence): Failure {
  const process = part(same, /failed checks \((\S+?)\)/)
  const output = outputOf(recent, same[0]?.line ?? 0)
  const words = lastWords(output)
  const lines = [...same, ...complaints(output)]
  const ended = same.find(({ text }) => ENDED.test(text)) ?? same.find(({ text }) => hasEnded(text, output))
  if (ended)
    return failure('crash at start', crash(process, ended.text, words), [...lines, ...(words ? [words] : [])])
  const named = same.find(({ text }) => text.includes('Failure in name='))
  const [, check = '', why = ''] = /Failure in name='([^']*)': (.*)$/.exec(named?.text ?? '') ?? []
  const whose = process === '' ? '' : ` of ${process}`
  return failure(
    'checks',
    check === '' ? `A check${whose} failed` : `Check '${check}'${whose} failed: ${why}`,
    lines,
  )
}

/**
 * Nobody answers a check where the process has ended, too. What it printed tells: Docker starts it again, so that the
 * same error comes more than once, or nothing but the error's stack follows.
 */
function hasEnded(sign: string, output: readonly Said[]): boolean {
  if (!UNANSWERED.test(sign)) return false
  const printed = output.map(({ text }) => text.trim()).filter((text) => text !== '')
  const errors = printed.filter((text) => UNCAUGHT.test(text))
  const last = printed.lastIndexOf(errors.at(-1) ?? '')
  const isRepeated = errors.filter((text) => text === errors.at(-1)).length > 1
  return last >= 0 && (isRepeated || printed.slice(last + 1).every((text) => STACK.test(text)))
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
  const said = words === undefined ? 'it printed nothing' : words.text
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
