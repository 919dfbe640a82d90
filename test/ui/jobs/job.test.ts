import { execFileSync } from 'node:child_process'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { nextTry, typed, withoutPassword } from '../../../ui/jobs/job.ts'
import { masking } from '../../../ui/jobs/masking.ts'

/** What a shell makes of a line. */
const words = (line: string): string[] =>
  execFileSync('bash', ['-c', `printf '%s\\0' ${line}`], { encoding: 'utf8' })
    .split('\0')
    .slice(0, -1)

test('a command as it is shown is, typed into a shell, that command and nothing else', () => {
  const argument = fc
    .string({ unit: 'binary', maxLength: 30 })
    .filter((text) => !text.includes('\0') && text.isWellFormed())
  fc.assert(
    fc.property(fc.array(argument, { minLength: 1, maxLength: 5 }), (command) => {
      expect(words(typed(command))).toEqual(command.map(withoutPassword))
    }),
    { numRuns: 100 },
  )
  expect(words(typed(['', "'", '$(id)', '`id`', 'a b', '*', '~', '-x', 'ü', '\n']))).toEqual([
    '',
    "'",
    '$(id)',
    '`id`',
    'a b',
    '*',
    '~',
    '-x',
    'ü',
    '\n',
  ])
})

test('what stands before the @ of an address is never shown', () => {
  expect(typed(['dokku', 'git:sync', 'blog', 'https://ada:ghp_secret@example.com/blog.git', 'main'])).toBe(
    "dokku git:sync blog 'https://***@example.com/blog.git' main",
  )
  expect(typed(['x', 'https://ghp_secret@example.com'])).not.toContain('ghp_secret')
  expect(typed(['x', '--url=ssh://git:pass@example.com:22/a'])).not.toContain('pass')
  expect(withoutPassword('mailto ada@example.com')).toBe('mailto ada@example.com')
  expect(withoutPassword('ssh://git:p4ss@example.com/a')).toBe('ssh://git:***@example.com/a')
  expect(withoutPassword('postgres://shop:p@ss@db/shop')).toBe('postgres://shop:***@db/shop')
})

test('the user of an address that is not on the web is no secret, and shown as typed', () => {
  for (const address of [
    'ssh://git@example.com/a/b.git',
    'git+ssh://git@example.com:22/a',
    'git@host:a/b.git',
  ])
    expect(withoutPassword(address)).toBe(address)
})

test('each try waits twice as long as the one before', () => {
  expect([1, 2, 3].map((attempts) => nextTry({ attempts, backoffMs: 100 }, 0))).toEqual([100, 200, 400])
})

test('a secret is taken out of a line wherever it stands, also one that spans lines or holds another', () => {
  const mask = masking(['hunter2', 'hunter2-longer', 'first line\nsecond line', 'no', 'schlüssel'])
  const masked = (line: string) => mask(Buffer.from(line)).toString()
  expect(masked('PASSWORD: hunter2')).toBe('PASSWORD: ***')
  expect(masked('hunter2-longerhunter2')).toBe('******')
  expect(masked('  second line.')).toBe('  ***.')
  expect(masked('mein schlüssel, ü')).toBe('mein ***, ü')
  expect(masked('no, not this')).toBe('no, not this')
})
