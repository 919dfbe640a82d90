/** Finds the lines of an output that name a known cause, and the one that says best why it failed. Pure. */
import type { Cause } from './causes/cause.ts'
import { causeOf, isHarmless, unprefixed } from './causes/causes.ts'
import type { FailedStep } from './deployment.ts'
import type { Said } from './signs.ts'

/** A line that names a known cause. `bare`: the text without prefixes of the builder. */
export interface CauseLine extends Said {
  readonly bare: string
  readonly cause: Cause
}

/** Echoed commands, and excerpts of source files. */
const ECHO = /^#\d+ \[|^Step \d+\/\d+ : |^ > \[|^ *\d+ +\|(?: |$)|^ *\++ |^ ---> /
/** The line of code that threw, which Node.js and Python print above the error. */
const SOURCE = /^(?:raise|throw) |\bthrow new \w+\(/
/** Strips the command from a line about its failure: its own words name no cause. */
const AFTER_COMMAND = /^.*( did not complete successfully: .*| returned a non-zero code: .*)$/

/** Undefined where the line names no cause. With a step, only causes that apply to it count. */
export function causeLine({ line, text }: Said, step?: FailedStep | null): CauseLine | undefined {
  if (ECHO.test(text)) return undefined
  const bare = unprefixed(text)
  if (SOURCE.test(bare)) return undefined
  const cause = causeOf(AFTER_COMMAND.exec(bare)?.[1]?.trim() ?? bare, step)
  return cause && { line, text, bare, cause }
}

/**
 * All lines that name a cause of a failure in the step, in log order, without repetitions: BuildKit repeats the last
 * lines of a failed step, and a restarted process prints the same error again.
 */
export function causeLines(output: readonly Said[], step: FailedStep | null): readonly CauseLine[] {
  const found = new Map<string, CauseLine>()
  for (const said of output) {
    const line = causeLine(said, step)
    if (line !== undefined && !found.has(line.bare)) found.set(line.bare, line)
  }
  return [...found.values()]
}

const WEIGHTS = ['primary', undefined, 'summary'] as const

/** The first line of the greatest weight. Of errors that wrap one another the outermost one, which comes last. */
export function primaryCause(lines: readonly CauseLine[]): CauseLine | undefined {
  for (const weight of WEIGHTS) {
    const first = lines.find(({ cause }) => cause.weight === weight)
    if (first === undefined) continue
    const message = messageOf(first.bare)
    return message === ''
      ? first
      : (lines.findLast(({ bare }) => bare !== first.bare && messageOf(bare) === message) ?? first)
  }
  return undefined
}

/** What an exception says, without its class: `a.b.SomeError: it broke` is "it broke". */
const messageOf = (bare: string): string =>
  /^(?:\w+\.)*(?:[A-Z]\w*|\w+(?:Error|Exception)): (.+)$/.exec(bare)?.[1] ?? ''

/** Lines that npm prints around every error. */
const AROUND =
  /^npm (?:ERR!|error) (?:code \S+$|A complete log|errno\b|syscall\b|path\b|command\b|signal\b|Lifecycle script|workspace\b|location\b|in workspace|$)/i
const BEGINS_AS_ERROR =
  /^(?:\[?(?:\w+ )?(?:error|fatal)\]?(?:\[\w+\])?[:! ]|npm (?:ERR!|error) \S|\*\* \(\w|✘ )/i

/** An uncaught error as its language prints it: `TypeError: …`, `panic: …`. */
export const UNCAUGHT =
  /^(?:uncaught )?(?:exception in thread |panic: |fatal(?: error)?: |thread '.*' panicked at |unhandled exception|\*\* \(\w+\) |(?:[\w$]+(?:\.|::|\\))*\w*(?:error|exception)(?: \[\w+\])?: \S)/i

/** Lines that may be a reason, without what passed them on. */
const speaking = (output: readonly Said[]): readonly Said[] =>
  output
    .filter(({ text }) => !ECHO.test(text))
    .map(({ line, text }) => ({ line, text: unprefixed(text) }))
    .filter(({ text }) => text !== '' && !isHarmless(text) && !AROUND.test(text) && !SOURCE.test(text))

const firstMarked = (spoken: readonly Said[]): Said | undefined =>
  spoken.find(({ text }) => BEGINS_AS_ERROR.test(text))

/** The first line that begins with the word error, or with a tool's own mark for one. */
export const markedError = (output: readonly Said[]): Said | undefined => firstMarked(speaking(output))

/** The line most likely to be the reason where no known cause is named; undefined where no line looks like an error. */
export function likelyReason(output: readonly Said[]): Said | undefined {
  const spoken = speaking(output)
  const uncaught = spoken.filter(({ text }) => UNCAUGHT.test(text))
  const isPython = spoken.some(({ text }) => text.startsWith('Traceback (most recent call last)'))
  if (isPython && uncaught.length > 0) return uncaught.at(-1)
  return firstMarked(spoken) ?? uncaught[0]
}
