import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { AppDomain } from '../../../ui/dokku/names.ts'
import { domainKinds, typedBeside } from '../../../ui/domains/command.ts'
import { covers, defaultDomains, isRemovable, removedBesides } from '../../../ui/domains/domain.ts'
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
    '“http://x.com/y”: write x.com, without http:// and path',
    '“--global”: write a domain such as shop.example.com, without http:// and path',
  ])
  expect(complaint('domains:add', { app: 'blog', domains: ' , ' })).toEqual(['write at least one domain'])
  expect(complaint('domains:add', { app: 'blog', domains: 'a '.repeat(501) })).toEqual([
    'at most 500 at once',
  ])
})

test('what was typed around a domain is named with what to write instead', () => {
  const told = [
    ['https://shop.example.com', 'write shop.example.com, without https://'],
    ['shop.example.com:8080', 'write shop.example.com, without :8080'],
    ['shop.example.com/cart', 'write shop.example.com, without path'],
    ['shop.example.com.', 'write shop.example.com, without the dot at the end'],
    [
      'HTTPS://ada@bücher.example:8443/x?y',
      'write xn--bcher-kva.example, without https:// and user name and :8443 and path',
    ],
    ['shop_1.example.com', 'write a domain such as shop.example.com, without http:// and path'],
  ] as const
  for (const [domains, why] of told)
    expect([domains, complaint('domains:add', { app: 'blog', domains })]).toEqual([
      domains,
      [expect.stringContaining(why)],
    ])
})

test('letters beyond ASCII become the name DNS has', () => {
  expect(run('domains:add', { app: 'blog', domains: 'Bücher.example *.größe.example пример.рф' })).toEqual([
    ...['domains:add', 'blog', 'xn--bcher-kva.example', '*.xn--gre-6ka8i.example', 'xn--e1afmkfd.xn--p1ai'],
  ])
})

test('an app may have a name for all below it and none at all; what breaks nginx is never added', () => {
  expect(run('domains:add', { app: 'blog', domains: '.example.com _' })).toEqual([
    ...['domains:add', 'blog', '.example.com', '_'],
  ])
  for (const domains of ['*', 'a..b', '..', '.', '*.', '**.example.com', '.a..b']) {
    expect(complaint('domains:add', { app: 'blog', domains })).toEqual([expect.stringContaining(domains)])
    expect(complaint('domains:add-global', { domains })).toHaveLength(1)
    expect(gateTakes(['domains:add', 'blog', domains])).toBe(false)
    expect(gateTakes(['domains:add-global', domains])).toBe(false)
  }
  expect(complaint('domains:add', { app: 'blog', domains: 'a..b' })[0]).toContain(
    'configuration of every app',
  )
})

test('what Dokku has is removed and kept as Dokku spells it, whatever it is', () => {
  for (const name of ['domains:remove', 'domains:set', 'domains:remove-global', 'domains:set-global'])
    for (const domains of ['Shop.Example.com', '_', '.example.com', '*', 'a..b', 'a*b']) {
      const command = run(name, { app: 'blog', domains }) ?? []
      expect(command.at(-1)).toBe(domains)
      expect([command, gateTakes(command)]).toEqual([command, true])
    }
})

test('in a list, what is there already keeps its spelling, and what is new is checked', () => {
  const has = ['Shop.Example.com', '*', 'a..b']
  const list = typedBeside(has, AppDomain)
  expect(list.parse('shop.example.com * a..b NEW.example.com')).toEqual([...has, 'new.example.com'])
  expect(list.safeParse('a...b').success).toBe(false)
})

test('as many domains as an app may have are one list', () => {
  const domains = Array.from({ length: 300 }, (_, at) => `shop-${at}.example.com`)
  expect(run('domains:set', { app: 'shop', domains: domains.join('\n') })).toHaveLength(302)
})

test('Dokku removes a domain as a pattern of sed, so that others may go with it, or itself not', () => {
  expect(removedBesides('a.b', ['a.b', 'axb', 'a..b', 'A.b'])).toEqual(['axb'])
  expect(removedBesides('a..b', ['a..b', 'axxb', 'a.b'])).toEqual(['axxb'])
  expect(removedBesides('*', ['*', 'a', ''])).toEqual([])
  expect(removedBesides('*.a.b', ['*.a.b', '*-a.b', 'x.a.b'])).toEqual(['*-a.b'])
  expect(removedBesides('.*.b', ['.*.b', 'a.xb', 'b', 'xb'])).toEqual(['a.xb', 'xb'])
  // As many ways to read it as there are places: followed one by one, hours of them.
  expect(removedBesides('.*.*.*.*.*.*.*.*.*.*.*.*a', ['x'.repeat(200)])).toEqual([])
  expect(['_', '.a.b', '*', 'a..b', '*.a.b', 'Shop.a'].map(isRemovable)).toEqual(Array(6).fill(true))
  expect(['-a.b', 'a*b', 'a b', ''].map(isRemovable)).toEqual(Array(4).fill(false))
})

test('whether a certificate covers a domain does not depend on capitals', () => {
  expect(covers('shop.example.com', 'Shop.Example.com')).toBe(true)
  expect(covers('*.Example.com', 'shop.example.COM')).toBe(true)
  expect(covers('*.example.com', 'example.com')).toBe(false)
})

test('of a name with dots the first domain is that name', () => {
  expect(defaultDomains('blog', ['a.example', 'b.example'])).toEqual(['blog.a.example', 'blog.b.example'])
  expect(defaultDomains('blog.example.com', ['a.example', 'b.example'])).toEqual(['blog.example.com'])
})

test('nothing is asked of the panel itself', () => {
  expect(complaint('domains:clear', { app: 'dokkubase' })[0]).toContain('this is the panel itself')
})

/** To be added by itself; what is there already may be any name Dokku has, which begins with no dash. */
const NEW = /^(_|(\*?\.)?[a-z0-9]([a-z0-9.-]*[a-z0-9])?)$/
const KNOWN = /^[A-Za-z0-9._*][A-Za-z0-9._*-]*$/
const APP = /^[a-z0-9][a-z0-9._-]{0,62}$/
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
        for (const one of names) expect(one).toMatch(name.includes(':add') ? NEW : KNOWN)
        const takesNames = /:(add|remove|set)/.test(name)
        expect(names.length > 0).toBe(takesNames)
        expect(new Set(names).size).toBe(names.length)
      }),
      { numRuns: 500 },
    )
    expect(passed).toBeGreaterThan(0)
  })
})
