import fc from 'fast-check'
import { expect, test } from 'vitest'
import { propertyKinds } from '../../../ui/properties/command.ts'
import { isOwn } from '../../../ui/properties/mounts.ts'
import { PROPERTIES } from '../../../ui/properties/properties.ts'
import { askedOf } from '../story/asked.ts'
import { gateTakes } from '../story/gate-list.ts'
import { words } from '../story/words.ts'

const { read, command, whatPasses } = askedOf(propertyKinds)
const app = 'shop'

test('each is the command Dokku has for it', () => {
  expect(command('nginx:set', { app, property: 'client-max-body-size', value: '50m' })).toBe(
    'nginx:set shop client-max-body-size 50m',
  )
  expect(read('nginx:set', { app, property: 'proxy-buffers', value: '8 16k' })?.command).toEqual([
    ...['nginx:set', 'shop', 'proxy-buffers', '8 16k'],
  ])
  expect(command('git:set', { app, property: 'deploy-branch', value: ' main ' })).toBe(
    'git:set shop deploy-branch main',
  )
  expect(command('builder:set', { app, property: 'selected', value: '' })).toBe('builder:set shop selected')
  expect(command('ports:set', { app, mappings: ['http:80:5000', 'https:443:5000'] })).toBe(
    'ports:set shop http:80:5000 https:443:5000',
  )
  expect(command('ports:clear', { app })).toBe('ports:clear shop')
  const mount = { app, host: '/var/lib/dokku/data/storage/shop', container: '/data' }
  expect(command('storage:mount', mount)).toBe('storage:mount shop /var/lib/dokku/data/storage/shop:/data')
  expect(command('docker-options:add', { app, phases: ['deploy', 'run'], option: '--shm-size 1g' })).toBe(
    'docker-options:add shop deploy,run --shm-size 1g',
  )
  expect(command('redirect:set', { app, from: 'shop.example', to: 'www.shop.example' })).toBe(
    'redirect:set shop shop.example www.shop.example',
  )
})

test('what Dokku takes though it should not is refused: made-up schemes, one port twice, paths that climb', () => {
  const bad = ['foo:80:5000', 'http:80:5000 https:80:5001', 'http:0:5000', 'http:80:65536', 'http:80', '']
  for (const mappings of bad.map((text) => text.split(' ')))
    expect(command('ports:set', { app, mappings }), mappings.join(' ')).toBe(null)
  for (const host of ['relative', '/srv/../etc', '/', '/a\tb', '/var/run:x'])
    expect(command('storage:mount', { app, host, container: '/data' }), host).toBe(null)
  expect(command('builder:set', { app, property: 'build-dir', value: '../other' })).toBe(null)
  expect(command('nginx:set', { app, property: 'access-log-path', value: '-off' })).toBe(null)
  expect(command('nginx:set', { app, property: 'access-log-path', value: 'off\n}' })).toBe(null)
  for (const value of ['8', '1 4k', '8 4', '8  4k', '8 4k;', '8 4k 1'])
    expect(command('nginx:set', { app, property: 'proxy-buffers', value }), value).toBe(null)
  expect(command('network:set', { app, property: 'attach-post-create', value: 'host' })).toBe(null)
  expect(command('docker-options:add', { app, phases: ['deploy'], option: '--force' })).toBe(null)
  expect(command('docker-options:add', { app, phases: ['nope'], option: '--env X=1' })).toBe(null)
})

test('a path within the code may have folders of packages and hidden ones', () => {
  const path = (value: string) => read('builder:set', { app, property: 'build-dir', value })?.command[3]
  for (const value of ['packages/@acme/api', '.docker/prod.Dockerfile', '.dokku/app.json', 'a+b/c-d_e.f']) {
    expect(path(value)).toBe(value)
    expect(gateTakes(['builder-dockerfile:set', app, 'dockerfile-path', value])).toBe(true)
  }
  expect(path('./web/')).toBe('web')
  expect(path('././web')).toBe('web')
  for (const value of [
    '..',
    'a/../b',
    '/web',
    'a//b',
    '-f',
    './-f',
    'a/./b',
    '.',
    'a b',
    'a\nb',
    '$x',
    '..a/..',
  ])
    expect([value, path(value)]).toEqual([value, undefined])
})

test('a folder is an app’s own only one deep: deeper, the app could lead it elsewhere', () => {
  const own = '/var/lib/dokku/data/storage'
  expect(isOwn(`${own}/shop`)).toBe(true)
  for (const host of [`${own}/shop/x`, own, '/srv', `${own}/..`]) expect(isOwn(host), host).toBe(false)
})

/** What the gate lets through only where root switched it on. */
const ROOTS = new Set([
  'allow-docker-options',
  'allow-host-mounts',
  'allow-host-network',
  'allow-nginx-directives',
])

test('no input to any form makes another argument, option or command, and the gate knows whatever passes', () => {
  const text = words(
    ...['main', '50m', '60s', 'on', 'true', '0', 'nginx', 'null', 'deploy/Dockerfile', 'bridge', 'host', ''],
    ...[
      'http:80:5000',
      '/var/lib/dokku/data/storage/shop',
      '/srv/data',
      '/data',
      '--shm-size 1g',
      'a.example',
    ],
  )
  const payloads = fc.record(
    {
      app: words('shop', 'shop.example', 'dokkubase'),
      property: fc.oneof(fc.constantFrom(...PROPERTIES.map(({ key }) => key)), text),
      value: text,
      mappings: fc.array(text, { maxLength: 3 }),
      host: text,
      container: text,
      phases: fc.array(fc.oneof(fc.constantFrom('build', 'deploy', 'run'), text), { maxLength: 3 }),
      option: text,
      from: text,
      to: text,
    },
    { requiredKeys: ['app'] },
  )
  whatPasses(payloads, { runs: 6000, passing: 300 }, (asked, kind, payload) => {
    expect([asked.command[0], asked.app]).toEqual([kind, payload.app])
    const taken = gateTakes(asked.command)
    if (taken !== true) expect(ROOTS, asked.command.join(' ')).toContain(taken)
    expect(asked.command.length).toBeLessThanOrEqual(4 + (payload.mappings?.length ?? 0))
  })
})

test('every property of the page, set to what it may be and to nothing, is one the gate knows', () => {
  const good = [
    ...['true', 'on', '60s', '50m', '120', 'main', 'deploy/x', 'bridge', 'internal.example'],
    ...['dockerfile', 'nginx', '4k', '8 4k', '$remote_addr', '$server_port', '$scheme'],
  ]
  for (const { plugin, key, as, allow = true } of PROPERTIES.filter((one) => one.plugin !== 'ps')) {
    const values = good.filter((value) => as.safeParse(value).success)
    expect(values, key).not.toEqual([])
    for (const value of ['', ...values]) {
      const asked = read(`${plugin}:set`, { app, property: key, value })
      expect(asked && gateTakes(asked.command), `${plugin} ${key} ${value}`).toBe(allow)
    }
  }
})
