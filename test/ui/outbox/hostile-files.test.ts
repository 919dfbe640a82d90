import { execFileSync } from 'node:child_process'
import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Event, eventId, formatEventFile, MAX_EVENT_BYTES } from '../../../ui/events/event.ts'
import { setAside } from '../../../ui/outbox/folder.ts'
import { type Outbox, outbox } from '../../../ui/outbox/outbox.ts'
import { hookEvent } from '../story/events.ts'

let root: string
let folder: string
let keep: string
let box: Outbox
let batches: (readonly Event[])[]
let aside: [string, string][]
let problems: unknown[]

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'outbox-'))
  folder = join(root, 'outbox')
  keep = join(root, 'set-aside')
  mkdirSync(folder)
  batches = []
  aside = []
  problems = []
  box = outbox({
    folder,
    setAsideFolder: keep,
    record(events) {
      batches.push(events)
      return events.map((event, seq) => ({ ...event, seq, app: null }))
    },
    onSetAside: (name, reason) => aside.push([name, reason]),
    onProblem: (error) => problems.push(error),
  })
})
afterEach(async () => {
  await box.stop()
  rmSync(root, { recursive: true })
})

const event = (number: number, note = ''): Event =>
  hookEvent({
    id: eventId(1_795_397_599_000 + number, 100, number),
    trigger: 'post-deploy',
    at: 1_795_397_599_000 + number,
    args: ['blog', '', '', 'latest'],
    note,
  })
const put = (written: Event) => writeFileSync(join(folder, written.id), formatEventFile(written))
const recorded = () => batches.flat().map(({ id }) => id)

const listening = (path: string): Promise<Server> =>
  new Promise((resolve) => {
    const server = createServer().listen(path, () => resolve(server))
  })

test('a pipe, a socket, links and folders hold up nothing, and of them nothing is kept but a word', async () => {
  execFileSync('mkfifo', [join(folder, 'a-pipe')])
  const server = await listening(join(folder, 'a-socket'))
  symlinkSync('/dev/zero', join(folder, 'a-device'))
  symlinkSync(join(folder, 'a-pipe'), join(folder, 'to-a-pipe'))
  symlinkSync('nowhere', join(folder, 'to-nothing'))
  mkdirSync(join(folder, 'a-folder'))
  put(event(1))
  await box.drain()
  server.close()
  expect(recorded()).toEqual([event(1).id])
  expect(readdirSync(folder)).toEqual([])
  expect(aside.toSorted()).toEqual(
    ['a-device', 'a-folder', 'a-pipe', 'a-socket', 'to-a-pipe', 'to-nothing'].map((name) => [
      name,
      'not a file',
    ]),
  )
  expect(readdirSync(keep)).toEqual(['a-folder'])
  expect(problems).toEqual([])
})

/** A folder on another filesystem, where the machine has one. */
const elsewhere = () => {
  if (!existsSync('/dev/shm') || statSync('/dev/shm').dev === statSync(tmpdir()).dev) return undefined
  return mkdtempSync('/dev/shm/outbox-')
}

test('what is set aside onto another filesystem is copied, and never waited for', (context) => {
  const other = elsewhere()
  if (other === undefined) return context.skip()
  try {
    execFileSync('mkfifo', [join(folder, 'a-pipe')])
    writeFileSync(join(folder, 'strange'), 'strange')
    mkdirSync(join(folder, 'a-folder'))
    setAside(folder, 'a-pipe', other)
    setAside(folder, 'strange', other)
    expect(() => setAside(folder, 'a-folder', other)).toThrow('EXDEV')
    expect(readdirSync(other)).toEqual(['strange'])
    expect(readFileSync(join(other, 'strange'), 'utf8')).toBe('strange')
    expect(lstatSync(join(other, 'strange')).mode & 0o777).toBe(0o600)
    expect(readdirSync(folder)).toEqual(['a-folder'])
  } finally {
    rmSync(other, { recursive: true })
  }
})

test('of a huge file the beginning is kept', async () => {
  writeFileSync(join(folder, 'huge'), Buffer.alloc(10 * MAX_EVENT_BYTES, 'x'))
  await box.drain()
  expect(aside).toEqual([['huge', `larger than ${MAX_EVENT_BYTES} bytes`]])
  expect(statSync(join(keep, 'huge')).size).toBe(MAX_EVENT_BYTES)
  expect(readdirSync(folder)).toEqual([])
})

test('so many files are kept aside and no more, the newest', () => {
  for (let at = 0; at < 520; at += 1) {
    const name = `file-${String(at).padStart(3, '0')}`
    writeFileSync(join(folder, name), 'strange')
    utimesSync(join(folder, name), 1_795_000_000 + at, 1_795_000_000 + at)
    setAside(folder, name, keep)
  }
  const names = readdirSync(keep).toSorted()
  expect(names).toHaveLength(500)
  expect(names[0]).toBe('file-020')
})

test('one transaction takes so many bytes and no more', async () => {
  for (let at = 1; at <= 20; at += 1) put(event(at, 'x'.repeat(200_000)))
  expect(await box.drain()).toBe(20)
  expect(Math.max(...batches.map((events) => events.length))).toBe(6)
})
