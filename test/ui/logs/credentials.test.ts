import { expect, test } from 'vitest'
import { withoutCredentials } from '../../../ui/logs/credentials.ts'
import { expectLinear } from '../../patience.ts'

const masked = (line: string) => withoutCredentials(Buffer.from(line)).toString()

test.each([
  [
    '       Fetching remote code for slow from https://anna:s3cret@git.example.com/x.git#main',
    '       Fetching remote code for slow from https://***@git.example.com/x.git#main',
  ],
  [
    "fatal: unable to access 'https://ghp_token@github.com/a/b/'",
    "fatal: unable to access 'https://***@github.com/a/b/'",
  ],
  ['DATABASE_URL=postgres://shop:p4ss@db:5432/shop?x=1', 'DATABASE_URL=postgres://shop:***@db:5432/shop?x=1'],
  ['HTTP://a:b@one.test https://c:d@two.test/', 'HTTP://***@one.test https://***@two.test/'],
  ['https://user:p@ss:w@host.test/path', 'https://***@host.test/path'],
])('%s', (line, expected) => {
  expect(masked(line)).toBe(expected)
})

test.each([
  'Cloning from ssh://git@git.example.com/x.git',
  'npm http fetch GET 200 https://registry.example/@scope%2fname 12ms',
  'see https://example.com/@user/post and mail ada@example.com',
  'naïve café @ 10:30 — 5 €',
])('a line without credentials stays as it is: %s', (line) => {
  expect(masked(line)).toBe(line)
})

test('bytes that are no UTF-8 stay as they are', () => {
  const line = Buffer.concat([
    Buffer.from([0xff, 0xfe]),
    Buffer.from(' https://a:b@c.test '),
    Buffer.from([0x80]),
  ])
  expect(withoutCredentials(line)).toEqual(
    Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(' https://***@c.test '), Buffer.from([0x80])]),
  )
})

test('a long line without an end is not tried again and again', () => {
  const line = Buffer.from(`https://${'a:'.repeat(100_000)} x@y`)
  expectLinear(() => withoutCredentials(line))
})
