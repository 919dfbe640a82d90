import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest'
import { selfCheck } from '../../../ui/web/self-check.ts'
import { eventually } from '../../patience.ts'
import { wholePanel } from '../story/whole.ts'

describe('the self-check', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  /** A check that answers as told, in turn; the last word stands. */
  const watched = (...answers: readonly ('ok' | 'fails' | 'hangs')[]) => {
    let checks = 0
    let broken = 0
    const failed: unknown[] = []
    const { start, stop } = selfCheck({
      everyMs: 100,
      failures: 3,
      check() {
        const answer = answers[Math.min(checks, answers.length - 1)]
        checks += 1
        if (answer === 'ok') return Promise.resolve()
        return answer === 'hangs' ? new Promise(() => {}) : Promise.reject(new Error('no page'))
      },
      onFailed: (error) => failed.push(error),
      onBroken: () => (broken += 1),
    })
    start()
    onTestFinished(stop)
    return { checks: () => checks, broken: () => broken, failed }
  }

  test('ends a panel that failed it several times in a row, once', async () => {
    const panel = watched('fails')
    await vi.advanceTimersByTimeAsync(250)
    expect([panel.failed.length, panel.broken()]).toEqual([2, 0])
    await vi.advanceTimersByTimeAsync(1000)
    expect([panel.failed.length, panel.broken(), panel.checks()]).toEqual([3, 1, 3])
  })

  test('begins to count anew after each success', async () => {
    const panel = watched('fails', 'fails', 'ok', 'fails', 'fails', 'ok')
    await vi.advanceTimersByTimeAsync(5000)
    expect([panel.failed.length, panel.broken()]).toEqual([4, 0])
  })

  test('counts a check that does not end as failed', async () => {
    const panel = watched('hangs')
    await vi.advanceTimersByTimeAsync(350)
    expect(panel.broken()).toBe(0)
    await vi.advanceTimersByTimeAsync(100)
    expect([panel.broken(), panel.checks()]).toEqual([1, 1])
  })
})

describe('what the panel checks of itself', () => {
  test('is a page and the database', async () => {
    const { check, db } = await wholePanel()
    await expect(check()).resolves.toBeUndefined()
    db.$client.exec('alter table accounts rename to gone')
    await expect(check()).rejects.toThrow('GET /sign-in answers 500')
    db.$client.exec('alter table gone rename to accounts')
    await expect(check()).resolves.toBeUndefined()
  })

  test('does not fail for anything a visitor sends', async () => {
    const { check, raw, signedIn } = await wholePanel()
    const ask = signedIn()
    const bad: readonly [string, RequestInit][] = [
      ['/sign-in?token=x', {}],
      ['/setup?token=x', {}],
      ['/sign-in', { method: 'POST', body: 'x'.repeat(70_000) }],
      ['/%00', {}],
      ['/?method=__proto__', { method: 'POST' }],
    ]
    for (const [path, init] of bad)
      for (let again = 0; again < 20; again += 1) {
        await raw(path, init)
        await ask(path, init)
      }
    await expect(check()).resolves.toBeUndefined()
  })
})

/** Breaks every page on SIGUSR2, and makes long intervals short so that a test need not wait for them. */
const PRELOAD = `
const every = globalThis.setInterval
globalThis.setInterval = (act, ms, ...rest) => every(act, ms > 10_000 ? 100 : ms, ...rest)
process.on('SIGUSR2', () => {
  globalThis.URL = class { constructor() { throw new Error('every page is broken') } }
})
`

test('a service that answers nothing but 500 ends with a log line and a non-zero exit', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'dokkubase-broken-'))
  const port = await freePort()
  writeFileSync(join(folder, 'preload.mjs'), PRELOAD)
  mkdirSync(join(folder, 'lib/data/dokkubase/outbox'), { recursive: true })
  const main = fileURLToPath(new URL('../../../ui/main.ts', import.meta.url))
  const panel = spawn(process.execPath, ['--import', join(folder, 'preload.mjs'), main, 'serve'], {
    env: {
      PATH: process.env.PATH,
      PORT: String(port),
      DOKKUBASE_DATA: join(folder, 'data'),
      DOKKU_LIB_ROOT: join(folder, 'lib'),
      DOKKU: 'false',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  onTestFinished(() => {
    panel.kill('SIGKILL')
    rmSync(folder, { recursive: true, force: true })
  })
  let output = ''
  panel.stdout.on('data', (data: Buffer) => {
    output += data.toString()
  })
  const ended = once(panel, 'exit')
  const status = async () => (await fetch(`http://127.0.0.1:${port}/sign-in`)).status
  await eventually(async () => expect(await status()).toBe(200))
  panel.kill('SIGUSR2')
  expect(await ended).toEqual([1, null])
  const lines = output
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  expect(lines.filter(({ level }) => level === 60)).toMatchObject([
    { msg: expect.stringContaining('started again') },
  ])
  expect(lines.filter(({ step }) => step !== undefined)).toEqual([])
}, 120_000)

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  return typeof address === 'object' ? (address?.port ?? 0) : 0
}
