/** Why a task of app.json or the release task of a Procfile failed. Pure. */
import { type Evidence, type Failure, failure, MOST_COMPLAINTS, part } from './failure.ts'

/** Docker's words for a program that the image does not have. */
const NO_SUCH_PROGRAM =
  /exec: "?([^":]+)"?: (?:stat [^:]+: no such file or directory|executable file not found)/

export function taskFailure({ same, signs, recent }: Evidence): Failure {
  const task = part(same, /Execution of (\w+) task failed/)
  const began = recent.findLast(
    ({ text }) => text.startsWith('-----> Checking for ') && text.includes(` ${task} task`),
  )
  const since = recent.filter(({ line }) => line > (began?.line ?? 0))
  const output = since.filter(
    ({ text }) => text.startsWith('       ') && !/^ {7}Executing \w+ task/.test(text),
  )
  const step = task === 'predeploy' || task === 'release' ? task : null
  const after = step === null ? ' after the app was live' : ''
  const refused = signs.filter(({ kind, line }) => kind === 'container' && line > (began?.line ?? 0))
  const program = part(refused, NO_SUCH_PROGRAM)
  const lines = [...same, ...refused, ...output.slice(-MOST_COMPLAINTS)]
  if (program !== '')
    return failure(step, `The ${task} task could not start${after}: the image has no ${program}`, lines)
  return failure(step, `The ${task} task failed${after}: ${part(same, /task failed: (.*)$/)}`, lines)
}
