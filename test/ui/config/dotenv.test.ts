import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { formatDotenv, parseDotenv } from '../../../ui/config/dotenv.ts'
import { PasteForm } from '../../../ui/config/paste.ts'
import { reservedHere } from '../../../ui/reserved.ts'
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

const field = (name: string) => readFileSync(`test/fixtures/env/${name}.env`, 'utf8')
const told = (text: string) => parseDotenv(text).problems.map(({ line, text }) => `${line}: ${text}`)

test('JSON without quotes is taken whole where it is JSON to its end', () => {
  expect(told(field('F37-unquoted-json-hash'))).toEqual([])
  expect(read(field('F37-unquoted-json-hash'))).toEqual({
    THEME: '{"accent": "#0af", "note": "see #3 below"}',
    FEATURES: '["a", "b"]',
    GREETING: 'Hello, world',
    JSON_Q: '{"v1": "json-1", "v2": "it\'s"}',
  })
  expect(read('A={"a": 1 #2}\nB=[1, 2]  \nC={a} # b')).toEqual({ A: '{"a": 1', B: '[1, 2]', C: '{a}' })
})

test('several keys in one exported line are never one', () => {
  const several = 'several keys stand in one line: give each a line of its own, or put the value into quotes'
  expect(told('export A=1 B=2\nC=3')).toEqual([`1: ${several}`])
  expect(told('export A=hunter2 B="two"')).toEqual([`1: ${several}`])
  expect(read('A=1 B=2\nexport D="1 E=2"\nexport F=a=b c')).toEqual({ A: '1 B=2', D: '1 E=2', F: 'a=b c' })
})

test('a key or certificate that stands there without quotes is one value, to its last line', () => {
  expect(told(field('F25-pem-in-env'))).toEqual([])
  expect(read(field('F25-pem-in-env'))).toEqual({
    GITHUB_PRIVATE_KEY: '-----BEGIN RSA PRIVATE KEY-----\\nMIIEmadeup\\n-----END RSA PRIVATE KEY-----\\n',
    RAW_PEM: '-----BEGIN PRIVATE KEY-----\nQUJDREVGR0hJSktMTU5PUA==\n-----END PRIVATE KEY-----',
    AFTER: '1',
  })
  expect(read('A=-----BEGIN KEY-----\nB=2\n-----END KEY-----').B).toBe('2')
})

test('lines of other languages are named with what to write, and nothing of them is repeated', () => {
  expect(told(field('F32-windows-batch')).filter((line) => !line.includes('no key and ='))).toEqual([
    '1: this is a line of a Windows script: write KEY=value, without set and ^',
    '2: this is a line of a Windows script: write KEY=value, without set and ^',
    '7: this is a line of PowerShell: write KEY=value, without $env:',
    '8: this is a line of a Windows script: write KEY=value, without set and ^',
  ])
  const others = 'setenv KEY hunter2\nENV KEY=hunter2\nKEY: hunter2\n  - KEY=hunter2\n"KEY": "hunter2",'
  expect(told(others).join()).toMatch(/C shell.*Dockerfile.*YAML or JSON.*YAML list.*YAML or JSON/)
  expect(told(others).join()).not.toContain('hunter2')
})

test('signs that nobody sees or takes for others are named with their line', () => {
  expect(told(field('F34-invisible-characters'))).toEqual([
    '1: there is an invisible character in the key (U+200B, zero width space): remove it',
    '2: there is an invisible character in the key (U+00A0, no-break space): remove it',
    '3: there is an invisible character in the value (U+00A0, no-break space): remove it, or put the value into quotes where it is meant',
    '4: the quotes around the value are curly ones, which would be part of it: use straight quotes',
    '5: there is a letter in the key that is not a to z (А, U+0410), although it may look so: type it anew',
  ])
  expect(read('A="\u00a0x\u200b"\nB=Café \u{1F468}\u200d\u{1F469}\nC=“a” and “b” c')).toEqual({
    A: '\u00a0x\u200b',
    B: 'Café \u{1F468}\u200d\u{1F469}',
  })
  expect(told('A=x\u00a0')).toHaveLength(1)
})

test('common keys of apps are not reserved, and those that are stand in one sentence', () => {
  const refuses = reservedHere({ gate: 'ui/dokku/gate/gate' }, { server: () => undefined })()
  const text = field('F30-reserved-common')
  const { error } = PasteForm(refuses, new Map()).safeParse({ text })
  expect(error?.issues.map(({ message }) => message.split(':')[0])).toEqual(['CURL_CA_BUNDLE (line 8)'])
  const rest = text.replace(/^CURL_CA_BUNDLE.*\n/m, '')
  expect(PasteForm(refuses, new Map()).parse({ text: rest }).changes).toHaveLength(9)
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
