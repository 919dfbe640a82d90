/** What a failed deploy usually means. Plain rules over the log's own words: nothing leaves the server. */
import { type Around, KEPT_RUNNING, named } from './around.ts'
import type { Cause } from './causes/cause.ts'
import { CAUSES } from './causes/causes.ts'
import type { Failure } from './failure.ts'
import type { Said } from './signs.ts'
import { toldBy } from './telling.ts'

export interface Advice {
  /** Two or three words: "lock file". */
  readonly kind: string
  /** One or two sentences for people. */
  readonly text: string
}

/**
 * Undefined where nothing is known: no advice is better than a wrong one. Only the lines that the failure names are
 * read, and of all causes in them the most specific counts.
 */
export function adviceOn(
  { step, reason, lines }: Failure,
  log: readonly Said[],
  around: Around,
): Advice | undefined {
  const named = new Set(lines)
  const told = [...composed(reason), ...log.filter(({ line }) => named.has(line))].flatMap(
    (said) => toldBy({ ...said, text: said.text.slice(0, READ_OF_A_LINE) }, step) ?? [],
  )
  const [best] = told.sort((one, other) => placeOf(one.cause) - placeOf(other.cause))
  if (best === undefined) return undefined
  const { kind, hint } = best.cause
  const text = typeof hint === 'string' ? hint : hint({ step, reason, line: best.bare })
  return { kind, text: inFull(text, best.bare, step, around) }
}

/** As the panel shows it; empty where nothing is known. */
export const hintFor = (failure: Failure, log: readonly Said[], around: Around): string =>
  adviceOn(failure, log, around)?.text ?? ''

const READ_OF_A_LINE = 2000

/** A reason in the panel's own words. One of a build holds a command, which is no word about the failure. */
const composed = (reason: string): readonly Said[] =>
  reason.startsWith('Build failed at step ') ? [] : [{ line: 0, text: reason.replace(/^Build failed: /, '') }]

/** Specific causes stand first in the table; those that only sum up come after all others. */
const placeOf = (cause: Cause): number =>
  CAUSES.indexOf(cause) + (cause.weight === 'decides' ? -1000 : cause.weight === 'sums up' ? 1000 : 0)

/** With the app's name, and what else is true of this failure. */
function inFull(hint: string, line: string, step: Failure['step'], { app, keepsRunning }: Around): string {
  const sentences = [named(hint, app)]
  if (step === 'build' && /\bherokuish\b/.test(line))
    sentences.push('Dokku took the buildpack builder: if the app has a Dockerfile, it was not found.')
  if ((step === 'predeploy' || step === 'release') && keepsRunning) sentences.push(KEPT_RUNNING)
  return sentences.join(' ')
}
