/**
 * `npm test`: every check, as a list. Ends with one line, `N passed, N failed`, summed over all runners; a check
 * that counts nothing itself (types, lint) counts as one.
 */
import { spawn } from 'node:child_process'
import { readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { forgetCaller } from './caller.ts'

interface Count {
  readonly passed: number
  readonly failed: number
}

type Command = readonly [string, ...string[]]

interface Step {
  readonly name: string
  /** Run at once, each on a core of its own; shown one after the other. */
  readonly commands: readonly Command[]
  /** Reads how many tests passed and failed; without it the step counts as one. */
  readonly count?: (output: string) => Count | null
}

const report = (project: string) => join(tmpdir(), `dokkubase-vitest-${process.pid}-${project}.json`)

const vitest = (name: string, project: string): Step => ({
  name,
  commands: [
    [
      'vitest',
      'run',
      '--config',
      'test/vitest.config.ts',
      '--project',
      project,
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${report(project)}`,
    ],
  ],
  count: () => {
    const { numPassedTests, numFailedTests, numPendingTests } = JSON.parse(
      readFileSync(report(project), 'utf8'),
    )
    rmSync(report(project))
    return { passed: Number(numPassedTests), failed: Number(numFailedTests) + Number(numPendingTests) }
  },
})

/** TAP: every `ok` that is not skipped; a skipped test is a failure, for a missing prerequisite is an error. */
const tap = (output: string): Count => {
  const lines = output.split('\n')
  const passed = lines.filter((line) => /^ok \d/.test(line) && !/# skip/i.test(line)).length
  const failed = lines.filter((line) => /^not ok \d/.test(line) || /^ok \d.*# skip/i.test(line)).length
  return { passed, failed }
}

/** The last line of a runner that sums others: `N passed, N failed`. */
function summed(output: string): Count | null {
  const [, passed, failed] =
    /^(\d+) passed, (\d+) failed$/.exec(output.trimEnd().split('\n').at(-1) ?? '') ?? []
  return passed === undefined ? null : { passed: Number(passed), failed: Number(failed) }
}

const bats = (...files: string[]): Command => ['node_modules/bats/bin/bats', '--tap', ...files]

const batsFiles = filesOf('test/plugin', 'test/host').filter((file) => file.endsWith('.bats'))

/** The files of a folder in two, run at once: those that match, and the others. */
const halves = (folder: string, first: (file: string) => boolean): readonly Command[] => {
  const files = batsFiles.filter((file) => file.startsWith(folder))
  return [bats(...files.filter(first)), bats(...files.filter((file) => !first(file)))]
}

const ofGate = (file: string) => file.includes('/gate')
/** Install's tests and those of the panel behind nginx have layers of their own, which a run makes once. */
const ofInstall = (file: string) => /^load install$/m.test(readFileSync(file, 'utf8'))

/** All of these folders, sourced files too, but what sudo, systemd, the gate and Perl read. */
const shellFiles = [
  'install',
  ...filesOf('commands', 'subcommands', 'triggers', '.ci', 'ui/host', 'ui/dokku/gate', 'test/host/server'),
].filter(
  (file) => !/(\.service|\/(sudoers|allowed|gate\/reserved|gate\/script-names|docker-events))$/.test(file),
)

const steps: readonly Step[] = [
  { name: 'Types', commands: [['tsc']] },
  { name: 'Lint and format', commands: [['biome', 'check', '--error-on-warnings', '.']] },
  { name: 'Nothing unused', commands: [['knip']] },
  {
    name: 'Shell: shellcheck',
    commands: [
      ['shellcheck', ...shellFiles],
      // A `!` that bats does not look at
      ['shellcheck', '--shell=bats', '--include=SC2314', ...batsFiles],
      ['perl', '-Tc', 'ui/host/docker-events'],
    ],
  },
  {
    name: 'Shell: format',
    commands: [['shfmt', '-d', '-ln', 'bash', '-bn', '-ci', '-i', '2', ...shellFiles]],
  },
  { name: 'Build', commands: [['node', 'ui/web/build.ts']] },
  vitest('Panel', 'ui'),
  { name: 'Other days and zones', commands: [['node', 'test/clocks.ts']], count: summed },
  { name: 'Plugin', commands: halves('test/plugin/', ofGate), count: tap },
  { name: 'Host', commands: halves('test/host/', ofInstall), count: tap },
  vitest('Contract on the simulator', 'simulator'),
  vitest('Browser', 'browser'),
]

forgetCaller(process.env)
const only = process.argv.slice(2)
let passed = 0
let failed = 0
for (const step of steps) {
  if (only.length > 0 && !only.some((word) => step.name.toLowerCase().includes(word.toLowerCase()))) continue
  console.log(`\n── ${step.name}`)
  const began = performance.now()
  const { code, output } = await runAll(step.commands)
  const count = counted(step, code, output)
  passed += count.passed
  failed += count.failed
  const seconds = ((performance.now() - began) / 1000).toFixed(1)
  console.log(
    `${count.failed === 0 ? '✓' : '✗'} ${step.name}: ${count.passed} passed, ${count.failed} failed (${seconds} s)`,
  )
}
console.log(`\n${passed} passed, ${failed} failed`)
process.exitCode = failed === 0 ? 0 : 1

function counted({ count }: Step, code: number, output: string): Count {
  if (count === undefined) return code === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 }
  try {
    const read = count(output)
    if (read === null || read.passed + read.failed === 0) return { passed: 0, failed: 1 }
    return code !== 0 && read.failed === 0 ? { passed: read.passed, failed: 1 } : read
  } catch (error) {
    console.error(error)
    return { passed: 0, failed: 1 }
  }
}

/** The first speaks as it goes; what the others say is kept until it is their turn. */
async function runAll(commands: readonly Command[]): Promise<{ code: number; output: string }> {
  const turns = commands.map((command, index) => run(command, index === 0))
  let code = 0
  let output = ''
  for (const [index, turn] of turns.entries()) {
    const ended = await turn
    if (index > 0) process.stdout.write(ended.output)
    code ||= ended.code
    output += ended.output
  }
  return { code, output }
}

function run([file, ...args]: Command, aloud: boolean): Promise<{ code: number; output: string }> {
  return new Promise((resolve) => {
    const child = spawn(file, args, { stdio: ['ignore', 'pipe', 'pipe'] })
    let output = ''
    child.stdout.on('data', (data: Buffer) => {
      output += data.toString()
      if (aloud) process.stdout.write(data)
    })
    child.stderr.on('data', (data: Buffer) => {
      if (aloud) process.stderr.write(data)
      else output += data.toString()
    })
    child.on('error', (error) => {
      console.error(`${file} cannot be run: ${error.message}`)
      resolve({ code: 127, output })
    })
    child.on('close', (code) => resolve({ code: code ?? 1, output }))
  })
}

function filesOf(...places: readonly string[]): string[] {
  return places.flatMap((place) => {
    try {
      return readdirSync(place, { withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(place, entry.name))
    } catch {
      return [place]
    }
  })
}
