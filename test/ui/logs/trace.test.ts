import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { logReader } from '../../../ui/deployments/reading.ts'
import { withoutTrace } from '../../../ui/logs/trace.ts'
import { expectLinear } from '../../patience.ts'

const masked = (...lines: readonly string[]): readonly string[] => {
  const mask = withoutTrace()
  return lines.map((line) => mask(Buffer.from(line)).toString())
}

test('of a deploy with DOKKU_TRACE no value of the config stays, and the lines that say why it failed do', () => {
  const log = readFileSync('test/fixtures/trace-on.txt', 'utf8').split('\n')
  const lines = masked(...log)
  for (const secret of ['hunter2', 'sk_live', 'postgres:']) {
    expect(log.join('\n')).toContain(secret)
    expect(lines.join('\n')).not.toContain(secret)
  }
  expect(lines.slice(2, 5)).toEqual(['+ eval ***', '++ export ***', '+ plugn ***'])
  const isPlain = (line: string) => !line.startsWith('+')
  expect(lines.filter(isPlain)).toEqual(log.filter(isPlain))
  const reader = logReader()
  for (const [at, line] of lines.entries()) reader.line(line, at + 1)
  const { failure } = reader.reading()
  expect(failure?.reason).not.toMatch(/^exec:|\*\*\*/)
  expect(failure?.lines).toContain(7)
})

test('a value of several lines is hidden to its end, and what follows is not', () => {
  const value = ["+ eval 'export KEY='\\''-----BEGIN", 'MIIEsecret', "-----END'\\'''"]
  expect(masked(...value, '-----> Building shop', 'plain')).toEqual([
    ...['+ eval ***', '***', '***', '-----> Building shop', 'plain'],
  ])
  expect(masked("+ export 'A=x\\'", '#8 [4/5] RUN npm ci', 'plain')).toEqual([
    ...['+ export ***', '#8 [4/5] RUN npm ci', 'plain'],
  ])
})

test('once Dokku traces itself, no word of any command is shown', () => {
  const lines = [
    "+ dokku_log_info1 'Building'",
    '++ echo hunter2',
    '+ VALUE=hunter2',
    '+ [[ -n x ]]',
    '+ exit',
  ]
  expect(masked(...lines)).toEqual([
    ...['+ dokku_log_info1 ***', '++ echo ***', '+ VALUE=***', '+ [[ ***', '+ exit'],
  ])
  expect(masked('exec: /usr/bin/docker [run --env KEY=hunter2]')).toEqual(['exec: /usr/bin/docker ***'])
  expect(masked("\u001b[1G+ export 'A=hunter2'")).toEqual(['\u001b[1G+ export ***'])
})

test('what builds print of themselves stays as it is', () => {
  const lines = [
    ...['+ express@4.18.2', '+ npm ci', '+ react 19.0.0', '       + echo x', '#8 0.1 + export A=1', '++i'],
    ...['exec: "vite": executable file not found in $PATH', 'export A=1', 'eval x'],
  ]
  expect(masked(...lines)).toEqual(lines)
})

test('lines of any other bytes stay, and no line costs more than its length', () => {
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => {
      fc.pre(![0x2b, 0x1b, 0x65].includes(bytes[0] ?? 0))
      expect(withoutTrace()(Buffer.from(bytes)).equals(Buffer.from(bytes))).toBe(true)
    }),
  )
  const mask = withoutTrace()
  const line = Buffer.from(`+ eval ${"'\\".repeat(500_000)}`)
  expectLinear(() => mask(line))
})
