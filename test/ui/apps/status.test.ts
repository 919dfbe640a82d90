/** The table of what pages may say of an app, for every combination of what can be observed. */
import { describe, expect, test } from 'vitest'
import { type App, isDeploying } from '../../../ui/apps/app.ts'
import { statusOf } from '../../../ui/apps/status-of.ts'
import type { DeploymentInBrief } from '../../../ui/deployments/deployment.ts'
import { nextOf, type Observed, whatRuns } from '../../../ui/deployments/running.ts'
import type { AppState } from '../../../ui/processes/process.ts'

const sha = (digit: string) => `sha256:${digit.repeat(64)}`

/** How the last deployment, #2, ended; #1 went live before. */
const OUTCOMES = {
  running: { status: 'running', liveAt: null },
  'went well': { status: 'succeeded', liveAt: 9 },
  'failed: build': { status: 'failed', failedStep: 'build', liveAt: null },
  'failed: predeploy': { status: 'failed', failedStep: 'predeploy', liveAt: null },
  'failed: release': { status: 'failed', failedStep: 'release', liveAt: null },
  'failed: checks': { status: 'failed', failedStep: 'checks', liveAt: null },
  'failed: crash at start': { status: 'failed', failedStep: 'crash at start', liveAt: null },
  'failed: proxy': { status: 'failed', failedStep: 'proxy', liveAt: null },
  'failed after it was live': { status: 'failed', failedStep: null, liveAt: 9 },
  canceled: { status: 'canceled', failedStep: 'canceled', liveAt: null },
  'built, not deployed': { status: 'built', liveAt: null },
} as const satisfies Readonly<Record<string, Partial<DeploymentInBrief>>>
type Outcome = keyof typeof OUTCOMES

/** Images of web.1 and worker.1: of #1, of #2, of nobody known, or not read; none: no container runs. */
const IMAGES = {
  none: [],
  '#1': [sha('1'), sha('1')],
  '#2': [sha('2'), sha('2')],
  '#1 and #2': [sha('1'), sha('2')],
  unknown: [sha('9'), sha('9')],
  'unknown and #2': [sha('9'), sha('2')],
  'not read': [null, null],
} as const
type Images = keyof typeof IMAGES

const NEXT = {
  '#1': sha('1'),
  '#2': sha('2'),
  unknown: sha('9'),
  'by hand': sha('a'),
  none: null,
  'not read': undefined,
} as const
type NextImage = keyof typeof NEXT

/** States that Docker's containers can lead to, with and without containers that run. */
const RUNNING: readonly AppState[] = ['running', 'degraded']
const RESTING: readonly AppState[] = ['stopped', 'crashed', 'not deployed', 'unknown']

const brief = (number: number, more: Partial<DeploymentInBrief>) =>
  ({ id: number, number, failedStep: null, ...more }) as DeploymentInBrief

interface Combination {
  readonly outcome: Outcome
  readonly images: Images
  readonly next: NextImage
  readonly state: AppState
  readonly stopped: boolean
  readonly locked: boolean
}

function* combinations(): Generator<Combination> {
  for (const outcome of Object.keys(OUTCOMES) as Outcome[])
    for (const images of Object.keys(IMAGES) as Images[])
      for (const next of Object.keys(NEXT) as NextImage[])
        for (const state of images === 'none' ? RESTING : RUNNING)
          for (const stopped of state === 'stopped' ? [true, false] : [false])
            for (const locked of [true, false]) yield { outcome, images, next, state, stopped, locked }
}

function observe({ outcome, images, next, state, stopped, locked }: Combination) {
  const last = brief(2, OUTCOMES[outcome])
  const recent = `s${OUTCOMES[outcome].status.slice(0, 1)}`
  const app = {
    id: 1,
    name: 'blog',
    destroyedAt: null,
    front: false,
    formerName: null,
    state,
    stopped,
    locked,
    recent,
    liveDeploymentId: last.liveAt === null ? 1 : 2,
  } as App
  const nextImageId = NEXT[next]
  const observed: Observed = {
    deploying: isDeploying(app),
    containers: IMAGES[images].map((imageId, index) => ({
      processType: index === 0 ? 'web' : 'worker',
      number: 1,
      state: 'running',
      imageId,
    })),
    codes: new Map([
      [sha('1'), 1],
      [sha('2'), 2],
    ]),
    isRead: nextImageId !== undefined,
    nextImageId: nextImageId ?? null,
    assumed: last.liveAt === null ? 1 : 2,
    waiting: null,
  }
  const runs = whatRuns(observed)
  const deployments = new Map([
    [1, brief(1, { status: 'succeeded', liveAt: 5 })],
    [2, last],
  ])
  return statusOf({ app, runs, next: nextOf(observed, runs), deployments })
}

type Said = ReturnType<typeof observe>
const numbers = ({ running }: Said): readonly (number | null)[] =>
  running.kind === 'code' ? running.codes.map(({ deployment }) => deployment?.number ?? null) : []
const all = [...combinations()]
const failing = (rule: (status: Said, combination: Combination) => boolean) =>
  all.filter((combination) => !rule(observe(combination), combination))

test('there are combinations enough to mean something', () => {
  expect(all.length).toBeGreaterThan(2000)
})

describe('whatever is observed', () => {
  test('deploying is said while a deployment runs, and at no other time', () => {
    expect(failing(({ state }, { outcome }) => (state === 'deploying') === (outcome === 'running'))).toEqual(
      [],
    )
  })

  test('a state in which something runs is said only where a container runs, and the other way round', () => {
    const runs: readonly string[] = RUNNING
    const rule = ({ state, running }: Said, { images, outcome }: Combination) =>
      outcome === 'running' ||
      (runs.includes(state) ? images !== 'none' && running.kind === 'code' : images === 'none')
    expect(failing(rule)).toEqual([])
  })

  test('what runs is named by the images of the containers, and by nothing else', () => {
    const expected: Readonly<Record<Images, readonly (number | null)[] | null>> = {
      none: null,
      '#1': [1],
      '#2': [2],
      '#1 and #2': [1, 2],
      unknown: [null],
      'unknown and #2': [null, 2],
      'not read': null,
    }
    const rule = (status: Said, { images }: Combination) =>
      expected[images] === null || JSON.stringify(numbers(status)) === JSON.stringify(expected[images])
    expect(failing(rule)).toEqual([])
  })

  test('what is not observed is marked as not certain, with the reason', () => {
    const rule = ({ running }: Said, { images }: Combination) =>
      running.kind !== 'code' || (images !== 'none' && images !== 'not read') === (running.unsure === '')
    expect(failing(rule)).toEqual([])
    const unknown = ({ running }: Said) =>
      running.kind !== 'code' ||
      running.codes.every(
        ({ deployment, imageId }) => deployment !== null || imageId !== null || running.unsure !== '',
      )
    expect(failing(unknown)).toEqual([])
  })

  test('nothing is said to run where none does, with the reason', () => {
    const rule = ({ running, state }: Said, { images }: Combination) =>
      running.kind !== 'nothing' ||
      (images === 'none' && running.because !== '' && !RUNNING.includes(state as AppState))
    expect(failing(rule)).toEqual([])
  })

  test('another code that starts next is warned of, whichever step its deploy failed at, also when canceled', () => {
    const rule = ({ warning }: Said, { images, next, outcome }: Combination) => {
      if (outcome === 'running' || images === 'none' || images === 'not read') return true
      const differs = next !== images
      if (next === 'not read') return warning === null
      if (next === 'none') return warning?.kind === 'no image'
      if (!differs) return warning === null
      const known = next === '#1' || next === '#2'
      return warning?.kind === (known ? 'other code' : 'unknown image')
    }
    expect(failing(rule)).toEqual([])
  })

  test('the warning names the deployment, and what became of it', () => {
    for (const outcome of Object.keys(OUTCOMES) as Outcome[]) {
      if (outcome === 'running') continue
      const { warning } = observe({
        outcome,
        images: '#1',
        next: '#2',
        state: 'running',
        stopped: false,
        locked: false,
      })
      const fate = {
        'went well': '',
        canceled: ', which was canceled',
        'built, not deployed': ', which was built and not deployed',
      }[outcome as string]
      expect(warning?.text).toBe(
        `The next restart, scaling or change of config starts the code of #2${fate ?? `, which ${outcome}`}, not what runs now.`,
      )
      expect(warning?.brief).toBe('#2 starts next')
    }
  })

  test('nothing is warned of while a deployment runs: it changes what starts next', () => {
    expect(failing(({ warning }, { outcome }) => outcome !== 'running' || warning === null)).toEqual([])
  })

  test('no sentence says of the code that runs that it does not, nor that something runs instead of nothing', () => {
    const rule = (status: Said, { images }: Combination) => {
      const { warning } = status
      if (warning === null || warning.deployment === null) return true
      if (images === 'none') return !warning.text.includes('runs now')
      return numbers(status).some((number) => number !== warning.deployment?.number)
    }
    expect(failing(rule)).toEqual([])
    const mixed = observe({
      outcome: 'failed: checks',
      images: '#1 and #2',
      next: '#2',
      state: 'running',
      stopped: false,
      locked: false,
    })
    expect(mixed.warning?.text).toBe(
      'The next restart, scaling or change of config starts the code of #2, which failed: checks, which only worker.1 runs now.',
    )
  })

  test('an app needs attention for what its processes are, never for a lock, nor while it is deployed', () => {
    const rule = ({ needsAttention }: Said, { state, stopped, outcome }: Combination) =>
      needsAttention ===
      (outcome !== 'running' &&
        (state === 'degraded' || state === 'crashed' || (state === 'stopped' && !stopped)))
    expect(failing(rule)).toEqual([])
    const unlocked = failing((status, combination) => {
      const other = observe({ ...combination, locked: !combination.locked })
      return JSON.stringify(other) === JSON.stringify(status)
    })
    expect(unlocked).toEqual([])
  })
})

test('an app that was destroyed runs nothing and starts nothing, and the panel’s own app is no code', () => {
  const at = {
    outcome: 'failed: checks',
    images: '#1',
    next: '#2',
    state: 'running',
    stopped: false,
    locked: false,
  } as const
  const { running, warning } = observe(at)
  expect([running.kind, warning?.kind]).toEqual(['code', 'other code'])
  const app = { destroyedAt: 5, front: false, state: 'stopped', recent: 's' } as App
  const gone = { runs: { basis: 'nothing' }, next: { kind: 'nothing' }, deployments: new Map() } as const
  expect(statusOf({ ...gone, app })).toMatchObject({
    state: 'destroyed',
    running: { kind: 'nothing' },
    warning: null,
  })
  const front = { destroyedAt: null, front: true, state: 'unknown', recent: '' } as App
  expect(statusOf({ ...gone, app: front })).toMatchObject({
    state: 'running',
    running: { kind: 'panel' },
    warning: null,
  })
})

test('a new container counts as running once no deploy is at work on it', () => {
  const left = { processType: 'web', number: 1, state: 'starting', imageId: sha('2') } as const
  const observed = {
    deploying: false,
    containers: [left],
    codes: new Map([[sha('2'), 2]]),
    isRead: true,
    nextImageId: sha('2'),
    assumed: 1,
    waiting: null,
  }
  expect(whatRuns(observed)).toEqual({
    basis: 'images',
    codes: [{ code: 2, imageId: sha('2'), processes: ['web.1'] }],
  })
  expect(whatRuns({ ...observed, deploying: true })).toEqual({ basis: 'nothing' })
})
