import { expect, test } from 'vitest'
import { forgetCaller } from '../caller.ts'

test('the variables of a Dokku server, a git hook or sudo are taken from an environment, and nothing else', () => {
  const env = {
    PATH: '/bin',
    NAMES: 'a',
    DOKKU: 'a',
    DOKKU_LIB_ROOT: 'a',
    DOKKUBASE_DATA: 'a',
    SUDO_UID: '1',
  }
  forgetCaller(env)
  expect(env).toEqual({ PATH: '/bin', NAMES: 'a' })
})

test('no test runs with them', () => {
  const before = { ...process.env }
  const after = { ...before }
  forgetCaller(after)
  expect(after).toEqual(before)
})
