import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { certificateKinds } from '../../../ui/certificates/command.ts'
import { packed, selfSigned } from '../../../ui/certificates/pair.ts'
import { isText, kindsOf } from '../../../ui/jobs/kind.ts'
import { gateTakes } from '../story/gate-list.ts'

const kinds = kindsOf(certificateKinds)
const run = (name: string, payload: unknown) => kinds.get(name)?.read(payload).command

test('each is one command of Dokku', () => {
  expect(run('certs:add', { app: 'blog' })).toEqual(['certs:add', 'blog'])
  expect(run('certs:update', { app: 'blog' })).toEqual(['certs:update', 'blog'])
  expect(run('certs:remove', { app: 'blog' })).toEqual(['certs:remove', 'blog'])
  expect(run('letsencrypt:enable', { app: 'blog' })).toEqual(['letsencrypt:enable', 'blog'])
  expect(run('letsencrypt:disable', { app: 'blog' })).toEqual(['letsencrypt:disable', 'blog'])
  expect(run('letsencrypt:auto-renew', { app: 'blog' })).toEqual(['letsencrypt:auto-renew', 'blog'])
})

test('an e-mail address is set, or with nothing typed unset, for an app or for all', () => {
  expect(run('letsencrypt:set', { app: 'blog', email: ' Ada@Example.com ' })).toEqual([
    ...['letsencrypt:set', 'blog', 'email', 'ada@example.com'],
  ])
  expect(run('letsencrypt:set', { app: 'blog', email: '' })).toEqual(['letsencrypt:set', 'blog', 'email'])
  expect(run('letsencrypt:set-global', { email: 'ada@example.com' })).toEqual([
    ...['letsencrypt:set', '--global', 'email', 'ada@example.com'],
  ])
})

const OF_SERVER = 'letsencrypt:set-global'
const hostile = fc.constantFrom(
  '--global',
  '--all',
  '--force',
  '-f',
  'a@b.c; id',
  'a@b.c\n--x',
  '$(id)@x.y',
  '-a@x.y',
  'a b@x.y',
)
const email = fc.oneof(hostile, fc.emailAddress(), fc.string({ unit: 'binary' }), fc.anything())
const app = fc.oneof(
  fc.constantFrom('blog', '--all', '--global', 'dokkubase', '../x'),
  fc.string({ unit: 'binary' }),
  fc.anything(),
)

describe.each(certificateKinds.map(({ name }) => name))('%s', (name) => {
  test('no input makes another argument, option or command of it', () => {
    fc.assert(
      fc.property(app, email, fc.string(), (app, email, more) => {
        let command: readonly string[] = []
        try {
          command = run(name, { app, email, command: more, '--force': more }) ?? []
        } catch {
          return
        }
        expect(gateTakes(command)).toBe(true)
        const [verb, first, ...words] = command
        expect(verb).toBe(name === OF_SERVER ? 'letsencrypt:set' : name)
        if (name === OF_SERVER) expect(first).toBe('--global')
        else expect(first).toMatch(/^(?!dokkubase$)[a-z0-9][a-z0-9._-]{0,62}$/)
        if (name.startsWith('letsencrypt:set')) expect(words[0]).toBe('email')
        else expect(words).toEqual([])
        expect(words.length).toBeLessThanOrEqual(2)
        if (words[1] !== undefined) expect(words[1]).toMatch(/^[a-z0-9_][a-z0-9._%+-]*@[a-z0-9.-]+$/)
      }),
      { numRuns: 500 },
    )
  })
})

test('a key is given by stdin only, is looked at again before it is, and every line of it is a secret', () => {
  const { input = null } = kinds.get('certs:add') ?? {}
  if (!isText(input)) throw new Error('certs:add is given no text')
  const pair = selfSigned(['blog.example.com'], Date.now())
  expect(() => input.check(packed(pair))).not.toThrow()
  expect(() =>
    input.check(packed({ ...pair, key: selfSigned(['other.example.com'], Date.now()).key })),
  ).toThrow()
  expect(input.secrets(packed(pair))).toEqual([pair.key])
})
