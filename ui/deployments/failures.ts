/** What the words of failure in a deploy's log come to: at which step it broke, and why. Pure. */
import { buildFailure } from './build-failure.ts'
import { causeLines, primaryCause } from './cause-lines.ts'
import { checkFailure } from './check-failure.ts'
import { FAILS_AT, type FailedStep, STEPS, type Step } from './deployment.ts'
import { type Evidence, type Failure, failure, part } from './failure.ts'
import { nginxFailure } from './nginx-failure.ts'
import type { Said, Sign, SignKind } from './signs.ts'
import { taskFailure } from './task-failure.ts'

/** What the signs come to. The last one decides which kind of failure it is. */
export function failureOf(
  signs: readonly Sign[],
  log: Pick<Evidence, 'recent' | 'causes' | 'failed'>,
): Failure | null {
  const last = signs.at(-1)
  if (last === undefined) return null
  const same = signs.filter((sign) => sign.kind === last.kind)
  const stage = FAILS_AT[STEPS[last.reached] ?? 'received']
  return FAILURES[last.kind]({ ...log, same, signs, stage })
}

const containerFailure = ({ same, stage }: Evidence): Failure =>
  failure(
    stage === 'checks' ? 'crash at start' : stage,
    `Docker refused: ${part(same, /Error response from daemon: (.*)$/)}`,
    same,
  )

const FAILURES: Readonly<Record<SignKind, (evidence: Evidence) => Failure>> = {
  'app.json': ({ same, stage }) =>
    failure(
      stage,
      `app.json cannot be read: ${part(same, /Cannot parse app\.json(?: as jsonc)?: (?:hujson: )?(.*)$/)}`,
      same,
    ),
  // A container that could not be made was not checked, though Dokku counts it as a failed check.
  check: (evidence) => {
    const refused = evidence.signs.filter(({ kind }) => kind === 'container')
    const isChecked = evidence.same.some(({ text }) => text.includes('Failure in name='))
    return refused.length > 0 && !isChecked
      ? containerFailure({ ...evidence, same: refused })
      : checkFailure(evidence)
  },
  container: containerFailure,
  task: taskFailure,
  nginx: nginxFailure,
  canceled: ({ same }) => failure('canceled', 'The build was canceled', same),
  dokku: ({ same, stage }) => {
    const said = part(same, /^(.*)$/)
    return failure(
      stage,
      stage === null ? `Dokku failed after the app was live: ${said}` : `Dokku failed: ${said}`,
      same,
    )
  },
  branch: ({ same, stage }) => {
    const branch = part(same, /(?:build from|branch name) '(.*?)'/)
    const invalid = part(same, /(Invalid branch name)/) !== ''
    return failure(
      stage,
      invalid
        ? `${branch} cannot be the deploy branch: git takes no such name`
        : `Dokku has no commit on ${branch}, the branch it deploys`,
      same,
    )
  },
  git: ({ same, stage, causes }) => {
    const missing = part(same, /^error: pathspec '(.*?)' did not match/)
    const relevant = causeLines(causes, stage)
    const best = primaryCause(relevant)
    return missing === ''
      ? failure(stage, `git failed: ${(best?.bare ?? part(same, /^(.*)$/)).replace(/^fatal: /, '')}`, [
          ...(best ? [best] : []),
          ...relevant,
          ...same,
        ])
      : failure(stage, `The repository has no branch, tag or commit named ${missing}`, same)
  },
  cron: ({ same, stage }) => {
    const after = stage === null ? ' after the app was live' : ''
    const why = part(same, /schedule file: (.*)$/)
    return failure(stage, `The cron entries of app.json were not written${after}: ${why}`, same)
  },
  build: buildFailure,
}

/** What Dokku also warns of when all is well. */
const HARMLESS =
  /^ ! {5}(?:No web listeners specified for \S+|App has been detected as not running, releasing|A deploy may be in progress\.|Removing the app lock will not stop in progress deploys\.)$/

/** Where the log stops, when nothing in it says why. */
export function stoppedAt(recent: readonly Said[], step: Step): Failure | null {
  const telling = recent.filter(({ text }) => !HARMLESS.test(text))
  const spoken = telling.findLast(({ text }) => text.startsWith(' !')) ?? telling.at(-1) ?? recent.at(-1)
  if (spoken === undefined) return null
  const stage = FAILS_AT[step]
  const said = spoken.text.replace(/^(?:[-=]+> |[ !]+)/, '')
  return failure(
    stage,
    stage === null ? `Stopped after the app was live: ${said}` : `Stopped at ${WORDS[stage]}: ${said}`,
    [spoken],
  )
}

const WORDS: Readonly<Record<FailedStep, string>> = {
  received: 'the start',
  build: 'the build',
  release: 'the release',
  predeploy: 'the predeploy task',
  checks: 'the checks',
  proxy: 'the proxy',
  'crash at start': 'the start of the app',
  canceled: 'the cancel',
}
