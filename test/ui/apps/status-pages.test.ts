/** Every page about an app, for each end of its last deploy and each image that runs: no two sentences contradict. */
import { beforeAll, describe, expect, test } from 'vitest'
import { apps } from '../../../ui/apps/table.ts'
import { deployments } from '../../../ui/deployments/table.ts'
import { containers } from '../../../ui/processes/table.ts'
import { asker } from '../story/ask.ts'
import { type Deploy, deploy, MINUTE, SECOND, seen } from '../story/events.ts'
import { NOW, unseeded } from '../story/seed.ts'

const sha = (digit: string) => `sha256:${digit.repeat(64)}`

const ENDS: Readonly<Record<string, Deploy['end'] | undefined>> = {
  'went well': undefined,
  running: 'running',
  canceled: 'canceled',
  built: 'built',
  skipped: 'skipped',
  refused: 'refused',
  'failed: build': { step: 'build', reason: 'Build failed at step 4/5 RUN npm ci' },
  'failed: predeploy': { step: 'predeploy', reason: 'The predeploy task failed: rake db:migrate' },
  'failed: release': { step: 'release', reason: 'The release task failed: rake db:migrate' },
  'failed: checks': { step: 'checks', reason: "Check 'web check' of web.1 failed" },
  'failed: crash at start': { step: 'crash at start', reason: 'web.1 ended right after its start' },
  'failed: proxy': { step: 'proxy', reason: 'nginx refused the configuration of another app, blog2' },
  'failed after it was live': {
    step: 'after live',
    reason: 'The postdeploy task failed after the app was live',
  },
}
/** Which deployment's image web.1 and worker.1 run, and which starts next. */
const IMAGES: readonly { readonly runs: readonly number[]; readonly next: number | null }[] = [
  { runs: [1, 1], next: 1 },
  { runs: [1, 1], next: 2 },
  { runs: [2, 2], next: 2 },
  { runs: [1, 2], next: 2 },
  { runs: [9, 9], next: 2 },
  { runs: [1, 1], next: null },
  { runs: [], next: 2 },
  { runs: [], next: 1 },
]

interface Told {
  readonly end: Deploy['end'] | undefined
  readonly runs: readonly number[]
  readonly next: number | null
}

/** The deploys that build no image, so that none of theirs can run or start next. */
const MADE_NOTHING = new Set(['skipped', 'refused', 'failed: build', 'running'])

async function pagesOf({ name, end, runs, next }: Told & { readonly name: string }) {
  const made = !MADE_NOTHING.has(name)
  const { db, record } = unseeded()
  const first = deploy({
    app: 'blog',
    at: NOW - 90 * MINUTE,
    who: 'ada',
    revision: '1'.repeat(40),
    subject: 'First post',
  })
  const second = deploy({
    app: 'blog',
    at: NOW - 60 * MINUTE,
    who: 'grace',
    revision: '2'.repeat(40),
    subject: 'Second post',
    took: 40 * SECOND,
    ...(end !== undefined && { end }),
  })
  record([...first, ...second])
  const [one = '', two = ''] = db
    .select()
    .from(deployments)
    .orderBy(deployments.id)
    .all()
    .map(({ buildId }) => buildId)
  record([
    seen(NOW - 80 * MINUTE, 'image-seen', ['blog', one, sha('1'), one], ''),
    // After a deploy that made none, Dokku has the image it had before.
    seen(
      NOW - 50 * MINUTE,
      'image-seen',
      made ? ['blog', two, sha('2'), two] : ['blog', two, sha('1'), one],
      '',
    ),
    seen(NOW - 49 * MINUTE, 'formation-seen', ['blog', 'web=1', 'worker=1'], { untold: false }),
  ])
  for (const [index, image] of runs.entries())
    db.insert(containers)
      .values({
        id: `c${index}`,
        appId: 1,
        processType: index === 0 ? 'web' : 'worker',
        number: 1,
        name: `blog.${index === 0 ? 'web' : 'worker'}.1`,
        state: 'running',
        since: NOW - 30 * MINUTE,
        imageId: sha(String(image)),
      })
      .run()
  const nextImageId = next === null ? null : sha(String(next))
  db.update(apps)
    .set({
      state: runs.length === 0 ? 'stopped' : 'running',
      stopped: runs.length === 0,
      nextImageId,
      upstreams: [],
    })
    .run()
  const { text, html } = asker({ db })
  const [app, deployment, grid, overview, list] = await Promise.all([
    text('/apps/blog'),
    text('/apps/blog/deployments/2'),
    text('/apps'),
    text('/'),
    html('/apps?view=list'),
  ])
  return { app, deployment, grid, overview, list, all: [app, deployment, grid, overview] }
}

/** What no two of may stand on one page. */
const CONTRADICTIONS: readonly (readonly [RegExp, RegExp])[] = [
  [/new code serves|new code was live/i, /what was live before|what ran before (?:runs|keeps)/i],
  [/Nothing (?:of it )?runs/, /not what runs now|goes on as it is/],
  [/Nothing (?:of it )?runs/, /Its processes run 2 different versions/],
  [/Runs now yes/, /the code of #2\b[^.]*not what runs now/],
  [/Deploying now/, /The next restart/],
  [/was not deployed/, /is live, but its deploy failed/],
  [/wants? a look/, /All 1 app running/],
]

const WENT_LIVE = new Set(['went well', 'failed after it was live'])

const cases = Object.entries(ENDS).flatMap(([name, end]) =>
  IMAGES.filter(
    ({ runs, next }) => !MADE_NOTHING.has(name) || (next !== 2 && runs.every((image) => image !== 2)),
  ).map(({ runs, next }) => ({ name, end, runs: [...runs] as readonly number[], next })),
)

describe.each(cases)(
  'after a deploy that $name, with images $runs and $next next',
  ({ name, end, runs, next }) => {
    let pages: Awaited<ReturnType<typeof pagesOf>>
    beforeAll(async () => {
      pages = await pagesOf({ name, end, runs, next })
    })
    const isDeploying = name === 'running'

    test('no page contradicts itself', () => {
      for (const page of pages.all)
        expect(
          CONTRADICTIONS.filter(([one, other]) => one.test(page) && other.test(page)).map(String),
        ).toEqual([])
    })

    test('the page of the app names the code of its images', () => {
      const [, what = ''] = /What runs (.*?) Processes/.exec(pages.app) ?? []
      expect(what).not.toBe('')
      if (runs.length > 0) {
        expect(what.includes('First post')).toBe(runs.includes(1))
        expect(what.includes('Second post')).toBe(runs.includes(2))
      }
      expect(what.includes('Unknown: image sha256:999999999999…')).toBe(runs.includes(9))
      expect(what.includes('Its processes run 2 different versions')).toBe(
        runs.includes(1) && runs.includes(2),
      )
      expect(what.includes('Nothing runs')).toBe(runs.length === 0)
    })

    test('each place that shows what runs warns where another code starts next', () => {
      const differs = next !== null && runs.some((image) => image !== next)
      const surprises = runs.length === 0 && next === 2 && !WENT_LIVE.has(name)
      const warns = !isDeploying && (differs || surprises)
      expect(pages.app.includes(`config starts the code of #${next}`)).toBe(warns)
      expect(pages.deployment.includes('The next restart')).toBe(
        !isDeploying && !BEGAN_NOTHING.has(name) && (warns || next === null),
      )
      for (const page of [pages.grid, pages.list]) expect(page.includes(`#${next} starts next`)).toBe(warns)
      for (const page of [pages.app, pages.grid])
        expect(page.includes('no image')).toBe(next === null && !isDeploying)
    })

    test('what runs now is said on its deployment, and only there', () => {
      expect(pages.deployment.includes('Runs now yes')).toBe(runs.includes(2))
    })
  },
)

const BEGAN_NOTHING = new Set(['skipped', 'refused'])
