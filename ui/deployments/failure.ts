/** Why a deploy failed, as its log says it. Pure. */
import type { FailedStep } from './deployment.ts'
import type { BuildStep } from './image.ts'
import type { Said, Sign } from './signs.ts'

export interface Failure {
  /** Null: it broke after the app was live, so the new code serves. */
  readonly step: FailedStep | null
  /** One line: "Build failed at step 4/5 RUN npm ci". */
  readonly reason: string
  /** The lines that say so, ascending, from 1. */
  readonly lines: readonly number[]
}

/** What a reason is found in. */
export interface Evidence {
  /** Signs of the kind that decides. */
  readonly same: readonly Sign[]
  /** Signs of every kind since the step began. */
  readonly signs: readonly Sign[]
  /** The last lines, as many as are remembered. */
  readonly recent: readonly Said[]
  /** The step of the image build that broke. */
  readonly failed: BuildStep | null
  readonly stage: FailedStep | null
}

const MOST_LINES = 30
const REASON_LENGTH = 240

export function failure(
  step: FailedStep | null,
  reason: string,
  said: readonly { readonly line: number }[],
): Failure {
  const lines = [...new Set(said.map(({ line }) => line))].sort((a, b) => a - b).slice(-MOST_LINES)
  return { step, reason: shortened(reason), lines }
}

export const shortened = (reason: string): string =>
  reason.length > REASON_LENGTH ? `${reason.slice(0, REASON_LENGTH - 1)}…` : reason

/** The first group of the first line that matches; empty where none does. */
export function part(said: readonly Said[], pattern: RegExp): string {
  for (const { text } of said) {
    const found = pattern.exec(text)?.[1]
    if (found !== undefined) return found
  }
  return ''
}

const COMPLAINT =
  /\berr(?:or|no)?\b|err!|\bfail|\bfatal\b|\bcannot\b|\bnot found\b|\bno such\b|\bdenied\b|\bkilled\b|exception|traceback|\bpanic\b|\bunable to\b|\bunknown\b/i
export const MOST_COMPLAINTS = 10

/** The last lines of an output that sound like the reason. */
export const complaints = (output: readonly Said[]): readonly Said[] =>
  output.filter(({ text }) => COMPLAINT.test(text)).slice(-MOST_COMPLAINTS)

/** What an app prints of an error that ends it, in the words of its language: `TypeError: …`, `panic: …`. */
export const UNCAUGHT =
  /^(?:uncaught )?(?:exception in thread |panic: |fatal(?: error)?: |thread '.*' panicked at |unhandled exception|(?:[\w$]+[.:\\]+)*\w*(?:error|exception)(?: \[\w+\])?: \S)/i

/**
 * The line of an output that says best why the process ended: the last error that nothing caught, else the last that
 * sounds like one, else the last at all. Undefined where nothing was printed.
 */
export function lastWords(output: readonly Said[]): Said | undefined {
  const printed = output
    .map((said) => ({ ...said, text: said.text.trim() }))
    .filter(({ text }) => text !== '')
  return (
    printed.findLast(({ text }) => UNCAUGHT.test(text)) ??
    printed.findLast(({ text }) => COMPLAINT.test(text)) ??
    printed.at(-1)
  )
}
