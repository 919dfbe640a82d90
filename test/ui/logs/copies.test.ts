import { execFileSync } from 'node:child_process'
import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readlinkSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Database, openDatabase } from '../../../ui/database/database.ts'
import { type Copies, type CopiesOptions, copies } from '../../../ui/logs/copies.ts'
import { copy } from '../../../ui/logs/copy.ts'
import { LOG_BOUNDS, type LogLine } from '../../../ui/logs/log.ts'
import { logStore } from '../../../ui/logs/store.ts'
import { logChunks, logs } from '../../../ui/logs/table.ts'
import { eventually, PATIENCE_MS } from '../../patience.ts'

let root = ''
let db: Database
let open: Copies[] = []

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'dokkubase-logs-'))
  mkdirSync(join(root, 'builds/shop'), { recursive: true })
  db = openDatabase(':memory:')
})

afterEach(() => {
  for (const one of open) one.close()
  open = []
  rmSync(root, { recursive: true })
})

const begin = (options: Partial<CopiesOptions> = {}): Copies => {
  const begun = copies({ db, builds: join(root, 'builds'), ...options })
  open.push(begun)
  return begun
}

const path = (name: string) => join(root, 'builds', name)
const build = (logFile = path('shop/mwsm.log')) => ({ id: 7, logFile, startedAt: Date.now() })
/** By the clock of the test, where that is not the machine's. */
function append(file: string, text: string): void {
  appendFileSync(file, text)
  utimesSync(file, new Date(), new Date())
}
const texts = (lines: readonly LogLine[]): string[] => lines.map(([, , text]) => text)
const numbered = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => `line ${from + index}`)
const written = (lines: readonly string[]) => lines.map((line) => `${line}\n`).join('')
const filesOpenBelow = (folder: string) =>
  readdirSync('/proc/self/fd').filter((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`).startsWith(folder)
    } catch {
      return false
    }
  })

test('lines are there while Dokku still writes, and all of them once it has ended', async () => {
  let time = Date.now()
  const log = begin({ now: () => time })
  const one = build()
  log.start(one)
  await sleep(20)
  append(one.logFile, written(numbered(1, 3)))
  await eventually(() => expect(texts(log.read(7, 1, 100))).toEqual(numbered(1, 3)))
  append(one.logFile, 'line 4\nline')
  await eventually(() => expect(log.last(7)).toBe(4))
  const finished = log.finish(one)
  append(one.logFile, ' 5\nlast words')
  await eventually(() => expect(log.last(7)).toBe(5))
  time += 1000
  expect((await finished).lines).toBe(6)
  expect(texts(log.read(7, 1, 100))).toEqual([...numbered(1, 5), 'last words'])
  expect(log.running(7)).toBe(false)
  expect(filesOpenBelow(root)).toEqual([])
})

test('a watcher is told of new lines, and of the end', async () => {
  const log = begin()
  const one = build()
  writeFileSync(one.logFile, '')
  log.start(one)
  let told = 0
  log.watch(7, () => {
    told += 1
  })
  appendFileSync(one.logFile, 'hello\n')
  await eventually(() => expect(told).toBe(1))
  told = 0
  await log.finish(one)
  expect(told).toBeGreaterThan(0)
})

test('a service that is started again in the middle loses no line and doubles none', async () => {
  const lines = numbered(1, 5000)
  const whole = Buffer.from(written(lines))
  const one = build()
  writeFileSync(one.logFile, '')
  for (let from = 0; from < whole.length; from += 7919) {
    const log = begin()
    log.start(one)
    appendFileSync(one.logFile, whole.subarray(from, from + 7919))
    await eventually(() => expect(log.last(7)).toBeGreaterThan(0))
    await sleep(from % 3 === 0 ? 60 : 0)
    log.close()
  }
  const log = begin()
  await log.finish(one)
  expect(texts(log.read(7, 1, 10_000))).toEqual(lines)
})

test('a service that was killed reads again only what it had not saved', async () => {
  let time = Date.now()
  const one = build()
  writeFileSync(one.logFile, written(numbered(1, 10)))
  const killed = begin({ now: () => time })
  killed.start(one)
  appendFileSync(one.logFile, written(numbered(11, 20)))
  time += 5000
  await eventually(() => expect(killed.last(7)).toBe(20))
  appendFileSync(one.logFile, written(numbered(21, 30)))
  await eventually(() => expect(killed.last(7)).toBe(30))
  writeFileSync(join(root, 'as-it-was.db'), db.$client.serialize())
  db = openDatabase(join(root, 'as-it-was.db'))
  const log = begin()
  await log.finish(one)
  expect(texts(log.read(7, 1, 100))).toEqual(numbered(1, 30))
  db.$client.close()
})

test('the log is read to its end when Dokku moves it with its app, or deletes it', async () => {
  const log = begin()
  const one = build()
  writeFileSync(one.logFile, 'before\n')
  log.start(one)
  await eventually(() => expect(log.last(7)).toBe(1))
  renameSync(path('shop'), path('market'))
  appendFileSync(path('market/mwsm.log'), 'after\n')
  await eventually(() => expect(log.last(7)).toBe(2))
  execFileSync('sh', ['-c', 'exec 3>>"$0"; rm "$0"; echo gone >&3', path('market/mwsm.log')])
  await log.finish(one)
  expect(texts(log.read(7, 1, 10))).toEqual(['before', 'after', 'gone'])
})

test('a log that was pruned before anyone looked ends empty and complete', async () => {
  const log = begin()
  const says = await log.finish(build())
  expect(says).toMatchObject({ lines: 0, failure: null, lastWriteAt: null })
  expect((await log.finish(build())).lines).toBe(0)
})

test('a log that could not be saved is read to its end by the next try', async () => {
  const log = begin({ bounds: { ...LOG_BOUNDS, chunk: 1000 } })
  const one = build()
  writeFileSync(one.logFile, written(numbered(1, 500)))
  db.$client.exec("create trigger full before insert on log_chunks begin select raise(abort, 'full'); end")
  await expect(log.finish(one)).rejects.toThrow('full')
  db.$client.exec('drop trigger full')
  await log.finish(one)
  expect(texts(log.read(7, 1, 1000))).toEqual(numbered(1, 500))
  expect(log.complete(7)).toBe(true)
})

test('a full disk is complained of once, however many logs and looks, and once more when there is room', async () => {
  const said: string[] = []
  // So much time goes by at each look, so that each would save.
  let time = Date.now()
  const log = begin({
    now: () => (time += 5000),
    onError: (error) => said.push(String(error)),
    onMended: () => said.push('mended'),
  })
  const two = [build(), { ...build(path('shop/second.log')), id: 8 }]
  let tries = 0
  db.$client.function('tried', () => {
    tries += 1
  })
  db.$client.exec(
    "create trigger full before insert on log_chunks begin select tried(); select raise(abort, 'full'); end",
  )
  let toldOfLines = 0
  log.watch(7, () => {
    toldOfLines += 1
  })
  for (const one of two) {
    writeFileSync(one.logFile, written(numbered(1, 500)))
    log.start(one)
  }
  await eventually(() => expect(tries).toBeGreaterThan(6))
  expect(said).toEqual([expect.stringContaining('full')])
  db.$client.exec('drop trigger full')
  await eventually(() => expect(said).toHaveLength(2))
  expect(said[1]).toBe('mended')
  expect(toldOfLines).toBe(1)
  expect(texts(log.read(7, 1, 1000))).toEqual(numbered(1, 500))
  for (const one of two) await log.finish(one)
  expect(said).toHaveLength(2)
})

test('of a log without bounds the first and the last part are kept and the rest is counted', async () => {
  const bounds = { ...LOG_BOUNDS, chunk: 1000, side: 5000 }
  const log = begin({ bounds })
  const one = build()
  const lines = numbered(10_000, 14_999)
  writeFileSync(one.logFile, written(lines))
  await log.finish(one)
  const kept = log.read(7, 1, 10_000)
  const numbers = kept.map(([number]) => number)
  expect(numbers[0]).toBe(1)
  expect(numbers.at(-1)).toBe(5000)
  expect(kept.length).toBeLessThan(1000)
  for (const [number, , text] of kept) expect(text).toBe(`line ${9999 + number}`)
  const missing = 5000 - kept.length
  const whole = Buffer.concat([...log.text(7)]).toString()
  expect(whole.split('\n')).toContain(`… ${missing.toLocaleString('en')} lines left out`)
  const stored = db.select().from(logChunks).all()
  expect(stored.reduce((sum, { rawBytes }) => sum + rawBytes, 0)).toBeLessThan(2 * 5000 + 3 * 1000)
})

test('the bound holds over a restart', async () => {
  const bounds = { ...LOG_BOUNDS, chunk: 1000, side: 3000 }
  const one = build()
  writeFileSync(one.logFile, '')
  for (let part = 0; part < 20; part += 1) {
    appendFileSync(one.logFile, written(numbered(part * 100 + 1, part * 100 + 100)))
    const log = begin({ bounds })
    log.start(one)
    await eventually(() => expect(log.last(7)).toBe(part * 100 + 100))
    log.close()
  }
  const log = begin({ bounds })
  await log.finish(one)
  const kept = log.read(7, 1, 5000)
  expect(kept.length).toBeLessThan(900)
  for (const [number, , text] of kept) expect(text).toBe(`line ${number}`)
  expect(kept.at(-1)?.[0]).toBe(2000)
})

test('hostile bytes stay in their lines', async () => {
  const log = begin()
  const one = build()
  const huge = Buffer.alloc(10_000_000, 'é')
  const progress = Buffer.from(`${Array.from({ length: 5000 }, (_, i) => `${i}% done`).join('\r')}\r`)
  writeFileSync(
    one.logFile,
    Buffer.concat([
      Buffer.from('nul \0\0 here\n'),
      Buffer.from([0xff, 0xfe, 0xc3, 0x28, 0x0a]),
      huge,
      Buffer.from('\n\x1b[31mred\x1b[0m\n'),
      progress,
      Buffer.from('\n\r\n\nthe end'),
    ]),
  )
  await log.finish(one)
  const lines = texts(log.read(7, 1, 100))
  expect(lines).toHaveLength(8)
  expect(lines[0]).toBe('nul \0\0 here')
  expect(lines[1]).toBe('\ufffd\ufffd\ufffd(')
  expect(lines[2]).toMatch(/^é{8192} … cut here, the line has 10,000,000 bytes$/)
  expect(lines[3]).toBe('\x1b[31mred\x1b[0m')
  expect(lines[4]).toMatch(/4999% done\r$/)
  expect(lines.slice(5)).toEqual(['\r', '', 'the end'])
})

test('a hundred thousand lines are copied while others get their turn', async () => {
  const log = begin()
  const one = build()
  writeFileSync(
    one.logFile,
    written(
      Array.from(
        { length: 100_000 },
        (_, i) => `#8 ${i} npm http fetch GET 200 https://registry.example/pkg-${i}`,
      ),
    ),
  )
  let turns = 0
  const turn = () => {
    turns += 1
    if (log.last(7) < 100_000) setImmediate(turn)
  }
  setImmediate(turn)
  const says = await log.finish(one)
  expect(says.lines).toBe(100_000)
  expect(log.read(7, 99_999, 10)).toHaveLength(2)
  // Six megabytes, of which one or two are read in a turn
  expect(turns).toBeGreaterThan(2)
})

test('one turn reads so many lines and no more, whatever the clock says', () => {
  const one = build()
  writeFileSync(one.logFile, '\n'.repeat(100_000))
  const copied = copy(one, {
    store: logStore(db, logs, logChunks),
    builds: join(root, 'builds'),
    bounds: LOG_BOUNDS,
    now: Date.now,
  })
  for (const read of [20_000, 40_000, 60_000]) {
    expect(copied.pull(Number.POSITIVE_INFINITY)).toMatchObject({ lines: true, more: true })
    expect(copied.last()).toBe(read)
  }
  copied.close()
})

test('of a million empty lines the first and the last are kept, and the rest is counted', async () => {
  const log = begin()
  const one = build()
  writeFileSync(one.logFile, `first\n${'\n'.repeat(1_000_000)} !     App build failed\n`)
  const says = await log.finish(one)
  expect(says.lines).toBe(1_000_002)
  expect(says.failure).toMatchObject({ lines: [1_000_002] })
  const { chunkLines, sideLines } = LOG_BOUNDS
  const stored = db.select().from(logChunks).all()
  const kept = stored.reduce((sum, { lines }) => sum + lines, 0)
  expect(kept).toBeLessThan(2 * (sideLines + chunkLines))
  expect(Math.max(...stored.map(({ lines }) => lines))).toBe(chunkLines)
  const [from = 0, to = 0] = log.gap(7) ?? []
  expect(to - from + 1).toBe(says.lines - kept)
  expect(texts(log.read(7, 1, 1))).toEqual(['first'])
  expect(texts(log.read(7, says.lines, 1))).toEqual([' !     App build failed'])
  const text = Buffer.concat([...log.text(7)]).toString()
  expect(text).toContain(`\n… ${(to - from + 1).toLocaleString('en')} lines left out\n`)
})

test('what a build left running may write for ever: its log ends all the same', async () => {
  const one = build()
  writeFileSync(one.logFile, written(numbered(1, 10)))
  let time = Date.now()
  const log = begin({
    // Each look finds more than it reads.
    now: () => {
      appendFileSync(one.logFile, written(numbered(11, 2000)))
      time += 20
      return time
    },
  })
  const says = await log.finish(one)
  expect(says.lines).toBeGreaterThanOrEqual(10)
  expect(log.complete(7)).toBe(true)
})

test('lines that are not saved yet are read like the others', async () => {
  const time = Date.now()
  const log = begin({ bounds: { ...LOG_BOUNDS, chunk: 1000 }, now: () => time })
  const one = build()
  writeFileSync(one.logFile, written(numbered(1, 500)))
  log.start(one)
  await eventually(() => expect(log.last(7)).toBe(500))
  expect(db.select().from(logChunks).all()).toEqual([])
  expect(texts(log.read(7, 1, 1000))).toEqual(numbered(1, 500))
  expect(texts(log.read(7, 250, 3))).toEqual(numbered(250, 252))
})

test('the time each line came is kept', async () => {
  const log = begin()
  const one = { ...build(), startedAt: Date.now() - 60_000 }
  append(one.logFile, 'first\n')
  log.start(one)
  await eventually(() => expect(log.last(7)).toBe(1))
  await sleep(300)
  append(one.logFile, 'second\n')
  await log.finish(one)
  const [first, second] = log.read(7, 1, 2).map(([, ms]) => ms)
  expect(first).toBeGreaterThanOrEqual(60_000 - 50)
  expect((second ?? 0) - (first ?? 0)).toBeGreaterThanOrEqual(250)
})

test('steps are known while the build runs, with their times, also over a restart', async () => {
  const one = build()
  const seen: string[] = []
  const onProgress: CopiesOptions['onProgress'] = (_, { steps, buildStep }) =>
    seen.push(`${steps.at(-1)?.step} ${buildStep}`.trim())
  writeFileSync(one.logFile, '-----> Cleaning up...\n-----> Building shop from Dockerfile\n')
  const first = begin({ onProgress })
  first.start(one)
  await eventually(() => expect(seen).toEqual(['build']))
  const before = first.progress(7)?.steps
  first.close()
  await sleep(100)
  appendFileSync(one.logFile, '#8 [4/5] RUN npm ci\n')
  const again = begin({ onProgress })
  again.start(one)
  await eventually(() => expect(seen).toEqual(['build', 'build 4/5']))
  expect(again.progress(7)?.steps).toEqual(before)
  appendFileSync(one.logFile, '#8 ERROR: exit code: 1\n !     App build failed\n')
  const { failure } = await again.finish(one)
  expect(failure).toMatchObject({
    step: 'build',
    reason: 'Build failed at step 4/5 RUN npm ci',
    lines: [3, 4, 5],
  })
  expect((await begin().finish(one)).failure).toEqual(failure)
})

test.each([
  ['a file outside', () => '/etc/passwd'],
  ['a way out', () => `${root}/builds/shop/../../secret`],
  ['a link to a file outside', () => link('shop/link.log', join(root, 'secret'))],
  ['a folder that is a link to one outside', () => `${link('elsewhere', root)}/secret`],
  ['a pipe that never answers', () => pipe('shop/pipe.log')],
  ['a device', () => '/dev/zero'],
  ['a folder', () => path('shop')],
])('%s is refused, said, and never read', async (_, made) => {
  writeFileSync(join(root, 'secret'), 'secret\n')
  const errors: unknown[] = []
  const log = begin({ onError: (error) => errors.push(error) })
  const one = build(made())
  log.start(one)
  const says = await log.finish(one)
  expect(says.lines).toBe(0)
  expect(errors).toHaveLength(1)
  expect(String(errors[0])).toContain('the build log')
})

const link = (name: string, to: string): string => {
  symlinkSync(to, path(name))
  return path(name)
}

const pipe = (name: string): string => {
  execFileSync('mkfifo', [path(name)])
  return path(name)
}

test('once nothing runs, nothing is looked at: a process with nothing else to do ends', () => {
  const one = build()
  writeFileSync(one.logFile, 'done\n')
  const source = (file: string) => JSON.stringify(new URL(`../../../ui/${file}`, import.meta.url).href)
  const script = `
    import { openDatabase } from ${source('database/database.ts')}
    import { copies } from ${source('logs/copies.ts')}
    const log = copies({ db: openDatabase(':memory:'), builds: ${JSON.stringify(path(''))} })
    log.start(${JSON.stringify(one)})
    log.finish(${JSON.stringify(one)}).then(({ lines }) => console.log(lines))`
  const said = execFileSync(process.execPath, ['--input-type=module-typescript', '-e', script], {
    encoding: 'utf8',
    timeout: PATIENCE_MS,
  })
  expect(said).toBe('1\n')
})
