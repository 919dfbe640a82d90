import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Event, RecordedEvent } from '../../../ui/events/event.ts'
import {
  compare,
  type DokkuApp,
  type DokkuParts,
  type KnownApp,
  PARTS,
  partsAfter,
} from '../../../ui/reconcile/compare.ts'
import { reconciler } from '../../../ui/reconcile/reconcile.ts'
import { eventually } from '../../patience.ts'
import { recordedEvents } from '../fixtures/recorded.ts'
import { recordedDokku, saidIn, toldEvent } from './recorded.ts'

const NOW = Date.UTC(2026, 10, 23, 3)
const certificate = {
  hostnames: ['shop.dokku.test'],
  issuer: 'R11',
  subject: 'CN=shop.dokku.test',
  startsAt: 1,
  expiresAt: 2,
  verified: 'self signed',
}
const known: KnownApp = {
  name: 'shop',
  front: false,
  locked: false,
  lastDeployFailed: false,
  domains: ['shop.dokku.test'],
  certificate: null,
  formation: ['web=1'],
  configKeys: ['PORT'],
  looked: true,
  knowsBuild: (id) => id === 'mwsm2q2cgir830',
}
const dokkuSays: DokkuApp = {
  readAt: NOW,
  locked: false,
  domains: ['shop.dokku.test'],
  certificate: null,
  formation: ['web=1'],
  configKeys: ['GIT_REV', 'PORT'],
  builds: [],
}
const build = {
  id: 'mwsm6frbd40jdo',
  app: 'shop',
  pid: 3948,
  started_at: '2026-11-22T01:55:49.766902082Z',
  status: 'failed' as const,
  source: 'git-hook',
}

describe('comparing with Dokku', () => {
  const found = (rows: Partial<KnownApp>, dokku: Partial<DokkuApp>, since: readonly string[] = []) =>
    compare({ ...known, ...rows }, { ...dokkuSays, ...dokku }, new Set(since), NOW).map(
      ({ trigger, args, note }) => ({
        trigger,
        args,
        untold:
          note === ''
            ? undefined
            : JSON.parse(trigger === 'certificate-seen' ? (args[1] ?? '') : note).untold,
      }),
    )

  test('finds nothing where nothing differs', () => {
    expect(found({}, {})).toEqual([])
    expect(found({ domains: ['a.test', 'b.test'] }, { domains: ['b.test', 'a.test'] })).toEqual([])
  })

  test('a formation nobody told of is seen and marked as not told; a ps:scale that deployed tells of it', () => {
    const formation = ['web=2', 'worker=1']
    const args = ['shop', ...formation]
    expect(found({}, { formation }, ['post-deploy'])).toEqual([
      { trigger: 'formation-seen', args, untold: true },
    ])
    expect(found({}, { formation }, ['ps:scale'])).toEqual([
      { trigger: 'formation-seen', args, untold: false },
    ])
  })

  test('what changed is kept with what it was before, once that was read', () => {
    const dokku: Partial<DokkuApp> = { domains: ['b.test'], formation: ['web=2'], configKeys: ['HOST'] }
    const earlier = (rows: Partial<KnownApp>) =>
      compare({ ...known, ...rows }, { ...dokkuSays, ...dokku }, new Set(), NOW).map(({ trigger, note }) => [
        trigger,
        JSON.parse(note).before,
      ])
    expect(earlier({})).toEqual([
      ['domains-seen', ['shop.dokku.test']],
      ['formation-seen', ['web=1']],
      ['config-seen', ['PORT']],
    ])
    expect(earlier({ looked: false }).map(([, was]) => was)).toEqual([undefined, undefined, undefined])
  })

  test('what a trigger announced is not called untold', () => {
    expect(found({}, { domains: [] }, ['post-domains-update'])).toMatchObject([{ untold: false }])
    expect(found({ certificate: undefined }, { certificate }, ['post-certs-update'])).toMatchObject([
      { untold: false },
    ])
    expect(found({ locked: true }, {}, ['build-ended'])).toMatchObject([
      { trigger: 'lock-seen', untold: false },
    ])
  })

  test('a lock is somebody’s own, not what a failed deploy left behind', () => {
    const lock = (rows: Partial<KnownApp>, dokku: Partial<DokkuApp>) =>
      found(rows, dokku)
        .filter(({ trigger }) => trigger === 'lock-seen')
        .map(({ args }) => args[1])
    expect(lock({}, { locked: true })).toEqual(['true'])
    expect(lock({ lastDeployFailed: true }, { locked: true })).toEqual([])
    expect(lock({ looked: false }, { locked: true, builds: [build] })).toEqual([])
    expect(lock({ looked: false }, { locked: true, builds: [{ ...build, status: 'succeeded' }] })).toEqual([
      'true',
    ])
    expect(lock({ locked: true, lastDeployFailed: true }, { locked: true })).toEqual([])
    expect(lock({ locked: true, lastDeployFailed: true }, { locked: false })).toEqual(['false'])
  })

  test('the lock of a deploy is no change, also where the deploy ended while Dokku was read', () => {
    const locks = (builds: DokkuParts['builds'], rows: Partial<KnownApp> = {}, locked = true) =>
      found({ knowsBuild: () => true, ...rows }, { locked, builds }).map(({ trigger }) => trigger)
    const succeeded = { ...build, status: 'succeeded' as const }
    expect(locks([{ ...build, status: 'running', display_status: 'running' }])).toEqual([])
    expect(locks([{ ...succeeded, finished_at: new Date(NOW + 500).toISOString() }])).toEqual([])
    expect(locks([{ ...build, status: 'running', display_status: 'abandoned' }])).toEqual(['lock-seen'])
    expect(locks([{ ...succeeded, finished_at: new Date(NOW - 500).toISOString() }])).toEqual(['lock-seen'])
    const running = { ...build, status: 'running' as const }
    expect(locks([running], { locked: true }, false)).toEqual([])
  })

  test('what setup does to the panel’s own app is no event', () => {
    const formation = ['web=1']
    expect(found({ formation: [] }, { formation })).toMatchObject([{ untold: true }])
    expect(found({ front: true, formation: [] }, { formation })).toMatchObject([{ untold: false }])
  })

  test('keys of config are known by name, and what Dokku sets at each build is none', () => {
    expect(found({ configKeys: [] }, {}, ['post-config-update'])).toEqual([
      { trigger: 'config-seen', args: ['shop', 'PORT'], untold: false },
    ])
  })

  test('nothing is untold at the first look', () => {
    expect(found({ looked: false, domains: [] }, {})).toMatchObject([{ untold: false }])
  })

  test('a certificate renewed without a trigger is seen', () => {
    expect(found({ certificate }, { certificate: { ...certificate, expiresAt: 3 } })).toMatchObject([
      { trigger: 'certificate-seen', untold: true },
    ])
    expect(found({ certificate }, { certificate })).toEqual([])
  })

  test('builds that were never told come oldest first; one that began just now may still be told', () => {
    const older = { ...build, id: 'mwsm5tfy6cq7fc', started_at: '2026-11-21T01:55:00Z' }
    const young = { ...build, id: 'mwsyoung', started_at: new Date(NOW - 3000).toISOString() }
    const told = { ...build, id: 'mwsm2q2cgir830' }
    expect(found({}, { builds: [young, build, older, told] }).map(({ args }) => args)).toEqual([
      ['shop', 'mwsm5tfy6cq7fc', '3948', 'git-hook'],
      ['shop', 'mwsm6frbd40jdo', '3948', 'git-hook'],
    ])
  })
})

describe('what has to be read', () => {
  test.each([
    [['build-ended'], ['formation', 'configKeys']],
    [['post-config-update'], ['domains', 'configKeys']],
    [['post-domains-update'], ['domains']],
    [
      ['post-certs-update', 'ps:scale'],
      ['certificate', 'formation'],
    ],
    [['post-certs-update', 'job-over'], PARTS],
    [['process-stopped'], ['formation']],
    [['post-create'], ['locked', 'domains', 'formation', 'configKeys', 'builds']],
    [['timer'], PARTS],
    [['build-ended', 'list'], PARTS],
    [['post-stop'], PARTS],
    [[], PARTS],
  ])('after %j is %j', (since, parts) => {
    expect(partsAfter(new Set(since), false)).toEqual(parts)
  })

  test('after a deploy of a locked app is the lock too: it may have taken it away', () => {
    const parts = ['locked', 'formation', 'configKeys', 'builds']
    expect(partsAfter(new Set(['build-ended']), true)).toEqual(parts)
  })

  test('what was not read differs in nothing', () => {
    expect(compare(known, { readAt: NOW }, new Set(['build-ended']), NOW)).toEqual([])
  })
})

describe('the reconciler', () => {
  const reports = saidIn('reports')
  let asked: readonly string[]
  let recorded: Event[]
  let apps: string[]
  let rows: Map<string, KnownApp>
  let building: Set<string>
  let clock: number
  let unreadable: Error | undefined
  let keysOfShop: string
  let meanwhile: (command: string) => void

  const instead = (command: string): string | undefined => {
    meanwhile(command)
    if (command === 'config:keys shop') return keysOfShop
    if (command === 'apps:list --format json') return JSON.stringify(apps)
    if (command.startsWith('builds:list')) return '[]'
    if (command.startsWith('config:keys')) return 'GIT_REV\nPORT\n'
    if (command.startsWith('ps:scale')) return '[{"process_type":"web","quantity":1}]'
    return undefined
  }

  let reconcile: ReturnType<typeof reconciler>
  beforeEach(() => {
    const { dokku, ...noted } = recordedDokku(reports, instead)
    asked = noted.asked
    recorded = []
    apps = ['broken', 'empty', 'shop', 'web']
    rows = new Map(
      apps.map((name) => [
        name,
        {
          ...known,
          name,
          looked: false,
          domains: [],
          formation: [],
          certificate: null,
          knowsBuild: () => true,
        },
      ]),
    )
    building = new Set()
    clock = NOW
    unreadable = undefined
    keysOfShop = 'GIT_REV\nPORT\n'
    meanwhile = () => {}
    reconcile = reconciler({
      dokku,
      knownApps: () => [...rows.keys()],
      known: (name) => rows.get(name),
      building: (name) => building.has(name),
      record(events) {
        recorded.push(...events)
        const all = events.map((event, seq): RecordedEvent => ({ ...event, seq, app: event.args[0] ?? null }))
        for (const { trigger, args } of all) {
          const row = rows.get(args[0] ?? '')
          if (trigger === 'app-looked' && row) rows.set(row.name, { ...row, looked: true })
          if (trigger === 'app-gone') rows.delete(args[0] ?? '')
        }
        return all
      },
      async drain() {
        if (unreadable) throw unreadable
      },
      now: () => (clock += 2000),
      onError(error) {
        if (error !== unreadable) throw error
      },
      appEveryMs: 0,
      listEveryMs: 0,
      listRetryMs: 10,
    })
  })
  afterEach(() => reconcile.stop())

  const told = (trigger: string, app: string, buildId = '') => toldEvent({ trigger, app, at: NOW, buildId })

  test('reads every app at the first start, one command at a time, and marks it looked at', async () => {
    await reconcile.start()
    await reconcile.settled()
    const looked = recorded.filter(({ trigger }) => trigger === 'app-looked').map(({ args }) => args[0])
    expect(looked.sort()).toEqual(['broken', 'empty', 'shop', 'web'])
    const shop = recorded.filter(({ args }) => args[0] === 'shop')
    expect(shop.find(({ trigger }) => trigger === 'domains-seen')?.args).toEqual([
      'shop',
      'shop.dokku.test',
      'www.shop.dokku.test',
    ])
    const seen = shop.find(({ trigger }) => trigger === 'certificate-seen')
    expect(JSON.parse(seen?.note ?? '')).toEqual({
      hostnames: ['shop.dokku.test', 'www.shop.dokku.test'],
      issuer: 'C = DE, O = Demo, CN = shop.dokku.test',
      subject: 'C=DE; O=Demo; CN=shop.dokku.test',
      startsAt: Date.UTC(2026, 10, 23, 1, 32, 26),
      expiresAt: Date.UTC(2027, 10, 23, 1, 32, 26),
      verified: 'self signed',
    })
    expect(
      recorded.find(({ trigger, args }) => trigger === 'lock-seen' && args[0] === 'broken')?.args[1],
    ).toBe('true')
    expect(asked.filter((command) => command.startsWith('ps:report'))).toEqual([])
  })

  test('sees apps that came and went untold', async () => {
    apps = ['empty', 'shop', 'wiki']
    await reconcile.start()
    const names = (trigger: string) =>
      recorded.filter((event) => event.trigger === trigger).map(({ args }) => args[0])
    expect(names('app-seen')).toEqual(['wiki'])
    expect(names('app-gone')).toEqual(['broken', 'web'])
  })

  test('at the first look every record is read, of both kinds; later the newest', async () => {
    await reconcile.start()
    await reconcile.settled()
    const lists = () => asked.filter((command) => command.startsWith('builds:list shop'))
    expect(lists()).toEqual([
      'builds:list shop --kind build --format json',
      'builds:list shop --kind deploy --format json',
    ])
    reconcile.look('shop')
    await reconcile.settled()
    expect(lists().slice(2)).toEqual(['builds:list shop --format json'])
  })

  test('an app whose name Dokku no longer takes is listed, and never asked about', async () => {
    apps = [...apps, 'Old_Shop']
    rows.set('Old_Shop', { ...known, name: 'Old_Shop', looked: false })
    await reconcile.start()
    await reconcile.compareAll()
    reconcile.look('Old_Shop')
    await reconcile.settled()
    expect(asked.filter((command) => command.includes('Old_Shop'))).toEqual([])
    expect(recorded.filter(({ trigger }) => trigger === 'app-gone')).toEqual([])
  })

  test('a first list that could not be read is read again soon', async () => {
    unreadable = new Error('exit 127')
    apps = [...apps, 'wiki']
    await reconcile.start()
    expect(recorded).toEqual([])
    unreadable = undefined
    await eventually(() => expect(recorded.map(({ trigger }) => trigger)).toContain('app-seen'))
  })

  test('an app created while the list is being read is not recorded as destroyed', async () => {
    meanwhile = (command) => {
      if (command !== 'apps:list --format json') return
      rows.set('late', { ...known, name: 'late' })
      reconcile.recorded([told('post-create', 'late')])
    }
    await reconcile.start()
    expect(recorded.filter(({ trigger }) => trigger === 'app-gone')).toEqual([])
    meanwhile = () => {}
    await reconcile.compareAll()
    expect(recorded.filter(({ trigger }) => trigger === 'app-gone').map(({ args }) => args)).toEqual([
      ['late'],
    ])
  })

  test('an app destroyed while the list is being read is not recorded as found, one made and destroyed neither', async () => {
    apps = [...apps, 'brief']
    meanwhile = (command) => {
      if (command !== 'apps:list --format json') return
      rows.delete('web')
      reconcile.recorded([
        told('post-delete', 'web'),
        told('post-create', 'brief'),
        told('post-delete', 'brief'),
      ])
    }
    await reconcile.start()
    expect(recorded.filter(({ trigger }) => trigger === 'app-seen')).toEqual([])
  })

  test('a name that the journal takes for none is not seen with each list', async () => {
    apps = [...apps, '--all', '']
    await reconcile.start()
    await reconcile.compareAll()
    expect(recorded.filter(({ trigger }) => trigger === 'app-seen')).toEqual([])
  })

  test('asks once after the end of a build, and never during one', async () => {
    building.add('shop')
    reconcile.recorded([told('post-domains-update', 'shop'), told('post-deploy', 'shop', 'mwsbuild')])
    await reconcile.settled()
    expect(asked).toEqual([])
    building.delete('shop')
    reconcile.recorded([told('build-ended', 'shop')])
    await reconcile.settled()
    expect(asked.filter((command) => command.startsWith('domains:report'))).toEqual([
      'domains:report shop --format json',
    ])
  })

  test('while the outbox cannot be read nothing is called gone, new or untold; once it can, what was told counts', async () => {
    unreadable = new Error('EACCES: permission denied')
    rows = new Map([...rows].map(([name, row]) => [name, { ...row, looked: true }]))
    apps = ['broken', 'empty', 'shop', 'wiki']
    await reconcile.start()
    reconcile.recorded([told('post-domains-update', 'shop')])
    await reconcile.settled()
    expect(recorded).toEqual([])
    unreadable = undefined
    await reconcile.compareAll()
    await reconcile.settled()
    expect(recorded.map(({ trigger, args }) => `${trigger} ${args[0]}`)).toContain('app-gone web')
    const domains = recorded.find(({ trigger, args }) => trigger === 'domains-seen' && args[0] === 'shop')
    expect(JSON.parse(domains?.note ?? '')).toMatchObject({ untold: false })
  })

  test('what was read before a trigger told otherwise counts for nothing: it is read again', async () => {
    rows = new Map([...rows].map(([name, row]) => [name, { ...row, looked: true }]))
    meanwhile = (command) => {
      if (command !== 'domains:report shop --format json') return
      meanwhile = () => {}
      const shop = rows.get('shop')
      if (shop) rows.set('shop', { ...shop, configKeys: ['PORT', 'SINCE'] })
      keysOfShop = 'PORT\nSINCE\n'
      reconcile.recorded([told('post-config-update', 'shop')])
    }
    reconcile.recorded([told('post-domains-update', 'shop')])
    await reconcile.settled()
    expect(recorded.filter(({ trigger }) => trigger === 'config-seen')).toEqual([])
    const domains = recorded.find(({ trigger }) => trigger === 'domains-seen')
    expect(JSON.parse(domains?.note ?? '')).toMatchObject({ untold: false })
    expect(asked).toEqual([
      'domains:report shop --format json',
      'domains:report shop --format json',
      'config:keys shop',
    ])
  })

  test('what was to be read when a build began meanwhile is read once it is over', async () => {
    rows = new Map([...rows].map(([name, row]) => [name, { ...row, looked: true }]))
    meanwhile = () => building.add('shop')
    reconcile.recorded([told('post-domains-update', 'shop')])
    await reconcile.settled()
    expect(recorded).toEqual([])
    meanwhile = () => {}
    building.clear()
    reconcile.recorded([told('build-ended', 'shop')])
    await reconcile.settled()
    const domains = recorded.find(({ trigger }) => trigger === 'domains-seen')
    expect(JSON.parse(domains?.note ?? '')).toMatchObject({ untold: false })
  })

  test('a scale is told by its first deploy, while the command goes on, and is not told again', async () => {
    rows = new Map([...rows].map(([name, row]) => [name, { ...row, looked: true }]))
    const scaled = recordedEvents('ps-scale', NOW).map(
      (event, seq): RecordedEvent => ({ ...event, seq, app: event.args[0] ?? null }),
    )
    expect(scaled.map(({ trigger }) => trigger)).toEqual(['post-deploy', 'post-deploy'])
    reconcile.recorded(scaled.slice(0, 1))
    await reconcile.settled()
    const formation = recorded.filter(({ trigger }) => trigger === 'formation-seen')
    expect(formation.map(({ args, note }) => [args, JSON.parse(note)])).toEqual([
      [['web', 'web=1'], { untold: false, before: [] }],
    ])
  })

  test('an app destroyed meanwhile is no error', async () => {
    reconcile.recorded([told('post-stop', 'gone')])
    await reconcile.settled()
    expect(recorded).toEqual([])
  })
})
