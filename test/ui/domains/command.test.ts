import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { domainKinds } from '../../../ui/domains/command.ts'
import { kindsOf } from '../../../ui/jobs/kind.ts'
import { gateTakes } from '../story/gate-list.ts'

const kinds = kindsOf(domainKinds)
const run = (name: string, payload: unknown) => kinds.get(name)?.read(payload).command
const complaint = (name: string, payload: unknown): readonly string[] => {
  try {
    run(name, payload)
    return []
  } catch (error) {
    return error instanceof Error && 'issues' in error && Array.isArray(error.issues)
      ? error.issues.map(({ message }) => String(message))
      : [String(error)]
  }
}

test('several domains, typed or pasted as a list, are one command, each of them once', () => {
  expect(
    run('domains:add', {
      app: 'blog',
      domains: ' a.example.com, B.example.com\n\r\n*.c.example.com;a.example.com ',
    }),
  ).toEqual([...['domains:add', 'blog', 'a.example.com', 'b.example.com', '*.c.example.com']])
  expect(run('domains:set-global', { domains: ['example.com'] })).toEqual([
    'domains:set-global',
    'example.com',
  ])
})

test('of a list with something wrong in it, nothing is asked, and every wrong one is named', () => {
  expect(
    complaint('domains:add', { app: 'blog', domains: 'good.example.com http://x.com/y --global' }),
  ).toEqual([
    '“http://x.com/y”: write a domain such as shop.example.com, without http:// and path',
    '“--global”: write a domain such as shop.example.com, without http:// and path',
  ])
  expect(complaint('domains:add', { app: 'blog', domains: ' , ' })).toEqual(['write at least one domain'])
  expect(complaint('domains:add', { app: 'blog', domains: 'a '.repeat(51) })).toEqual(['at most 50 at once'])
})

test('nothing is asked of the panel itself', () => {
  expect(complaint('domains:clear', { app: 'dokkubase' })[0]).toContain('this is the panel itself')
})

const NAME = /^(\*\.)?[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/
const APP = /^[a-z0-9][a-z0-9.-]{0,62}$/
const bad = fc.constantFrom(
  ...[
    '--global',
    '--all',
    '-',
    '--',
    '_',
    '.',
    '..',
    '*',
    '$(id)',
    '`id`',
    ';id',
    '&',
    '|',
    '\0',
    '\n',
    '\r',
    '%00',
    '*.',
  ],
  ...[
    'a.example.com',
    'A.EXAMPLE.COM',
    '*.example.com',
    'a..b',
    'xn--caf-dma.example.com',
    'café.example',
    'localhost',
  ],
)
const typed = fc.array(fc.oneof(bad, fc.string({ unit: 'binary' }), fc.domain()), { maxLength: 6 })
const domains = fc.oneof(
  typed,
  typed.map((all) => all.join(' ')),
  typed.map((all) => all.join('')),
  fc.anything(),
)
const app = fc.oneof(
  fc.constantFrom('blog', 'shop.v2', '--all', 'dokkubase', '../x', 'a b'),
  fc.string({ unit: 'binary' }),
  fc.anything(),
)

describe.each(domainKinds.map(({ name }) => name))('%s', (name) => {
  test('no input makes another argument, option or command of it', () => {
    let passed = 0
    fc.assert(
      fc.property(app, domains, (app, domains) => {
        let asked: ReturnType<NonNullable<ReturnType<typeof kinds.get>>['read']> | undefined
        try {
          asked = kinds.get(name)?.read({ app, domains })
        } catch {
          return
        }
        passed += 1
        const [verb, ...words] = asked?.command ?? []
        expect(verb).toBe(name)
        expect(gateTakes(asked?.command ?? [])).toBe(true)
        const isOfServer = name.endsWith('-global')
        if (!isOfServer) {
          expect(words[0]).toMatch(APP)
          expect(words[0]).not.toBe('dokkubase')
        }
        const names = words.slice(isOfServer ? 0 : 1)
        for (const one of names) expect(one).toMatch(NAME)
        const takesNames = /:(add|remove|set)/.test(name)
        expect(names.length > 0).toBe(takesNames)
        expect(new Set(names).size).toBe(names.length)
      }),
      { numRuns: 500 },
    )
    expect(passed).toBeGreaterThan(0)
  })
})
