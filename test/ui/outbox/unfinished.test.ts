import { beforeEach, expect, test } from 'vitest'
import { type UnfinishedFiles, unfinishedFiles } from '../../../ui/outbox/unfinished.ts'

let files: UnfinishedFiles
beforeEach(() => {
  files = unfinishedFiles()
})

/** Reads the file whenever it is due, looked at every millisecond; answers when it was read. */
const readFor = (ms: number, seenAt: (now: number) => { size: number; mtimeMs: number }) => {
  const reads: number[] = []
  for (let now = 0; now < ms; now += 1) {
    if (!files.isDue('one', now)) continue
    reads.push(now)
    const reason = files.note('one', seenAt(now), now)
    if (reason !== null) return { reads, reason }
  }
  return { reads, reason: null }
}

test('a file that is not written to is read less and less often, and given up after a minute', () => {
  const { reads, reason } = readFor(120_000, () => ({ size: 7, mtimeMs: 1 }))
  expect(reads.slice(0, 6)).toEqual([0, 15, 45, 105, 225, 465])
  expect(reads.length).toBeLessThan(45)
  expect(reads.at(-1)).toBeGreaterThan(60_000)
  expect(reads.at(-1)).toBeLessThan(63_000)
  expect(reason).toMatch(/never finished: its writer was killed/)
})

test('a file that is written to is read soon, but not at every byte, and given up after ten minutes', () => {
  const { reads, reason } = readFor(3_600_000, (now) => ({ size: now, mtimeMs: now }))
  expect(reads[1]).toBe(15)
  expect(Math.min(...reads.slice(1).map((at, index) => at - (reads[index] ?? 0)))).toBe(15)
  expect(reads.at(-1)).toBeLessThan(601_000)
  expect(reason).toMatch(/written to for minutes/)
})

test('says when the next file is due, and forgets those that are gone', () => {
  expect(files.nextInMs(0)).toBeNull()
  files.note('one', { size: 1, mtimeMs: 1 }, 0)
  files.note('one', { size: 1, mtimeMs: 1 }, 15)
  files.note('two', { size: 1, mtimeMs: 1 }, 20)
  expect(files.nextInMs(20)).toBe(15)
  expect(files.nextInMs(100)).toBe(1)
  files.keep(new Set(['one']))
  expect(files.nextInMs(20)).toBe(25)
  files.keep(new Set())
  expect(files.nextInMs(20)).toBeNull()
})
