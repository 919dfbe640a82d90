/** Why a new container did not pass its checks: it answers wrong, or its process ended. Pure. */
import { complaints, type Evidence, type Failure, failure, lastWords, part } from './failure.ts'
import type { Said } from './signs.ts'

/** What the checks say of a process that does not run. Also one that is started again and again has ended. */
const ENDED = /container state is not running|container has restarted \d+ times|Container state: (?!running)/

export function checkFailure({ same, recent }: Evidence): Failure {
  const process = part(same, /failed checks \((\S+?)\)/)
  const output = outputOf(recent, same[0]?.line ?? 0)
  const words = lastWords(output)
  const lines = [...same, ...complaints(output)]
  const ended = same.find(({ text }) => ENDED.test(text))
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
