import { spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, expect, test } from 'vitest'
import type { Command } from '../../../ui/dokku/dokku.ts'
import { DokkuError } from '../../../ui/dokku/dokku.ts'
import { gateAt, gateJobs, REFUSED } from '../../../ui/dokku/gate.ts'
import { localDokku } from '../../../ui/dokku/local.ts'
import { eventually } from '../../patience.ts'
import { gated, SCRIPT } from './gate.ts'

const ends: (() => void)[] = []
afterEach(() => {
  for (const end of ends.splice(0)) end()
})

/** A server whose Dokku is `script`. */
function server(script: string) {
  const made = gated(script)
  ends.push(made.close)
  return { ...made, jobs: gateJobs(made.gate), dokku: localDokku({ gate: made.gate }) }
}

/** Names of this run alone: a process is known by them, and the machine may run the same tests twice, or a panel. */
const DEPLOY = `deploy-${process.pid}-1`
const VIEWER = `ada-${process.pid}`
const nap = (seconds: number) => `sleep ${seconds}.${String(process.pid).padStart(7, '0')}`

const ended = (jobs: ReturnType<typeof gateJobs>, job: string) =>
  eventually(() => expect(jobs.read(job)).toMatchObject({ state: { kind: 'ended' } }))
const said = (jobs: ReturnType<typeof gateJobs>, job: string) => jobs.output(job, 0, 10_000).toString()

test('an answer comes back with what Dokku said, its exit code and nothing of its marks', async () => {
  const { dokku, dokkuIs } = server('printf "%s|" "$@"')
  expect(await dokku.run(['ps:scale', 'blog', '--format', 'json'])).toBe(
    '--quiet|ps:scale|blog|--format|json|',
  )
  dokkuIs('echo " !     App blog does not exist" >&2; exit 20')
  const failed = dokku.run(['ps:scale', 'blog', '--format', 'json'])
  await expect(failed).rejects.toMatchObject({ exitCode: 20, said: 'App blog does not exist' })
})

test('what is not on the list is refused before Dokku hears of it', async () => {
  const { dokku, jobs, lib } = server('touch "$here/reached"')
  await expect(dokku.run(['apps:destroy', 'blog', '--force'])).rejects.toMatchObject({ exitCode: REFUSED })
  const starting = jobs.start('restart-1', 'ada', ['ps:restart', '--all'])
  await expect(starting).rejects.toThrow(DokkuError)
  await expect(starting).rejects.toMatchObject({ exitCode: REFUSED })
  expect(jobs.all()).toEqual([])
  expect(existsSync(join(lib, 'reached'))).toBe(false)
})

test('an answer that takes too long ends with everything it started', async () => {
  const { dokku, processes } = server(`${nap(301)} & ${nap(301)}`)
  const late = dokku.run(['apps:list', '--format', 'json'], { timeoutMs: 300 })
  await expect(late).rejects.toMatchObject({ exitCode: null, said: 'no answer in 300 ms' })
  await eventually(() => expect(processes(nap(301))).toEqual([]))
})

test('a job is known by its user, its output and its exit code', async () => {
  const { jobs } = server('echo "$NAME by $SSH_USER: $*"; echo wrong >&2; exit 3')
  expect(await jobs.start('restart-1', 'ada', ['ps:restart', 'blog'])).toBe('started')
  await ended(jobs, 'restart-1')
  expect(jobs.read('restart-1')).toMatchObject({ user: 'ada', state: { kind: 'ended', exitCode: 3 } })
  expect(said(jobs, 'restart-1')).toBe('ada by dokkubase: ps:restart blog\nwrong\n')
  expect(jobs.output('restart-1', 4, 2).toString()).toBe('by')
  expect(jobs.output('restart-1', 4000, 10)).toHaveLength(0)
  expect(jobs.output('none', 0, 10)).toHaveLength(0)
  expect(jobs.read('none')).toBeNull()
})

test('a job may take its secret from a file, and the file may be gone by then', async () => {
  const { jobs, lib } = server('sleep 0.3; cat')
  const file = join(lib, 'secret')
  writeFileSync(file, '{"API_KEY":"hunter2"}', { mode: 0o600 })
  await jobs.start('config-1', 'ada', ['config:import', '--format', 'json', 'blog', '-'], { stdin: file })
  rmSync(file)
  await ended(jobs, 'config-1')
  expect(said(jobs, 'config-1')).toBe('{"API_KEY":"hunter2"}\n')
})

test('a deploy goes on, with its output and exit code, when the panel is killed', async () => {
  const { gate, jobs, lib } = server('echo begins; sleep 1; echo ends; exit 4')
  const script = `
    import { gateAt, gateJobs } from ${JSON.stringify(new URL('../../../ui/dokku/gate.ts', import.meta.url).href)}
    const gate = gateAt(${JSON.stringify({ script: SCRIPT, user: null, dokku: join(lib, 'dokku'), dokkuLibRoot: lib })})
    await gateJobs(gate).start(${JSON.stringify(DEPLOY)}, 'ada', ['ps:rebuild', 'blog'])
    console.log('started')
    setInterval(() => {}, 1000)`
  const panel = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
  })
  await once(panel.stdout, 'data')
  process.kill(-(panel.pid ?? Number.NaN), 'SIGKILL')
  expect(jobs.all()).toMatchObject([{ job: DEPLOY, user: 'ada', state: { kind: 'running' } }])
  await ended(gateJobs(gate), DEPLOY)
  expect(jobs.read(DEPLOY)).toMatchObject({ user: 'ada', state: { exitCode: 4 } })
  expect(said(jobs, DEPLOY)).toBe('begins\nends\n')
})

test('of what a job says the beginning and the end are kept, and the job goes on', async () => {
  const { jobs, gate } = server(
    'yes "again and again" | head -c 40000000; echo; echo "its last words" >&2; exit 4',
  )
  await jobs.start('run-1', 'ada', ['ps:restart', 'blog'])
  await ended(jobs, 'run-1')
  expect(jobs.read('run-1')).toMatchObject({ state: { exitCode: 4 } })
  const output = readFileSync(join(gate.jobs, 'run-1/output'), 'latin1')
  const [head = '', words = '', tail = ''] = output.split(/\n(?=--- Of )|(?<=left out ---)\n/)
  expect([head.length, tail.length]).toEqual([8_388_608, 1_048_576])
  expect(head.startsWith('again and again\n')).toBe(true)
  expect(tail.endsWith('\nits last words\n')).toBe(true)
  const [, left = ''] =
    /^--- Of what follows the end is kept.*\n--- (\d+) bytes left out ---$/.exec(words) ?? []
  // One byte more was read to see that there is more.
  expect(head.length + 1 + Number(left) + tail.length).toBe(40_000_000 + '\nits last words\n'.length)
  expect(readdirSync(join(gate.jobs, 'run-1')).toSorted()).toEqual([
    'asked',
    'exit',
    'output',
    'process',
    'turn',
  ])
})

test('what a job says is there while it runs', async () => {
  const { jobs, lib } = server('echo -n "no newline yet"; until [[ -e $here/go ]]; do sleep 0.05; done; echo')
  await jobs.start('run-1', 'ada', ['ps:restart', 'blog'])
  await eventually(() => expect(said(jobs, 'run-1')).toBe('no newline yet'))
  expect(jobs.read('run-1')).toMatchObject({ state: { kind: 'running' } })
  writeFileSync(join(lib, 'go'), '')
  await ended(jobs, 'run-1')
})

test('what a job leaves running neither holds up its end nor ends with it', async () => {
  const { jobs, lib, processes } = server(
    '(until [[ -e $here/go ]]; do sleep 0.05; done; echo late; touch "$here/late") & echo over',
  )
  await jobs.start('run-1', 'ada', ['ps:restart', 'blog'])
  await ended(jobs, 'run-1')
  expect(said(jobs, 'run-1')).toBe('over\n')
  writeFileSync(join(lib, 'go'), '')
  await eventually(() => expect(existsSync(join(lib, 'late'))).toBe(true))
  await eventually(() => expect(said(jobs, 'run-1')).toBe('over\nlate\n'))
  await eventually(() => expect(processes(lib)).toEqual([]))
})

test('a deploy hears the signal by which builds:cancel speaks', async () => {
  const { jobs, processes } = server(`echo $$; exec ${nap(302)}`)
  await jobs.start(DEPLOY, 'ada', ['ps:rebuild', 'blog'])
  const pid = await eventually(() => {
    expect(processes(nap(302))).toHaveLength(1)
    // Of nothing said yet a number would be 0, which is the group of the test itself.
    expect(said(jobs, DEPLOY)).toMatch(/^\d+\n$/)
    return Number(said(jobs, DEPLOY))
  })
  process.kill(-pid, 'SIGQUIT')
  await ended(jobs, DEPLOY)
  expect(jobs.read(DEPLOY)).toMatchObject({ state: { exitCode: 131 } })
})

test('of two that start one job, one starts it', async () => {
  const { jobs, lib } = server('echo x >>"$here/count"')
  const starts = Array.from({ length: 8 }, () => jobs.start('restart-1', 'ada', ['ps:restart', 'blog']))
  const outcomes = await Promise.all(starts)
  expect(outcomes.filter((outcome) => outcome === 'started')).toHaveLength(1)
  await ended(jobs, 'restart-1')
  expect(readFileSync(join(lib, 'count'), 'utf8')).toBe('x\n')
})

test('a job whose folder is a link or a file is not started, and nothing is written through it', async () => {
  const { jobs, lib, gate } = server('touch "$here/reached"')
  mkdirSync(join(lib, 'elsewhere'))
  mkdirSync(gate.jobs)
  symlinkSync(join(lib, 'elsewhere'), join(gate.jobs, 'linked'))
  symlinkSync(join(lib, 'nowhere'), join(gate.jobs, 'dangling'))
  writeFileSync(join(gate.jobs, 'file'), '')
  for (const job of ['linked', 'dangling', 'file']) {
    expect(await jobs.start(job, 'ada', ['ps:restart', 'blog'])).toBe('there already')
    expect(await jobs.cancel(job)).toBe('not running')
  }
  expect(existsSync(join(lib, 'reached')) || existsSync(join(lib, 'nowhere'))).toBe(false)
})

test.each(['../x', 'a/b', '/tmp/x', '.', '..', '', 'A', 'a b', 'a\n', '-a', 'ä', 'x'.repeat(65)])(
  'no job is called %j',
  async (job) => {
    const { jobs, lib } = server('touch "$here/reached"')
    await expect(jobs.start(job, 'ada', ['ps:restart', 'blog'])).rejects.toMatchObject({ exitCode: REFUSED })
    await expect(jobs.cancel(job)).rejects.toThrow('no name of a job')
    expect(() => jobs.output(job, 0, 1)).toThrow()
    expect(() => jobs.read(job)).toThrow()
    expect(existsSync(join(lib, 'reached'))).toBe(false)
  },
)

test('cancelling ends children that left the session, and those that will not listen', async () => {
  const { jobs, processes } = server(`
    trap '' TERM
    setsid ${nap(303)} &
    setsid bash -c 'trap "" TERM; ${nap(303)} & while :; do ${nap(303)}; done' &
    env -i ${nap(303)} &
    (env -i setsid ${nap(303)}; :) &
    echo up
    while :; do ${nap(303)}; done`)
  await jobs.start(DEPLOY, 'ada', ['ps:rebuild', 'blog'])
  await eventually(() => expect(processes(nap(303)).length).toBeGreaterThanOrEqual(6))
  expect(await jobs.cancel(DEPLOY)).toBe('canceled')
  expect(processes(nap(303))).toEqual([])
  expect(jobs.read(DEPLOY)).toMatchObject({ state: { kind: 'ended', exitCode: 137 } })
  expect(await jobs.cancel(DEPLOY)).toBe('not running')
})

test('cancelling one job leaves the others', async () => {
  const { jobs, processes } = server(`echo up; ${nap(304)}`)
  await jobs.start(DEPLOY, 'ada', ['ps:rebuild', 'blog'])
  await jobs.start(`${DEPLOY}1`, 'ada', ['ps:rebuild', 'shop'])
  await eventually(() => expect(processes(nap(304))).toHaveLength(2))
  expect(await jobs.cancel(DEPLOY)).toBe('canceled')
  expect(processes(nap(304))).toHaveLength(1)
  expect(jobs.read(`${DEPLOY}1`)).toMatchObject({ state: { kind: 'running' } })
  expect(await jobs.cancel(`${DEPLOY}1`)).toBe('canceled')
})

test('what a job left running after its end is not cancelled', async () => {
  const { jobs, processes } = server(`(${nap(305)} >/dev/null 2>&1 &); echo done`)
  await jobs.start(DEPLOY, 'ada', ['ps:rebuild', 'blog'])
  await ended(jobs, DEPLOY)
  expect(await jobs.cancel(DEPLOY)).toBe('not running')
  const left = processes(nap(305))
  expect(left).toHaveLength(1)
  for (const line of left) process.kill(Number(line.split(' ')[0]))
})

test('a process that has the PID of one that is gone is neither taken for the job nor signalled', async () => {
  const { jobs, gate } = server('')
  const stranger = spawn('sleep', ['306'])
  ends.push(() => stranger.kill('SIGKILL'))
  const folder = join(gate.jobs, DEPLOY)
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'asked'), `${Math.floor(Date.now() / 1000)} ada\n`)
  writeFileSync(join(folder, 'process'), `${stranger.pid} 12345\n`)
  expect(jobs.read(DEPLOY)).toMatchObject({ state: { kind: 'lost' } })
  expect(await jobs.cancel(DEPLOY)).toBe('not running')
  expect(stranger.exitCode ?? stranger.signalCode).toBeNull()
})

test('a folder that says nonsense is no job', () => {
  const { jobs, gate } = server('')
  const files = { asked: 'yesterday ada', process: 'x', exit: '999 x' }
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(join(gate.jobs, 'odd'), { recursive: true })
    writeFileSync(join(gate.jobs, 'odd', name), content)
  }
  expect(jobs.all()).toEqual([])
})

test('jobs are forgotten a week after their end', async () => {
  const { jobs, gate } = server('')
  mkdirSync(gate.jobs)
  // By the clock of the file system, which the gate goes by
  const old = new Date(statSync(gate.jobs).mtimeMs - 9 * 86_400_000)
  for (const name of ['old', 'crashed', 'young']) {
    mkdirSync(join(gate.jobs, name), { recursive: true })
    writeFileSync(join(gate.jobs, name, 'asked'), `${Math.floor(old.getTime() / 1000)} ada\n`)
    if (name !== 'crashed') writeFileSync(join(gate.jobs, name, 'exit'), '0 1\n')
    if (name !== 'young') utimesSync(join(gate.jobs, name), old, old)
  }
  await jobs.start('now', 'ada', ['ps:restart', 'blog'])
  await eventually(() => expect(jobs.all().map(({ job }) => job)).toEqual(['young', 'now']))
})

test('no process is left of 200 log tails that were opened and left', async () => {
  const { dokku, processes } = server(`echo line; (${nap(307)} & wait) & ${nap(307)}`)
  for (let round = 0; round < 20; round += 1) {
    const tails = Array.from({ length: 10 }, () => dokku.follow(['logs', 'shop', '--tail', '--num', '5']))
    await Promise.all(
      tails.map(async ({ lines, stop }, index) => {
        // Some are left before they said anything.
        if (index % 2 === 0) await lines[Symbol.asyncIterator]().next()
        stop()
      }),
    )
  }
  await eventually(() => {
    expect(processes(nap(307))).toEqual([])
    expect(processes(`${SCRIPT} attend dokkubase -- logs shop --tail --num 5`)).toEqual([])
  })
})

test('a quiet tail ends when its stdin closes, when nobody reads it, and when the gate itself is killed', async () => {
  const { gate, processes } = server(`${nap(308)} & ${nap(308)}`)
  const { file, args, env } = gate.call('attend', VIEWER, '--', 'logs', 'shop', '--tail')
  const open = async () => {
    const tail = spawn('bash', ['-c', `"$@" | { read -r -t 2; exec sleep 3; }`, 'bash', file, ...args], {
      env,
    })
    await eventually(() => expect(processes(nap(308))).toHaveLength(2))
    return tail
  }
  const gone = () => eventually(() => expect(processes(nap(308))).toEqual([]))
  const closed = await open()
  closed.stdin.end()
  await gone()
  await open()
  await gone()
  const killed = await open()
  const [running] = processes(`gate attend ${VIEWER} -- logs shop --tail`)
  process.kill(Number(running?.split(' ')[0]), 'SIGKILL')
  killed.stdin.destroy()
  await gone()
})

test('through sudo the gate is told nothing by the environment', () => {
  const gate = gateAt({ script: '/opt/gate', user: 'dokku', dokku: '/x', dokkuLibRoot: '/var/lib/dokku' })
  expect(gate.call('cancel', 'job-1')).toEqual({
    file: '/usr/bin/sudo',
    args: ['-n', '-u', 'dokku', '--', '/opt/gate', 'cancel', 'job-1'],
    env: {},
  })
})

const hostile = fc.oneof(
  fc.constantFrom(
    '--all',
    '--global',
    '--force',
    '--app',
    '-',
    '--',
    '.',
    '..',
    'dokkubase',
    '',
    ' ',
    '\n',
    '*',
    '$(x)',
  ),
  fc.string({ unit: 'binary', maxLength: 20 }).map((text) => text.replaceAll('\0', '')),
  fc.stringMatching(/^[a-z0-9.-]{1,70}$/),
)

test('whatever stands for an app: Dokku gets it as one word that is an app’s name, or gets nothing', async () => {
  const { dokku } = server('printf "%s\\0" "$@"')
  await fc.assert(
    fc.asyncProperty(hostile, async (app) => {
      const command: Command = ['ps:scale', app, '--format', 'json']
      const answer = await dokku.run(command).catch((error: unknown) => {
        if (error instanceof DokkuError && error.exitCode === REFUSED) return null
        throw error
      })
      if (answer === null) return
      expect(answer.split('\0')).toEqual(['--quiet', ...command, ''])
      expect(app).toMatch(/^[a-z0-9][a-z0-9._-]*$/)
    }),
    { numRuns: 150 },
  )
})

test('whatever a person runs in a container: Dokku gets the same words, none of which is an option of its own', async () => {
  const { jobs } = server('printf "%s\\0" "$@"')
  let number = 0
  const word = fc.oneof(
    hostile,
    fc.string({ maxLength: 12 }).map((text) => `--${text.replaceAll('\0', '')}`),
  )
  await fc.assert(
    fc.asyncProperty(fc.array(word, { maxLength: 6 }), async (words) => {
      const job = `run-${++number}`
      const command: Command = ['run', 'blog', 'sh', ...words]
      const isStarted = await jobs.start(job, 'ada', command).catch((error: unknown) => {
        if (error instanceof DokkuError && error.exitCode === REFUSED) return null
        throw error
      })
      if (isStarted === null) return
      await ended(jobs, job)
      expect(said(jobs, job).split('\0')).toEqual([...command, ''])
      for (const option of ['--app', '--trace', '--quiet', '--force']) expect(words).not.toContain(option)
      expect(words.filter((each) => each.startsWith('--') && /[\\\s]|^--label/.test(each))).toEqual([])
    }),
    { numRuns: 60 },
  )
})
