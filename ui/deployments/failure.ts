/** The words by which a deploy's log says that it failed, and what they come to. */
import { FAILS_AT, type FailedStep, STEPS, type Step } from './deployment.ts'
import type { BuildStep } from './image.ts'

export interface Failure {
  /** Null: it broke after the app was live, so the new code serves. */
  readonly step: FailedStep | null
  /** One line: "Build failed at step 4/5 RUN npm ci". */
  readonly reason: string
  /** The lines that say so, ascending, from 1. */
  readonly lines: readonly number[]
}

/** A line of the log as text. */
export interface Said {
  readonly line: number
  readonly text: string
}

/** A line that says that something failed, and how far the deploy had come. */
export interface Sign extends Said {
  readonly kind: Kind
  readonly reached: number
}

/** First match. */
const SIGNS = [
  ['lock', /^ ! +(?:\S+ )?currently has a deploy lock in place/],
  ['branch', /WARNING: deploy did not complete, you must push to |^-----> for example, try 'git push /],
  ['app.json', /^ ! +(?:! +)?Cannot parse app\.json/],
  ['check', /^ ! +(?:Failure in name='|Could not start due to )/],
  ['container', /^(?: ! +)?(?:docker: )?Error response from daemon: /],
  ['task', /^ ! +Execution of \w+ task failed: /],
  ['proxy', /\[emerg\] |^nginx: configuration file .* test failed$/],
  ['canceled', /line \d+: +\d+ Quit\b/],
  ['dokku', /^\/\S+: line \d+: /],
  ['git', /^fatal: /],
  ['build', /^#\d+ ERROR: |^ERROR: failed to (?:build|solve)|^The command '.*' returned a non-zero code: /],
  [
    'build',
    /^ ! +(?:App build failed|Failure extracting app code|Push rejected|Unable to select a buildpack)/,
  ],
] as const
type Kind = (typeof SIGNS)[number][0]

/** First characters that any of the words above can begin with: most lines of a build need no closer look. */
const CAN_BEGIN = new Set(' !-#/dEfnTP0123456789')

export function signOf(text: string): Kind | null {
  if (!CAN_BEGIN.has(text.charAt(0))) return null
  if (text.startsWith('#') && !text.includes(' ERROR: ')) return null
  // The app's own output is indented by seven spaces, so it cannot speak for Dokku.
  if (text.startsWith('       ')) return null
  return SIGNS.find(([, words]) => words.test(text))?.[0] ?? null
}

/** What the signs come to. The last one decides which kind of failure it is. */
export function failureOf(
  signs: readonly Sign[],
  recent: readonly Said[],
  failed: BuildStep | null,
): Failure | null {
  const last = signs.at(-1)
  if (last === undefined) return null
  const same = signs.filter((sign) => sign.kind === last.kind)
  return FAILURES[last.kind](same, { recent, failed, stage: FAILS_AT[STEPS[last.reached] ?? 'received'] })
}

interface Around {
  readonly recent: readonly Said[]
  readonly failed: BuildStep | null
  readonly stage: FailedStep | null
}

const FAILURES: Readonly<Record<Kind, (same: readonly Sign[], around: Around) => Failure>> = {
  lock: (same) => failure('lock', 'Refused: another deploy of this app was running', same),
  branch: (same) => {
    const branch = part(same, /you must push to (\S+?)\.?$/) || 'another branch'
    return failure(
      'received',
      `Nothing was deployed: Dokku deploys ${branch}, a different branch was pushed`,
      same,
    )
  },
  'app.json': (same, { stage }) =>
    failure(
      stage,
      `app.json cannot be read: ${part(same, /Cannot parse app\.json(?: as jsonc)?: (?:hujson: )?(.*)$/)}`,
      same,
    ),
  check: checkFailure,
  container: (same, { stage }) =>
    failure(
      stage === 'checks' ? 'crash at start' : stage,
      `Docker refused: ${part(same, /Error response from daemon: (.*)$/)}`,
      same,
    ),
  task: taskFailure,
  proxy: (same) =>
    failure('proxy', `nginx refused the configuration: ${part(same, /\[emerg\] (?:\d+#\d+: )?(.*)$/)}`, same),
  canceled: (same) => failure('canceled', 'The build was canceled', same),
  dokku: (same, { stage }) => {
    const said = part(same, /^(.*)$/)
    return failure(
      stage,
      stage === null ? `Dokku failed after the app was live: ${said}` : `Dokku failed: ${said}`,
      same,
    )
  },
  git: (same, { stage }) => failure(stage, `git failed: ${part(same, /^fatal: (.*)$/)}`, same),
  build: buildFailure,
}

function taskFailure(same: readonly Sign[], { recent }: Around): Failure {
  const task = part(same, /Execution of (\w+) task failed/)
  const from = recent.findLast(
    ({ text }) => text.startsWith('=====> Start of ') && text.includes(` ${task} task `),
  )
  const output = recent.filter(
    ({ line, text }) => line > (from?.line ?? Infinity) && text.startsWith('       '),
  )
  const step = task === 'predeploy' || task === 'release' ? task : null
  const after = step === null ? ' after the app was live' : ''
  return failure(step, `The ${task} task failed${after}: ${part(same, /task failed: (.*)$/)}`, [
    ...same,
    ...output.slice(-MOST_COMPLAINTS),
  ])
}

function checkFailure(same: readonly Sign[], { recent }: Around): Failure {
  const process = part(same, /failed checks \((\S+?)\)/)
  const whose = process === '' ? '' : ` of ${process}`
  const dead = same.find(({ text }) => /container state is not running|is not running|exited/.test(text))
  const named = dead ?? same.find(({ text }) => text.includes('Failure in name='))
  const [, check = '', why = ''] = /Failure in name='([^']*)': (.*)$/.exec(named?.text ?? '') ?? []
  const output = recent.filter(({ line, text }) => line > (same[0]?.line ?? 0) && text.startsWith('       '))
  const lines = [...same, ...complaints(output)]
  if (dead) return failure('crash at start', `${process || 'The app'} crashed at start: ${why}`, lines)
  return failure(
    'checks',
    check === '' ? `A check${whose} failed` : `Check '${check}'${whose} failed: ${why}`,
    lines,
  )
}

function buildFailure(same: readonly Sign[], { recent, failed }: Around): Failure {
  const { place, command, vertex, line: begins } = failed ?? { place: '', command: '', vertex: '', line: 0 }
  const output = recent.filter(({ text }) =>
    vertex === '' ? !text.startsWith('#') : text.startsWith(`#${vertex} `),
  )
  const lines = [...same, ...(begins === 0 ? [] : [{ line: begins }]), ...complaints(output)]
  const syntax = part(same, /dockerfile parse error (?:on )?(.*)$/)
  if (syntax !== '') return failure('build', `Build failed: the Dockerfile cannot be read, ${syntax}`, lines)
  if (place !== '') return failure('build', `Build failed at step ${place} ${command}`, lines)
  const solved = part(same, /^ERROR: (?:failed to build: )?(?:failed to solve: )?(.*)$/)
  const why = solved.replace(
    /^(?:rpc error: code = \w+ desc = )?(?:failed to solve with frontend \S+: )?(?:failed to create LLB definition: )?/,
    '',
  )
  return failure(
    'build',
    why === '' ? `Build failed: ${part(same, /^(?: ! +)?(.*)$/)}` : `Build failed: ${why}`,
    lines,
  )
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
  lock: 'the lock',
}

const COMPLAINT =
  /\berr(?:or|no)?\b|err!|\bfail|\bfatal\b|\bcannot\b|\bnot found\b|\bno such\b|\bdenied\b|\bkilled\b|exception|traceback|\bpanic\b|\bunable to\b|\bunknown\b/i
const MOST_COMPLAINTS = 10

/** The last lines of an output that sound like the reason. */
const complaints = (output: readonly Said[]): readonly Said[] =>
  output.filter(({ text }) => COMPLAINT.test(text)).slice(-MOST_COMPLAINTS)

const MOST_LINES = 30
const REASON_LENGTH = 240

function failure(
  step: FailedStep | null,
  reason: string,
  said: readonly { readonly line: number }[],
): Failure {
  const lines = [...new Set(said.map(({ line }) => line))].sort((a, b) => a - b).slice(-MOST_LINES)
  return {
    step,
    reason: reason.length > REASON_LENGTH ? `${reason.slice(0, REASON_LENGTH - 1)}…` : reason,
    lines,
  }
}

/** The first group of the first line that matches. */
function part(said: readonly Said[], pattern: RegExp): string {
  for (const { text } of said) {
    const found = pattern.exec(text)?.[1]
    if (found !== undefined) return found
  }
  return ''
}
