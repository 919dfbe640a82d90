import { beforeEach, describe, expect, test } from 'vitest'
import { processKinds } from '../../../ui/processes/command.ts'
import { asker } from '../story/ask.ts'
import { changingPanel } from '../story/changing.ts'

let on: ReturnType<typeof changingPanel>
beforeEach(() => {
  on = changingPanel(processKinds)
})

const FORMATION = '/apps/shop/formation?method=PUT'

describe('the formation', () => {
  test('whatever was changed is one command; what was left as it is stands in none', async () => {
    const { status } = await on.send(FORMATION, {
      'scale.web': '4',
      'was.scale.web': '2',
      'scale.worker': '1',
      'was.scale.worker': '1',
    })
    expect(status).toBe(200)
    expect(on.asked()).toEqual(['dokku ps:scale shop web=4'])
  })

  test('several types, one of them to none, are one command', async () => {
    await on.send(FORMATION, {
      'scale.web': '0',
      'was.scale.web': '2',
      'scale.worker': '5',
      'was.scale.worker': '1',
    })
    expect(on.asked()).toEqual(['dokku ps:scale shop web=0 worker=5'])
  })

  test('a bad number is refused beside its field, and nothing is asked', async () => {
    expect(await on.refused(FORMATION, { 'scale.web': '-1', 'scale.worker': '1000' })).toEqual([
      'scale.web: write a whole number from 0 to 100',
      'scale.worker: write a whole number from 0 to 100',
    ])
  })

  test('an app whose app.json says how many is refused with the reason', async () => {
    on.reported('shop', 'ps', { 'can-scale': 'false' })
    expect(await on.refused(FORMATION, { 'scale.web': '3' })).toEqual([
      'app.json of this app says how many run of each, so Dokku takes no other word for it',
    ])
  })

  test('nothing changed is said, not run', async () => {
    expect(await on.refused(FORMATION, { 'scale.web': '2', 'was.scale.web': '2' })).toEqual([
      'Nothing was changed, so nothing is to do',
    ])
  })

  test('while a form is filled in, what would run is answered and nothing is asked', async () => {
    expect(await on.previewed(FORMATION, { 'scale.web': '3', 'was.scale.web': '2' })).toEqual([
      'dokku ps:scale shop web=3',
    ])
    expect(on.asked()).toEqual([])
  })

  test('a viewer changes nothing', async () => {
    expect((await on.send(FORMATION, { 'scale.web': '3' }, { role: 'viewer' })).status).toBe(403)
    expect((await on.send('/apps/shop/looks', {}, { role: 'viewer' })).status).toBe(403)
    expect(on.asked()).toEqual([])
    expect(on.looked).toEqual([])
  })
})

describe('limits', () => {
  const LIMITS = '/apps/shop/limits?method=PATCH'

  test('the build has a row, and so has what has a limit though none of it runs', async () => {
    on.reported('shop', 'resource', {
      'build.limit.memory': '1g',
      'cron.limit.cpu': '1',
      '_default_.limit.memory': '256',
      'resource-build.limit.memory': '1g',
    })
    const page = await asker(on).html('/apps/shop/processes')
    const rows = [...page.matchAll(/name="memory\.([^"]+)" value="([^"]*)"/g)].map(([, ...row]) => row)
    expect(rows).toEqual([
      ['_default_', '256'],
      ['web', ''],
      ['worker', ''],
      ['cron', ''],
      ['build', '1g'],
    ])
    expect(page).toMatch(/name="memory\.build" value="1g" [^>]*placeholder="none"/)
    await on.send(LIMITS, { 'memory.build': '2g', 'before.memory.build': '1g' })
    expect(on.asked()).toEqual(['dokku resource:limit --memory 2g --process-type build shop'])
  })

  test('one command for each process type, and an emptied field takes its limit away', async () => {
    await on.send(LIMITS, {
      'memory._default_': '512m',
      'was.memory._default_': '',
      'memory.web': '1G',
      'was.memory.web': '512m',
      'cpu.web': '',
      'was.cpu.web': '2',
      'cpu.worker': '1',
      'was.cpu.worker': '1',
    })
    expect(on.asked()).toEqual([
      'dokku resource:limit --memory 512m shop',
      'dokku resource:limit --memory 1g --cpu clear --process-type web shop',
    ])
  })

  test('one wrong amount of several keeps all of them from being asked for', async () => {
    const fields = { 'memory.web': 'lots', 'cpu.web': '0', 'memory.worker': '256m' }
    expect(await on.refused(LIMITS, fields)).toEqual([
      'memory.web: write an amount such as 512m or 2g; a bare number is megabytes',
      'cpu.web: leave it empty where there is to be no limit',
    ])
  })
})

test('zero downtime of one process type and the wait are asked for together', async () => {
  on.reported('shop', 'checks', { 'disabled-list': 'worker', 'skipped-list': 'none' })
  await on.send('/apps/shop/checks?method=PATCH', {
    'check.web': 'skipped',
    'was.check.web': 'enabled',
    'check.worker': 'disabled',
    'was.check.worker': 'disabled',
    'checks.wait-to-retire': '15',
    'was.checks.wait-to-retire': '',
  })
  expect(on.asked()).toEqual([
    'dokku checks:enable shop',
    'dokku checks:disable shop worker',
    'dokku checks:skip shop web',
    'dokku checks:set shop wait-to-retire 15',
  ])
})

test('the restart policy is set, and taken back by the first choice', async () => {
  const path = '/apps/shop/processes?method=PATCH'
  await on.send(path, {
    'ps.restart-policy': 'always',
    'was.ps.restart-policy': '',
    'ps.stop-timeout-seconds': '',
  })
  await on.send(path, { 'ps.restart-policy': '', 'was.ps.restart-policy': 'always' })
  expect(on.asked()).toEqual(['dokku ps:set shop restart-policy always', 'dokku ps:set shop restart-policy'])
  expect(await on.refused(path, { 'ps.restart-policy': 'sometimes' })).toEqual([
    'ps.restart-policy: one of no, always, unless-stopped, on-failure, on-failure:10',
  ])
})

test('Look again asks for a look, waits for nothing and makes no job', async () => {
  expect((await on.send('/apps/shop/looks', {})).status).toBe(204)
  expect(on.looked).toEqual(['shop'])
  expect(on.asked()).toEqual([])
})
