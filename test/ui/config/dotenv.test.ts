import fc from 'fast-check'
import { expect, test } from 'vitest'
import { formatDotenv, parseDotenv } from '../../../ui/config/dotenv.ts'
import { expectLinear } from '../../patience.ts'

const read = (text: string) =>
  Object.fromEntries(parseDotenv(text).pairs.map(({ key, value }) => [key, value]))

test.each([
  ['A=1', { A: '1' }],
  ['A = 1 ', { A: '1' }],
  ['export A=1\n  export\tB=2', { A: '1', B: '2' }],
  ['# a comment\n\n   # another\nA=1', { A: '1' }],
  ['A=1 # why', { A: '1' }],
  ['A= # nothing', { A: '' }],
  ['A=\nB=""\nC=\'\'', { A: '', B: '', C: '' }],
  ['PASSWORD=abc#def', { PASSWORD: 'abc#def' }],
  ['COLOUR=#fff', { COLOUR: '#fff' }],
  ['URL=postgres://u:p=w@h/db?a=b&c=d', { URL: 'postgres://u:p=w@h/db?a=b&c=d' }],
  ['A="x # no comment" # a comment', { A: 'x # no comment' }],
  ['A=\'x "y" $z\'', { A: 'x "y" $z' }],
  ['A="say \\"hi\\""', { A: 'say "hi"' }],
  ['A="one\\ntwo\\tthree"', { A: 'one\ntwo\tthree' }],
  ["A='one\\ntwo'", { A: 'one\\ntwo' }],
  ['A=one\\ntwo', { A: 'one\\ntwo' }],
  ['A="C:\\dir\\file"', { A: 'C:\\dir\\file' }],
  [
    'KEY="-----BEGIN KEY-----\nab=\n-----END KEY-----\n"\nB=2',
    { KEY: '-----BEGIN KEY-----\nab=\n-----END KEY-----\n', B: '2' },
  ],
  ["A='one\n# two\nB=3'\nC=4", { A: 'one\n# two\nB=3', C: '4' }],
  ['A=`it\'s "both"`', { A: 'it\'s "both"' }],
  ["export A='it'\\''s'", { A: "it's" }],
  ['A="$HOME/\u0024{PORT}"\nB=\u0024{A}-$(whoami)', { A: '$HOME/\u0024{PORT}', B: '\u0024{A}-$(whoami)' }],
  ['\uFEFFA=1\r\nB="x\r\ny"\r\n', { A: '1', B: 'x\ny' }],
  ['A=1\nA=2', { A: '2' }],
  ["A=it's", { A: "it's" }],
  ['A=  two  words  ', { A: 'two  words' }],
])('%j is read', (text, pairs) => {
  expect(parseDotenv(text).problems).toEqual([])
  expect(read(text)).toEqual(pairs)
})

test.each([
  ['A=1\nhunter2\nB=2', 2, 'there is no key and = here'],
  ['A=1\n\nB="open\nC=3', 3, 'a quote is not closed'],
  ["A='x'y", 1, 'something follows the closing quote'],
  ['A="one\ntwo" three', 1, 'something follows the closing quote'],
  ['1A=x', 1, 'a key is letters, digits and _, and begins with no digit'],
  ['MY-KEY=x', 1, 'a key is letters, digits and _, and begins with no digit'],
])('%j is refused with its line, and never with what stands there', (text, line, words) => {
  expect(parseDotenv(text).problems[0]).toEqual({ line, text: words })
})

test('what is wrong in one line takes nothing from the others', () => {
  expect(read('A=1\nnonsense\nB=2')).toEqual({ A: '1', B: '2' })
  expect(parseDotenv('A="x\ny"\n\nB').problems).toEqual([{ line: 4, text: 'there is no key and = here' }])
})

const key = fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_]{0,12}$/)
/** Texts with all that means something in a .env. */
const value = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 40 }),
  fc.string({ unit: fc.constantFrom(...'\'"`\\$#=! \n\r\tnrt{}()a;&|<>'), maxLength: 30 }),
  fc.base64String(),
)

test('whatever a value holds, a downloaded .env reads back the same', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.tuple(key, value), { selector: ([name]) => name, maxLength: 8 }),
      (pairs) => {
        const { pairs: back, problems } = parseDotenv(formatDotenv(pairs))
        expect(problems).toEqual([])
        expect(back.map(({ key: name, value: text }) => [name, text])).toEqual(pairs)
      },
    ),
    { numRuns: 3000 },
  )
})

test('no text takes it long or makes it throw, and every line is in a pair or a problem', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom(...'AB=\'"`\\# \n\r\texport$'), maxLength: 300 }),
      (text) => {
        const { pairs, problems } = parseDotenv(text)
        for (const { line } of [...pairs, ...problems])
          expect(line).toBeLessThanOrEqual(text.split(/\r\n?|\n/).length)
        if (/[A-Z]/.test(text.replace(/#[^\r\n]*/g, '')))
          expect(pairs.length + problems.length).toBeGreaterThan(0)
      },
    ),
    { numRuns: 3000 },
  )
})

test('nothing is tried again and again', () => {
  expectLinear(() => {
    parseDotenv(`A="\u0024{'\\'.repeat(200_000)}`)
    parseDotenv('A=1 '.repeat(100_000))
    parseDotenv(`\u0024{' '.repeat(200_000)}x`)
  })
})

test('of a text that is no .env the first hundred problems are named, and of too many keys as many as are refused', () => {
  expect(parseDotenv('no key\n'.repeat(100_000)).problems).toHaveLength(100)
  const keys = Array.from({ length: 20_000 }, (_, at) => `KEY_${at}=1\n`).join('')
  expect(parseDotenv(keys).pairs).toHaveLength(5001)
})
