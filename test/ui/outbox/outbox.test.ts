import { mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import {
  type Event,
  eventId,
  formatEventFile,
  type RecordedEvent,
  timeOfId,
} from '../../../ui/events/event.ts'
import { type Outbox, outbox } from '../../../ui/outbox/outbox.ts'
import { eventually, PATIENCE_MS } from '../../patience.ts'
import { hookEvent } from '../story/events.ts'

let root: string
let folder: string
let box: Outbox
let recorded: Event[]
let aside: [string, string][]
let problems: unknown[]
let refuse: (event: Event) => Error | undefined
let onMissing: () => void
let mended: ({ readonly from: number; readonly to: number } | null)[]

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'outbox-'))
  folder = join(root, 'outbox')
  mkdirSync(folder)
  recorded = []
  aside = []
  problems = []
  refuse = () => undefined
  onMissing = () => {}
  mended = []
  box = opened(50)
})

const opened = (everyMs: number): Outbox =>
  outbox({
    folder,
    setAsideFolder: join(root, 'set-aside'),
    record(events): readonly RecordedEvent[] {
      for (const event of events) {
        const error = refuse(event)
        if (error) throw error
      }
      const known = new Set(recorded.map(({ id }) => id))
      const fresh = events.filter(({ id }) => !known.has(id))
      recorded.push(...fresh)
      return fresh.map((event, seq) => ({ ...event, seq, app: event.args[0] ?? null }))
    },
    onSetAside: (name, reason) => aside.push([name, reason]),
    onProblem: (error) => problems.push(error),
    onMissing: () => onMissing(),
    onMended: (missing) => mended.push(missing),
    everyMs,
  })

afterEach(async () => {
  await box.stop()
  rmSync(root, { recursive: true })
})

const event = (number: number): Event =>
  hookEvent({
    id: eventId(1_795_397_599_000 + number, 100, number),
    trigger: 'post-deploy',
    at: 1_795_397_599_000 + number,
    args: ['blog', '', '', 'latest'],
  })
const put = (written: Event) => writeFileSync(join(folder, written.id), formatEventFile(written))
const until = (condition: () => boolean) => eventually(() => expect(condition()).toBe(true))

describe('the outbox', () => {
  test('records what waits in the order it happened, and removes it only then', async () => {
    for (const number of [3, 1, 2]) put(event(number))
    expect(await box.drain()).toBe(3)
    expect(recorded.map(({ id }) => id)).toEqual([event(1).id, event(2).id, event(3).id])
    expect(readdirSync(folder)).toEqual([])
  })

  test('hears of a new file without waiting for the timer', async () => {
    box = opened(10 * PATIENCE_MS)
    box.start()
    await box.drain()
    put(event(1))
    await until(() => recorded.length === 1)
  })

  test('goes on after the folder was deleted and made again', async () => {
    box.start()
    put(event(1))
    await until(() => recorded.length === 1)
    rmSync(folder, { recursive: true })
    await until(() => box.status().problem !== null)
    expect(box.status().problem).toMatch(/missing: nothing Dokku does is recorded/)
    mkdirSync(folder)
    put(event(2))
    await until(() => recorded.length === 2)
    await until(() => box.status().problem === null)
    put(event(3))
    await until(() => recorded.length === 3)
  })

  test('a folder that was deleted is asked for, and the time in which it was missing is told', async () => {
    box.start()
    await box.drain()
    onMissing = () => mkdirSync(folder)
    const from = Date.now()
    rmSync(folder, { recursive: true })
    await until(() => mended.length > 0)
    const [missing] = mended
    expect(missing?.from).toBeLessThanOrEqual(missing?.to ?? 0)
    expect(missing?.to).toBeGreaterThanOrEqual(from)
    expect(box.status().problem).toBe(null)
    put(event(1))
    await until(() => recorded.length === 1)
    expect(mended).toHaveLength(1)
  })

  test('leaves a file alone while it is written, and records it when it is closed', async () => {
    box.start()
    const whole = formatEventFile(event(1))
    writeFileSync(join(folder, event(1).id), whole.subarray(0, 20))
    // By the clock of the test, where that is not the machine's
    utimesSync(join(folder, event(1).id), new Date(), new Date())
    await box.drain()
    expect(readdirSync(folder)).toEqual([event(1).id])
    writeFileSync(join(folder, event(1).id), whole)
    await until(() => recorded.length === 1)
    expect(aside).toEqual([])
  })

  test('sets aside a file whose writer died, and says so', async () => {
    const path = join(folder, event(1).id)
    writeFileSync(path, formatEventFile(event(1)).subarray(0, 20))
    utimesSync(path, new Date(Date.now() - 120_000), new Date(Date.now() - 120_000))
    put(event(2))
    await box.drain()
    expect(aside).toEqual([[event(1).id, 'never finished: its writer was killed or the disk was full']])
    expect(readdirSync(join(root, 'set-aside'))).toEqual([event(1).id])
    expect(recorded).toHaveLength(1)
  })

  test('sets aside folders, large files, foreign names and unknown formats, and records the rest', async () => {
    mkdirSync(join(folder, 'a-folder'))
    writeFileSync(join(folder, 'big'), Buffer.alloc(300 * 1024))
    writeFileSync(join(folder, 'strange-name'), formatEventFile(event(1)))
    writeFileSync(join(folder, event(2).id), '9\0\n')
    put(event(3))
    await box.drain()
    expect(aside.map(([name]) => name).sort()).toEqual(
      [event(2).id, 'a-folder', 'big', 'strange-name'].sort(),
    )
    expect(recorded.map(({ id }) => id)).toEqual([event(3).id])
    expect(box.status()).toEqual({ waiting: 0, setAside: 4, problem: null })
  })

  test('what can be neither read nor moved holds up nothing', async () => {
    mkdirSync(join(folder, 'a-folder'))
    mkdirSync(join(root, 'set-aside', 'a-folder', 'taken'), { recursive: true })
    put(event(1))
    await box.drain()
    put(event(2))
    await box.drain()
    expect(recorded.map(({ id }) => id)).toEqual([event(1).id, event(2).id])
    expect(problems).toHaveLength(1)
    expect(box.status()).toMatchObject({ waiting: 0, setAside: 1, problem: null })
  })

  test('one event that cannot be recorded does not hold up the others', async () => {
    refuse = ({ id }) => (id === event(2).id ? new Error('no such thing') : undefined)
    for (const number of [1, 2, 3]) put(event(number))
    await box.drain()
    expect(recorded.map(({ id }) => id)).toEqual([event(1).id, event(3).id])
    expect(aside).toEqual([[event(2).id, 'no such thing']])
  })

  test('keeps every file while the database cannot be written, and says so once', async () => {
    refuse = () => Object.assign(new Error('database or disk is full'), { code: 'SQLITE_FULL' })
    for (const number of [1, 2]) put(event(number))
    await expect(box.drain()).rejects.toThrow('disk is full')
    await expect(box.drain()).rejects.toThrow('disk is full')
    expect(readdirSync(folder)).toHaveLength(2)
    expect(problems).toHaveLength(1)
    expect(box.status().problem).toBe('database or disk is full')
    refuse = () => undefined
    await box.drain()
    expect(recorded).toHaveLength(2)
    expect(box.status().problem).toBeNull()
  })

  test('says that it could not read what may wait; where there is no folder, nothing waits', async () => {
    rmSync(folder, { recursive: true })
    writeFileSync(folder, 'not a folder')
    await expect(box.drain()).rejects.toThrow('ENOTDIR')
    expect(problems).toHaveLength(1)
    rmSync(folder)
    expect(await box.drain()).toBe(0)
    expect(box.status().problem).toMatch(/missing/)
    mkdirSync(folder)
    put(event(1))
    expect(await box.drain()).toBe(1)
    expect(box.status().problem).toBeNull()
  })

  test('the doorbell of an outbox that cannot be read ends nothing', async () => {
    rmSync(folder, { recursive: true })
    writeFileSync(folder, 'not a folder')
    box.start()
    await until(() => problems.length > 0)
    rmSync(folder)
    mkdirSync(folder)
    put(event(1))
    await until(() => recorded.length === 1)
  })

  test('a file that came back is not recorded twice', async () => {
    put(event(1))
    await box.drain()
    put(event(1))
    expect(await box.drain()).toBe(0)
    expect(readdirSync(folder)).toEqual([])
  })

  test('a file that began after the folder was listed waits for the next list, so that order is kept', async () => {
    const inAMoment = { ...event(1), id: eventId(Date.now() + 200, 100, 1) }
    put(inAMoment)
    await box.drain()
    expect(recorded.map(({ id }) => id)).toEqual([inAMoment.id])
    expect(Date.now()).toBeGreaterThan(timeOfId(inAMoment.id))
  })

  test('a file from before the clock was set back by an hour is read at once', async () => {
    put({ ...event(1), id: eventId(Date.now() + 3_600_000, 100, 1) })
    await box.drain()
    expect(recorded).toHaveLength(1)
  })

  test('reads ten thousand waiting files', { timeout: 120_000 }, async () => {
    for (let number = 0; number < 10_000; number += 1) put(event(number))
    expect(await box.drain()).toBe(10_000)
  })

  test('a symbolic link in the folder is never followed', async () => {
    writeFileSync(join(root, 'secret'), formatEventFile(event(1)))
    const { symlinkSync } = await import('node:fs')
    symlinkSync(join(root, 'secret'), join(folder, event(1).id))
    await box.drain()
    expect(recorded).toEqual([])
    expect(aside.map(([name]) => name)).toEqual([event(1).id])
    renameSync(join(root, 'secret'), join(root, 'still-there'))
  })
})
