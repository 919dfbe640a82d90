import fc from 'fast-check'
import { expect, test } from 'vitest'
import { appKinds } from '../../../ui/apps/command.ts'
import { askedOf } from '../story/asked.ts'
import { gateTakes } from '../story/gate-list.ts'
import { isPlainWord, words } from '../story/words.ts'

const { kinds, read, command, whatPasses } = askedOf(appKinds)

test('each is the command Dokku has for it, in words of its own', () => {
  expect(command('apps:create', { name: 'blog' })).toBe('apps:create blog')
  expect(command('apps:clone', { app: 'blog', name: 'blog-2' })).toBe('apps:clone blog blog-2')
  expect(command('apps:clone', { app: 'blog', name: 'blog-2', skipDeploy: 'on' })).toBe(
    'apps:clone --skip-deploy blog blog-2',
  )
  expect(command('apps:rename', { app: 'blog', name: 'weblog' })).toBe('apps:rename blog weblog')
  expect(command('apps:destroy', { app: 'blog' })).toBe('apps:destroy blog --force')
  expect(command('apps:lock', { app: 'blog' })).toBe('apps:lock blog')
  expect(command('apps:unlock', { app: 'blog' })).toBe('apps:unlock blog')
})

test('no name makes another argument, an option or another command', () => {
  const name = words('blog', 'shop', 'shop.example', 'api-2', 'dokkubase')
  const payloads = fc.record({ app: name, name, skipDeploy: fc.anything() })
  whatPasses(payloads, { runs: 1000, passing: 50 }, (asked, kind, { app, name: other }) => {
    const [first, ...rest] = asked.command
    expect(first).toBe(kind)
    const options = rest.filter((word) => word.startsWith('-'))
    expect(options).toEqual(
      kind === 'apps:destroy' ? ['--force'] : options.length > 0 ? ['--skip-deploy'] : [],
    )
    // Where a name is taken it is a text; other kinds leave it alone, whatever it is.
    const name = typeof other === 'string' ? other.trim() : undefined
    const named = rest.filter((word) => !word.startsWith('-'))
    expect(named).toEqual(kind === 'apps:create' ? [name] : /clone|rename/.test(kind) ? [app, name] : [app])
    expect(named.every(isPlainWord)).toBe(true)
    expect(named).not.toContain('dokkubase')
    expect([asked.command, gateTakes(asked.command)]).toEqual([asked.command, true])
  })
})

test('the panel itself is not changed from here, and no app takes its name', () => {
  for (const name of ['apps:clone', 'apps:rename'])
    expect([
      read(name, { app: 'dokkubase', name: 'x' }),
      read(name, { app: 'x', name: 'dokkubase' }),
    ]).toEqual([null, null])
  for (const name of ['apps:destroy', 'apps:lock', 'apps:unlock'])
    expect(read(name, { app: 'dokkubase' })).toBe(null)
  expect(read('apps:create', { name: 'dokkubase' })).toBe(null)
})

test('a new name is one that also fits into a domain, and another than the old one', () => {
  const bad = ['Blog', 'my_blog', '-blog', 'blog-', 'a'.repeat(64), '']
  const noDomain = ['blog.', '.blog', 'a..b', 'a.-b', 'a-.b', '.', `${'a'.repeat(40)}.${'b'.repeat(40)}`]
  for (const name of [...bad, ...noDomain]) {
    expect([name, read('apps:create', { name })]).toEqual([name, null])
    expect([name, gateTakes(['apps:create', name])]).toEqual([name, false])
  }
  expect(read('apps:rename', { app: 'blog', name: 'blog' })).toBe(null)
})

test('a name may be a whole domain: made, cloned and renamed to', () => {
  const name = 'blog.example.com'
  expect(command('apps:create', { name })).toBe(`apps:create ${name}`)
  expect(command('apps:clone', { app: 'blog', name })).toBe(`apps:clone blog ${name}`)
  expect(command('apps:rename', { app: name, name: 'blog' })).toBe(`apps:rename ${name} blog`)
})

test('an old app with _ in its name, which Dokku goes on with, can be changed; one with capitals cannot', () => {
  for (const name of ['apps:destroy', 'apps:lock', 'apps:unlock']) {
    const { command = [] } = read(name, { app: 'my_shop' }) ?? {}
    expect([name, gateTakes(command)]).toEqual([name, true])
    expect(read(name, { app: 'MyShop' })).toBe(null)
  }
  expect(command('apps:rename', { app: 'my_shop', name: 'my-shop' })).toBe('apps:rename my_shop my-shop')
})

test('each but the making of an app and the taking away of a lock waits for what else is done to the app', () => {
  const app = (name: string) => read(name, { app: 'blog', name: 'weblog' })?.app
  expect([...kinds.keys()].map((name) => [name, app(name)])).toEqual([
    ['apps:create', 'weblog'],
    ['apps:clone', 'blog'],
    ['apps:rename', 'blog'],
    ['apps:destroy', 'blog'],
    ['apps:lock', 'blog'],
    ['apps:unlock', null],
  ])
})
