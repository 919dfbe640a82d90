import { PassThrough } from 'node:stream'
import { describe, expect, test } from 'vitest'
import * as z from 'zod'
import { deployments } from '../../../ui/terminal/deployments.ts'
import { events } from '../../../ui/terminal/events.ts'
import { report } from '../../../ui/terminal/report.ts'
import { deploy, MINUTE, PEOPLE, SECOND, seen, told } from '../story/events.ts'
import { NOW, seed, unseeded } from '../story/seed.ts'
import { seat } from './terminal.ts'

const linesOf = (said: string) => said.split('\n').slice(0, -1)
const ENDED_WELL = { status: 'succeeded', exitCode: 0, failedStep: null, reason: '', lines: [], steps: [] }
const Told = z.object({
  seq: z.number(),
  at: z.iso.datetime(),
  trigger: z.string(),
  app: z.string().nullable(),
  actor: z.string(),
  sentence: z.string(),
  status: z.string().optional(),
})

describe('events', () => {
  test('are sentences in the order they happened, the newest last', async () => {
    const lines = linesOf(await seat(seed()).run(events))
    expect(lines).toHaveLength(50)
    expect(lines.map((line) => line.slice(0, 20))).toEqual(lines.map((line) => line.slice(0, 20)).sort())
    expect(lines.at(-1)).toBe('2026-11-03T14:04:08Z  git push  ci-runner is deploying shop')
  })

  test('of one app are only its own', async () => {
    const lines = linesOf(await seat(seed()).run(events, 'shop', '--num', '3'))
    expect(lines).toHaveLength(3)
    expect(lines.every((line) => line.includes('shop'))).toBe(true)
  })

  test('of an app that was destroyed are still told', async () => {
    expect(await seat(seed()).run(events, 'old-shop')).toContain('destroyed old-shop')
  })

  test('as JSON are one list, with what a script wants to know', async () => {
    const said = await seat(seed()).run(events, 'shop', '--num', '2', '--format', 'json')
    const list = z.array(Told).parse(JSON.parse(said))
    expect(list.map(({ trigger, status }) => [trigger, status])).toEqual([
      ['builds-record-start', 'succeeded'],
      ['builds-record-start', 'running'],
    ])
  })

  test('followed, tell what comes and how a deploy went that was still running, until nobody reads', async () => {
    const server = unseeded()
    server.record([
      told(NOW - MINUTE, 'root', 'post-create', ['blog']),
      ...deploy({ app: 'blog', at: NOW - 20 * SECOND, who: 'ada', end: 'running' }),
    ])
    const stdin = new PassThrough()
    const { run, said } = seat({ ...server, stdin })
    const following = run(events, '--follow', '--format', 'json')
    const until = async (words: string) => {
      while (!said().toString().includes(words)) await new Promise((resolve) => setTimeout(resolve, 20))
    }
    await until('is deploying')
    const started = z.array(Told.extend({ build_id: z.string().optional() }))
    const [, build] = started.parse(linesOf(said().toString()).map((line) => JSON.parse(line)))
    server.record([
      seen(NOW, 'build-ended', ['blog', build?.build_id ?? ''], ENDED_WELL),
      told(NOW + SECOND, 'grace', 'post-domains-update', ['blog', 'add', 'blog.example.com']),
    ])
    await until('blog.example.com')
    await until('deployed blog')
    stdin.end()
    await following
    expect(linesOf(said().toString())).toHaveLength(4)
  })
})

describe('deployments', () => {
  test('are columns under Dokku-like headings, the newest first', async () => {
    const [head, first] = linesOf(await seat(seed()).run(deployments))
    expect(head).toMatch(/^App +Number +Status +Source +By +Started +Duration +What$/)
    expect(first).toMatch(
      /^shop +#\d+ +running +git-hook +ci-runner +2026-11-03T14:04:08Z +52 s +Show what a parcel weighs/,
    )
  })

  test('that failed say why', async () => {
    expect(await seat(seed()).run(deployments, 'api', '--num', '1')).toContain(
      'Build failed at step 4/5 RUN npm ci (9c31f04)',
    )
  })

  test('as JSON name things as builds:list does', async () => {
    const list = JSON.parse(await seat(seed()).run(deployments, 'api', '--num', '1', '--format', 'json'))
    expect(list).toMatchObject([
      { app: 'api', status: 'failed', source: 'git-hook', failed_step: 'build', actor: 'grace' },
    ])
  })

  test('nothing a stranger wrote in a commit moves the cursor', async () => {
    const server = unseeded()
    server.record([
      told(NOW - MINUTE, 'root', 'post-create', ['blog']),
      ...deploy({
        app: 'blog',
        at: NOW,
        who: 'ada',
        revision: 'a'.repeat(40),
        subject: 'x\x1b[2J\u202ey\x9b1A',
      }),
    ])
    const said = await seat(server).run(deployments)
    expect(said).toContain('x\\u001b[2J\\u202ey\\u009b1A')
  })
})

describe('whatever strangers wrote', () => {
  const HOSTILE = 'x\u001b[2J\u202ey\u009b1A\r\u2028z'
  /** Each word of every event that somebody else may choose. */
  const hostile = () => {
    const server = unseeded()
    const of = (trigger: string, args: readonly string[], at: number) => ({
      ...told(at, 'root', trigger, args),
      caller: { ...PEOPLE.ada, sshName: HOSTILE, command: HOSTILE, fingerprint: HOSTILE },
      buildSource: HOSTILE,
    })
    server.record([
      of('post-create', [HOSTILE], NOW - MINUTE),
      of('post-domains-update', ['blog', 'add', HOSTILE, HOSTILE], NOW - MINUTE),
      of('post-config-update', ['blog', 'set', HOSTILE], NOW - MINUTE),
      of(HOSTILE, [HOSTILE], NOW - MINUTE),
      ...deploy({
        app: 'blog',
        at: NOW,
        who: 'ada',
        source: HOSTILE,
        revision: 'a'.repeat(40),
        subject: HOSTILE,
        end: { step: 'build', reason: HOSTILE },
      }),
    ])
    return server
  }

  test.each([
    ['events', events, []],
    ['events as JSON', events, ['--format', 'json']],
    ['deployments', deployments, []],
    ['deployments as JSON', deployments, ['--format', 'json']],
    ['report', report, []],
  ] as const)('%s prints nothing a terminal would obey', async (_, verb, words) => {
    const said = await seat(hostile()).run(verb, ...words)
    expect(said).not.toBe('')
    expect(said).not.toMatch(/[^\P{Cc}\n]|[\p{Bidi_Control}\p{Zl}\p{Zp}]/u)
    if (words.length > 0) expect(said).toContain(JSON.stringify(HOSTILE.slice(0, 5)).slice(1, -1))
  })

  test('JSON holds what they wrote, and nothing else', async () => {
    const said = await seat(hostile()).run(deployments, '--format', 'json')
    expect(JSON.parse(said)[0]).toMatchObject({ reason: HOSTILE, subject: HOSTILE, source: HOSTILE })
  })
})

describe('what cannot be meant', () => {
  test.each([
    [['nope'], 'App nope does not exist', 20],
    [['shop', 'blog'], 'Not understood: blog', 1],
    [['--format', 'yaml'], '--format is json or stdout, not yaml', 1],
    [['--num', '0'], '--num is a number from 1 to 10000, not 0', 1],
    [['--num', 'many'], '--num is a number from 1 to 10000, not many', 1],
    [['--nope'], "Unknown option '--nope'", 1],
  ])(
    '%j is refused in clear words, with an exit code as Dokku gives it',
    async (words, message, exitCode) => {
      for (const verb of [events, deployments])
        await expect(seat(seed()).run(verb, ...words)).rejects.toMatchObject({
          message: expect.stringContaining(message),
          exitCode,
        })
    },
  )

  test('deployments cannot be followed', async () => {
    await expect(seat(seed()).run(deployments, '--follow')).rejects.toThrow('--follow is for events')
  })
})
