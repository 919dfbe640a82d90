/**
 * `node test/clocks.ts [--all]`: tests on other days and in other zones, for a test or a line of the panel may know
 * today's date without saying so. Without --all the unit tests that work with dates: part of `npm test`. With it all
 * unit tests and the contract with the simulator. Debian's faketime moves the clock by an offset; an absolute time
 * would begin anew in each child. Ends with one line, `N passed, N failed`, summed over the clocks.
 */
import { execFileSync, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { forgetCaller } from './caller.ts'

const DAY = 86_400_000

interface MovedClock {
  readonly name: string
  /** How far from now, in milliseconds. */
  readonly offset: number
  readonly zone: string
}

const until = (day: string): number => Date.parse(`${day}T12:00:00Z`) - Date.now()

const CLOCKS: readonly MovedClock[] = [
  { name: 'in 26 days, in Auckland', offset: 26 * DAY, zone: 'Pacific/Auckland' },
  { name: "in 400 days, in St. John's", offset: 400 * DAY, zone: 'America/St_Johns' },
  { name: 'on 29 February 2028, in Auckland', offset: until('2028-02-29'), zone: 'Pacific/Auckland' },
  { name: "after 2^31 seconds, in St. John's", offset: until('2038-01-20'), zone: 'America/St_Johns' },
]

/** Folders and files of tests that work with dates, ids made of the time, or what is kept for a time. */
const WITH_DATES = [
  ...['audit', 'certificates', 'events', 'overview', 'runs'],
  ...['dokku/alike.test.ts', 'dokku/past.test.ts', 'retention.test.ts', 'web/format.test.ts'],
].map((name) => `test/ui/${name}`)
const all = process.argv.includes('--all')
const files = all ? [] : WITH_DATES
const projects = ['ui', ...(all ? ['simulator'] : [])].flatMap((name) => ['--project', name])

/** Node reads the times of files past faketime, so nothing else may see them moved either; timers need none of it. */
const FAKETIME = { NO_FAKE_STAT: '1', FAKETIME_DONT_FAKE_MONOTONIC: '1' }

const moved = ({ offset }: MovedClock, ...command: readonly string[]): readonly string[] => [
  '-f',
  `${offset < 0 ? '' : '+'}${Math.round(offset / 1000)}`,
  ...command,
]
const environment = ({ zone }: MovedClock): NodeJS.ProcessEnv => ({ ...process.env, ...FAKETIME, TZ: zone })

/** That the clock and the zone are what they should be: without it, every test would pass. */
function check(clock: MovedClock): void {
  const ask = ['node', '-p', 'JSON.stringify([Date.now(), Intl.DateTimeFormat().resolvedOptions().timeZone])']
  const [now, zone] = JSON.parse(
    execFileSync('faketime', moved(clock, ...ask), { env: environment(clock), encoding: 'utf8' }),
  )
  if (Math.abs(now - Date.now() - clock.offset) > DAY / 24 || zone !== clock.zone)
    throw new Error(`faketime did not move the clock: ${new Date(now).toISOString()} in ${zone}`)
}

async function run(clock: MovedClock, folder: string): Promise<{ passed: number; failed: number }> {
  check(clock)
  const report = join(folder, `${CLOCKS.indexOf(clock)}.json`)
  const vitest = ['vitest', 'run', '--config', 'test/vitest.config.ts', ...projects]
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`]
  const child = spawn('faketime', moved(clock, ...vitest, ...reporters, ...files), {
    env: environment(clock),
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (data: Buffer) => {
      output += data.toString()
    })
  const code = await new Promise<number>((resolve) => child.on('close', (ended) => resolve(ended ?? 1)))
  const { numPassedTests, numFailedTests, numPendingTests } = JSON.parse(readFileSync(report, 'utf8'))
  const count = { passed: Number(numPassedTests), failed: Number(numFailedTests) + Number(numPendingTests) }
  if (code !== 0 || count.failed > 0) console.log(output)
  return code !== 0 && count.failed === 0 ? { ...count, failed: 1 } : count
}

forgetCaller(process.env)
for (const file of files) if (!existsSync(file)) throw new Error(`there are no tests ${file}`)
const folder = mkdtempSync(join(tmpdir(), 'dokkubase-clocks-'))
const counts: { passed: number; failed: number }[] = []
for (const clock of CLOCKS) {
  const count = await run(clock, folder)
  counts.push(count)
  console.log(`${clock.name}: ${count.passed} passed, ${count.failed} failed`)
}
rmSync(folder, { recursive: true })
const ran = new Set(counts.map(({ passed, failed }) => passed + failed))
if (ran.size !== 1 || ran.has(0))
  throw new Error(`each clock should run the same tests, not ${[...ran].join(', ')}`)
const sum = (of: (count: { passed: number; failed: number }) => number) =>
  counts.reduce((total, count) => total + of(count), 0)
console.log(`${sum(({ passed }) => passed)} passed, ${sum(({ failed }) => failed)} failed`)
process.exitCode = sum(({ failed }) => failed) === 0 ? 0 : 1
