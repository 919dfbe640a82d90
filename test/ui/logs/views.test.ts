import { writeFileSync } from 'node:fs'
import fc from 'fast-check'
import { afterEach, expect, test } from 'vitest'
import type { Database } from '../../../ui/database/database.ts'
import { deploymentReads } from '../../../ui/deployments/table.ts'
import { alone, ansiStream, carry, leftOn } from '../../../ui/logs/ansi.ts'
import { coloured, plain } from '../../../ui/logs/line.ts'
import { blockRanges } from '../../../ui/logs/log.ts'
import { type LogPane, logPane } from '../../../ui/logs/views.ts'
import { expectLinear } from '../../patience.ts'
import { logServer } from './server.ts'

let close: (() => Promise<void>) | undefined
afterEach(async () => {
  await close?.()
  close = undefined
})

const PANE: LogPane = {
  label: 'Log of shop #1',
  kind: 'deployment',
  lines: [],
  last: 0,
  gap: null,
  bad: [],
  stream: '',
  source: '/lines',
  download: '/log',
  nothing: { title: 'No output yet', text: '' },
}
const pane = async (given: Partial<LogPane>): Promise<string> => String(await logPane({ ...PANE, ...given }))
const html = (line: string): string => alone(ansiStream(), line)

const failedOne = (db: Database) => {
  const found = deploymentReads(db).numbered(1, 2)
  if (found === undefined) throw new Error('there is no shop #2')
  return found
}

/** Tags that are not ours. */
const foreignTags = (markup: string): string[] =>
  [...markup.matchAll(/<[^>]*>/g)]
    .map(([tag]) => tag)
    .filter((tag) => !/^<span class="[a-z -]+">$|^<\/span>$/.test(tag))

test('only a log that goes on asks to be reloaded where there is no script', async () => {
  expect(await pane({ stream: '/stream' })).toContain('Reload the page')
  expect(await pane({ stream: '' })).not.toContain('Reload the page')
})

test.each([
  ['Downloading (0%)\b\b\b\b(10%)\b\b\b\b\b(100%)', 'Downloading (100%)'],
  ['abc\b\b\bxy', 'xyc'],
  ['|\b/\b-\b done', ' done'],
  ['spin |\b \bnext', 'spin next'],
  ['a\b\b\b\bb', 'b'],
  ['abc\b\b\b\x1b[Kx', 'x'],
  ['\x1b[32m50%\x1b[0m\b\b\b100%', '100%'],
  ['10%\b\b\b20%\rready\b!', 'read!'],
  ['größe\b\bSS🙂\b!', 'gröSS!'],
  ['a\0\bx', 'x'],
  ['no step back', 'no step back'],
])('%j stands on a terminal as %j', (line, stands) => {
  expect(plain(line)).toBe(stands)
  expect(html(line).replace(/<[^>]*>/g, '')).toBe(stands)
})

test('colours become classes, never styles', () => {
  expect(html('\x1b[1m\x1b[31m !     \x1b[0mFailure')).toBe(
    '<span class="ansi-bold ansi-red-fg"> !     </span>Failure',
  )
  expect(html('\x1b[38;5;208morange\x1b[0m')).toMatch(/^<span class="ansi-[a-z-]+-fg">orange<\/span>$/)
  expect(html('\x1b[48;2;255;0;0;4mred\x1b[0m')).toBe('<span class="ansi-underline ansi-red-bg">red</span>')
})

test.each([
  ['<script>alert(1)</script>', '&lt;script&gt;alert(1)&lt;/script&gt;'],
  [
    '\x1b[31m<img src=x onerror=alert(1)>',
    '<span class="ansi-red-fg">&lt;img src=x onerror=alert(1)&gt;</span>',
  ],
  ['"><div hx-get="/evil">', '&quot;&gt;&lt;div hx-get=&quot;/evil&quot;&gt;'],
  ['<span style="position:fixed">', '&lt;span style=&quot;position:fixed&quot;&gt;'],
  ['\x1b]8;;javascript:alert(1)\x07click\x1b]8;;\x07', 'click'],
  ['\x1b]8;;https://evil.example\x1b\\click\x1b]8;;\x1b\\', 'click'],
  ['\x1b[2J\x1b[H\x1b[10A\x1b[?25lstill here\x1b[K', 'still here'],
  ['\x1b]0;title\x07\x1bP1$r\x1b\\\x1b(B\x1b7text', 'text'],
  ['a\0b\x08c\x7fd\x9be', 'acde'],
  ['10%\r20%\r100% done\r', '100% done'],
  ['\x1b[31', ''],
  ['\x1b', ''],
])('%j is shown as what it says and no more', (line, shown) => {
  expect(html(line)).toBe(shown)
})

test('no line whatever brings markup of its own', () => {
  const noise = fc.array(
    fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('\x1b[', '\x1b]8;;', '\x1b[31m', '\x1b[38;2;1;2;3m', '\x1b[0m', '\x07', '\x1b\\', '\r'),
      fc.constantFrom(
        '<',
        '>',
        '"',
        "'",
        '<span style="',
        '<a href="javascript:',
        '</span>',
        '&lt;',
        'class="',
      ),
    ),
    { maxLength: 30 },
  )
  fc.assert(
    fc.property(noise, (parts) => {
      const line = parts.join('')
      const shown = html(line)
      expect(foreignTags(shown)).toEqual([])
      expect(shown.replace(/<[^>]*>/g, '')).not.toMatch(/[<>"]/)
      // biome-ignore lint/suspicious/noControlCharactersInRegex: none may be left
      expect(plain(line)).not.toMatch(/[\x00-\x08\x0a-\x1f\x7f-\x9f]/)
    }),
    { numRuns: 2000 },
  )
})

test('what cannot be read is not searched again and again', () => {
  expectLinear(() => {
    for (const hostile of [
      '\x1b['.repeat(20_000),
      '\x1b]8;;'.repeat(10_000),
      '\x1b[31m'.repeat(20_000),
      '\x1bP'.repeat(30_000),
    ]) {
      coloured(hostile)
      plain(hostile)
      html(hostile)
      leftOn('', hostile)
    }
  })
})

test('a colour that is left on goes on in the next line', () => {
  const on = leftOn('', '\x1b[1m\x1b[32mgreen')
  expect(html(carry(on, 'still'))).toBe('<span class="ansi-bold ansi-green-fg">still</span>')
  expect(html(carry(on, '10%\r20%'))).toBe('<span class="ansi-bold ansi-green-fg">20%</span>')
  expect(leftOn(on, 'off\x1b[0m')).toBe('')
})

test.each(['-----> Releasing shop', '=====> Application deployed:', ' !     App build failed'])(
  'a colour that a build left on ends where Dokku speaks itself: %s',
  (line) => {
    const on = leftOn('', '\x1b[31mred that never ends')
    expect(html(carry(on, '       of the build'))).toContain('ansi-red-fg')
    expect(html(carry(on, line))).toBe(html(line))
    expect(leftOn(on, line)).toBe('')
    expect(leftOn(on, `\x1b[1G${line}`)).toBe('')
  },
)

test('however many colours are left on, the next line is given the last few', () => {
  let on = ''
  for (let line = 0; line < 1000; line += 1) on = leftOn(on, `\x1b[3${line % 8}mone more`)
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the escape character is the point
  expect(on.match(/\x1b/g)).toHaveLength(8)
  expect(leftOn('', `\x1b[${'1;'.repeat(1000)}mtoo long`)).toBe('')
})

test('the page has the lines before any script runs: numbered, with their address and time', async () => {
  const page = await pane({
    lines: [
      [7, 65_000, '-----> Building shop'],
      [8, 65_200, ' !     failed'],
    ],
    last: 8,
    bad: [8],
  })
  expect(page).toContain(
    '<div class="log-line" id="L7" data-time="+1:05"><a class="log-number" href="#L7" aria-label="Line 7">7</a><span class="log-text">-----&gt; Building shop</span></div>',
  )
  expect(page).toContain('class="log-line log-bad" id="L8"')
  expect(page).toMatch(/<a class="log-tool log-tool-bad" data-log-failure href="#L8">/)
  expect(page).toMatch(/class="log-nothing"[^>]* hidden/)
})

test('where the middle was left out the page says how much', async () => {
  const page = await pane({
    lines: [
      [10, 0, 'a'],
      [90_011, 0, 'b'],
    ],
    last: 90_011,
    gap: [11, 90_010],
  })
  expect(page).toContain('<div class="log-note">… 90,000 lines left out</div>')
})

test('an empty log says what will fill it', async () => {
  const page = await pane({ stream: '/stream' })
  expect(page).toContain('No output yet')
  expect(page).not.toMatch(/class="log-nothing"[^>]* hidden/)
})

test('the status is announced and the lines are not', async () => {
  const page = await pane({})
  expect(page).toMatch(/role="log" aria-live="off" aria-label="Log of shop #1"/)
  expect(page).toMatch(/role="status"/)
})

test('a failed deployment opens at the lines that say why, others at their end', async () => {
  const { feature, log, failed, db, close: end } = await logServer()
  close = end
  writeFileSync(failed.logFile, Array.from({ length: 3000 }, (_, i) => `line ${i + 1}\n`).join(''))
  await log.finish(failed)
  const deployment = failedOne(db)
  const found = (reasonLines: readonly number[]) => ({ ...deployment, reasonLines })
  const shown = async (reasonLines: readonly number[]) =>
    [...String(await feature.pane({ now: 0 }, found(reasonLines), 'shop')).matchAll(/id="L(\d+)"/g)].map(
      ([, n]) => Number(n),
    )
  const atFailure = await shown([1234, 1236])
  expect([atFailure[0], atFailure.at(-1)]).toEqual([1101, 1500])
  const atEnd = await shown([])
  expect([atEnd[0], atEnd.at(-1)]).toEqual([2601, 3000])
})

test('blocks cover every line but those left out', () => {
  expect(blockRanges(450, null)).toEqual([
    [1, 100],
    [101, 200],
    [201, 300],
    [301, 400],
    [401, 450],
  ])
  expect(blockRanges(900, [151, 730])).toEqual([[1, 100], [101, 150], null, [731, 800], [801, 900]])
  expect(blockRanges(0, null)).toEqual([])
})

test('lines that say why are shown however far they lie from one another', async () => {
  const { feature, log, failed, db, close: end } = await logServer()
  close = end
  const between = Array.from({ length: 6000 }, (_, index) => `#8 ${index} building`)
  writeFileSync(
    failed.logFile,
    ['#8 [4/6] RUN make', ...between, '#8 9 error: it broke', 'x', 'end', ''].join('\n'),
  )
  await log.finish(failed)
  const deployment = {
    ...failedOne(db),
    reasonLines: [6002, 1, 3000, 3100, 6004],
    failedStep: 'build' as const,
  }
  expect(feature.explain(deployment, { app: 'shop', keepsRunning: false }).lines).toEqual([
    { line: 1, text: '#8 [4/6] RUN make' },
    { line: 3000, text: '#8 2998 building' },
    { line: 3100, text: '#8 3098 building' },
    { line: 6002, text: '#8 9 error: it broke' },
    { line: 6004, text: 'end' },
  ])
})

test('why a deployment failed is said by its own lines, with what it usually means', async () => {
  const { feature, log, failed, db, close: end } = await logServer()
  close = end
  writeFileSync(
    failed.logFile,
    'one\n#8 0.5 \x1b[31mnpm error code ENOTCACHED\x1b[0m\n !     App build failed\n',
  )
  await log.finish(failed)
  const deployment = {
    ...failedOne(db),
    reasonLines: [2, 3],
    failedStep: 'build' as const,
    reason: 'Build failed',
  }
  expect(feature.explain(deployment, { app: 'blog', keepsRunning: false })).toEqual({
    lines: [
      { line: 2, text: '#8 0.5 npm error code ENOTCACHED' },
      { line: 3, text: ' !     App build failed' },
    ],
    hint: expect.stringContaining('offline'),
  })
})
