import { expect, test } from 'vitest'
import {
  ago,
  counted,
  daysUntil,
  duration,
  exact,
  grouped,
  shortRevision,
  ticking,
} from '../../../ui/web/format.ts'

const NOW = Date.UTC(2026, 10, 3, 12)
const [SECOND, MINUTE, HOUR, DAY] = [1000, 60_000, 3_600_000, 86_400_000]

test.each([
  [-5 * SECOND, 'just now'],
  [4 * SECOND, 'just now'],
  [42 * SECOND, '42 s ago'],
  [3 * MINUTE, '3 min ago'],
  [5 * HOUR, '5 h ago'],
  [30 * DAY, '30 d ago'],
  [60 * DAY, '4 Sep'],
  [400 * DAY, '29 Sep 2025'],
])('%i ms in the past reads "%s"', (past, text) => {
  expect(ago(NOW - past, NOW)).toBe(text)
})

test.each([
  [850, '850 ms'],
  [9400, '9.4 s'],
  [42 * SECOND, '42 s'],
  [74 * SECOND, '1 min 14 s'],
  [2 * HOUR + 5 * MINUTE, '2 h 05 min'],
])('%i ms last "%s"', (ms, text) => {
  expect(duration(ms)).toBe(text)
})

test('a growing duration shows whole seconds', () => {
  expect([0, 400, 1999, 9999, 61_000].map(ticking)).toEqual(['0 s', '0 s', '1 s', '9 s', '1 min 01 s'])
})

test('an exact time is the same for everybody', () => {
  expect(exact(NOW)).toBe('2026-11-03 12:00:00 UTC')
})

test('a revision is short only when it is a whole sha', () => {
  expect(shortRevision('a'.repeat(40))).toBe('aaaaaaa')
  expect(shortRevision('v2.1')).toBe('v2.1')
})

test('numbers are grouped and counted', () => {
  expect(grouped(1234567)).toBe('1,234,567')
  expect([counted(1, 'app'), counted(12, 'app'), counted(0, 'is', 'are')]).toEqual([
    '1 app',
    '12 apps',
    '0 are',
  ])
  expect([daysUntil(NOW + 2.5 * DAY, NOW), daysUntil(NOW - HOUR, NOW)]).toEqual([2, -1])
})
