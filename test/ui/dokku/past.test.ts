import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Event, parseEventFile } from '../../../ui/events/event.ts'
import { openServer } from './server.ts'

const ROOT = fileURLToPath(new URL('../../..', import.meta.url))
const THEN = Date.parse('2026-10-01T12:00:00Z')
const server = openServer()
const outbox = join(server.place.lib, 'data/dokkubase/outbox')

const events = (): Event[] =>
  readdirSync(outbox)
    .sort()
    .flatMap((id) => {
      const parsed = parseEventFile(readFileSync(join(outbox, id)), 'local')
      return parsed.kind === 'event' ? [parsed.event] : []
    })

beforeAll(async () => {
  await server.run(['simulator:enable', ROOT, 'dokkubase'])
  const env = { DOKKU_SIMULATOR_AT: String(THEN), NAME: 'ada-laptop', FINGERPRINT: 'SHA256:abc' }
  await server.run(['simulator:push', 'blog', '--author', 'Ada <ada@example.org>', '--subject', 'Then'], {
    env,
  })
})
afterAll(() => server.close())

interface Build {
  readonly started_at: string
  readonly finished_at: string
  readonly pid: number
  readonly log_path: string
}

describe('a command of the past', () => {
  test("leaves the events the plugin's hooks would have left, at their times and in their order", () => {
    expect(events().map(({ trigger }) => trigger)).toEqual([
      ...['post-create', 'builds-record-start', 'post-config-update', 'post-extract', 'pre-receive-app'],
      ...[
        'post-release-builder',
        'post-deploy',
        'builds-record-finalize',
        'builds-record-finalize',
        'deploy-source-set',
      ],
    ])
    expect(events()[0]?.at).toBe(THEN)
    expect((events().at(-1)?.at ?? 0) - THEN).toBeGreaterThan(15_000)
  })

  test('with who did it and what was pushed', () => {
    const push = events().find(({ trigger }) => trigger === 'post-extract')
    expect(push?.caller).toMatchObject({
      command: 'git-hook',
      sshName: 'ada-laptop',
      fingerprint: 'SHA256:abc',
      sudoUser: '',
    })
    expect(push?.note.split('\n')).toEqual([
      'Ada',
      'ada@example.org',
      expect.stringMatching(/^\d{10}$/),
      'Then',
      expect.stringMatching(/^\d+ \(dokku\) S /),
    ])
  })

  test('has a record and a log of that time, and a process that no longer lives', async () => {
    const listed = await server.run(['builds:list', 'blog', '--format', 'json'])
    const [build]: Build[] = JSON.parse(listed.stdout)
    expect(build?.started_at).toMatch(/^2026-10-01T12:00:0/)
    expect(build?.finished_at).toMatch(/^2026-10-01T12:00:/)
    expect(() => process.kill(build?.pid ?? 0, 0)).toThrow()
    expect(statSync(build?.log_path ?? '').mtime.toISOString()).toMatch(/^2026-10-01T12:00:/)
  })

  test('is the same as now in what the hooks really write', async () => {
    const before = new Set(readdirSync(outbox))
    await server.run([
      'simulator:push',
      'blog',
      '--key',
      'ada-laptop',
      '--author',
      'Ada <ada@example.org>',
      '--subject',
      'Now',
    ])
    const told = events().filter(({ id }) => !before.has(id))
    const then = events().filter(({ id, trigger }) => before.has(id) && trigger !== 'post-create')
    expect(told.map(({ trigger }) => trigger)).toEqual(then.map(({ trigger }) => trigger))
    const shape = ({ args, note }: Event) => [args.length, note.split('\n').length, note === '']
    expect(told.map(shape)).toEqual(then.map(shape))
  })
})
