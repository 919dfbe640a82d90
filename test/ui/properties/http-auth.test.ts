import { expect, test } from 'vitest'
import { readTextReport } from '../../../ui/dokku/report.ts'
import { httpAuthOf, usersOf } from '../../../ui/properties/http-auth.ts'

const facts = (more: Record<string, string>) => ({ enabled: 'true', 'allowed-ips': '', users: '', ...more })

test.each([
  ['off', facts({ enabled: 'false' })],
  ['off', facts({ enabled: 'false', users: 'ada' })],
  ['asks', facts({ users: 'ada bob', 'asks-for-password': 'true' })],
  // An app that is said to be protected and is not is worse than one that nobody reaches.
  ['open', facts({ 'asks-for-password': 'false' })],
  ['closed', facts({ 'asks-for-password': 'true' })],
  ['addresses', facts({ 'allowed-ips': '192.0.2.1', 'asks-for-password': 'false' })],
  ['unknown', facts({})],
  ['unknown', undefined],
  ['unknown', { unreadable: 'Invalid flag passed' }],
] as const)('%s: %o', (state, given) => {
  expect(httpAuthOf(given).state).toBe(state)
})

test('the text form of the report is read as the other forms are', () => {
  const text = [
    '=====> shop http-auth information',
    '       Http auth enabled:             true                     ',
    '       Http auth allowed ips:         192.0.2.1 2001:db8::1    ',
    '       Http auth users:               ada bob                  ',
  ].join('\n')
  const read = readTextReport(text, 'http-auth')
  expect(read).toEqual({ enabled: 'true', 'allowed-ips': '192.0.2.1 2001:db8::1', users: 'ada bob' })
  expect(usersOf(read)).toEqual(['ada', 'bob'])
})
