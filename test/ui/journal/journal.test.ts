import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { apps } from '../../../ui/apps/table.ts'
import { certificates } from '../../../ui/certificates/table.ts'
import { configKeys } from '../../../ui/config/table.ts'
import { type Database, openDatabase } from '../../../ui/database/database.ts'
import type { BuildEnd } from '../../../ui/deployments/build-end.ts'
import { deploymentReads, deployments } from '../../../ui/deployments/table.ts'
import { domains } from '../../../ui/domains/table.ts'
import { type Event, eventId, noCaller } from '../../../ui/events/event.ts'
import { eventReads, events } from '../../../ui/events/table.ts'
import { type Journal, replay } from '../../../ui/journal/journal.ts'
import { take } from '../../../ui/outbox/intake.ts'
import { processTypes } from '../../../ui/processes/table.ts'
import { recording } from '../../../ui/recording.ts'
import { recordedEvents } from '../fixtures/recorded.ts'
import { hookEvent } from '../story/events.ts'

const DAY = Date.UTC(2026, 10, 20)
let db: Database
let journal: Journal
let published: Set<string>

beforeEach(() => {
  db = openDatabase(':memory:')
  published = new Set()
  journal = recording(
    db,
    {
      publish: (topics) => {
        for (const topic of topics) published.add(topic)
      },
    },
    () => DAY,
  )
})
afterEach(() => {
  db.$client.close()
})

const told = (trigger: string, args: readonly string[], at: number, rest: Partial<Event> = {}): Event =>
  hookEvent({
    id: eventId(at, 1, `${trigger}-${args.length}`),
    trigger,
    at,
    args,
    caller: { ...noCaller, command: trigger, sshUser: 'dokku', sshName: 'laptop-key' },
    ...rest,
  })
const seen = (trigger: string, args: readonly string[], at: number, note: unknown = {}): Event =>
  told(trigger, args, at, { origin: 'seen', caller: noCaller, note: JSON.stringify(note) })

const ended = (app: string, buildId: string, at: number, end: Partial<BuildEnd>) =>
  seen('build-ended', [app, buildId], at, {
    status: 'failed',
    exitCode: -1,
    failedStep: 'build',
    reason: 'Build failed',
    lines: [3],
    steps: [],
    ...end,
  })

const app = (name: string) =>
  db
    .select()
    .from(apps)
    .all()
    .filter((row) => row.name === name)
const deploymentsOf = (name: string) => {
  const ids = app(name).map(({ id }) => id)
  return db
    .select()
    .from(deployments)
    .all()
    .filter(({ appId }) => ids.includes(appId))
}

describe('a build that is found late', () => {
  const record = (id: string, startedAt: number) => ({
    ...{ id, app: 'blog', pid: 7, status: 'succeeded', source: 'git-hook' },
    started_at: new Date(startedAt).toISOString(),
  })
  let foundAt = DAY + 5000
  const late = (id: string, startedAt: number, end: Partial<BuildEnd> = {}) => {
    foundAt += 2
    return [
      seen('build-seen', ['blog', id, '7', 'git-hook'], foundAt, record(id, startedAt)),
      ended('blog', id, foundAt + 1, end),
    ]
  }
  const LIVE: Partial<BuildEnd> = {
    ...{ status: 'succeeded', exitCode: 0, failedStep: null, reason: '' },
    steps: [{ step: 'live', at: null, line: 0 }],
  }
  const newer = [
    told('builds-record-start', ['blog', 'mwthird', '7', 'git-hook'], DAY + 1000),
    told('post-deploy', ['blog', '5000', '', 'latest'], DAY + 1500, { buildId: 'mwthird' }),
    ended('blog', 'mwthird', DAY + 2000, LIVE),
    told('builds-record-start', ['blog', 'mwfourth', '7', 'git-hook'], DAY + 3000),
  ]
  const numbers = () =>
    deploymentReads(db)
      .page({}, { limit: 10 })
      .concat(deploymentReads(db).running({}))
      .map(({ buildId, number }) => [buildId, number])

  test('is not the latest nor the one that is live: others began after it', () => {
    journal.record([told('post-create', ['blog'], DAY), ...newer])
    journal.record([...late('mwsecond', DAY - 5000, LIVE), ...late('mwfirst', DAY - 9000)])
    const [blog] = app('blog')
    const nameOf = (id: number | null | undefined) =>
      deploymentsOf('blog').find((row) => row.id === id)?.buildId
    expect([nameOf(blog?.lastDeploymentId), nameOf(blog?.liveDeploymentId)]).toEqual(['mwfourth', 'mwthird'])
    expect(blog?.recent).toBe('fssr')
  })

  test('is numbered and listed by when it began, and the younger ones move up', () => {
    journal.record([told('post-create', ['blog'], DAY), ...newer])
    journal.record([...late('mwfirst', DAY - 9000), ...late('mwsecond', DAY - 5000)])
    expect(numbers()).toEqual([
      ['mwthird', 3],
      ['mwsecond', 2],
      ['mwfirst', 1],
      ['mwfourth', 4],
    ])
    journal.record([told('builds-record-start', ['blog', 'mwfifth', '7', 'git-hook'], DAY + 9000)])
    expect(deploymentsOf('blog').find(({ buildId }) => buildId === 'mwfifth')?.number).toBe(5)
  })

  test('has the same number whenever it is found', () => {
    journal.record([told('post-create', ['blog'], DAY)])
    journal.record([...late('mwsecond', DAY - 5000), ...newer, ...late('mwfirst', DAY - 9000)])
    expect(Object.fromEntries(numbers())).toEqual({ mwfirst: 1, mwsecond: 2, mwthird: 3, mwfourth: 4 })
  })

  test('of a server whose clock was wrong is listed as well, and two of one moment stay apart', () => {
    journal.record([told('post-create', ['blog'], DAY)])
    journal.record([
      ...late('mwthen', Date.parse('9999-12-31')),
      ...late('mwbefore', Date.parse('0001-01-01')),
      ...late('mwsame', Date.parse('0001-01-01')),
    ])
    expect(Object.fromEntries(numbers())).toEqual({ mwbefore: 1, mwsame: 2, mwthen: 3 })
  })
})

describe('ps:rebuild --all', () => {
  // As a real Dokku told it: one build id for all apps, and no start of a record for any.
  const build = {
    buildId: 'mwsy72im37f3uz',
    buildSource: 'ps:rebuild',
    logFile: '/var/lib/dokku/data/builds/--all/mwsy72im37f3uz.log',
  }
  const stat = `12584 (dokku) S ${Array.from({ length: 18 }, (_, at) => at).join(' ')} 4242 0`
  const sign = (trigger: string, args: readonly string[], after: number, note = '') =>
    told(trigger, args, DAY + after, { ...build, note })

  test('each app has a deployment, with its own end, though no record was begun for it', () => {
    journal.record([
      told('post-create', ['blog'], DAY),
      told('post-create', ['shop'], DAY + 1),
      sign(
        'post-extract',
        ['blog', '/tmp/x', 'a'.repeat(40)],
        10,
        `Ada\nada@blog.test\n1795404000\nSay hello\n${stat}`,
      ),
      sign('pre-receive-app', ['blog', 'dockerfile', '/tmp/x', 'a'.repeat(40)], 20, stat),
      sign('post-deploy', ['blog', '', '', 'latest'], 30, stat),
      sign('builds-record-finalize', ['blog', build.buildId, '0'], 40),
      sign('pre-receive-app', ['shop', 'dockerfile', '/tmp/y', 'b'.repeat(40)], 50, stat),
      sign('builds-record-finalize', ['shop', build.buildId, '1'], 60),
    ])
    const rows = db.select().from(deployments).all()
    expect(
      rows.map(({ number, source, status, pid, pidStart, logFile, exitCode }) => ({
        number,
        source,
        status,
        pid,
        pidStart,
        logFile,
        exitCode,
      })),
    ).toEqual([
      {
        number: 1,
        source: 'ps:rebuild',
        status: 'succeeded',
        pid: 12584,
        pidStart: '4242',
        logFile: build.logFile,
        exitCode: 0,
      },
      {
        number: 1,
        source: 'ps:rebuild',
        status: 'failed',
        pid: 12584,
        pidStart: '4242',
        logFile: build.logFile,
        exitCode: 1,
      },
    ])
    expect(rows[0]).toMatchObject({ author: 'Ada', subject: 'Say hello', liveAt: DAY + 30 })
  })

  test('an event outside a build begins none', () => {
    journal.record([
      told('post-create', ['blog'], DAY),
      told('post-deploy', ['blog', '', '', 'latest'], DAY + 1),
      told('builds-record-finalize', ['blog', 'unknown', '0'], DAY + 2),
    ])
    expect(db.select().from(deployments).all()).toEqual([])
  })
})

describe('a deploy recorded on a real Dokku', () => {
  test('that worked is one deployment with who, what and when', () => {
    journal.record(recordedEvents('git-push-success', DAY))
    const [deployment, ...others] = deploymentsOf('web')
    expect(others).toEqual([])
    expect(deployment).toMatchObject({
      number: 1,
      kind: 'build',
      source: 'git-hook',
      status: 'succeeded',
      exitCode: 0,
      actor: 'admin',
      door: 'git push',
      builder: 'dockerfile',
      image: 'dokku/web:latest',
      sourceType: 'git-push',
    })
    expect(deployment?.revision).toMatch(/^[0-9a-f]{40}$/)
    expect(deployment?.sourceMetadata).toBe(deployment?.revision)
    expect(deployment?.liveAt).toBeLessThan(deployment?.endedAt ?? 0)
    expect(app('web')[0]).toMatchObject({
      liveDeploymentId: deployment?.id,
      recent: 's',
      deploySource: 'git-push',
    })
    expect(db.select().from(configKeys).all()).toEqual([])
    expect(published).toContain(`deployment:${deployment?.id}`)
  })

  test.each([
    ['git-push-healthcheck-failure', 'failed', 1],
    ['git-push-predeploy-failure', 'failed', 1],
    ['git-push-crash-at-start', 'failed', 1],
    ['git-push-build-failure', 'running', null],
    ['git-push-canceled', 'running', null],
    ['git-push-while-deploying', 'running', null],
    ['ps-restart', 'running', null],
    ['ps-rebuild', 'succeeded', 0],
    ['ps-start', 'succeeded', 0],
    ['git-from-image', 'succeeded', 0],
    ['git-sync', 'succeeded', 0],
    ['config-set', 'succeeded', 0],
  ])('%s is %s by what Dokku told of it', (operation, status, exitCode) => {
    journal.record(recordedEvents(operation, DAY))
    const told = db.select().from(deployments).all()
    expect(told.map((row) => [row.status, row.exitCode])).toEqual([[status, exitCode]])
  })

  test('that died in its build is failed once its process was found gone', () => {
    journal.record(recordedEvents('git-push-build-failure', DAY))
    const [running] = deploymentsOf('broken')
    journal.record([
      ended('broken', running?.buildId ?? '', DAY + 5000, { reason: 'Build failed at step 4/5 RUN npm ci' }),
    ])
    expect(deploymentsOf('broken')[0]).toMatchObject({
      status: 'failed',
      exitCode: -1,
      failedStep: 'build',
      endedAt: DAY + 5000,
      reason: 'Build failed at step 4/5 RUN npm ci',
      reasonLines: [3],
    })
    expect(app('broken')[0]).toMatchObject({ liveDeploymentId: null, recent: 'f' })
  })

  test('finalized without a number is not taken for a success', () => {
    journal.record(recordedEvents('git-push-build-failure', DAY))
    const buildId = deploymentsOf('broken')[0]?.buildId ?? ''
    journal.record([told('builds-record-finalize', ['broken', buildId, ''], DAY + 9000)])
    expect(deploymentsOf('broken')[0]).toMatchObject({ status: 'running', exitCode: null })
  })

  test('ps:scale makes no deployment, though post-deploy fires', () => {
    journal.record(recordedEvents('ps-scale', DAY))
    expect(db.select().from(deployments).all()).toEqual([])
    expect(app('web')[0]?.liveDeploymentId).toBeNull()
  })
})

describe('a rename recorded on a real Dokku', () => {
  test('keeps history under the new name; the post-delete of the old one is no destroy', () => {
    journal.record([told('post-create', ['ren1'], DAY - 5000)])
    const [before] = app('ren1')
    journal.record(recordedEvents('apps-rename-deployed', DAY))
    expect(app('ren1')).toEqual([])
    const after = app('ren2')
    expect(after).toHaveLength(1)
    expect(after[0]).toMatchObject({
      id: before?.id,
      formerName: 'ren1',
      destroyedAt: null,
      createdAt: DAY - 5000,
    })
    expect(deploymentsOf('ren2')).toMatchObject([{ status: 'succeeded', number: 1 }])
    const read = eventReads(db)
      .page({ appId: before?.id ?? 0 }, { limit: 50 })
      .map(({ trigger }) => trigger)
    expect(read).toEqual(['builds-record-start', 'post-app-rename', 'post-create'])
    const unowned = db
      .select()
      .from(events)
      .all()
      .filter(({ appId }) => appId !== before?.id)
    expect(unowned).toEqual([])
  })

  test('whose setup was not told is known by its end', () => {
    journal.record([
      told('post-create', ['old-shop'], DAY),
      told('post-domains-update', ['old-shop', 'add', 'shop.example.com'], DAY + 1),
    ])
    journal.record([
      told('post-create', ['shop'], DAY + 1000),
      told('post-delete', ['old-shop', 'latest'], DAY + 2000),
      told('post-app-rename', ['old-shop', 'shop'], DAY + 3000),
    ])
    expect(app('old-shop')).toEqual([])
    expect(app('shop')).toMatchObject([{ destroyedAt: null, formerName: 'old-shop', createdAt: DAY }])
    expect(
      db
        .select()
        .from(domains)
        .all()
        .map(({ domain }) => domain),
    ).toEqual(['shop.example.com'])
  })
})

describe('what is known of an app that is renamed', () => {
  const renamed = (...ofNewName: readonly Event[]) =>
    journal.record([
      told('post-create', ['store'], DAY + 1000),
      ...ofNewName,
      told('post-app-rename-setup', ['shop', 'store'], DAY + 5000),
    ])
  const keys = () =>
    Object.fromEntries(
      db
        .select()
        .from(configKeys)
        .all()
        .map(({ key, change, changedAt, changedBy }) => [key, [change, changedAt - DAY, changedBy]]),
    )

  test('are its config keys with who changed them, also where they were seen again under the new name', () => {
    journal.record([
      told('post-config-update', ['shop', 'set', 'API_KEY', 'LOG_LEVEL', 'OLD'], DAY),
      told('post-config-update', ['shop', 'unset', 'OLD'], DAY + 1),
      seen('config-seen', ['shop', 'API_KEY', 'LOG_LEVEL', 'TZ'], DAY + 2),
    ])
    renamed(
      seen('config-seen', ['store', 'API_KEY', 'LOG_LEVEL', 'TZ', 'PROXY'], DAY + 2000),
      told('post-config-update', ['store', 'set', 'LOG_LEVEL', 'TZ'], DAY + 3000),
    )
    expect(keys()).toEqual({
      API_KEY: ['set', 0, 'laptop-key'],
      OLD: ['unset', 1, 'laptop-key'],
      LOG_LEVEL: ['set', 3000, 'laptop-key'],
      TZ: ['set', 3000, 'laptop-key'],
      PROXY: ['set', 2000, ''],
    })
    expect(db.select().from(configKeys).all()).toSatisfy((rows: readonly { appId: number }[]) =>
      rows.every(({ appId }) => appId === app('store')[0]?.id),
    )
  })

  const certificate = {
    hostnames: ['shop.example.com'],
    issuer: 'R11',
    subject: 'CN=shop.example.com',
    startsAt: 1,
    expiresAt: 2,
    verified: 'ok',
  }
  const given = () => {
    journal.record([
      told('post-create', ['shop'], DAY - 2),
      told('post-certs-update', ['shop'], DAY - 1),
      seen('certificate-seen', ['shop', '{"untold":false}'], DAY, certificate),
      seen('formation-seen', ['shop', 'web=2', 'worker=1'], DAY),
    ])
  }
  const kept = () => ({
    certificate: db.select().from(certificates).all(),
    formation: db
      .select()
      .from(processTypes)
      .all()
      .map(({ processType, quantity }) => [processType, quantity]),
  })

  test('are its certificate and its formation, as long as nothing was read of the new name', () => {
    given()
    renamed()
    expect(kept()).toMatchObject({
      certificate: [{ expiresAt: 2, updatedAt: DAY - 1, updatedBy: 'laptop-key' }],
      formation: [
        ['web', 2],
        ['worker', 1],
      ],
    })
  })

  test('is what was read of the new name, and still who gave the certificate', () => {
    given()
    renamed(
      seen('certificate-seen', ['store', '{"untold":false}'], DAY + 2000, { ...certificate, expiresAt: 3 }),
      seen('formation-seen', ['store', 'web=1'], DAY + 2000),
    )
    expect(kept()).toMatchObject({
      certificate: [{ expiresAt: 3, updatedAt: DAY - 1, updatedBy: 'laptop-key' }],
      formation: [['web', 1]],
    })
  })
})

test('a destroyed app keeps its page; a new one of the same name is another', () => {
  journal.record([told('post-create', ['blog'], DAY)])
  journal.record(
    recordedEvents('git-push-success', DAY + 1).map((event) => ({
      ...event,
      args: event.args.map((arg) => (arg === 'web' ? 'blog' : arg)),
    })),
  )
  journal.record([told('post-delete', ['blog', 'latest'], DAY + 100_000)])
  expect(app('blog')).toMatchObject([{ destroyedAt: DAY + 100_000 }])
  journal.record([ended('blog', 'unknown', DAY + 100_500, {})])
  expect(app('blog')).toHaveLength(1)
  journal.record([told('post-create', ['blog'], DAY + 200_000)])
  expect(app('blog').map(({ destroyedAt }) => destroyedAt)).toEqual([DAY + 100_000, null])
  expect(deploymentsOf('blog')).toHaveLength(1)
})

test('the panel’s own front app is marked, and its builds are left out', () => {
  journal.record(
    recordedEvents('git-from-archive', DAY).map((event) => ({
      ...event,
      args: event.args.map((arg) => (arg === 'tmp2' ? 'dokkubase' : arg)),
    })),
  )
  expect(app('dokkubase')).toMatchObject([{ front: true, lastDeploymentId: null }])
  expect(db.select().from(deployments).all()).toEqual([])
  journal.record([told('post-create', ['blog'], DAY)])
  expect(app('blog')).toMatchObject([{ front: false }])
})

test('domains follow what was told, and Dokku’s own list puts them right', () => {
  const list = () =>
    db
      .select()
      .from(domains)
      .all()
      .map(({ domain, addedBy }) => [domain, addedBy])
  journal.record([
    told('post-domains-update', ['shop', 'add', 'shop.example.com', 'www.shop.example.com'], DAY),
    told('post-domains-update', ['shop', 'remove', 'www.shop.example.com'], DAY + 1),
    told('post-domains-update', ['shop'], DAY + 2),
  ])
  expect(list()).toEqual([['shop.example.com', 'laptop-key']])
  journal.record([seen('domains-seen', ['shop', 'shop.example.com', 'shop.dokku.test'], DAY + 3)])
  expect(list()).toEqual([
    ['shop.example.com', 'laptop-key'],
    ['shop.dokku.test', 'unknown'],
  ])
  journal.record([told('post-domains-update', ['shop', 'clear'], DAY + 4)])
  expect(list()).toEqual([])
})

test('of config only keys are kept, and Dokku’s own GIT_REV is no change', () => {
  journal.record([
    told('post-config-update', ['blog', 'set', 'DATABASE_URL', 'GIT_REV'], DAY),
    told('post-config-update', ['blog', 'unset', 'OLD_FLAG'], DAY + 1),
  ])
  const rows = db.select().from(configKeys).all()
  expect(rows.map(({ key, change }) => [key, change])).toEqual([
    ['DATABASE_URL', 'set'],
    ['OLD_FLAG', 'unset'],
  ])
})

test('the server’s config is nobody’s app’s, however Dokku names it', () => {
  journal.record([
    told('post-config-update', ['', 'set', 'TZ', 'OLD'], DAY),
    told('post-config-update', ['--global', 'set', 'CURL_TIMEOUT'], DAY + 1),
    told('post-config-update', ['', 'unset', 'OLD'], DAY + 2),
    seen('config-seen', ['--global', 'SEEN', 'CURL_TIMEOUT'], DAY + 3),
  ])
  const rows = db.select().from(configKeys).all()
  expect(rows.map(({ appId, key, change }) => [appId, key, change]).toSorted()).toEqual([
    [0, 'CURL_TIMEOUT', 'set'],
    [0, 'OLD', 'unset'],
    [0, 'SEEN', 'set'],
    [0, 'TZ', 'unset'],
  ])
  expect(db.select().from(apps).all()).toEqual([])
  journal.record([told('post-config-update', ['', 'clear'], DAY + 4)])
  expect(
    db
      .select()
      .from(configKeys)
      .all()
      .filter(({ change }) => change === 'set'),
  ).toEqual([])
})

test('a certificate is known to have changed at once, and what it is once it was read', () => {
  journal.record([told('post-certs-update', ['shop'], DAY)])
  expect(db.select().from(certificates).all()).toMatchObject([{ expiresAt: null, updatedBy: 'laptop-key' }])
  const read = {
    hostnames: ['shop.example.com'],
    issuer: 'R11',
    subject: 'CN=shop',
    startsAt: 1,
    expiresAt: 2,
    verified: 'verified by a certificate authority',
  }
  journal.record([seen('certificate-seen', ['shop'], DAY + 1, read)])
  expect(db.select().from(certificates).all()).toMatchObject([
    { ...read, updatedAt: DAY, updatedBy: 'laptop-key' },
  ])
  journal.record([told('post-certs-remove', ['shop'], DAY + 2)])
  expect(db.select().from(certificates).all()).toEqual([])
})

test('an event that comes twice changes nothing', () => {
  const once = recordedEvents('git-push-success', DAY)
  expect(journal.record(once).length).toBe(once.length)
  const before = db.select().from(deployments).all()
  expect(journal.record(once)).toEqual([])
  expect(db.select().from(deployments).all()).toEqual(before)
  expect(db.select().from(events).all()).toHaveLength(once.length)
})

test('the journal replayed into an empty database gives the same rows', () => {
  const operations = [
    'apps-create',
    'git-push-success',
    'config-set',
    'domains-add',
    'git-push-build-failure',
    'ps-restart',
    'certs-add',
    'apps-rename-deployed',
    'ps-scale',
    'git-push-canceled',
    'apps-clone',
    'apps-destroy',
    'ps-stop',
  ]
  for (const [index, operation] of operations.entries())
    journal.record(recordedEvents(operation, DAY + index * 100_000))
  for (const { buildId, appId } of db
    .select()
    .from(deployments)
    .all()
    .filter(({ status }) => status === 'running')) {
    const name =
      db
        .select()
        .from(apps)
        .all()
        .find(({ id }) => id === appId)?.name ?? ''
    journal.record([ended(name, buildId, DAY + 3_000_000, {})])
  }
  journal.record([
    seen('formation-seen', ['web', 'web=2', 'worker=1'], DAY + 4_000_000),
    seen('lock-seen', ['web', 'true'], DAY + 4_000_001),
  ])

  const copy = openDatabase(':memory:')
  const replayed = replay(
    journal,
    recording(copy, { publish() {} }, () => DAY),
    7,
  )
  expect(replayed).toBe(db.select().from(events).all().length)
  for (const table of [apps, deployments, domains, certificates, configKeys, processTypes, events])
    expect(copy.select().from(table).all()).toEqual(db.select().from(table).all())
  copy.$client.close()
})

test('a batch with an event that cannot be recorded leaves nothing behind', () => {
  const good = told('post-create', ['blog'], DAY)
  expect(() => journal.record([good, { ...told('post-create', ['shop'], DAY + 1), at: Number.NaN }])).toThrow(
    /NOT NULL/,
  )
  expect(db.select().from(apps).all()).toEqual([])
  expect(published.size).toBe(0)
})

test('a listener that throws neither undoes what was recorded nor keeps others from hearing of it', () => {
  const errors: unknown[] = []
  const own = recording(
    db,
    { publish() {} },
    () => DAY,
    (error) => errors.push(error),
  )
  const heard: number[] = []
  own.onRecorded(() => {
    throw new Error('broken listener')
  })
  own.onRecorded((recorded) => heard.push(recorded.length))
  expect(take([told('post-create', ['blog'], DAY)], own.record)).toEqual({ recorded: 1, refused: [] })
  expect(heard).toEqual([1])
  expect(errors).toEqual([new Error('broken listener')])
})
