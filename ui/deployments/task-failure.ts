/** Why a task of app.json or the release task of a Procfile failed. Pure. */

import { causeLines, likelyReason, primaryCause } from './cause-lines.ts'
import { complaints, type Evidence, type Failure, failure, MOST_COMPLAINTS, part } from './failure.ts'

/** Docker's words for a program that the image does not have. */
const NO_SUCH_PROGRAM =
  /exec: "?([^":]+)"?: (?:stat [^:]+: no such file or directory|executable file not found)/

export function taskFailure({ same, signs, recent, causes }: Evidence): Failure {
  const task = part(same, /Execution of (\w+) task failed/)
  const began = recent.findLast(
    ({ text }) => text.startsWith('-----> Checking for ') && text.includes(` ${task} task`),
  )
  const since = ({ line }: { readonly line: number }) => line > (began?.line ?? 0)
  // What a task writes to stderr is marked as Dokku's own warnings are.
  const output = recent
    .filter(since)
    .filter(
      ({ text }) =>
        (text.startsWith('       ') || text.startsWith(' ! ')) &&
        !/^ {7}Executing \w+ task|^ ! +Execution of /.test(text),
    )
  const step = task === 'predeploy' || task === 'release' ? task : null
  const after = step === null ? ' after the app was live' : ''
  const refused = signs.filter(({ kind, line }) => kind === 'container' && since({ line }))
  const program = part(refused, NO_SUCH_PROGRAM)
  if (program !== '')
    return failure(step, `The ${task} task could not start${after}: the image has no ${program}`, [
      ...refused,
      ...same,
    ])
  const relevant = causeLines(
    causes.filter(since).filter(({ text }) => !text.includes('Execution of ')),
    step,
  )
  const best = primaryCause(relevant)
  const spoken = best ? { line: best.line, text: best.bare } : likelyReason(output)
  return failure(
    step,
    `The ${task} task failed${after}: ${spoken?.text ?? part(same, /task failed: (.*)$/)}`,
    [
      ...(spoken ? [spoken] : []),
      ...relevant.slice(0, MOST_COMPLAINTS),
      ...same,
      ...refused,
      ...(spoken ? complaints(output) : output.slice(-MOST_COMPLAINTS)),
    ],
  )
}
