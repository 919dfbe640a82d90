/** Why no image came of a build. Pure. */
import { complaints, type Evidence, type Failure, failure, part } from './failure.ts'
import type { Said } from './signs.ts'

/** What Dokku and BuildKit say at the end of any failed build: that it failed, never why. */
const SAYS_NOTHING =
  /^ ! +(?:App build failed|Failure (?:extracting app code|building image)|Retagging old image |Removing invalid image tag |Push rejected)|^ERROR: failed to build: (?:executing lifecycle: )?failed with status code/

/** Left out of a reason: how BuildKit passes an error on. */
const PASSED_ON =
  /^(?:failed to build: )?(?:failed to solve: )?(?:rpc error: code = \w+ desc = )?(?:failed to solve with frontend \S+: )?(?:failed to create LLB definition: )?/

export function buildFailure({ same, signs, recent, failed }: Evidence): Failure {
  const { place, command, vertex, line: begins } = failed ?? { place: '', command: '', vertex: '', line: 0 }
  const output = recent.filter(({ text }) =>
    vertex === '' ? !text.startsWith('#') : text.startsWith(`#${vertex} `),
  )
  const named = [...same, ...signs.filter(({ kind }) => kind === 'container')]
  const lines = [...named, ...(begins === 0 ? [] : [{ line: begins }]), ...complaints(output)]
  const syntax = part(named, /dockerfile parse error (?:on )?(.*)$/)
  if (syntax !== '') return failure('build', `Build failed: the Dockerfile cannot be read, ${syntax}`, lines)
  if (place !== '') return failure('build', `Build failed at step ${place} ${command}`, lines)
  const { text = '', line } = tellingLine(named, recent) ?? {}
  return failure('build', text === '' ? 'Build failed' : `Build failed: ${text}`, [
    ...lines,
    ...(line === undefined ? [] : [{ line }]),
  ])
}

/**
 * The first line with a reason in it: what Docker or BuildKit refused, else a warning of Dokku's own, else the first
 * line of the builder's output that is marked as an error.
 */
function tellingLine(named: readonly Said[], recent: readonly Said[]): Said | undefined {
  const telling = [...named, ...recent].filter(({ text }) => !SAYS_NOTHING.test(text))
  for (const words of TELLING) {
    for (const { line, text } of telling) {
      const [, reason] = words.exec(text) ?? []
      if (reason !== undefined) return { line, text: reason.replace(PASSED_ON, '').trim() }
    }
  }
  return undefined
}

/** Most telling first; the group is the reason. */
const TELLING: readonly RegExp[] = [
  /^(?:(?: ! +)?(?:docker: )?Error response from daemon): (.+)$/,
  /^ERROR: (failed to (?:build|solve|receive).+)$/,
  /^ ! +(Missing .+|No .+|Compressed .+|Unable to .+|Invalid .+)$/,
  /^-----> (Unable to .+)$/,
  /^(?:npm (?:ERR!|error)) (?!code |A complete log|errno |syscall |path )(\S.+)$/i,
  /^(?:remote: )?(fatal: .+)$/,
  /^(?:\[\w+\] )?(?:\[ERROR\]|ERROR:|error:|Error:) +(.+)$/,
  /^(✖ .+)$/,
  /^ ! +(?!App build failed)(\S.+)$/,
  /^(.*\bKilled\b.*)$/,
  /^(.*\b(?:error|failed|fatal|cannot|not found)\b.*)$/i,
]
