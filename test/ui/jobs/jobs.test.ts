import { spawn } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { eq } from 'drizzle-orm'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { DokkuError } from '../../../ui/dokku/dokku.ts'
import { gateAt, gateJobs } from '../../../ui/dokku/gate.ts'
import { jobOutputChunks, jobs } from '../../../ui/jobs/table.ts'
import { OUTPUT_BOUNDS } from '../../../ui/logs/log.ts'
import { eventually } from '../../patience.ts'
import { SCRIPT } from '../dokku/gate.ts'
import { ADA, stage } from './stage.ts'

let on: ReturnType<typeof stage>
beforeEach(() => {
  on = stage()
})
afterEach(() => on.close())

const BLOG = { app: 'blog' }
const restart = { kind: 'restart', payload: BLOG }
const secretOf = (id: number) => join(on.folder, `data/jobs/${id}.secret`)
const reach = (file: string) => eventually(() => expect(existsSync(join(on.folder, file))).toBe(true))
/** What a command waits for, in bash, and what lets it go on. */
const UNTIL_GO = 'until [[ -e "$here/go" ]]; do sleep 0.05; done'
const go = () => writeFileSync(join(on.folder, 'go'), '')
const alive = (pid: number) => {
  try {
    process.kill(pid, 0)
    return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.[0] !== 'Z'
  } catch {
    return false
  }
}

test('a job runs its command as who asked, and keeps what it said and how it ended', async () => {
  on.does('echo "-----> Restarting blog"; echo "and so on" >&2')
  const panel = await on.open()
  const [asked] = panel.ask([restart], ADA)
  expect(asked).toMatchObject({
    id: 1,
    app: 'blog',
    who: 'ada',
    command: 'dokku ps:restart blog',
    state: 'waiting',
  })
  await on.over(1)
  expect(on.row()).toMatchObject({ state: 'succeeded', exitCode: 0, reason: '' })
  expect(on.said(panel)).toEqual(['-----> Restarting blog', 'and so on'])
  expect(on.calls()).toEqual(['ada: ps:restart blog'])
})

test('a command that fails says why in its own words, and which line that is', async () => {
  on.does('echo "-----> Looking"; echo " !     App blog has not been deployed" >&2; exit 15')
  const panel = await on.open()
  panel.ask([restart], ADA)
  await on.over(1)
  expect(on.row()).toMatchObject({
    state: 'failed',
    exitCode: 15,
    reason: 'App blog has not been deployed',
    reasonLines: [2],
  })
})

test('a command that fails is not said to fail by a warning that Dokku gives when all is well', async () => {
  on.does(
    'echo "-----> Creating blog-2..."; echo " !     No web listeners specified for blog-2"; echo "mv: no space left"; exit 1',
  )
  const panel = await on.open()
  panel.ask([restart], ADA)
  await on.over(1)
  expect(on.row()).toMatchObject({ state: 'failed', reason: 'mv: no space left', reasonLines: [3] })
})

test('a command that a lock refuses fails because of the lock, not with the advice that follows', async () => {
  on.does(
    `echo " !     blog currently has a deploy lock in place. Exiting..." >&2; echo " !     Run 'apps:unlock' to release the existing deploy lock" >&2; exit 1`,
  )
  const panel = await on.open()
  panel.ask([restart], ADA)
  await on.over(1)
  const reason = 'blog currently has a deploy lock in place. Exiting...'
  expect(on.row()).toMatchObject({ state: 'failed', reason, reasonLines: [1] })
})

test('what the gate refuses fails with what its root can do, and nothing ran', async () => {
  const panel = await on.open()
  panel.ask([{ kind: 'plugin', payload: {} }], ADA)
  await on.over(1)
  expect(on.row()).toMatchObject({ state: 'failed', exitCode: 77 })
  expect(on.row().reason).toContain('not among what the panel may run')
  expect(on.calls()).toEqual([])
})

test('a command that runs though the gate could not say so is followed to its end', async () => {
  on.does('sleep 0.5; echo all done')
  const gate = gateJobs(gateAt({ script: SCRIPT, user: null, dokku: on.dokku, dokkuLibRoot: on.lib }))
  const panel = await on.open({
    gate: {
      ...gate,
      async start(job, user, command, options) {
        await gate.start(job, user, command, options)
        throw new DokkuError(command, null, 'killed')
      },
    },
  })
  panel.ask([restart], ADA)
  await on.over(1)
  expect(on.row()).toMatchObject({ state: 'succeeded', exitCode: 0 })
  expect(on.said(panel)).toEqual(['all done'])
})

test('what cannot be asked for makes no job, and of several asked together none', async () => {
  const panel = await on.open()
  expect(() => panel.ask([restart, { kind: 'restart', payload: { app: '--all' } }], ADA)).toThrow()
  expect(() => panel.ask([{ kind: 'format', payload: {} }], ADA)).toThrow()
  expect(on.db.select().from(jobs).all()).toEqual([])
})

test('what is stored is checked again before it runs', async () => {
  const panel = await on.open()
  panel.ask(
    [
      { ...restart, runAt: Date.now() + 300 },
      { kind: 'restart', payload: { app: 'shop' }, runAt: Date.now() + 300 },
    ],
    ADA,
  )
  on.db
    .update(jobs)
    .set({ payload: { app: '--all' } })
    .where(eq(jobs.id, 1))
    .run()
  on.db
    .update(jobs)
    .set({ payload: { app: 'blog' } })
    .where(eq(jobs.id, 2))
    .run()
  await on.over(1, 2)
  expect([on.row(1).state, on.row(2).state]).toEqual(['failed', 'failed'])
  expect(on.row(1).reason).toContain('no longer valid')
  expect(on.calls()).toEqual([])
})

test('canceling ends everything the command started', async () => {
  on.does(
    `(trap '' HUP; setsid sleep 300 & echo $! >"$here/deep"; wait; exit 9) & echo $! >"$here/child"; wait $!`,
  )
  const panel = await on.open()
  panel.ask([restart], ADA)
  const pids = await Promise.all(
    ['deep', 'child'].map((name) =>
      eventually(() => {
        expect(readFileSync(join(on.folder, name), 'utf8')).toMatch(/^\d+\n$/)
        return Number(readFileSync(join(on.folder, name), 'utf8'))
      }),
    ),
  )
  expect(pids.map(alive)).toEqual([true, true])
  expect(await panel.cancel(1, { id: 2, name: 'vera' })).toBe(true)
  await on.over(1)
  expect(on.row()).toMatchObject({ state: 'canceled', canceledBy: 'vera' })
  expect(pids.map(alive)).toEqual([false, false])
})

test('a panel that is started again in the middle follows on: one command, all of its output', async () => {
  on.does(
    `for i in 1 2 3; do echo "line $i"; done; ${UNTIL_GO}; for i in 4 5 6 7 8 9 10; do echo "line $i"; done`,
  )
  const panel = await on.open()
  panel.ask([restart], ADA)
  await eventually(() => expect(on.said(panel).length).toBeGreaterThan(2))
  await panel.close()
  expect(on.row()).toMatchObject({ state: 'running', worker: '' })
  const next = await on.open()
  go()
  await on.over(1)
  expect(on.row()).toMatchObject({ state: 'succeeded', attempts: 1 })
  expect(on.said(next)).toEqual(Array.from({ length: 10 }, (_, index) => `line ${index + 1}`))
  expect(on.calls()).toHaveLength(1)
})

test('a command that ended well while the disk was full succeeded, and its output is kept once there is room', async () => {
  on.does('head -c 3000000 /dev/urandom | base64; echo "the end"; touch "$here/done"')
  const panel = await on.open()
  panel.ask([restart], ADA)
  await eventually(() => expect(on.row().state).toBe('running'))
  const { $client } = on.db
  $client.pragma(`max_page_count = ${$client.pragma('page_count', { simple: true })}`)
  await reach('done')
  await sleep(1500)
  expect(on.row()).toMatchObject({ state: 'running', endedAt: null })
  $client.pragma('max_page_count = 1000000')
  await on.over(1)
  expect(on.row()).toMatchObject({ state: 'succeeded', exitCode: 0, reason: '' })
  const last = panel.output.last(1)
  expect(last).toBeGreaterThan(50_000)
  expect(panel.output.read(1, last, 1).map(([, , text]) => text)).toEqual(['the end'])
})

test('of a command that says too much the beginning and the end are kept, and how much is missing', async () => {
  on.does('yes "a line that is said again and again" | head -c 30000000; echo; echo "the end"; exit 3')
  const panel = await on.open()
  panel.ask([restart], ADA)
  await on.over(1)
  expect(on.row()).toMatchObject({ state: 'failed', exitCode: 3, reason: 'the end' })
  const stored = on.db.select().from(jobOutputChunks).all()
  const bytes = stored.reduce((sum, { rawBytes }) => sum + rawBytes, 0)
  const lines = stored.reduce((sum, chunk) => sum + chunk.lines, 0)
  expect(bytes).toBeLessThan(2 * (OUTPUT_BOUNDS.side + OUTPUT_BOUNDS.chunk))
  expect(lines).toBeLessThan(2 * (OUTPUT_BOUNDS.sideLines + OUTPUT_BOUNDS.chunkLines))
  const text = Buffer.concat([...panel.output.text(1)]).toString()
  expect(text).toMatch(/^a line that is said again and again\n/)
  expect(text).toMatch(/\n… [\d,]+ lines left out\n/)
  expect(text).toMatch(/\n--- \d{8} bytes left out ---\n/)
  expect(text).toMatch(/\nthe end\n$/)
})

/** Starts a panel elsewhere, and kills it once `when` is there. */
async function killPanel(when: string): Promise<void> {
  const child = spawn(process.execPath, [fileURLToPath(new URL('panel.ts', import.meta.url)), on.folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  await new Promise((resolve) => child.stdout.once('data', resolve))
  await reach(when)
  child.kill('SIGKILL')
  await new Promise((resolve) => child.once('exit', resolve))
}

test('a panel that is killed in the middle: the next one follows on', async () => {
  on.does(
    `touch "$here/begun"; echo "line 1"; echo "line 2"; ${UNTIL_GO}; echo "line 3"; echo "line 4"; exit 3`,
  )
  const asking = await on.open({ queue: () => idle })
  asking.ask([restart], ADA)
  await killPanel('begun')
  expect(on.row().state).toBe('running')
  const next = await on.open()
  go()
  await on.over(1)
  expect(on.row()).toMatchObject({ state: 'failed', exitCode: 3, attempts: 1, reason: 'line 4' })
  expect(on.said(next)).toEqual(['line 1', 'line 2', 'line 3', 'line 4'])
  expect(on.calls()).toHaveLength(1)
})

test('a command that ended while no panel was there is known with its output and how it ended', async () => {
  on.does(`touch "$here/begun"; ${UNTIL_GO}; echo done; touch "$here/over"`)
  const asking = await on.open({ queue: () => idle })
  asking.ask([restart], ADA)
  await killPanel('begun')
  go()
  await reach('over')
  await sleep(100)
  const next = await on.open()
  await on.over(1)
  expect(on.row()).toMatchObject({ state: 'succeeded', exitCode: 0 })
  expect(on.said(next)).toEqual(['done'])
})

test('a command that a crash of the server ended is interrupted, with what it had said', async () => {
  on.does('echo half; touch "$here/begun"; sleep 300')
  const asking = await on.open({ queue: () => idle })
  asking.ask([restart], ADA)
  await killPanel('begun')
  crash()
  const next = await on.open()
  await on.over(1)
  expect(on.row()).toMatchObject({ state: 'interrupted', exitCode: null })
  expect(on.row().reason).toContain('ended from outside')
  expect(on.said(next)).toEqual(['half'])
})

/** Kills the command of job 1 and whoever stays with it, as when the server is switched off. */
function crash(): void {
  const [name = ''] = readdirSync(join(on.lib, 'data/dokkubase/jobs'))
  const [keeper = 0] = readFileSync(join(on.lib, 'data/dokkubase/jobs', name, 'process'), 'utf8')
    .split(' ')
    .map(Number)
  process.kill(keeper, 'SIGKILL')
  for (const pid of readdirSync('/proc').filter((entry) => /^\d+$/.test(entry)))
    if (environmentOf(pid).includes(`DOKKUBASE_JOB=${name}\0`)) process.kill(Number(pid), 'SIGKILL')
}
function environmentOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8')
  } catch {
    return ''
  }
}

const SECRET = 'hunter2-and-more'
const config = {
  kind: 'config',
  payload: BLOG,
  input: { text: JSON.stringify({ PASSWORD: SECRET, NOTE: `first\n${SECRET}-second` }) },
}

test('a secret reaches Dokku by stdin, lies in a file of the panel alone while the job is not over, and nowhere else', async () => {
  on.does(
    `cat >"$here/heard"; echo "PASSWORD: $(jq -r .PASSWORD "$here/heard")"; touch "$here/begun"; ${UNTIL_GO}`,
  )
  const panel = await on.open()
  panel.ask([config], ADA)
  expect(statSync(secretOf(1)).mode & 0o777).toBe(0o600)
  await reach('begun')
  const argv = readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .map((pid) => commandOf(pid))
  expect(argv.filter((line) => line.includes(SECRET))).toEqual([])
  go()
  await on.over(1)
  await eventually(() => expect(existsSync(secretOf(1))).toBe(false))
  expect(JSON.parse(readFileSync(join(on.folder, 'heard'), 'utf8')).PASSWORD).toBe(SECRET)
  expect(on.said(panel)).toEqual(['PASSWORD: ***'])
  on.db.$client.pragma('wal_checkpoint(TRUNCATE)')
  expect(readFileSync(join(on.folder, 'data/dokkubase.db')).includes(SECRET)).toBe(false)
  expect(readFileSync(join(on.lib, 'data/dokkubase/gate.log'), 'utf8')).not.toContain(SECRET)
})
const commandOf = (pid: string): string => {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8')
  } catch {
    return ''
  }
}

test.each([
  ['fails', 'exit 1', 'failed'],
  ['is canceled while it runs', 'touch "$here/begun"; sleep 60', 'canceled'],
])('the secret of a job that %s is deleted', async (_, script, state) => {
  on.does(script)
  const panel = await on.open()
  panel.ask([config], ADA)
  if (state === 'canceled') {
    await reach('begun')
    await panel.cancel(1, ADA)
  }
  await on.over(1)
  expect(on.row().state).toBe(state)
  await eventually(() => expect(existsSync(secretOf(1))).toBe(false))
})

test('the secret of a job that is canceled before it begins is deleted', async () => {
  const panel = await on.open()
  panel.ask([{ ...config, runAt: Date.now() + 60_000 }], ADA)
  expect(existsSync(secretOf(1))).toBe(true)
  await panel.cancel(1, ADA)
  expect(existsSync(secretOf(1))).toBe(false)
})

test('a job whose secret is gone after a crash asks for it to be entered again, and runs nothing', async () => {
  const asking = await on.open({ queue: () => idle })
  asking.ask([config], ADA)
  rmSync(secretOf(1))
  await on.open()
  await on.over(1)
  expect(on.row().state).toBe('failed')
  expect(on.row().reason).toContain('Enter it again.')
  expect(on.calls()).toEqual([])
})

test('a secret that a crash left without a job that waits for it is deleted at the next start', async () => {
  const panel = await on.open()
  on.does('true')
  panel.ask([restart], ADA)
  await on.over(1)
  writeFileSync(secretOf(1), SECRET)
  writeFileSync(secretOf(77), SECRET)
  await on.open()
  expect([existsSync(secretOf(1)), existsSync(secretOf(77))]).toEqual([false, false])
})

test('a secret that cannot be given makes no job and no file', async () => {
  const panel = await on.open()
  for (const input of [{ text: 'no JSON' }, { text: '{"PASSWORD": 1}' }, undefined])
    expect(() => panel.ask([{ kind: 'config', payload: BLOG, ...(input && { input }) }], ADA)).toThrow()
  expect(() => panel.ask([{ ...restart, input: { text: 'x' } }], ADA)).toThrow()
  expect(readdirSync(join(on.folder, 'data/jobs'))).toEqual([])
})

test('a command that repeats itself is a new job of the gate each time, and keeps what each said', async () => {
  on.does('echo "$(wc -l <"$here/calls") tries"; [[ $(wc -l <"$here/calls") == 3 ]]')
  const panel = await on.open()
  panel.ask([{ kind: 'start', payload: BLOG }], ADA)
  await on.over(1)
  expect(on.row()).toMatchObject({ state: 'succeeded', attempts: 3 })
  expect(on.said(panel)).toEqual([
    '1 tries',
    '--- Try 2 of 3 ---',
    '2 tries',
    '--- Try 3 of 3 ---',
    '3 tries',
  ])
})

test('a person may ask for the same again where that is safe, and that is a job of its own', async () => {
  on.does('[[ $1 == ps:restart && -e "$here/mended" ]]')
  const panel = await on.open()
  panel.ask([restart, { kind: 'rebuild', payload: { app: 'shop' } }, config], ADA)
  await on.over(1, 2, 3)
  expect([1, 2, 3].map((id) => panel.mayRetry(on.row(id)))).toEqual([true, false, false])
  expect(panel.retry(on.row(2), ADA)).toBeNull()
  writeFileSync(join(on.folder, 'mended'), '')
  const again = panel.retry(on.row(1), { id: 2, name: 'vera' })
  expect(again).toMatchObject({ id: 4, retryOf: 1, who: 'vera', command: 'dokku ps:restart blog' })
  await on.over(4)
  expect(on.row(4).state).toBe('succeeded')
  expect(panel.mayRetry(on.row(4))).toBe(false)
})

test('the clock asks for a job, in the name of who said so', async () => {
  on.does('true')
  const panel = await on.open()
  await panel.schedule('nightly', '* * * * * *', restart, ADA)
  await eventually(() => expect(on.db.select().from(jobs).all().length).toBeGreaterThan(0))
  await panel.unschedule('nightly')
  await on.over(1)
  expect(on.row()).toMatchObject({ schedule: 'nightly', who: 'ada', state: 'succeeded' })
  await expect(panel.schedule('never', 'not a time', restart, ADA)).rejects.toThrow('no time')
})

test('pages are told of a job that is asked for, begins and ends', async () => {
  on.does('true')
  const told: string[] = []
  const panel = await on.open({ live: { publish: (topics) => told.push(...topics) } })
  panel.ask([restart], ADA)
  expect(told).toContain('jobs')
  await on.over(1)
  await eventually(() => expect(told.filter((topic) => topic === 'job:1').length).toBeGreaterThanOrEqual(2))
})

/** A queue that nothing ever leaves: of a panel that only asks. */
const idle = {
  start: async () => {},
  offer: async () => {},
  cancel: async () => false,
  schedule: async () => {},
  unschedule: async () => {},
  running: () => 0,
  close: async () => {},
}
