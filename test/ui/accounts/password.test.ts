import bcrypt from 'bcryptjs'
import { build } from 'esbuild'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Password } from '../../../ui/accounts/account.ts'
import { isTooLong, missingFrom, passwordRules, strengthOf } from '../../../ui/accounts/password.ts'

test.each([
  ['Correct-Horse-7', []],
  ['Short-7', ['length']],
  ['correct-horse-7', ['upper']],
  ['CORRECT-HORSE-7', ['lower']],
  ['Correct-Horse-x', ['digit']],
  ['CorrectHorse77', ['special']],
  ['Correct Horse 7', []],
  ['Zażółć-Gęślą-7', []],
  ['', ['length', 'upper', 'lower', 'digit', 'special']],
])('%j misses %j', (password, missing) => {
  const says = passwordRules.filter(({ id }) => missing.some((each) => each === id)).map((rule) => rule.says)
  expect(missingFrom(password)).toEqual(says)
})

test('an accent or emoji is one character of twelve, and an accent is nothing special', () => {
  expect(missingFrom('Aa1-👍👍👍👍👍👍👍')).toEqual(['at least 12 characters'])
  expect(missingFrom('Cafe\u0301Terrasse99')).toEqual(missingFrom('Caf\u00e9Terrasse99'))
  expect(missingFrom('Cafe\u0301Terrasse99')).toHaveLength(1)
})

test('the form refuses a password in the very words that the page shows', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 80 }), (password) => {
      const read = Password.safeParse(password)
      const said = read.success ? [] : read.error.issues.map(({ message }) => message)
      expect(said).toEqual(missingFrom(password))
    }),
  )
})

test('what we call too long is exactly what bcrypt would cut', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', minLength: 10, maxLength: 90 }), (password) => {
      expect(isTooLong(password)).toBe(bcrypt.truncates(password))
    }),
  )
  expect([isTooLong('x'.repeat(72)), isTooLong('x'.repeat(73)), isTooLong('é'.repeat(37))]).toEqual([
    false,
    true,
    true,
  ])
})

test.each([
  ['', 0],
  ['password', 1],
  ['aaaaaaaaaaaaaaaaaaaa', 1],
  ['abcdefgh12345678', 1],
  ['Password1234!', 2],
  ['Aaaaaaaaaaa1!', 1],
  ['Correct-Horse-7', 3],
  ['kX9#vLq2!mRt7$wZ', 4],
])('%j has strength %i', (password, strength) => {
  expect(strengthOf(password)).toBe(strength)
})

test('a password the rules refuse is never called good', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 40 }), (password) => {
      if (missingFrom(password).length > 0) expect(strengthOf(password)).toBeLessThan(3)
    }),
  )
})

test('what the browser loads for it stays small', async () => {
  const { outputFiles } = await build({
    entryPoints: ['ui/web/browser/password.ts'],
    bundle: true,
    minify: true,
    write: false,
    format: 'iife',
    target: 'es2022',
  })
  expect(outputFiles[0]?.contents.length).toBeLessThan(4000)
})
