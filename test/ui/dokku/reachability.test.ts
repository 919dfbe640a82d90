import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { type Command, type Dokku, DokkuError } from '../../../ui/dokku/dokku.ts'
import { reachability, type Unreachable } from '../../../ui/dokku/reachability.ts'

const LIST: Command = ['apps:list', '--format', 'json']
const missing = (command: Command) => new DokkuError(command, 127, "env: 'dokku': No such file or directory")

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

/** A Dokku whose commands fail as `error` says; `commands` is what reached it. */
function watched(error: (command: Command) => DokkuError | null) {
  const server = { error, commands: [] as string[] }
  const changes: (Unreachable | null)[] = []
  const dokku: Dokku = {
    async run(command) {
      server.commands.push(command[0])
      const failure = server.error(command)
      if (failure) throw failure
      return '[]'
    },
    follow: () => ({
      lines: (async function* () {
        yield* []
      })(),
      stop() {},
    }),
  }
  const reach = reachability({ dokku, now: Date.now, onChange: (now) => changes.push(now) })
  const run = () => reach.dokku.run(LIST).catch(() => 'failed')
  return { server, changes, reach, run }
}

test('a command that fails while Dokku answers its version is a failure of that command alone', async () => {
  const { server, changes, reach, run } = watched((command) =>
    command[0] === 'version' ? null : new DokkuError(command, 1, 'Docker is not running'),
  )
  expect(await run()).toBe('failed')
  await vi.advanceTimersByTimeAsync(0)
  expect(server.commands).toEqual(['apps:list', 'version'])
  expect(reach.status()).toBe(null)
  expect(changes).toEqual([])
})

test('where no command works the reason is known, and asked about again with growing delays', async () => {
  const { server, changes, reach, run } = watched(missing)
  await run()
  await vi.advanceTimersByTimeAsync(0)
  expect(reach.status()?.reason).toBe("env: 'dokku': No such file or directory")
  expect(changes).toHaveLength(1)
  await vi.advanceTimersByTimeAsync(2000 + 4000 + 8000)
  expect(server.commands.filter((name) => name === 'version')).toHaveLength(4)
  expect(changes).toHaveLength(1)
  server.error = () => null
  await vi.advanceTimersByTimeAsync(16_000)
  expect(reach.status()).toBe(null)
  expect(changes).toEqual([expect.objectContaining({ reason: expect.any(String) }), null])
  const asked = server.commands.length
  await vi.advanceTimersByTimeAsync(600_000)
  expect(server.commands).toHaveLength(asked)
})

test('a command that works proves that Dokku answers', async () => {
  const { server, reach, run } = watched(missing)
  await run()
  await vi.advanceTimersByTimeAsync(0)
  expect(reach.status()).not.toBe(null)
  server.error = () => null
  await run()
  expect(reach.status()).toBe(null)
})

test('an app that Dokku does not know is an answer', async () => {
  const { server, changes, run } = watched((command) => new DokkuError(command, 20, 'App x does not exist'))
  await run()
  await vi.advanceTimersByTimeAsync(0)
  expect(server.commands).toEqual(['apps:list'])
  expect(changes).toEqual([])
})

test('many failing commands in a row make one probe', async () => {
  const { server, run } = watched((command) =>
    command[0] === 'version' ? null : new DokkuError(command, 1, 'no'),
  )
  for (let count = 0; count < 50; count += 1) await run()
  await vi.advanceTimersByTimeAsync(0)
  expect(server.commands.filter((name) => name === 'version')).toHaveLength(1)
})

test('nothing is asked any more once it was stopped', async () => {
  const { server, reach, run } = watched(missing)
  await run()
  await vi.advanceTimersByTimeAsync(0)
  reach.stop()
  const asked = server.commands.length
  await vi.advanceTimersByTimeAsync(600_000)
  expect(server.commands).toHaveLength(asked)
})
