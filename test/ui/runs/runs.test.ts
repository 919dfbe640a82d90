import fc from 'fast-check'
import { quote } from 'shell-quote'
import { beforeEach, describe, expect, test } from 'vitest'
import { cronId } from '../../../ui/dokku/cron-id.ts'
import { runKinds } from '../../../ui/runs/command.ts'
import { wordsOf } from '../../../ui/runs/line.ts'
import { askedOf } from '../story/asked.ts'
import { changingPanel } from '../story/changing.ts'
import { gateTakes } from '../story/gate-list.ts'
import { words } from '../story/words.ts'

const { whatPasses } = askedOf(runKinds)

describe('a line', () => {
  const split = (line: string) => {
    const read = wordsOf(line)
    return read.ok ? read.words : read.why
  }

  test('is split as a shell would, quotes and empty words included', () => {
    expect(split('npm run migrate')).toEqual(['npm', 'run', 'migrate'])
    expect(split(`sh -c 'echo "$HOME" | wc -l; ls *.txt'`)).toEqual([
      'sh',
      '-c',
      'echo "$HOME" | wc -l; ls *.txt',
    ])
    expect(split(`printf "%s\\"x" '' a\\ b`)).toEqual(['printf', '%s"x', '', 'a b'])
  })

  test('is refused where only a shell would know what is meant, and says what', () => {
    for (const [line, found] of [
      ['ls | wc', '|'],
      ['a && b', '&&'],
      ['a; b', ';'],
      ['a > /tmp/x', '>'],
      ['echo $HOME', '$HOME'],
      ['ls *.txt', '*.txt'],
      ['a # b', '#'],
    ] as const)
      expect(split(line), line).toBe(
        `no shell reads this, so ${found} does nothing here: to have one read it, write sh -c '…'`,
      )
    for (const line of [`echo 'a`, 'echo "a', 'a \\']) expect(split(line), line).toBe('a quote is not closed')
    expect(split('  ')).toBe('write what is to run, such as npm run migrate')
    expect(split('a\nb')).toBe('write it as one line')
  })

  test('whatever words somebody quotes arrive as exactly those words', () => {
    const word = fc.string({ unit: 'grapheme', maxLength: 20 }).filter((text) => !/\p{Cc}/u.test(text))
    fc.assert(
      fc.property(fc.array(word, { minLength: 1, maxLength: 5 }), (all) => {
        fc.pre(all.join('').trim() !== '')
        // In single quotes each, as a person would.
        const line = all.map((text) => `'${text.replaceAll("'", `'\\''`)}'`).join(' ')
        expect(split(line)).toEqual(all)
      }),
      { numRuns: 2000 },
    )
    expect(split(quote(['a b', "it's", '$x']))).toEqual(['a b', "it's", '$x'])
  })

  test('with a substitution no shell would take is refused as any other', () => {
    for (const line of ['{', '{ x', '{a b}', '{}'].map((rest) => `echo $${rest}`))
      expect(wordsOf(line)).toMatchObject({ ok: false, why: expect.stringContaining('no shell reads this') })
  })

  test('is never more than it says, whatever is in it', () => {
    fc.assert(
      fc.property(
        words('npm run migrate', "sh -c 'x'", 'ls -la').filter((line) => typeof line === 'string'),
        (line) => {
          const read = wordsOf(line)
          if (!read.ok) return
          // No word holds a letter the line does not.
          for (const one of read.words) for (const letter of one) expect(line).toContain(letter)
        },
      ),
      { numRuns: 500 },
    )
  })
})

test('no word becomes an option or another command of Dokku, and the gate takes whatever passes', () => {
  const word = words(
    'npm',
    'run',
    '-la',
    '--env=x',
    '--',
    '-',
    '',
    '--force',
    '--app',
    '--label',
    '--quiet',
    'a b',
  )
  const payloads = fc.record({
    app: words('shop', 'dokkubase'),
    program: word,
    words: fc.array(word, { maxLength: 4 }),
    id: words('fq9efo7n5kt2', '-x', 'a/b='),
  })
  whatPasses(
    payloads,
    { runs: 5000, passing: 100 },
    ({ command }, kind, { app, program, words: rest, id }) => {
      expect(command.slice(0, 2)).toEqual([kind, app])
      expect(gateTakes(command), command.join(' ')).toBe(true)
      if (kind === 'run') expect(command.slice(2)).toEqual([program, ...rest])
      else expect(command.slice(2)).toEqual([id])
    },
  )
})

describe('from the page', () => {
  let on: ReturnType<typeof changingPanel>
  beforeEach(() => {
    on = changingPanel(runKinds)
  })

  test('a line is one job, its words as they were typed', async () => {
    expect(await on.previewed('/apps/shop/runs', { line: `sh -c 'exit 3'` })).toEqual([
      "dokku run shop sh -c 'exit 3'",
    ])
    await on.send('/apps/shop/runs', { line: 'npm run "two words"' })
    expect(on.asked()).toEqual(["dokku run shop npm run 'two words'"])
  })

  test('what cannot be run is told beside the line', async () => {
    expect(await on.refused('/apps/shop/runs', { line: 'ls | wc' })).toEqual([
      "line: no shell reads this, so | does nothing here: to have one read it, write sh -c '…'",
    ])
    expect(await on.refused('/apps/shop/runs', { line: '--force x' })).toEqual([
      'line: begin with what is to run, not with an option',
    ])
    expect(await on.refused('/apps/shop/runs', { line: 'x --force' })).toEqual([
      "line: Dokku takes --force for its own: write it within sh -c '…'",
    ])
  })

  test('a cron entry is run now, suspended and resumed', async () => {
    await on.send('/apps/shop/cron/fq9efo7n5kt2/runs', {})
    await on.send('/apps/shop/cron/fq9efo7n5kt2/suspension', {})
    await on.send('/apps/shop/cron/fq9efo7n5kt2/suspension?method=DELETE', {})
    expect(on.asked()).toEqual([
      'dokku cron:run shop fq9efo7n5kt2',
      'dokku cron:suspend shop fq9efo7n5kt2',
      'dokku cron:resume shop fq9efo7n5kt2',
    ])
  })

  test('an entry may be as long as its command is', async () => {
    const id = cronId('shop', {
      command: `bin/rails ${'carts:sweep '.repeat(60)}`.trim(),
      schedule: '0 4 * * *',
    })
    await on.send(`/apps/shop/cron/${id}/runs`, {})
    expect(on.asked()).toEqual([`dokku cron:run shop ${id}`])
    expect(gateTakes(['cron:run', 'shop', id])).toBe(true)
  })

  test('a viewer runs nothing', async () => {
    expect((await on.send('/apps/shop/runs', { line: 'ls' }, { role: 'viewer' })).status).toBe(403)
    expect((await on.send('/apps/shop/cron/x/runs', {}, { role: 'viewer' })).status).toBe(403)
  })
})
