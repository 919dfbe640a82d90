import { spawn, spawnSync } from 'node:child_process'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { LAUNCHER, lockOf } from '../../../ui/dokku/simulator/place.ts'
import { eventually } from '../../patience.ts'
import { openServer } from './server.ts'

/** Fast, but with time in which to look: a push takes about a second. */
const server = openServer('30')
beforeAll(async () => void (await server.run(['simulator:push', 'slow'])))
afterAll(() => server.close())

interface Build {
  readonly id: string
  readonly pid: number
  readonly status: string
  readonly display_status: string
  readonly log_path: string
}

const builds = async (): Promise<readonly Build[]> =>
  JSON.parse((await server.run(['builds:list', 'slow', '--format', 'json'])).stdout)

/** Starts a push that takes fifty times as long, so that it does not end by itself, and waits until it holds the lock. */
async function pushing(...faults: readonly string[]) {
  const args = ['simulator:push', 'slow', '--fault', ['slow', ...faults].join(',')]
  const env = { ...process.env, DOKKU_SIMULATOR_ROOT: server.place.root, DOKKU_SIMULATOR_SPEED: '6' }
  const child = spawn(LAUNCHER, args, { env, detached: true, stdio: ['ignore', 'ignore', 'pipe'] })
  const said: string[] = []
  child.stderr.on('data', (chunk) => said.push(String(chunk)))
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve))
  const lock = lockOf(server.place, 'slow')
  while (!existsSync(lock) || readFileSync(lock, 'utf8') === '') await sleep(20)
  return { ended, said: () => said.join('') }
}

const locked = (): boolean => spawnSync('flock', ['-n', lockOf(server.place, 'slow'), 'true']).status === 1

describe('a deploy', () => {
  test('is a process: its record names it, flock sees its lock, and both end with it', async () => {
    const push = await pushing()
    const [build] = await builds()
    expect(build).toMatchObject({ status: 'running', display_status: 'running' })
    expect(readFileSync(lockOf(server.place, 'slow'), 'utf8').trim()).toBe(build?.id)
    expect(readFileSync(`/proc/${build?.pid}/stat`, 'utf8')).toContain(String(build?.pid))
    expect(locked()).toBe(true)
    await server.run(['builds:cancel', 'slow'])
    expect(await push.ended).toBe(128)
    expect(existsSync(`/proc/${build?.pid}`)).toBe(false)
  })

  test('canceled: the pusher hears of it, the record says so, the lock is gone', async () => {
    const push = await pushing()
    const said = await server.run(['builds:cancel', 'slow'])
    expect(said.stdout).toBe('-----> Killing app deploy\n')
    await push.ended
    expect(push.said()).toContain('send-pack: unexpected disconnect while reading sideband packet')
    expect((await builds())[0]).toMatchObject({ status: 'canceled', exit_code: -1 })
    expect(existsSync(lockOf(server.place, 'slow'))).toBe(false)
  })

  test('refuses a second one, which has emptied the lock by then: a cancel finds no build any more', async () => {
    const push = await pushing()
    const [first] = await builds()
    const second = await server.run(['simulator:push', 'slow'])
    expect(second.exit).toBe(1)
    expect(second.stderr).toContain(' !     slow currently has a deploy lock in place. Exiting...')
    expect((await server.run(['builds:cancel', 'slow'])).stdout).toBe('-----> No matching app deploy found\n')
    process.kill(-(first?.pid ?? Number.NaN), 'SIGKILL')
    await push.ended
    expect(locked()).toBe(false)
  })

  test('writes its log while it goes on', async () => {
    const push = await pushing()
    const [build] = await builds()
    const log = build?.log_path ?? ''
    const before = statSync(log).size
    await eventually(() => expect(statSync(log).size).toBeGreaterThan(before))
    await server.run(['builds:cancel', 'slow'])
    await push.ended
  })

  test('has its whole log in the end, though the last words came late', async () => {
    await server.run(['simulator:push', 'slow', '--fault', 'build,late-log'])
    const [build] = await builds()
    const log = build?.log_path ?? ''
    await eventually(() => expect(readFileSync(log, 'utf8')).toContain(' !     App build failed\n'))
  })

  test('fails as it was asked to beforehand, once', async () => {
    await server.run(['simulator:fault', 'slow', 'predeploy'])
    expect((await server.run(['ps:rebuild', 'slow'])).exit).toBe(1)
    expect((await server.run(['ps:rebuild', 'slow'])).exit).toBe(0)
  })
})

describe('a log', () => {
  const logOf = async (fault: string): Promise<Buffer> => {
    const env = { DOKKU_SIMULATOR_SPEED: '0' }
    expect((await server.run(['simulator:push', 'slow', '--fault', fault], { env })).exit).toBe(0)
    return readFileSync(join((await builds())[0]?.log_path ?? ''))
  }

  test('may have a hundred thousand lines', async () => {
    const lines = (await logOf('long-output')).toString().split('\n')
    expect(lines.length).toBeGreaterThan(100_000)
  })

  test('may hold every hostile byte, as it was said', async () => {
    const log = await logOf('hostile')
    expect(log.includes(0)).toBe(true)
    expect(log.includes(Buffer.from([0xff, 0xfe]))).toBe(true)
    expect(log.toString()).toContain('</script>')
    expect(log.toString()).toContain('\u001b]8;;https://evil.example/\u0007')
    expect(log.toString()).toContain('\rProgress 100%')
  })
})
