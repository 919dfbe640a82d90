import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { INPUTS } from './inputs.ts'
import { answer, PARSERS } from './parsers.ts'

const SMALL = 16 * 1024
const MIDDLE = 8 * SMALL
const LARGE = 64 * SMALL
/**
 * A parser that takes time in proportion to its text takes 64 times as long for the large one as for the small one, and
 * one that takes the square of it 4096 times. So much more is allowed in all, whatever the machine.
 */
const ALLOWED = 400
/** What takes less is not measured well. Milliseconds. */
const LEAST = 1
/** On no machine. The square of a million takes hours. */
const MOST = 5000

/** Milliseconds of this thread, whatever else the machine does. */
function cost(work: () => unknown): number {
  const before = process.threadCpuUsage()
  answer(work)
  const { user, system } = process.threadCpuUsage(before)
  return (user + system) / 1000
}

/** The least of some tries, where one does not do: a pause for garbage is no work of the parser. */
function costWithin(allowed: number, work: () => unknown): number {
  const first = cost(work)
  return first < allowed ? first : Math.min(first, ...[1, 2, 3].map(() => cost(work)))
}

const cases = Object.entries(PARSERS).flatMap(([file, parsers]) =>
  Object.entries(parsers).map(([name, parse]) => [`${file}: ${name}`, parse] as const),
)

test.each(cases)(
  '%s costs in proportion to its text, whatever the text is',
  { timeout: 120_000 },
  (_, parse) => {
    for (const [input, make] of Object.entries(INPUTS)) {
      const [small, middle, large] = [make(SMALL), make(MIDDLE), make(LARGE)]
      const unit = Math.max(LEAST, Math.min(...[1, 2].map(() => cost(() => parse(small)))))
      const allowed = Math.min(MOST, unit * ALLOWED)
      // Looked at on the way, so that a test that fails does so in seconds and not in an hour.
      const onTheWay = costWithin(allowed / 8, () => parse(middle))
      expect(onTheWay, `${input}, ${MIDDLE} characters`).toBeLessThan(allowed / 8)
      const whole = costWithin(allowed, () => parse(large))
      expect(whole, `${input}, ${LARGE} characters`).toBeLessThan(allowed)
    }
  },
)

const ROOT = fileURLToPath(new URL('../../../', import.meta.url))
const REGEXP =
  /(?:^\s*|[=(,:[!&|?;{}]\s*|return\s+)\/(?![*/])((?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\[\n])+)\/[a-z]*/gm
const COMMENT = /^\s*(?:\/\*\*[\s\S]*?\*\/|\/\/.*)$/gm

/** Whether a pattern goes on as long as its text does. */
const isUnbounded = (pattern: string): boolean =>
  /[*+]|\{\d+,\}/.test(pattern.replace(/\\./g, 'x').replace(/\[[^\]]*\]/g, 'c'))

const ONE_LINE = 'lines of at most 2,000 letters, as failures.ts of the table hands them on'
const SCRIPTS = "scripts that the server's root installed; a test of their own gives them degenerate text"

/** Patterns for what the panel made itself, or for what somebody else bounded before. */
const NOT_FROM_OUTSIDE: Readonly<Record<string, string>> = {
  'ui/builds/build.ts': 'names of apps and builds, bounded by their rows',
  'ui/certificates/pair.ts': 'names in a certificate that OpenSSL took, of at most 120,000 bytes',
  'ui/config/drafts.ts': 'names of files of its own',
  'ui/config/reserved.ts': 'the list of the gate, and keys of at most 255 letters',
  'ui/deployments/build-failure.ts': ONE_LINE,
  'ui/deployments/check-failure.ts': ONE_LINE,
  'ui/deployments/failure.ts': ONE_LINE,
  'ui/deployments/nginx-failure.ts': ONE_LINE,
  'ui/deployments/task-failure.ts': ONE_LINE,
  'ui/dokku/reserved/bash.ts': SCRIPTS,
  'ui/dokku/reserved/builtins.ts': SCRIPTS,
  'ui/dokku/reserved/derive.ts': SCRIPTS,
  'ui/dokku/reserved/lines.ts': SCRIPTS,
  'ui/dokku/reserved/words.ts': SCRIPTS,
  'ui/deployments/redeploy.ts': 'what Dokku recorded of a source, and then as GitUrl',
  'ui/events/table.ts': 'an exit code',
  'ui/jobs/input.ts': 'names of files of its own',
  'ui/jobs/running.ts': 'the last lines of an output, as text of at most 16 KB',
  'ui/main.ts': 'plugin.toml',
  'ui/events/process-words.ts': 'an exit code in an event of its own',
  'ui/processes/judging.ts': 'addresses that nginx has in its configuration, each for itself',
  'ui/processes/projection.ts': 'entries of a formation, each with one = in it',
  'ui/runs/run.ts': 'the command of a job',
  'ui/settings.ts': "the environment, which is the owner's own",
  'ui/overview/routes.ts': 'the last ten outcomes',
  'ui/terminal/backup.ts': 'names of files of its own',
  'ui/web/action.ts': 'addresses of its own',
  'ui/web/compress.ts': 'a header, of which Node takes 16 KB in all',
  'ui/web/format.ts': 'a number',
  'ui/web/security.ts': 'headers and addresses, of which Node takes 16 KB in all',
  'ui/web/topbar.ts': 'the name of an account',
}

test('every file with a pattern as long as its text is in the table', () => {
  const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', 'ui'], {
    cwd: ROOT,
    encoding: 'utf8',
  })
    .trim()
    .split('\n')
    .filter((file) => file.endsWith('.ts') && !/^ui\/(dokku\/simulator|demo|web\/browser)\//.test(file))
  const parsing = files.filter((file) => {
    const source = readFileSync(`${ROOT}${file}`, 'utf8').replace(COMMENT, '')
    const found = [...source.matchAll(REGEXP)].map(([, pattern = '']) => pattern)
    return found.some(isUnbounded) || source.includes('new RegExp(')
  })
  const known = new Set([...Object.keys(PARSERS), ...Object.keys(NOT_FROM_OUTSIDE)])
  expect(parsing.filter((file) => !known.has(file))).toEqual([])
  expect(parsing.length).toBeGreaterThan(40)
  expect(Object.keys(NOT_FROM_OUTSIDE).filter((file) => !parsing.includes(file))).toEqual([])
})
