import { spawnSync } from 'node:child_process'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ARCHIVES, archiveTypeOf } from '../../../ui/deployments/archive.ts'
import { deploymentKinds, isLocal, LOCAL_SWITCH, NOTHING_TO_CANCEL } from '../../../ui/deployments/command.ts'
import { askedOf } from '../story/asked.ts'
import { gateTakes } from '../story/gate-list.ts'
import { isPlainWord, words } from '../story/words.ts'

const { kinds, read, command, whatPasses } = askedOf(deploymentKinds)
const SHOP = 'https://git.example.com/ada/shop.git'

test('each is the command Dokku has for it, in words of its own', () => {
  expect(command('git:sync', { app: 'shop', url: ` ${SHOP} `, ref: '' })).toBe(
    `git:sync --build shop ${SHOP}`,
  )
  expect(command('git:sync', { app: 'shop', url: SHOP, ref: 'v1.2' })).toBe(
    `git:sync --build shop ${SHOP} v1.2`,
  )
  expect(command('git:from-image', { app: 'shop', image: 'ghcr.io/ada/shop:1.2' })).toBe(
    'git:from-image shop ghcr.io/ada/shop:1.2',
  )
  expect(command('git:from-archive', { app: 'shop', type: 'tar.gz' })).toBe(
    'git:from-archive --archive-type tar.gz shop --',
  )
  expect(command('builds:cancel', { app: 'shop' })).toBe('builds:cancel shop')
})

test('no input makes another argument, an option or another command', () => {
  const app = words('shop', 'blog', 'dokkubase')
  const url = words(
    SHOP,
    'git@git.example.com:ada/shop.git',
    'ssh://git@git.example.com:2222/shop.git',
    '/srv/shop',
  )
  const ref = words('main', 'v1.2', 'feature/tea', '')
  const image = words('node:24', 'ghcr.io/ada/shop:1.2', `shop@sha256:${'a'.repeat(64)}`)
  const payloads = fc.record({ app, url, ref, image, type: words(...ARCHIVES) })
  whatPasses(payloads, { runs: 1000, passing: 50 }, (asked, kind) => {
    const [first, ...rest] = asked.command
    expect(first).toBe(kind)
    const free = rest.filter((word) => !FIXED[kind]?.includes(word))
    expect(rest.filter((word) => word.startsWith('-'))).toEqual(FIXED[kind])
    const ref = kind === 'git:sync' ? free[2] : undefined
    expect(free.every((word) => word === ref || isPlainWord(word) || LOCAL.test(word))).toBe(true)
    if (ref !== undefined) expect([ref, isTakenByGit(ref)]).toEqual([ref, true])
    expect(free.length).toBeLessThanOrEqual(MOST_FREE[kind] ?? 0)
    expect(free).not.toContain('dokkubase')
    const switched = isLocal(asked.command[3] ?? '') ? LOCAL_SWITCH : true
    expect([asked.command, gateTakes(asked.command)]).toEqual([asked.command, switched])
  })
})

/** A folder of the server, which begins with no dash. */
const LOCAL = /^(?:file:\/\/)?(?:\/[\w.~+-]+)+\/?$/

const FIXED: Readonly<Record<string, readonly string[]>> = {
  'git:sync': ['--build'],
  'git:from-image': [],
  'git:from-archive': ['--archive-type', '--'],
  'builds:cancel': [],
}
const MOST_FREE: Readonly<Record<string, number>> = {
  'git:sync': 3,
  'git:from-image': 2,
  'git:from-archive': 2,
  'builds:cancel': 1,
}

test('a password in an address never gets into a command, nor into the words that refuse it', () => {
  const secret = fc.stringMatching(/^[A-Za-z0-9]{12,30}$/)
  fc.assert(
    fc.property(secret, fc.constantFrom('ada:', '', 'x-token:'), (token, name) => {
      const url = `https://${name}${token}@git.example.com/ada/shop.git`
      expect(read('git:sync', { app: 'shop', url })).toBe(null)
      try {
        kinds.get('git:sync')?.read({ app: 'shop', url, ref: 'main' })
      } catch (error) {
        expect(String(error)).not.toContain(token)
        expect(String(error)).toContain('leave name and password out of the address')
      }
    }),
    { numRuns: 300 },
  )
})

test.each([
  ...[
    '/',
    'file:///srv/../etc/shop.git',
    'file://srv/shop.git',
    '/srv/git --upload-pack=x',
    'ext::sh -c id',
    '../shop',
    'git://git.example.com/shop.git',
  ],
  ...[
    'ssh://-oProxyCommand=x/shop.git',
    'git@-oProxyCommand=x:shop.git',
    'https:///shop.git',
    'https://x',
    '',
  ],
])('%j is no address to deploy from', (url) => {
  expect(read('git:sync', { app: 'shop', url })).toBe(null)
})

/** Whether git itself takes it for the name of a branch. */
const isTakenByGit = (ref: string): boolean =>
  spawnSync('git', ['check-ref-format', '--allow-onelevel', ref]).status === 0

test('every name git takes for a branch, a tag or a commit is one, but for what would be an option', () => {
  const good = [
    ...['feature/#123-login', 'fix(api)', 'ada&bob', 'größe', 'release,2', 'a=b', 'v1.2', 'a!b', '日本'],
    ...["it's", 'a"b', '$(id)', '`id`', 'a;b', 'a|b', 'a<b>', 'a{b}', 'a]b', 'a%b', 'HEAD', 'a@b', '#1'],
  ]
  for (const ref of good) {
    expect(command('git:sync', { app: 'shop', url: SHOP, ref })).toBe(`git:sync --build shop ${SHOP} ${ref}`)
    expect([ref, isTakenByGit(ref)]).toEqual([ref, true])
    expect([ref, gateTakes(['git:set', 'shop', 'deploy-branch', ref])]).toEqual([ref, true])
  }
  const parts = fc.constantFrom(
    ...['a', 'B', '1', '.', '..', '/', '-', '@', '@{', '.lock', '~', '^', ':', '?', '*', '[', '\\', ' '],
    ...['#', '(', '&', 'ö', ',', '=', '\u{1F600}', '\t', '\x7f', '!', '$', '+', '%'],
  )
  fc.assert(
    fc.property(fc.array(parts, { minLength: 1, maxLength: 6 }), (all) => {
      const ref = all.join('')
      fc.pre(ref === ref.trim())
      const isTaken = read('git:sync', { app: 'shop', url: SHOP, ref }) !== null
      expect([ref, isTaken]).toEqual([ref, isTakenByGit(ref) && !ref.startsWith('-')])
    }),
    { numRuns: 400 },
  )
})

test('the host of an address is the same in capitals; its path and its user are not', () => {
  const url = (given: string) => read('git:sync', { app: 'shop', url: given })?.command[3]
  expect(url('HTTPS://GitHub.com/Ada/Shop.git')).toBe('https://github.com/Ada/Shop.git')
  expect(url('git@GitHub.com:Ada/Shop.git')).toBe('git@github.com:Ada/Shop.git')
  expect(url('ssh://Git@Git.Example.com:22/Ada/Shop')).toBe('ssh://Git@git.example.com:22/Ada/Shop')
})

test('of the page of a repository, address and branch are offered', () => {
  const told = (url: string): string => {
    try {
      kinds.get('git:sync')?.read({ app: 'shop', url })
      return ''
    } catch (error) {
      return String(error)
    }
  }
  const offered = [
    ['https://GitHub.com/ada/shop/tree/main', 'main'],
    ['https://github.com/ada/shop/tree/feature/tea', 'feature/tea'],
    ['https://github.com/ada/shop#main', 'main'],
    ['https://github.com/ada/shop/commit/0123abc?diff=split', '0123abc'],
  ] as const
  for (const [url, ref] of offered)
    expect(told(url)).toContain(
      `write https://github.com/ada/shop here, and ${ref} as its branch, tag or commit`,
    )
  expect(told('https://gitlab.com/a/b/c/-/tree/main/')).toContain(
    'write https://gitlab.com/a/b/c here, and main',
  )
  expect(told('https://codeberg.org/a/b/src/branch/main')).toContain('write https://codeberg.org/a/b here')
  expect(told('git@github.com:ada/shop.git#v1')).toContain('write git@github.com:ada/shop.git here, and v1')
  expect(told('https://github.com/ada/shop?tab=readme')).toContain(
    'write https://github.com/ada/shop, without',
  )
  expect(told('https://git.example.com/tree/shop/tree/main.git')).toBe('')
})

test.each([
  ...[
    '-x',
    '--upload-pack=x',
    'a..b',
    'a//b',
    'main/',
    'a@{1}',
    'a b',
    'a\nb',
    '.hidden',
    'a~1',
    'a^',
    'a:b',
    'x'.repeat(300),
  ],
])('%j is no branch, tag or commit', (ref) => {
  expect(read('git:sync', { app: 'shop', url: SHOP, ref })).toBe(null)
})

test.each([
  ...['-x', '--rm', 'Shop', 'docker://shop', 'shop:', 'shop shop', 'https://hub.example/shop', 'a/../b', ''],
])('%j is no image', (image) => {
  expect(read('git:from-image', { app: 'shop', image })).toBe(null)
})

test('a deploy is ended by Dokku first; an end of a deploy waits for nothing', () => {
  for (const name of ['git:sync', 'git:from-image', 'git:from-archive'])
    expect(kinds.get(name)?.canceling({ app: 'shop', url: SHOP, image: 'node:24', type: 'tar' })).toEqual([
      'builds:cancel',
      'shop',
    ])
  expect(kinds.get('git:sync')?.canceling({ app: '--force', url: SHOP })).toBe(null)
  expect(read('builds:cancel', { app: 'shop' })?.app).toBe(null)
})

test('what Dokku says when it found nothing to cancel is known, and told as no success', () => {
  const told = (said: string) => NOTHING_TO_CANCEL.find(([words]) => words.test(said))?.[1] ?? null
  expect(told('-----> App not currently deploying')).toContain('none holds the lock')
  expect(told('-----> No matching app deploy found')).toContain('emptied the lock file')
  expect(
    told('-----> Build mwsm2q2cgir830 is no longer running (status=succeeded); leaving record untouched'),
  ).toContain('had ended by itself')
  expect(told('-----> Killing app deploy')).toBe(null)
})

test('a tar of the oldest kind, which has no magic number, is known by its sum', () => {
  const header = Buffer.alloc(512)
  header.write('shop/Procfile')
  header.write('0000644\0', 100)
  header.write('00000000021\0', 124)
  const sum = header.reduce((total, byte) => total + byte, 8 * 0x20)
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148)
  expect(archiveTypeOf(header)).toBe('tar')
  header.write('S')
  expect(archiveTypeOf(header)).toBe(null)
  expect(archiveTypeOf(Buffer.alloc(512))).toBe(null)
  expect(archiveTypeOf(Buffer.alloc(512, ' '))).toBe(null)
})

test('an archive is known by its first bytes, whatever it is called', () => {
  const tar = Buffer.alloc(512)
  tar.write('ustar', 257)
  expect(archiveTypeOf(tar)).toBe('tar')
  expect(archiveTypeOf(Buffer.from([0x1f, 0x8b, 8, 0]))).toBe('tar.gz')
  expect(archiveTypeOf(Buffer.from('PK\u0003\u0004rest', 'latin1'))).toBe('zip')
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 600 }), (bytes) => {
      const type = archiveTypeOf(Buffer.from(bytes))
      expect(type === null || ARCHIVES.includes(type)).toBe(true)
    }),
  )
  for (const text of ['', 'PK', '#!/bin/sh\n', '{"a":1}']) expect(archiveTypeOf(Buffer.from(text))).toBe(null)
})
