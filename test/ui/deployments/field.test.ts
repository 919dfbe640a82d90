/** Logs of deploys that failed, as people met them, and what a reader who knows the tools picks from each. */
import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { unprefixed } from '../../../ui/deployments/causes/causes.ts'
import { logReader } from '../../../ui/deployments/reading.ts'
import { plain } from '../../../ui/logs/line.ts'
import { adviceOf } from './hinted.ts'

interface Expected {
  readonly file: string
  readonly status: string
  readonly step: string
  /** From 1; the first is the reason. */
  readonly lines: readonly number[]
  /** Any of them; none where there is nothing to advise. */
  readonly kinds: readonly string[]
}

const folder = (name: string) => new URL(`../../fixtures/${name}/`, import.meta.url)
const expectedIn = (name: string): readonly Expected[] =>
  readFileSync(new URL('expected.tsv', folder(name)), 'utf8')
    .trim()
    .split('\n')
    .slice(1)
    .map((row) => {
      const [file = '', status = '', step = '', lines = '', , kinds = ''] = row.split('\t')
      return {
        file,
        status,
        step,
        lines: lines.split(',').map(Number),
        kinds: kinds.split(' / ').filter(Boolean),
      }
    })

/** Kinds of which the more telling one is as good. */
const AS_GOOD: Readonly<Record<string, string>> = { 'program missing': 'dev dependencies' }

/** How the table calls what the reading found. */
const STATUSES: Readonly<Record<string, string>> = {
  skipped: 'nothing to deploy',
  built: 'succeeded, not live',
}

describe.each(['field', 'failures'])('the logs of %s', (name) => {
  const table = expectedIn(name)

  test('each have a row', () => {
    const logs = readdirSync(folder(name)).filter((file) => file.endsWith('.log'))
    expect(table.map(({ file }) => file).sort()).toEqual(logs.sort())
  })

  test.each(table)('$file', ({ file, status, step, lines: wanted, kinds }) => {
    const lines = readFileSync(new URL(file, folder(name)), 'utf8').split('\n')
    const reader = logReader()
    for (const line of lines) reader.line(line)
    const reading = reader.reading()
    const { failure, ending } = reading
    const [first = 0] = wanted
    if (failure === null) {
      expect(STATUSES[ending?.status ?? '']).toBe(status)
      expect(ending?.lines).toEqual(wanted)
      return
    }
    expect(failure.step ?? 'after live').toBe(step)
    expect(status).toBe(failure.step === null ? 'succeeded with a complaint' : 'failed')
    expect(failure.lines[0]).toBe(first)
    expect(failure.lines).toEqual(expect.arrayContaining([...wanted]))
    const others = failure.lines.slice(1)
    expect(others).toEqual([...new Set(others)].sort((one, other) => one - other))
    for (const line of failure.lines)
      expect(unprefixed(plain(lines[line - 1] ?? ''))).not.toMatch(/^(?:npm warn|warning|- UndefinedVar)/i)
    const kind = adviceOf(lines, reading)?.kind
    expect(kinds.some((known) => known === kind || AS_GOOD[known] === kind) || kinds.length === 0).toBe(true)
    if (kinds.length === 0) expect(kind).toBeUndefined()
  })
})
