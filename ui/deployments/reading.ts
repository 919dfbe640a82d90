/**
 * What a deploy's log says: which steps it went through, where it broke, and the lines that say so. Read line
 * by line while Dokku writes it. Dokku marks its own lines (`-----> `, `=====> `, ` !     `) and indents the
 * app's, but a build can print the same marks: so steps only go forward, and what looks like a failure counts
 * only while no later step has begun after it.
 */
import { plain } from '../logs/line.ts'
import { causeLine } from './cause-lines.ts'
import { STEPS, type Step } from './deployment.ts'
import { type Ending, endingOf } from './ending.ts'
import type { Failure } from './failure.ts'
import { failureOf, stoppedAt } from './failures.ts'
import { imageReader } from './image.ts'
import { type Said, type Sign, signOf } from './signs.ts'

export interface StepLine {
  readonly step: Step
  /** The line it begins at, from 1. */
  readonly line: number
}

export interface Reading {
  readonly steps: readonly StepLine[]
  /** What the log itself calls a failure. */
  readonly failure: Failure | null
  /** Where it says that nothing was deployed though nothing failed. */
  readonly ending: Ending | null
  /** Where the log ends, for a build that Dokku calls failed while its log does not say why. */
  readonly stopped: Failure | null
  /** "4/5" and "RUN npm ci" of the image build: the step that failed, else the last one begun. */
  readonly buildStep: string
  readonly buildCommand: string
  /** `sha256:…` and the name it got, e.g. `dokku/blog:latest`. */
  readonly imageId: string
  readonly image: string
  /** Dokku's word: dockerfile, herokuish, pack, nixpacks, … */
  readonly builder: string
}

export interface LogReader {
  /** Reads the next line, without its newline. `number` where lines before it were left out. True when a step began, of the deploy or of its image build. */
  line(text: string, number?: number): boolean
  reading(): Reading
}

/** How many lines are remembered to name a reason, and how much is read of each. */
const REMEMBERED = 200
const READ_OF_A_LINE = 2000

/** How far a build goes that is not to be deployed. */
const CHECKED = STEPS.indexOf('checks')

export function logReader(): LogReader {
  const steps: StepLine[] = []
  const recent: Said[] = []
  const image = imageReader()
  let signs: Sign[] = []
  let causes: Said[] = []
  let ending: Ending | null = null
  let number = 0
  let reached = -1
  let builder = ''

  const begin = (step: Step): boolean => {
    const place = STEPS.indexOf(step)
    if (place <= reached) return false
    reached = place
    steps.push({ step, line: number })
    ending = null
    signs = signs.filter((sign) => place <= sign.reached)
    causes = []
    return true
  }

  const remember = (said: Said): void => {
    recent.push(said)
    if (recent.length >= REMEMBERED * 2) recent.splice(0, REMEMBERED)
    const ends = endingOf(said)
    // Of a push of several branches one may have been deployed before.
    if (ends && reached <= (ends.status === 'built' ? CHECKED : 0)) ending = ends
    const kind = signOf(said.text)
    if (kind !== null) signs.push({ ...said, kind, reached })
    if (signs.length >= REMEMBERED * 2) signs.splice(REMEMBERED / 2, REMEMBERED)
    if (causeLine(said) !== undefined) causes.push(said)
    if (causes.length >= REMEMBERED * 2) causes.splice(REMEMBERED / 2, REMEMBERED)
  }

  return {
    line(raw, at = number + 1) {
      number = at
      const first = reached < 0 && begin('received')
      if (raw === '') return first
      const text = plain(raw).slice(0, READ_OF_A_LINE).trimEnd()
      if (text === '') return first
      remember({ line: number, text })
      const moved = image.line({ line: number, text }) || first
      if (!text.startsWith('-----> ') && !text.startsWith('=====> ')) return moved
      builder = /^-----> Building \S+ from (\S+)/.exec(text)?.[1]?.toLowerCase() ?? builder
      const step = stepOf(text)
      return (step !== null && begin(step)) || moved
    },
    reading() {
      const built = image.reading()
      const failure = failureOf(signs, { recent, causes, failed: built.failed })
      const { place, command } = (failure?.step === 'build' && built.failed) || built.last
      return {
        steps: [...steps],
        failure,
        ending,
        stopped: stoppedAt(recent, STEPS[reached] ?? 'received'),
        buildStep: place,
        buildCommand: command,
        imageId: built.id,
        image: built.name,
        builder,
      }
    },
  }
}

/** Dokku's headlines, first match. They are the same for every app and builder. */
const HEADLINES: readonly (readonly [Step, RegExp])[] = [
  ['build', /^-----> Building \S+ from /],
  ['release', /^-----> Releasing \S+\.\.\.$/],
  ['predeploy', /^-----> Checking for (?:predeploy|release) task$/],
  ['checks', /^=====> Processing deployment checks$|^-----> Deploying \S+ (?:\(count=\d+\)|via the )/],
  ['proxy', /^=====> Triggering early \S+ proxy rebuild$/],
  ['live', /^-----> Running post-deploy$|^=====> Application deployed:$/],
  ['retired', /^-----> Shutting down old containers in \d+ seconds$/],
]

const stepOf = (text: string): Step | null =>
  HEADLINES.find(([, headline]) => headline.test(text))?.[0] ?? null
