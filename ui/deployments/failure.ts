/** Why a deploy failed, as its log says it. Pure. */

import { UNCAUGHT } from './cause-lines.ts'
import { isHarmless, unprefixed } from './causes/causes.ts'
import type { FailedStep } from './deployment.ts'
import type { BuildStep } from './image.ts'
import type { Said, Sign } from './signs.ts'

export interface Failure {
  /** Null: it broke after the app was live, so the new code serves. */
  readonly step: FailedStep | null
  /** One line: "Build failed at step 4/5 RUN npm ci: npm error code ERESOLVE". */
  readonly reason: string
  /** Numbers of the lines that say so, from 1: first the line the reason is from, then the others ascending. */
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
  /** Lines since the step began that name a known cause, also older ones than `recent`. */
  readonly causes: readonly Said[]
  /** The step of the image build that broke. */
  readonly failed: BuildStep | null
  readonly stage: FailedStep | null
}

const MOST_LINES = 30
const REASON_LENGTH = 240

/** Keeps at most MOST_LINES lines, those given first; the first one is the line the reason is from. */
export function failure(
  step: FailedStep | null,
  reason: string,
  said: readonly { readonly line: number }[],
): Failure {
  const [first, ...others] = [...new Set(said.map(({ line }) => line))].slice(0, MOST_LINES)
  const lines = first === undefined ? [] : [first, ...others.sort((a, b) => a - b)]
  return { step, reason: shortened(readable(reason)), lines }
}

export const shortened = (reason: string): string =>
  reason.length > REASON_LENGTH ? `${reason.slice(0, REASON_LENGTH - 1)}…` : reason

/** A message printed as numbers: Go's `[109 117 …]`, Erlang's `<<101,110,…>>`. */
const BYTES = /\[(\d{1,3}(?: \d{1,3}){3,})\]|<<(\d{1,3}(?:,\d{1,3}){3,})(?:>>|$)/g

/** Replaces messages printed as numbers by their text. */
export const readable = (text: string): string =>
  text.replace(BYTES, (numbers, go?: string, erlang?: string) => {
    const bytes = (go ?? erlang ?? '').split(/[ ,]/).map(Number)
    return bytes.every((byte) => byte < 256)
      ? Buffer.from(bytes)
          .toString('utf8')
          .replace(/\p{Cc}+/gu, ' ')
          .trim()
      : numbers
  })

/** The first group of the first line that matches; empty where none does. */
export function part(said: readonly Said[], pattern: RegExp): string {
  for (const { text } of said) {
    const found = pattern.exec(text)?.[1]
    if (found !== undefined) return found
  }
  return ''
}

const COMPLAINT =
  /\berr(?:or|no)?\b|err!|\bfail|\bfatal\b|\bcannot\b|\bnot found\b|\bno such\b|\bdenied\b|\bkilled\b|exception|traceback|\bpanic|\bunable to\b|\bunknown\b|\bcould not\b|\bexit status [1-9]|\*\* \(\w/i
export const MOST_COMPLAINTS = 10

/** The last lines of an output that sound like the reason; a warning is none. */
export const complaints = (output: readonly Said[]): readonly Said[] =>
  output.filter(({ text }) => COMPLAINT.test(text) && !isHarmless(unprefixed(text))).slice(-MOST_COMPLAINTS)

/**
 * The line of an output that says best why the process ended: the last error that nothing caught, else the last that
 * sounds like one, else the last at all. Undefined where nothing was printed.
 */
export function lastWords(output: readonly Said[]): Said | undefined {
  const printed = output
    .map((said) => ({ ...said, text: said.text.trim() }))
    .filter(({ text }) => text !== '')
  const relevant = printed.filter(({ text }) => !isHarmless(unprefixed(text)))
  return (
    relevant.findLast(({ text }) => UNCAUGHT.test(text)) ??
    relevant.findLast(({ text }) => COMPLAINT.test(text)) ??
    relevant.at(-1) ??
    printed.at(-1)
  )
}
