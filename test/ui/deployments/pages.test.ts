import { beforeAll, describe, expect, test } from 'vitest'
import { sourceWords, titleOf } from '../../../ui/deployments/deployment.ts'
import { rail } from '../../../ui/deployments/rail.ts'
import { asker, mainOf, textOf } from '../story/ask.ts'
import { deploy, MINUTE } from '../story/events.ts'
import { NOW, seed, unseeded } from '../story/seed.ts'

let ask: ReturnType<typeof asker>
beforeAll(() => {
  ask = asker(seed())
})

const ids = (page: string): number[] =>
  [...page.matchAll(/<li id="deployment-(\d+)"/g)].map(([, id]) => Number(id))
const again = (page: string): string =>
  /id="deployments" data-topics="deployments" hx-get="([^"]+)"/.exec(page)?.[1]?.replaceAll('&amp;', '&') ??
  ''
const next = (page: string): string =>
  /id="older"[^>]*><div hx-get="([^"]+)"/.exec(page)?.[1]?.replaceAll('&amp;', '&') ?? ''

describe('the deployments', () => {
  test('stand newest first, with what runs now on top', async () => {
    const page = await ask.html('/deployments')
    const [running = 0, ...rest] = ids(page)
    expect(textOf(mainOf(page))).toMatch(/Now .*shop #54 Deploying Show what a parcel weighs/)
    expect(rest).toEqual([...rest].sort((one, other) => other - one))
    expect(running).toBeGreaterThan(rest[0] ?? 0)
  })

  test('say how each went, of which revision, by whom and through which door', async () => {
    expect(await ask.text('/deployments?status=failed')).toMatch(
      /api #36 Failed: build Refuse orders without an address 9c31f04 grace · git push/,
    )
  })

  test('are paged by key: no row is lost or shown twice', async () => {
    const seen: number[] = []
    for (let path = '/deployments'; path !== ''; ) {
      const page = await ask.html(path)
      seen.push(...ids(page))
      path = next(page)
    }
    expect(seen).toHaveLength(new Set(seen).size)
    expect(seen).toHaveLength(142)
  })

  test('keep every row they show while new ones come in', async () => {
    const { db, record } = seed()
    const own = asker({ db })
    const before = await own.html('/deployments')
    record(
      [1, 2, 3].flatMap((minute) =>
        deploy({ app: 'blog', at: NOW + minute * MINUTE, who: 'ada', took: 9000 }),
      ),
    )
    const after = ids(await own.html(again(before)))
    expect(after).toHaveLength(ids(before).length + 3)
    expect(after.slice(-5)).toEqual(ids(before).slice(-5))
  })

  test('narrow to an app, a person, a door, a state and a day', async () => {
    for (const query of ['app=blog', 'actor=grace', 'door=terminal', 'status=canceled', 'day=2026-11-03']) {
      const page = await ask.html(`/deployments?${query}`)
      expect(ids(page).length, query).toBeGreaterThan(0)
      expect(ids(page).length, query).toBeLessThan(51)
      expect(again(page), query).toContain(query)
    }
    expect(ids(await ask.html('/deployments?app=nope'))).toEqual([])
  })

  test('of a narrowed list without any say so, and the way back', async () => {
    expect(await ask.text('/deployments?app=nope')).toContain('No deployment like that Show all deployments')
  })

  test('on a new server say what fills the page', async () => {
    expect(await asker(unseeded()).text('/deployments')).toContain('git push dokku@your-server:blog main')
  })

  test('of one app leave its name out and keep its head', async () => {
    const page = await ask.html('/apps/blog/deployments')
    expect(ids(page)).toHaveLength(17)
    expect(textOf(mainOf(page))).toMatch(/blog running blog\.example\.com/)
    expect(page).not.toContain('name="app"')
  })
})

describe('one deployment', () => {
  test('that failed says why, in which lines, and what that usually means', async () => {
    const text = await ask.text('/apps/api/deployments/36')
    expect(text).toContain('Build failed at step 4/5 RUN npm ci npm was told to work offline')
    expect(text).toContain('17 npm error code ENOTCACHED')
    expect(text).toContain('Exit code 1')
  })

  test('that did not get there links what is live instead, and says when that is not certain', async () => {
    expect(await ask.text('/apps/api/deployments/36')).toMatch(/Live now #35 not certain/)
    expect(await ask.html('/apps/api/deployments/36')).toContain('href="/apps/api/deployments/35"')
    expect(await ask.text('/apps/shop/deployments/54')).not.toContain('Live now')
  })

  test('that failed at a step is said to fail at what the rail calls it', async () => {
    const { db, record } = unseeded()
    const end = {
      step: 'checks',
      reason: "Check 'ready' of web.1 failed: unexpected status code: 500",
    } as const
    record(deploy({ app: 'blog', at: NOW, who: 'ada', end }))
    const own = asker({ db })
    expect(await own.text('/deployments')).toContain('Failed: checks')
    const text = await own.text('/apps/blog/deployments/1')
    expect(text).toMatch(/Failed: checks .*failed Checks/)
    expect(text).not.toMatch(/health/i)
  })

  test('has an exit code only where a process ended by itself and failed', async () => {
    const { db, record } = unseeded()
    record([
      ...deploy({ app: 'blog', at: NOW, who: 'ada', end: 'canceled' }),
      ...deploy({ app: 'blog', at: NOW + MINUTE, who: 'ada' }),
    ])
    const own = asker({ db })
    expect(await own.text('/apps/blog/deployments/1')).toMatch(/Canceled · blog/)
    for (const number of [1, 2])
      expect(await own.text(`/apps/blog/deployments/${number}`)).not.toContain('Exit code')
  })

  test('names the one before it and how to compare', async () => {
    const text = await ask.text('/apps/api/deployments/36')
    expect(text).toMatch(/Previous #35 a853b0c/)
    expect(await ask.html('/apps/api/deployments/36')).toContain(
      'data-copy="git log --oneline a853b0c..9c31f04"',
    )
  })

  test('compares its code with the code that was live before, not with a change of config', async () => {
    expect(await ask.text('/apps/shop/deployments/54')).toMatch(/Previous #52 64590bb/)
    expect(await ask.text('/apps/shop/deployments/53')).toMatch(/Previous #52/)
  })

  test('asks again on its own topic and leaves the log alone', async () => {
    expect(await ask.html('/apps/shop/deployments/54')).toMatch(
      /<main[^>]*data-topics="deployment:\d+ app:shop"/,
    )
  })

  test('that runs shows how far its log says it has come', async () => {
    expect(await ask.text('/apps/shop/deployments/54')).toMatch(
      /succeeded Received .*deploying Build .*4\/5 RUN npm ci .*Release/,
    )
  })

  test('that runs counts its seconds', async () => {
    expect(await ask.html('/apps/shop/deployments/54')).toContain(`data-since="${NOW - 52_000}"`)
  })

  test('with a number nobody gave is not found', async () => {
    expect((await ask.panel.request('/apps/shop/deployments/999')).status).toBe(404)
  })
})

describe('what was deployed', () => {
  const was = {
    door: 'git push',
    subject: '',
    source: 'git-hook',
    kind: 'build',
    sourceType: '',
    sourceMetadata: '',
  } as const
  test.each([
    [{ subject: 'Ship to Norway' }, 'Ship to Norway'],
    [{ source: 'ps:restart' }, 'Restart'],
    [
      {
        source: 'git:from-image',
        sourceType: 'docker-image',
        sourceMetadata: 'wiki:2.5',
        subject: 'Automated commit @ 1',
      },
      'wiki:2.5',
    ],
    [{ source: 'git:from-archive', subject: 'Automated commit @ 1794909602' }, 'Archive'],
    [{ source: 'one:of-tomorrow' }, 'Build'],
  ])('%j is called "%s"', (changes, title) => {
    expect(titleOf({ ...was, ...changes })).toBe(title)
  })
})

describe('the rail', () => {
  const at = (step: 'received' | 'build' | 'checks' | 'live', second: number) => ({
    step,
    at: second * 1000,
    line: second,
  })
  const states = (deployment: Parameters<typeof rail>[0]) =>
    Object.fromEntries(rail(deployment, 60_000).map(({ step, state }) => [step, state]))

  test('of a deploy that runs shows what is done, where it is and what lies ahead', () => {
    const running = {
      status: 'running',
      steps: [at('received', 0), at('build', 2)],
      failedStep: null,
      startedAt: 0,
      endedAt: null,
    } as const
    expect(states(running)).toMatchObject({ received: 'done', build: 'now', release: 'ahead', live: 'ahead' })
  })

  test('marks the step that broke, though the log never named it', () => {
    const failed = {
      status: 'failed',
      steps: [at('received', 0), at('build', 2)],
      failedStep: 'checks',
      startedAt: 0,
      endedAt: 9000,
    } as const
    expect(states(failed)).toMatchObject({
      build: 'done',
      release: 'skipped',
      checks: 'failed',
      live: 'skipped',
    })
  })

  test('of a canceled deploy ends where it was', () => {
    const canceled = {
      status: 'canceled',
      steps: [at('received', 0), at('build', 2)],
      failedStep: 'canceled',
      startedAt: 0,
      endedAt: 9000,
    } as const
    expect(states(canceled)).toMatchObject({ received: 'done', build: 'canceled', release: 'skipped' })
  })

  test('gives each step the time until the next', () => {
    const done = {
      status: 'succeeded',
      steps: [at('received', 0), at('build', 2), at('live', 30)],
      failedStep: null,
      startedAt: 0,
      endedAt: 31_000,
    } as const
    expect(rail(done, 60_000).flatMap(({ took }) => took ?? [])).toEqual([2000, 28_000, 1000])
  })

  const failedRelease = {
    status: 'failed',
    steps: [
      { step: 'received', at: 0, line: 1 },
      { step: 'build', at: 2000, line: 2 },
      { step: 'release', at: 20_000, line: 30 },
      { step: 'predeploy', at: 20_500, line: 31 },
    ],
    failedStep: 'release',
    startedAt: 0,
    endedAt: 32_000,
  } as const

  test('gives no time to a skipped step, and to the one that broke all that is left', () => {
    const steps = rail(failedRelease, 60_000)
    for (const { step, state, took } of steps)
      if (state === 'skipped') expect([step, took]).toEqual([step, null])
    expect(states(failedRelease)).toMatchObject({ release: 'failed', predeploy: 'done', checks: 'skipped' })
    const sum = steps.reduce((total, { took }) => total + (took ?? 0), 0)
    expect(sum).toBe(failedRelease.endedAt - failedRelease.startedAt)
  })

  test('never takes longer in its steps than the deploy took', () => {
    const all = [...failedRelease.steps, at('checks', 21), at('live', 29)]
    for (const failedStep of [
      'build',
      'release',
      'predeploy',
      'checks',
      'crash at start',
      'proxy',
      null,
    ] as const)
      for (let count = 0; count <= all.length; count += 1) {
        const steps = rail({ ...failedRelease, failedStep, steps: all.slice(0, count) }, 60_000)
        expect(steps.reduce((total, { took }) => total + (took ?? 0), 0)).toBeLessThanOrEqual(32_000)
        expect(steps.filter(({ state, took }) => state === 'skipped' && took !== null)).toEqual([])
      }
  })

  test('of a deploy that failed after it was live marks no step of it as failed', () => {
    const postdeploy = { ...failedRelease, failedStep: null, steps: [...failedRelease.steps, at('live', 29)] }
    expect(states(postdeploy)).toMatchObject({ live: 'done', retired: 'skipped' })
    expect(Object.values(states(postdeploy))).not.toContain('failed')
  })

  test('of a deploy whose log says nothing still shows that it was received', () => {
    const silent = { status: 'running', steps: [], failedStep: null, startedAt: 0, endedAt: null } as const
    expect(states(silent)).toMatchObject({ received: 'done', build: 'ahead' })
  })
})

test('what the panel had deployed is called no git push, though Dokku calls a clone one', () => {
  const clone = { source: 'git-hook', kind: 'build', door: 'panel' } as const
  expect(sourceWords(clone)).toBe('Deploy')
  expect(sourceWords({ ...clone, door: 'git push' })).toBe('Git push')
})

test('an app’s deployments are filtered by the people and ways of this app alone', async () => {
  const { db, record } = unseeded()
  record(deploy({ app: 'blog', at: NOW - 60_000, who: 'ada' }))
  record(deploy({ app: 'shop', at: NOW, who: 'grace' }))
  const own = asker({ db })
  const people = (html: string) => [...html.matchAll(/<option value="(ada|grace)"/g)].map(([, name]) => name)
  expect(people(await own.html('/apps/blog/deployments'))).toEqual(['ada'])
  expect(people(await own.html('/deployments'))).toEqual(['ada', 'grace'])
})
