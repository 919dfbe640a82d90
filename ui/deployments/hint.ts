/** What a failed deploy usually means. Plain rules over the log's own words: nothing leaves the server. */
import { causeLine } from './cause-lines.ts'
import type { Cause } from './causes/cause.ts'
import { CAUSES } from './causes/causes.ts'
import type { Failure } from './failure.ts'
import { type HintContext, KEPT_RUNNING, withAppName } from './hint-context.ts'
import type { Said } from './signs.ts'

export interface Advice {
  /** Two or three words: "lock file". */
  readonly kind: string
  /** One or two sentences for people. */
  readonly text: string
}

/**
 * Undefined where no cause is known: no advice is better than wrong advice. Reads only the lines that the failure
 * names; the most specific cause in them counts.
 */
export function adviceOn(
  { step, reason, lines }: Failure,
  log: readonly Said[],
  context: HintContext,
): Advice | undefined {
  const named = new Set(lines)
  const found = [...composed(reason), ...log.filter(({ line }) => named.has(line))].flatMap(
    (said) => causeLine({ ...said, text: said.text.slice(0, READ_OF_A_LINE) }, step) ?? [],
  )
  const [best] = found.sort((one, other) => placeOf(one.cause) - placeOf(other.cause))
  if (best === undefined) return undefined
  const { kind, hint } = best.cause
  const text = typeof hint === 'string' ? hint : hint({ step, reason, line: best.bare })
  return { kind, text: inFull(text, best.bare, step, context) }
}

/** As the panel shows it; empty where nothing is known. */
export const hintFor = (failure: Failure, log: readonly Said[], context: HintContext): string =>
  adviceOn(failure, log, context)?.text ?? ''

const READ_OF_A_LINE = 2000

/** The reason as a line. A failed build step is left out: its reason holds a command, whose words name no cause. */
const composed = (reason: string): readonly Said[] =>
  reason.startsWith('Build failed at step ') ? [] : [{ line: 0, text: reason.replace(/^Build failed: /, '') }]

/** Orders causes: specific ones stand first in the table, summaries come after all others. */
const placeOf = (cause: Cause): number =>
  CAUSES.indexOf(cause) + (cause.weight === 'primary' ? -1000 : cause.weight === 'summary' ? 1000 : 0)

/** Completes a hint with the app's name and what else is true of this failure. */
function inFull(
  hint: string,
  line: string,
  step: Failure['step'],
  { app, keepsRunning }: HintContext,
): string {
  const sentences = [withAppName(hint, app)]
  if (step === 'build' && /\bherokuish\b/.test(line))
    sentences.push('Dokku took the buildpack builder: if the app has a Dockerfile, it was not found.')
  if ((step === 'predeploy' || step === 'release') && keepsRunning) sentences.push(KEPT_RUNNING)
  return sentences.join(' ')
}
