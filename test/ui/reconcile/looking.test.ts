import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Dokku, DokkuError } from '../../../ui/dokku/dokku.ts'
import { looking } from '../../../ui/reconcile/looking.ts'
import { inTurn } from '../../../ui/reconcile/turn.ts'
import { reportsThere } from '../../../ui/reports/report.ts'
import { recordedDokku, saidIn, toldEvent } from './recorded.ts'

const said = saidIn('reports', 'commands')
const MINUTE = 60_000

let dokku: Dokku
let asked: readonly string[]
let kept: Map<string, unknown>
let changed: string[]
let failed: unknown[]
let building: Set<string>
let viewed: boolean
let plugins: string[]
let allowed: string[]
let clock: number
let unknown: string | undefined
let looks: ReturnType<typeof looking>
let ids: Map<string, number>
let meanwhile: (command: string) => void

beforeEach(() => {
  unknown = undefined
  ids = new Map([
    ['shop', 1],
    ['web', 2],
  ])
  meanwhile = () => {}
  ;({ dokku, asked } = recordedDokku(said, (command) => {
    meanwhile(command)
    if (command === unknown) throw new DokkuError(['network:list'], 1, 'unknown flag: --format')
    return command === 'config:keys --global' ? 'TZ\n' : undefined
  }))
  kept = new Map()
  changed = []
  failed = []
  building = new Set()
  viewed = true
  plugins = ['ps', 'checks']
  allowed = ['allow-docker-options']
  clock = Date.UTC(2026, 10, 23, 3)
  looks = looking({
    dokku: inTurn(dokku),
    allowed: async () => allowed,
    reserved: async () => ['script IMAGE'],
    knownApps: () => ['shop', 'web'],
    plugins: () => plugins,
    building: (app) => building.has(app),
    viewed: () => viewed,
    idOf: (app) => ids.get(app),
    keep: (app, name, body) => void kept.set(`${app ?? 'server'} ${name}`, body),
    globalKeys: (keys) => void kept.set('server config', keys),
    changed: (app) => void changed.push(app ?? 'server'),
    now: () => (clock += 1000),
    onError: (error) => void failed.push(error),
    appEveryMs: 0,
    serverEveryMs: 0,
  })
})
afterEach(() => looks.stop())

const told = (trigger: string, app: string) => toldEvent({ trigger, app, at: clock })

test('of an app whose name Dokku no longer takes nothing is read', async () => {
  ids.set('Old_Shop', 3)
  looks.look('Old_Shop')
  looks.shown('Old_Shop', null)
  await looks.settled()
  expect([asked, failed]).toEqual([[], []])
  expect(looks.isLooking('Old_Shop')).toBe(false)
})

test('a look reads every report there is, and of the server what it can do', async () => {
  looks.look('web')
  expect(looks.isLooking('web')).toBe(true)
  await looks.settled()
  expect(failed).toEqual([])
  expect([...kept.keys()].filter((key) => key.startsWith('web'))).toEqual(
    reportsThere([]).map((name) => `web ${name}`),
  )
  expect(kept.get('server allowed')).toEqual(['allow-docker-options'])
  expect(kept.get('server networks')).toEqual(['bridge', 'host', 'none'])
  expect(kept.get('server plugins')).toContain('ps')
  expect(kept.get('server plugins')).not.toContain('000-recorder')
  expect(kept.get('web docker-options')).toMatchObject({ 'deploy-list': ['--env X=1'] })
  expect(kept.get('web cron')).toMatchObject([{ schedule: '*/30 * * * *', suspended: false }])
  expect(looks.isLooking('web')).toBe(false)
  expect(kept.get('server global-domains')).toEqual(['dokku.test'])
  expect(changed).toEqual(['web', 'server', 'server', 'web'])
})

test('what was read of an app that was destroyed and made again meanwhile is not kept of the new one', async () => {
  meanwhile = (command) => {
    if (command === 'resource:report web --format json') ids.set('web', 3)
  }
  looks.look('web')
  await looks.settled()
  const names = [...kept.keys()].filter((key) => key.startsWith('web '))
  expect(names).toEqual(['web ps', 'web checks'])
})

test('what one server cannot say keeps nothing else from being known', async () => {
  unknown = 'network:list --format json'
  looks.look(null)
  await expect.poll(() => looks.isLooking(null)).toBe(false)
  expect(failed).toHaveLength(1)
  expect(kept.get('server networks')).toBeUndefined()
  expect(kept.get('server allowed')).toEqual(['allow-docker-options'])
  expect(kept.get('server global-domains')).toEqual(['dokku.test'])
})

test('what root allows is read again once root said so', async () => {
  allowed = ['allow-global-config']
  looks.recorded([{ ...toldEvent({ trigger: 'dokkubase-set', app: '', at: clock }), app: null }])
  await expect.poll(() => kept.get('server config')).toEqual(['TZ'])
  expect(kept.get('server allowed')).toEqual(['allow-global-config'])
})

test('after a job only what its command is about is read, and several at once are one look', async () => {
  looks.ended({ kind: 'nginx:set', app: 'web' })
  looks.ended({ kind: 'nginx:set', app: 'web' })
  looks.ended({ kind: 'run', app: 'web' })
  await looks.settled()
  expect(asked).toEqual(['nginx:report web --format json'])
})

test('what a job changed for all apps is read of the server, or of each app where that is how Dokku says it', async () => {
  looks.ended({ kind: 'domains:add-global', app: null })
  await expect.poll(() => changed).toEqual(['server', 'server'])
  expect(asked).toEqual(['domains:report --global --format json'])
  plugins = ['letsencrypt']
  looks.ended({ kind: 'letsencrypt:set-global', app: null })
  looks.recorded([told('post-certs-update', 'web'), told('post-domains-update', 'web')])
  await looks.settled()
  expect(asked.slice(1).toSorted()).toEqual([
    ...['domains:report web --format json', 'letsencrypt:report shop --format json'],
    'letsencrypt:report web --format json',
  ])
})

test('keys of the server’s config are read where root allowed it, and again once somebody changed them', async () => {
  looks.look(null)
  expect(looks.isLooking(null)).toBe(true)
  await expect.poll(() => looks.isLooking(null)).toBe(false)
  expect(asked).not.toContain('config:keys --global')
  allowed = ['allow-global-config']
  looks.recorded([{ ...told('post-config-update', ''), app: null }])
  await expect.poll(() => kept.get('server config')).toEqual(['TZ'])
  expect(kept.get('server allowed')).toEqual(allowed)
  expect(failed).toEqual([])
})

test('a build is not disturbed; at its end what it may have changed is read, and what was asked for meanwhile', async () => {
  building.add('web')
  looks.look('web', ['nginx'])
  await looks.settled()
  expect(asked).toEqual([])
  expect(looks.isLooking('web')).toBe(true)
  building.clear()
  looks.recorded([told('build-ended', 'web')])
  await looks.settled()
  expect(asked).toEqual([
    'ps:report web --format json',
    'builder:report web --format json',
    'nginx:report web --format json',
    'ports:report web --format json',
    'cron:list web --format json',
  ])
})

test('after a deploy that no page watches nothing is read before the next visit', async () => {
  viewed = false
  looks.recorded([told('build-ended', 'web')])
  await looks.settled()
  expect(asked).toEqual([])
  looks.shown('web', clock)
  expect(looks.isLooking('web')).toBe(true)
  await looks.settled()
  expect(asked).toEqual(
    ['ps:report', 'builder:report', 'ports:report']
      .map((name) => `${name} web --format json`)
      .concat(['cron:list web --format json']),
  )
  looks.shown('web', clock)
  await looks.settled()
  expect(asked).toHaveLength(4)
})

test('a page that is opened again and again has Dokku looked at once in ten minutes, whatever comes of it', async () => {
  looks.shown('gone', null)
  await looks.settled()
  const before = asked.length
  looks.shown('gone', null)
  await looks.settled()
  expect(asked.length).toBe(before)
  clock += 11 * MINUTE
  looks.shown('gone', null)
  await looks.settled()
  expect(asked.length).toBeGreaterThan(before)
  looks.shown('web', clock)
  await looks.settled()
  expect(asked.some((command) => command.includes('web'))).toBe(false)
})

test('an app destroyed meanwhile is no error, and what was read stays', async () => {
  looks.look('gone')
  await looks.settled()
  expect(failed).toEqual([])
  expect([...kept.keys()].filter((key) => key.startsWith('gone'))).toEqual([])
})

test('reports are read one after the other, whoever asks', async () => {
  let running = 0
  let most = 0
  const busy = inTurn({
    ...dokku,
    async run() {
      most = Math.max(most, ++running)
      await new Promise((resolve) => setTimeout(resolve, 5))
      running -= 1
      return ''
    },
  })
  await Promise.all(['a', 'b', 'c'].map((app) => busy.run(['ps:report', app])))
  expect(most).toBe(1)
})
