import { expect, test } from 'vitest'
import { returnPath, signInPath } from '../../../ui/accounts/return-path.ts'

test.each([
  ['/apps/blog?tab=logs', '/apps/blog?tab=logs'],
  ['/apps/../audit', '/audit'],
  ['/apps/blog#log', '/apps/blog'],
  [undefined, '/'],
  ['', '/'],
  ['https://evil.example/', '/'],
  ['//evil.example', '/'],
  ['///evil.example', '/'],
  ['/\\evil.example', '/'],
  ['/\t/evil.example', '/'],
  ['/\n/evil.example', '/'],
  ['/.//evil.example', '/'],
  ['/..//evil.example', '/'],
  ['\\\\evil.example', '/'],
  ['javascript:alert(1)', '/'],
  ['@evil.example', '/'],
  ['/sign-out', '/'],
  ['/sign-in?next=/sign-in', '/'],
  ['/setup?token=x', '/'],
  ['/live', '/'],
])('after sign-in %j leads to %s', (wanted, path) => {
  expect(returnPath(wanted)).toBe(path)
  expect(new URL(returnPath(wanted), 'https://panel.test').host).toBe('panel.test')
})

test('an address with its own query survives the way through sign-in', () => {
  const path = signInPath('/apps?q=a b&state=running')
  expect(returnPath(new URL(path, 'http://panel.test').searchParams.get('next') ?? '')).toBe(
    '/apps?q=a%20b&state=running',
  )
})
