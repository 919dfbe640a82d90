import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { visible, visibleLine } from '../../../ui/web/visible.ts'

const CASES = [
  ['plain ünï ok\tgo', 'plain ünï ok\tgo'],
  ['a family 👨\u200d👩\u200d👧 and می\u200cخواهم', 'a family 👨\u200d👩\u200d👧 and می\u200cخواهم'],
  ['\u001b[2J\u001b]0;title\u0007', '\\u001b[2J\\u001b]0;title\\u0007'],
  ['\u009b1A\u0090\u007f\r\b\0', '\\u009b1A\\u0090\\u007f\\u000d\\u0008\\u0000'],
  ['safe\u202egnp.exe\u202c', 'safe\\u202egnp.exe\\u202c'],
  ['\u2066\u2067\u2068\u2069\u200e\u200f\u061c', '\\u2066\\u2067\\u2068\\u2069\\u200e\\u200f\\u061c'],
  ['\u2028\u2029\u200b\u2060\ufeff', '\\u2028\\u2029\\u200b\\u2060\\ufeff'],
  ['flag \u{e0067}\u{e007f}', 'flag \\udb40\\udc67\\udb40\\udc7f'],
] as const

test.each(CASES)('%j is shown as %j', (text, shown) => {
  expect(visible(text)).toBe(shown)
})

test('line breaks and tabs stay in text, and are written out in a line', () => {
  expect(visible('a\tb\nc')).toBe('a\tb\nc')
  expect(visibleLine('a\tb\nc')).toBe('a\\u0009b\\u000ac')
})

test('JSON is still the same JSON', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const shown = visible(JSON.stringify([text]))
      expect(JSON.parse(shown)).toEqual([text])
      expect(shown).not.toMatch(/[\p{Cc}\p{Bidi_Control}\p{Zl}\p{Zp}]/u)
    }),
    { numRuns: 500 },
  )
})

test('the script that hosts use writes the same', () => {
  const script = fileURLToPath(new URL('../../../ui/host/visible', import.meta.url))
  const input = `${CASES.map(([text]) => text).join('\n')}\n\nend\n`
  const { stdout, status } = spawnSync(script, { input, encoding: 'utf8' })
  expect(status).toBe(0)
  expect(stdout).toBe(visible(input))
  const invalid = spawnSync(script, { input: Buffer.from([0x61, 0xff, 0x1b, 0x0a]) }).stdout.toString()
  expect(invalid).toBe('a\ufffd\\u001b\n')
})
