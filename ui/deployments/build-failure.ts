/** Why no image came of a build. Pure. */

import { type CauseLine, causeLines, likelyReason, markedError, primaryCause } from './cause-lines.ts'
import { unprefixed } from './causes/causes.ts'
import { complaints, type Evidence, type Failure, failure, part } from './failure.ts'
import type { BuildStep } from './image.ts'
import type { Said } from './signs.ts'

/** What Dokku and BuildKit say at the end of any failed build: that it failed, never why. */
const SAYS_NOTHING =
  /^ ! +(?:App build failed|Failure (?:extracting app code|building image)|Retagging old image |Removing invalid image tag |Push rejected)|^ERROR: failed to build: (?:executing lifecycle: )?failed with status code|^Error: Docker build failed$|^-----> Build failed$/

/** Left out of a reason: that it is one, and how BuildKit passes an error on. */
const PASSED_ON =
  /^(?:Error response from daemon: |\[(?:ERROR|error)\] +|(?:ERROR|Error|error): +)?(?:failed to build: )?(?:failed to solve: )?(?:rpc error: code = \w+ desc = )?(?:failed to solve with frontend \S+: )?(?:failed to create LLB definition: )?/

/** Of a command that stands before the reason, so much that the reason is read too. */
const COMMAND_LENGTH = 90

export function buildFailure({ same, signs, recent, causes, failed }: Evidence): Failure {
  const isOutput = outputOf(failed)
  const named = [...same, ...signs.filter(({ kind }) => kind === 'container')]
  const relevant = causeLines(causes.filter(isOutput), 'build')
  const output = recent.filter(isOutput)
  const syntax = part(named, /dockerfile parse error (?:on )?(.*)$/)
  const best = primaryCause(relevant)
  const spoken =
    best === undefined
      ? unknownReason(failed, named, output)
      : (summed(best, failed, output) ?? { line: best.line, text: best.bare })
  const speaking = named.filter(({ text }) => spoken === undefined || !SAYS_NOTHING.test(text))
  const lines = [
    ...(spoken ? [spoken] : []),
    ...relevant.slice(0, 8),
    ...(failed === null ? [] : [failed]),
    ...speaking.slice(-8),
    ...complaints(ofTheStep(failed, output)).filter(({ text }) => !SAYS_NOTHING.test(text)),
  ]
  if (syntax !== '') return failure('build', `Build failed: the Dockerfile cannot be read, ${syntax}`, lines)
  if (spoken === undefined && failed === null) return silent(output, lines)
  const why = spoken?.text.replace(PASSED_ON, '').trim() ?? ''
  return failure('build', sentence(failed, why), lines)
}

/** Of a line that only sums up that something does not compile: the first error it sums up, where one is marked as such. */
function summed(
  { line, cause }: CauseLine,
  failed: BuildStep | null,
  output: readonly Said[],
): Said | undefined {
  if (cause.weight !== 'summary') return undefined
  return markedError(ofTheStep(failed, output).filter((said) => said.line < line))
}

/** Where nothing says why: after which line the builder gave up. */
function silent(output: readonly Said[], lines: readonly { readonly line: number }[]): Failure {
  const last = output.findLast(
    ({ text }) => !SAYS_NOTHING.test(text) && !/^-----> Building /.test(text) && unprefixed(text) !== '',
  )
  return last === undefined
    ? failure('build', 'Build failed', lines)
    : failure('build', `Build failed after: ${unprefixed(last.text)}`, lines)
}

function sentence(failed: BuildStep | null, why: string): string {
  const { place, command } = failed ?? { place: '', command: '' }
  if (place === '') return why === '' ? 'Build failed' : `Build failed: ${why}`
  if (why === '' || SAYS_ONLY_THE_CODE.test(why)) return `Build failed at step ${place} ${command}`
  const brief = command.length > COMMAND_LENGTH ? `${command.slice(0, COMMAND_LENGTH - 1)}…` : command
  return `Build failed at step ${place} ${brief}: ${why}`
}

const SAYS_ONLY_THE_CODE = /^process ".* did not complete successfully: exit code: (?!137)\d+$/

/**
 * Which lines belong to the step that broke: its own, what is repeated of them afterwards (BuildKit does so below
 * ` > [4/6] RUN …:`), and what is said about it. All of them where no step is known.
 */
const outputOf = (failed: BuildStep | null) => {
  const { vertex, line: begins } = failed ?? { vertex: '', line: 0 }
  return ({ line, text }: Said): boolean => {
    if (text.startsWith('#')) return failed === null || text.startsWith(`#${vertex} `)
    return line >= begins
  }
}

/** Of those, what the step itself printed. */
const ofTheStep = (failed: BuildStep | null, output: readonly Said[]): readonly Said[] => {
  if (failed === null || failed.vertex === '') return output
  const own = output.filter(({ text }) => text.startsWith('#'))
  return complaints(own).length > 1 ? own : output.filter(({ text }) => !text.startsWith(' '))
}

/** What is taken as the reason where no known cause is named. */
function unknownReason(
  failed: BuildStep | null,
  named: readonly Said[],
  output: readonly Said[],
): Said | undefined {
  if (failed !== null && failed.place !== '')
    return likelyReason(ofTheStep(failed, output).filter(({ text }) => !/^(?:#\d+ )?ERROR: /.test(text)))
  return tellingLine(named, output)
}

/**
 * The first line with a reason in it: what Docker or BuildKit refused, else a warning of Dokku's own, else the first
 * line of the builder's output that is marked as an error.
 */
function tellingLine(named: readonly Said[], output: readonly Said[]): Said | undefined {
  const candidates = [...named, ...output].filter(({ text }) => !SAYS_NOTHING.test(text))
  for (const words of TELLING) {
    for (const { line, text } of candidates) {
      const [, reason] = words.exec(text.trimStart()) ?? []
      if (reason !== undefined) return { line, text: reason.replace(PASSED_ON, '').trim() }
    }
  }
  return undefined
}

/** Most telling first; the group is the reason. */
const TELLING: readonly RegExp[] = [
  /^(?:(?:! +)?(?:docker: )?Error response from daemon): (.+)$/,
  /^(?:#\d+ )?ERROR: (failed to (?:build|solve|receive).+)$/,
  /^! +(Missing .+|No .+|Compressed .+|Unable to .+|Invalid .+)$/,
  /^-----> (Unable to .+)$/,
  /^(?:npm (?:ERR!|error)) (?!code |A complete log|errno |syscall |path )(\S.+)$/i,
  /^(?:remote: )?(fatal: .+)$/,
  /^(?:#\d+ (?:[\d.]+ )?)?(?:\[\w+\] )?(?:\[ERROR\]|ERROR:|error:|Error:) +(.+)$/,
  /^(✖ .+)$/,
  /^! +(?!App build failed)(\S.+)$/,
  /^(.*\bKilled\b.*)$/,
  /^(?!warning|npm warn)(.*\b(?:error|failed|fatal|cannot|not found)\b.*)$/i,
]
