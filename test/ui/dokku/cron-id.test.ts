import fc from 'fast-check'
import { expect, test } from 'vitest'
import { cronId, entryOf } from '../../../ui/dokku/cron-id.ts'

/** As `cron:list` of a real Dokku 0.38.27 had it. */
const RECORDED = '4ijolhmfqnkxicee7hk3e08m37o4y1zkqy3dbzuiqi58xjr9si4s0uhes2d7t7d7xbr7ze'
const ENTRY = { command: "node -e 'console.log(1)'", schedule: '*/30 * * * *' }

test("the id of a cron entry is Dokku's", () => {
  expect(cronId('web', ENTRY)).toBe(RECORDED)
  expect(entryOf(RECORDED)).toEqual(ENTRY)
})

test('whatever is run by the clock is read out of its id again', () => {
  const command = fc
    .string({ unit: 'grapheme', minLength: 1, maxLength: 100 })
    .filter((text) => !/[\p{Cc}\p{Cs}\u{FFFD}]/u.test(text))
  fc.assert(
    fc.property(command, (text) => {
      const entry = { command: text, schedule: '@daily' }
      expect(entryOf(cronId('blog', entry))).toEqual(entry)
    }),
  )
})

test('of what is no id of an entry nothing is said', () => {
  for (const id of [
    '',
    'nope',
    '0',
    'zzzz',
    'A-Z',
    'cGhwPT09cGhw',
    cronId('blog', { command: 'a\nb', schedule: 'x' }),
  ])
    expect(entryOf(id), id).toBeNull()
  expect(entryOf('z'.repeat(100_000))).toBeNull()
  expect(entryOf(cronId('a b', ENTRY))).toBeNull()
})
