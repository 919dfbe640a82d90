/** Which lines of an output name why something failed, and which of them says it best. Pure. */

import type { Cause } from './causes/cause.ts'
import { bareLine, causeOf, isHarmless } from './causes/causes.ts'
import type { FailedStep } from './deployment.ts'
import type { Said } from './signs.ts'

/** A line that names a cause. `bare`: without the marks of the builder that passed it on. */
export interface Told extends Said {
  readonly bare: string
  readonly cause: Cause
}

/** Commands that are repeated before they run or after they failed, and parts of a file that is shown. */
const ECHO = /^#\d+ \[|^Step \d+\/\d+ : |^ > \[|^ *\d+ +\|(?: |$)|^ *\++ |^ ---> /
/** The line of code that threw, which Node.js and Python print above the error. */
const SOURCE = /^(?:raise|throw) |\bthrow new \w+\(/
/** The words about a command that failed, with the command itself: only what follows it counts. */
const AFTER_COMMAND = /^.*( did not complete successfully: .*| returned a non-zero code: .*)$/

/** Undefined where the line names no cause that may befall the step; any step where that is left out. */
export function toldBy({ line, text }: Said, step?: FailedStep | null): Told | undefined {
  if (ECHO.test(text)) return undefined
  const bare = bareLine(text)
  if (SOURCE.test(bare)) return undefined
  const cause = causeOf(AFTER_COMMAND.exec(bare)?.[1]?.trim() ?? bare, step)
  return cause && { line, text, bare, cause }
}

/**
 * All that name a cause of a failure in the step, in the order they came. What is said twice counts once: BuildKit
 * repeats the last lines of a step that broke, and a process that is started again prints the same error again.
 */
export function tellings(output: readonly Said[], step: FailedStep | null): readonly Told[] {
  const told = new Map<string, Told>()
  for (const said of output) {
    const tells = toldBy(said, step)
    if (tells !== undefined && !told.has(tells.bare)) told.set(tells.bare, tells)
  }
  return [...told.values()]
}

const WEIGHTS = ['decides', undefined, 'sums up'] as const

/** The first of those with the most weight. Of errors that wrap one another the outermost, which comes last. */
export function mostTelling(told: readonly Told[]): Told | undefined {
  for (const weight of WEIGHTS) {
    const first = told.find(({ cause }) => cause.weight === weight)
    if (first === undefined) continue
    const message = messageOf(first.bare)
    return message === ''
      ? first
      : (told.findLast(({ bare }) => bare !== first.bare && messageOf(bare) === message) ?? first)
  }
  return undefined
}

/** What an exception says, without its class: `a.b.SomeError: it broke` is "it broke". */
const messageOf = (bare: string): string =>
  /^(?:\w+\.)*(?:[A-Z]\w*|\w+(?:Error|Exception)): (.+)$/.exec(bare)?.[1] ?? ''

/** Words of an error that npm and others print around it. */
const AROUND =
  /^npm (?:ERR!|error) (?:code \S+$|A complete log|errno\b|syscall\b|path\b|command\b|signal\b|Lifecycle script|workspace\b|location\b|in workspace|$)/i
const BEGINS_AS_ERROR =
  /^(?:\[?(?:\w+ )?(?:error|fatal)\]?(?:\[\w+\])?[:! ]|npm (?:ERR!|error) \S|\*\* \(\w|✘ )/i

/** An error that nothing caught, in the words of its language: `TypeError: …`, `panic: …`. */
export const UNCAUGHT =
  /^(?:uncaught )?(?:exception in thread |panic: |fatal(?: error)?: |thread '.*' panicked at |unhandled exception|\*\* \(\w+\) |(?:[\w$]+(?:\.|::|\\))*\w*(?:error|exception)(?: \[\w+\])?: \S)/i

/** The line that sounds most like the reason, where none names a cause that is known. */
export function loudest(output: readonly Said[]): Said | undefined {
  const spoken = output
    .filter(({ text }) => !ECHO.test(text))
    .map(({ line, text }) => ({ line, text: bareLine(text) }))
    .filter(({ text }) => text !== '' && !isHarmless(text) && !AROUND.test(text) && !SOURCE.test(text))
  const uncaught = spoken.filter(({ text }) => UNCAUGHT.test(text))
  const isPython = spoken.some(({ text }) => text.startsWith('Traceback (most recent call last)'))
  if (isPython && uncaught.length > 0) return uncaught.at(-1)
  return spoken.find(({ text }) => BEGINS_AS_ERROR.test(text)) ?? uncaught[0]
}
