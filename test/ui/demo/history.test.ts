import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { history } from '../../../ui/demo/history.ts'
import { seed } from '../../../ui/demo/seed.ts'
import { entryOf } from '../../../ui/dokku/cron-id.ts'
import { placeAt } from '../../../ui/dokku/simulator/place.ts'
import { openState, type State } from '../../../ui/dokku/simulator/state.ts'
import { type Event, parseEventFile } from '../../../ui/events/event.ts'

const ROOT = fileURLToPath(new URL('../../..', import.meta.url))
const NOW = Date.parse('2026-11-23T10:00:00Z')
const place = placeAt(mkdtempSync(join(tmpdir(), 'dokku-demo-')))
const events: Event[] = []
let state: State | undefined

beforeAll(async () => {
  await seed(place, ROOT, NOW)
  state = openState(place)
  const outbox = join(place.lib, 'data/dokkubase/outbox')
  for (const id of readdirSync(outbox).sort()) {
    const parsed = parseEventFile(readFileSync(join(outbox, id)), 'local')
    if (parsed.kind !== 'event') throw new Error(`${id} is no event`)
    events.push(parsed.event)
  }
})
afterAll(() => {
  state?.close()
  rmSync(place.root, { recursive: true, force: true })
})

const told = (trigger: string) => events.filter((event) => event.trigger === trigger)
const logs = (): string[] =>
  told('builds-record-start').flatMap(({ logFile }) => {
    try {
      return [readFileSync(logFile, 'utf8')]
    } catch {
      return []
    }
  })

describe("the demo's past", () => {
  test('is the same for everybody', () => {
    const told = (now: number) => history(now).map(({ at, argv }) => [now - at, argv[0], argv[1]])
    expect(told(NOW)).toEqual(told(NOW))
  })

  test('comes through the outbox, in order, all of it before now and over six weeks', () => {
    const times = events.map(({ at }) => at)
    expect(times).toEqual([...times].sort((a, b) => a - b))
    expect(Math.max(...times)).toBeLessThan(NOW)
    expect(NOW - Math.min(...times)).toBeGreaterThan(42 * 86_400_000)
  })

  test('has at least eight apps, one renamed, one destroyed, one never deployed', () => {
    expect(state?.apps()).toEqual(
      expect.arrayContaining([
        'blog',
        'shop',
        'api',
        'docs',
        'wiki',
        'status',
        'mailer',
        'analytics',
        'legacy-crm',
        'landing',
      ]),
    )
    expect(told('post-app-rename')[0]?.args).toEqual(['notes', 'wiki'])
    expect(told('post-delete').map(({ args }) => args[0])).toEqual(['notes', 'prototype'])
    expect(state?.app('landing')?.deployed).toBe(false)
  })

  test('was made by several people through several doors', () => {
    const callers = new Set(
      told('builds-record-start').map(
        ({ caller }) => `${caller.sshUser} ${caller.sshName} ${caller.sudoUser}`,
      ),
    )
    expect([...callers]).toEqual(
      expect.arrayContaining([
        'dokku ada-laptop ',
        'dokku ci ',
        'dokku mei-macbook ',
        'root default root',
        'karolina default karolina',
        ' default ',
      ]),
    )
  })

  test('knows every kind of failure', () => {
    const all = logs()
    for (const words of [
      ' !     App build failed',
      'Failure in name=',
      'container state is not running',
      'Execution of predeploy task failed',
      'nginx: configuration file /etc/nginx/nginx.conf test failed',
      'currently has a deploy lock in place. Exiting...',
      'Cannot parse app.json',
      'Failure extracting app code',
    ])
      expect(
        all.some((log) => log.includes(words)),
        words,
      ).toBe(true)
    const records = readdirSync(join(place.lib, 'data/builds/blog')).filter((file) => file.endsWith('.json'))
    const statuses = records.map(
      (file) => JSON.parse(readFileSync(join(place.lib, 'data/builds/blog', file), 'utf8')).status,
    )
    expect(statuses).toContain('canceled')
  })

  test('has runs by the clock and by hand, of each some that failed', () => {
    const runs = told('scheduler-post-run').map(
      ({ caller, note, args }) => `${caller.sudoUser || 'cron'} ${entryOf(note)?.command ?? '?'} ${args[3]}`,
    )
    for (const run of [
      'cron bin/rails invoices:send 0',
      'cron bin/rails invoices:send 1',
      'cron bin/rails carts:sweep 1',
      'karolina ? 0',
      'karolina ? 1',
    ])
      expect(runs).toContain(run)
    expect(runs.length).toBeGreaterThan(50)
  })

  test('has certificates far from their end, near it, and past it', () => {
    const until = told('post-certs-update').map(({ args }) => args[0])
    expect(new Set(until)).toEqual(new Set(['shop', 'blog', 'api', 'docs', 'wiki', 'legacy-crm']))
  })

  test('names the author and subject of each push, and no password', () => {
    // The fifth line is the build's process.
    for (const { note } of told('post-extract').filter(
      ({ buildSource }) => buildSource === 'git-hook' && true,
    ))
      expect(note.split('\n')).toHaveLength(5)
    expect(events.some((event) => JSON.stringify(event).includes('token@'))).toBe(false)
  })

  test('left nothing running that no deploy will ever end', () => {
    const names = state?.containers().map(({ name }) => name) ?? []
    expect(names.filter((name) => /upcoming|\.\d{10}$/.test(name))).toEqual([])
    // One that Docker soon gives up on, and one that goes on for ever.
    const fates = (app: string) => state?.containers(app).flatMap(({ fate }) => fate ?? [])
    expect(fates('mailer')).toEqual([{ exitCode: 1, memory: false, afterMs: 2000 }])
    expect(fates('wiki')).toEqual([{ exitCode: 137, memory: true, afterMs: 70_000 }])
    expect(state?.containers('wiki')).toMatchObject([
      { restartPolicy: 'unless-stopped', memoryLimit: 256 * 2 ** 20 },
    ])
  })
})
