import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, expect, test } from 'vitest'
import { type Command, type Dokku, DokkuError } from '../../../ui/dokku/dokku.ts'
import { gateAt } from '../../../ui/dokku/gate.ts'
import { localDokku } from '../../../ui/dokku/local.ts'
import { NOTE, outputLine } from '../../../ui/logs/output.ts'
import { type Tails, tails } from '../../../ui/logs/tails.ts'
import { eventually, PATIENCE_MS } from '../../patience.ts'
import { SCRIPT } from '../dokku/gate.ts'
import { logServer, look } from './server.ts'

const RECORDED = readFileSync(new URL('../../fixtures/0.38.27/docker/logs-tail.raw', import.meta.url), 'utf8')
let ends: (() => void | Promise<void>)[] = []

afterEach(async () => {
  for (const end of ends) await end()
  ends = []
})

/** A Dokku whose `logs --tail` says what a test says. */
function saying() {
  const followed: {
    command: Command
    stopped: boolean
    say(...lines: string[]): void
    end(error?: Error): void
  }[] = []
  const dokku: Pick<Dokku, 'follow'> = {
    follow(command) {
      const waiting: string[] = []
      let over: { error?: Error } | undefined
      let wake = () => {}
      const one = {
        command,
        stopped: false,
        say(...lines: string[]) {
          waiting.push(...lines)
          wake()
        },
        end(error?: Error) {
          over = error ? { error } : {}
          wake()
        },
      }
      followed.push(one)
      const lines = async function* () {
        for (;;) {
          yield* waiting.splice(0)
          if (waiting.length > 0) continue
          if (over?.error) throw over.error
          if (over || one.stopped) return
          await new Promise<void>((resolve) => {
            wake = resolve
          })
        }
      }
      return {
        lines: lines(),
        stop() {
          one.stopped = true
          wake()
        },
      }
    },
  }
  return { dokku, followed, now: () => followed.at(-1) }
}

const tailsOf = (dokku: Pick<Dokku, 'follow'>, options: Partial<Parameters<typeof tails>[0]> = {}): Tails => {
  const all = tails({ dokku, graceMs: 40, retryMs: 20, ...options })
  ends.push(all.close)
  return all
}

let lastSecond = 0
const nextSecond = () => {
  lastSecond += 1
  return new Date(Date.UTC(2026, 10, 23, 2, 0, lastSecond)).toISOString()
}
const out = (process: string, text: string, at = nextSecond()) =>
  `\x1b[36m${at.replace('Z', '125100Z')} app[${process}]:\x1b[0m ${text}`

test('the recorded output of a real Dokku is read: time, process, text', () => {
  const lines = RECORDED.trimEnd().split('\n').map(outputLine)
  expect(lines[0]).toEqual({
    stamp: '2026-11-23T02:52:42.142125100Z',
    process: 'web.1',
    text: 'listening on 5000',
  })
  expect(lines[1]?.text).toBe('2026-11-23T02:52:42.953Z GET /healthz')
  expect(lines.slice(2, 7).map(({ process }) => process)).toEqual(Array(5).fill('worker.1'))
  expect(lines.at(-1)).toEqual({ stamp: '', process: '', text: ' !     context canceled' })
})

test('one `dokku logs` serves everybody who looks, and stops a little after the last has left', async () => {
  const { dokku, followed } = saying()
  const all = tailsOf(dokku)
  const leave = Array.from({ length: 20 }, () => all.of('shop').watch(() => {}))
  expect(followed.map(({ command }) => command)).toEqual([['logs', 'shop', '--tail', '--num', '200']])
  followed[0]?.say(out('web.1', 'hello'))
  await eventually(() => expect(all.of('shop').last()).toBe(1))
  for (const one of leave) one()
  expect(followed[0]?.stopped).toBe(false)
  const back = all.of('shop').watch(() => {})
  await sleep(80)
  expect(followed[0]?.stopped).toBe(false)
  back()
  await eventually(() => expect(followed[0]?.stopped).toBe(true))
  expect(all.running()).toBe(0)
  expect(followed).toHaveLength(1)
})

test('lines of several containers, told one container after the other, are put in order of time', async () => {
  const { dokku, now } = saying()
  const all = tailsOf(dokku)
  all.of('shop').watch(() => {})
  const [one, two, three] = [
    '2026-11-23T01:00:01.000Z',
    '2026-11-23T01:00:02.000Z',
    '2026-11-23T01:00:03.000Z',
  ]
  now()?.say(out('worker.1', 'second', two), out('web.1', 'first', one), out('web.1', 'third', three))
  await eventually(() => expect(all.of('shop').last()).toBe(3))
  expect(
    all
      .of('shop')
      .read(0, 9)
      .map(([, , text]) => text),
  ).toEqual(['first', 'second', 'third'])
})

test('after a deploy the new containers are followed, and nothing is told twice', async () => {
  const { dokku, followed, now } = saying()
  const all = tailsOf(dokku)
  const tail = all.of('shop')
  tail.watch(() => {})
  const old = [
    out('web.1', 'old 1'),
    out('worker.1', 'tick 1'),
    out('worker.1', 'tick 1'),
    out('worker.1', 'tick 2'),
  ]
  now()?.say(...old)
  await eventually(() => expect(tail.last()).toBe(4))
  for (let told = 0; told < 3; told += 1) all.deployed('shop')
  await eventually(() => expect(followed).toHaveLength(2))
  expect(followed[0]?.stopped).toBe(true)
  followed[0]?.say(out('web.1', 'what the old one still says'))
  now()?.say(...old.slice(1), out('web.1', 'new 1'))
  now()?.say(out('worker.1', 'tick 3'))
  await eventually(() => expect(tail.last()).toBe(7))
  expect(tail.read(0, 99).map(([number, , text]) => `${number} ${text}`)).toEqual([
    '1 old 1',
    '2 tick 1',
    '3 tick 1',
    '4 tick 2',
    '5 The app has new containers',
    '6 new 1',
    '7 tick 3',
  ])
  expect(tail.read(4, 1)[0]?.[3]).toBe(NOTE)
})

test('a tail that ends by itself is begun again, ever more slowly', async () => {
  const { dokku, followed, now } = saying()
  const all = tailsOf(dokku, { retryMs: 10, slowestMs: 80 })
  all.of('shop').watch(() => {})
  const began = performance.now()
  for (let time = 1; time <= 5; time += 1) {
    await eventually(() => expect(followed).toHaveLength(time))
    now()?.end()
  }
  await eventually(() => expect(followed).toHaveLength(6))
  expect(performance.now() - began).toBeGreaterThan(10 + 20 + 40 + 80 + 80)
})

test.each([
  ['an app that was never deployed', 1, 'App empty has not been deployed', 'not deployed'],
  ['an app that is gone', 20, 'App empty does not exist', 'gone'],
  ['anything else', 1, 'Cannot connect to the Docker daemon', 'failed'],
])('%s is said in words', async (_, exitCode, said, state) => {
  const { dokku, now } = saying()
  const all = tailsOf(dokku)
  const tail = all.of('empty')
  const told: string[] = []
  tail.watch(() => told.push(tail.state()))
  now()?.end(new DokkuError(now()?.command ?? ['logs'], exitCode, said))
  await eventually(() => expect(told.at(-1)).toBe(JSON.stringify({ state, said })))
})

test('a flood is remembered in bounds', async () => {
  const { dokku, now } = saying()
  const all = tailsOf(dokku, { remembered: { lines: 100, characters: 10_000 } })
  const tail = all.of('shop')
  tail.watch(() => {})
  now()?.say(...Array.from({ length: 1000 }, (_, i) => out('web.1', `line ${i}`)))
  await eventually(() => expect(tail.last()).toBe(1000))
  expect(tail.read(0, 10_000).length).toBeLessThanOrEqual(125)
  expect(tail.read(0, 10_000).at(-1)?.[2]).toBe('line 999')
  now()?.say(out('web.1', 'y'.repeat(10_000_000)), out('web.1', 'last'))
  await eventually(() => expect(tail.last()).toBe(1002))
  const kept = tail.read(0, 10_000)
  expect(kept.reduce((sum, [, , text]) => sum + text.length, 0)).toBeLessThan(20_000)
  expect(kept.at(-1)?.[2]).toBe('last')
})

test('a browser that comes back gets what it missed, also when the tail was stopped meanwhile', async () => {
  const { dokku, followed, now } = saying()
  const served = await logServer({ dokku, tail: { graceMs: 20 } })
  ends.push(served.close)
  const stream = served.url('/apps/shop/logs/stream')
  const first = await look(stream)
  const early = [out('web.1', 'one'), out('web.1', 'two')]
  now()?.say(...early)
  await eventually(() => expect(first.texts()).toEqual(['one', 'two']))
  first.leave()
  await eventually(() => expect(followed[0]?.stopped).toBe(true))
  const second = await look(stream, { 'last-event-id': first.lastId() })
  now()?.say(...early, out('web.1', 'three'))
  await eventually(() => expect(second.texts()).toEqual(['three']))
  expect(second.of('reset')).toEqual([])
  expect(JSON.parse(second.of('state').at(-1)?.data ?? '')).toEqual({ state: 'following', said: '' })
})

test('after the panel was started again a page begins anew instead of doubling lines', async () => {
  const { dokku, now } = saying()
  const served = await logServer({ dokku })
  ends.push(served.close)
  const viewer = await look(served.url('/apps/shop/logs/stream'), { 'last-event-id': 'earlier1-77' })
  now()?.say(out('web.1', 'one'))
  await eventually(() => expect(viewer.texts()).toEqual(['one']))
  expect(viewer.of('reset')).toHaveLength(1)
})

test('no process is left behind, whoever goes first', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'dokkubase-tail-'))
  ends.push(() => rmSync(folder, { recursive: true }))
  const executable = join(folder, 'dokku')
  writeFileSync(
    executable,
    `#!/bin/bash\necho "2026-11-23T02:52:42.142125100Z app[web.1]: $*"\n(${NAPS[0]} & wait) &\n${NAPS[1]}\n`,
  )
  chmodSync(executable, 0o755)
  const served = await logServer({
    dokku: localDokku({
      gate: gateAt({ script: SCRIPT, user: null, dokku: executable, dokkuLibRoot: folder }),
    }),
    tail: { graceMs: 20 },
  })
  ends.push(served.close)
  const viewer = await look(served.url('/apps/shop/logs/stream'))
  await eventually(() => expect(viewer.texts()).toEqual(['logs shop --tail --num 200']))
  await eventually(() => expect(sleepers()).toHaveLength(2))
  viewer.leave()
  await eventually(() => expect(sleepers()).toEqual([]))
  const again = await look(served.url('/apps/shop/logs/stream'))
  await eventually(() => expect(sleepers()).toHaveLength(2))
  served.feature.close()
  await eventually(() => expect(sleepers()).toEqual([]))
  await eventually(() => expect(again.ended()).toBe(true))
})

/** Of this run alone: the machine may run the same test twice. */
const NAPS = [321, 322].map((seconds) => `sleep ${seconds}.${process.pid}`)

const sleepers = (): string[] =>
  readdirSync('/proc').filter((pid) => {
    try {
      return NAPS.includes(readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim())
    } catch {
      return false
    }
  })

test('opening the page already asks Dokku, so the first lines are on their way before the stream', async () => {
  const { dokku, followed, now } = saying()
  const served = await logServer({ dokku, tail: { graceMs: PATIENCE_MS } })
  ends.push(served.close)
  const page = await fetch(served.url('/apps/shop/logs'))
  expect(page.status).toBe(200)
  expect(followed).toHaveLength(1)
  now()?.say(out('web.1', 'hello'))
  const viewer = await look(served.url('/apps/shop/logs/stream'))
  await eventually(() => expect(viewer.texts()).toEqual(['hello']))
  expect(followed).toHaveLength(1)
})

test('a destroyed app, or a name that could be an option, is never asked about', async () => {
  const { dokku, followed } = saying()
  const served = await logServer({ dokku })
  ends.push(served.close)
  served.db.$client.prepare("insert into apps (name) values ('--global'), ('-x'), ('a b')").run()
  for (const name of ['old', '--global', '-x', 'a%20b']) {
    await fetch(served.url(`/apps/${name}/logs?wait`))
    await fetch(served.url(`/apps/${name}/logs/stream`))
  }
  expect(followed).toEqual([])
})
