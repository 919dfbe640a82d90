/** The table of what pages may say of an app, for every combination of what can be observed. */
import { isDeepStrictEqual } from 'node:util'
import { describe, expect, test } from 'vitest'
import { type App, isDeploying } from '../../../ui/apps/app.ts'
import { statusOf } from '../../../ui/apps/status-of.ts'
import type { DeploymentInBrief } from '../../../ui/deployments/deployment.ts'
import { nextOf, type Observed, whatRuns } from '../../../ui/deployments/running.ts'
import { judge } from '../../../ui/processes/judging.ts'
import { APP_STATES, type Container } from '../../../ui/processes/process.ts'
import { type Access, OPEN } from '../../../ui/properties/access.ts'
import { HOUR, SECOND } from '../story/events.ts'
import { NOW } from '../story/seed.ts'

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

/** How web.1 is; worker.1 runs, where anything does. */
const WEB = {
  runs: { state: 'running' },
  'was started again and again': { state: 'restarting', exitCode: 1 },
  'was killed for memory again and again': { state: 'restarting', exitCode: 137, oomKilled: true },
  'ended by itself': { state: 'crashed', exitCode: 1 },
  'was killed for memory': { state: 'crashed', exitCode: 137, oomKilled: true },
  'was stopped': { state: 'exited', exitCode: 0, stopRequestedAt: NOW - HOUR },
  'is being stopped': { state: 'exited', exitCode: 0, stopRequestedAt: NOW - SECOND },
  'is being started': { state: 'starting', name: 'blog.web.1.upcoming-1', inService: false },
  'was put in service before nginx refused it': {
    state: 'starting',
    name: 'blog.web.1.upcoming-1',
    inService: true,
  },
  'has another address than nginx sends to': { state: 'running', addresses: ['172.17.0.9'] },
} as const satisfies Readonly<Record<string, Partial<Container>>>
type Web = keyof typeof WEB

/** Docker is read, or was lost, or another scheduler runs the app. */
const SEEN = ['read', 'lost', 'k3s'] as const

const brief = (number: number, more: Partial<DeploymentInBrief>) =>
  ({ id: number, number, failedStep: null, ...more }) as DeploymentInBrief

interface Combination {
  readonly outcome: Outcome
  readonly images: Images
  readonly next: NextImage
  readonly web: Web
  readonly worker: boolean
  readonly seen: (typeof SEEN)[number]
  readonly stopped: boolean
  readonly locked: boolean
}

function* combinations(): Generator<Combination> {
  for (const outcome of keysOf(OUTCOMES))
    for (const images of keysOf(IMAGES))
      for (const next of keysOf(NEXT))
        for (const web of images === 'none' ? (['runs'] as const) : keysOf(WEB))
          for (const worker of images === 'none' ? [false] : [true, false])
            for (const seen of SEEN)
              for (const stopped of [true, false])
                yield { outcome, images, next, web, worker, seen, stopped, locked: stopped }
}
const keysOf = <Of extends object>(of: Of) => Object.keys(of) as (keyof Of)[]

function containersOf({ images, web, worker }: Combination): readonly Container[] {
  const [ofWeb, ofWorker] = IMAGES[images]
  if (ofWeb === undefined) return []
  const base: Container = {
    ...{ id: 'web', appId: 1, processType: 'web', number: 1, name: 'blog.web.1', exitCode: null },
    ...{ state: 'running', since: NOW - HOUR, toldAt: NOW, createdAt: NOW - HOUR, startedAt: NOW - HOUR },
    ...{
      finishedAt: null,
      oomKilled: false,
      oomAt: null,
      restarts: 0,
      restartPolicy: 'on-failure',
      maxRestarts: 10,
    },
    ...{ memoryLimit: null, addresses: ['172.17.0.2'], inService: true, stopRequestedAt: null },
    ...{ imageId: ofWeb, image: 'dokku/blog:latest' },
  }
  const fresh = web === 'is being started' ? { createdAt: NOW - SECOND, since: NOW - SECOND } : {}
  const own: Container = { ...base, ...WEB[web], ...fresh }
  const other: Container = {
    ...base,
    id: 'worker',
    processType: 'worker',
    name: 'blog.worker.1',
    imageId: ofWorker,
    addresses: [],
  }
  return worker ? [own, other] : [own]
}

const LOOPS: ReadonlySet<Web> = new Set([
  'was started again and again',
  'was killed for memory again and again',
])

/** What the app is judged to be, from its containers alone. */
function judged(combination: Combination) {
  const { images, outcome, web, worker, seen, stopped } = combination
  const memory = web.includes('memory')
  const death = {
    at: NOW - SECOND,
    exitCode: memory ? 137 : 1,
    memory,
    aliveMs: SECOND,
    count: 1,
    from: NOW - SECOND,
  }
  const loop = { since: NOW - HOUR, deaths: 9, memory: memory ? 9 : 0 }
  const deaths = { containerId: 'web', recent: [death], loop: LOOPS.has(web) ? loop : null, ooms: null }
  return judge({
    containers: containersOf(combination),
    formation: [
      { processType: 'web', quantity: 1 },
      ...(worker ? [{ processType: 'worker', quantity: 1 }] : []),
    ],
    formationReadAt: NOW,
    deaths: new Map(LOOPS.has(web) && images !== 'none' ? [['web.1', deaths]] : []),
    stopped,
    deployed: true,
    deploying: outcome === 'running',
    scheduler: seen === 'k3s' ? 'k3s' : 'docker-local',
    proxy: 'nginx',
    webListener: '',
    upstreams: ['172.17.0.2:5000'],
    listed: seen !== 'lost',
    isListOld: false,
    stateDetail: null,
    now: NOW,
  })
}

const MAINTENANCE = ['on', 'off', 'unknown'] as const satisfies readonly Access['maintenance'][]

function observe(combination: Combination, maintenance: Access['maintenance'] = 'off') {
  const { outcome, next, stopped, locked } = combination
  const last = brief(2, OUTCOMES[outcome])
  const { state, detail } = judged(combination)
  const app = {
    ...{ id: 1, name: 'blog', destroyedAt: null, front: false, formerName: null },
    ...{ state, stateDetail: detail, stopped, locked },
    recent: `s${OUTCOMES[outcome].status.slice(0, 1)}`,
    liveDeploymentId: last.liveAt === null ? 1 : 2,
  } as App
  const nextImageId = NEXT[next]
  const observed: Observed = {
    deploying: isDeploying(app),
    containers: containersOf(combination),
    codes: new Map([
      [sha('1'), 1],
      [sha('2'), 2],
    ]),
    isListed: state !== 'unknown',
    isRead: nextImageId !== undefined && state !== 'unknown',
    nextImageId: nextImageId ?? null,
    assumed: last.liveAt === null ? 1 : 2,
    waiting: null,
  }
  const runs = whatRuns(observed)
  const deployments = new Map([
    [1, brief(1, { status: 'succeeded', liveAt: 5 })],
    [2, last],
  ])
  return {
    ...statusOf({ app, runs, next: nextOf(observed, runs), deployments, access: { ...OPEN, maintenance } }),
    judged: state,
  }
}

/** Images of the containers that run or are started again and again. */
function upImages(combination: Combination): readonly (string | null)[] {
  const { web } = combination
  const isUp =
    [
      'runs',
      'was put in service before nginx refused it',
      'has another address than nginx sends to',
    ].includes(web) || LOOPS.has(web)
  return containersOf(combination)
    .filter(({ id }) => id === 'worker' || isUp)
    .map(({ imageId }) => imageId)
}
const codeOf = (image: string | null) => (image === sha('1') ? 1 : image === sha('2') ? 2 : null)

type Said = ReturnType<typeof observe>
const numbers = ({ running }: Said): readonly (number | null)[] =>
  running.kind === 'code' ? running.codes.map(({ deployment }) => deployment?.number ?? null) : []
const all = [...combinations()].map((combination) => ({ combination, status: observe(combination) }))
const failing = (rule: (status: Said, combination: Combination) => boolean) =>
  all
    .filter(({ combination, status }) => !rule(status, combination))
    .map(({ combination }) => combination)
    .slice(0, 3)

test('there are combinations enough to mean something, of every state', () => {
  expect(all.length).toBeGreaterThan(40_000)
  const states = new Set(all.map(({ status }) => status.judged))
  expect([...APP_STATES].filter((state) => !states.has(state))).toEqual(['not deployed'])
})

describe('whatever is observed', () => {
  test('deploying is said while a deployment runs, and at no other time', () => {
    expect(failing(({ state }, { outcome }) => (state === 'deploying') === (outcome === 'running'))).toEqual(
      [],
    )
  })

  test('a state in which something runs is said where a container runs, and no other', () => {
    const rule = ({ running, judged }: Said, combination: Combination) => {
      const isUp = upImages(combination).length > 0
      if (judged === 'unknown') return running.kind === 'code' && running.unsure !== ''
      if (['running', 'degraded', 'unreachable', 'crash loop'].includes(judged))
        return isUp && running.kind === 'code'
      if (judged === 'killed for memory') return (running.kind === 'code') === isUp
      return !isUp && running.kind === 'nothing' && running.because !== ''
    }
    expect(failing(rule)).toEqual([])
  })

  test('what runs is named by the images of the containers, and by nothing else', () => {
    const rule = (status: Said, combination: Combination) => {
      const images = upImages(combination)
      if (images.length === 0 || images.includes(null)) return true
      return JSON.stringify(numbers(status)) === JSON.stringify([...new Set(images.map(codeOf))])
    }
    expect(failing(rule)).toEqual([])
  })

  test('what was not observed is marked as not certain, and what was is not', () => {
    const rule = ({ running, judged }: Said, combination: Combination) =>
      running.kind !== 'code' ||
      (running.unsure === '') === (judged !== 'unknown' && !upImages(combination).includes(null))
    expect(failing(rule)).toEqual([])
  })

  test('code that is not known is called so by its image, or with the reason', () => {
    const rule = ({ running }: Said) =>
      running.kind !== 'code' ||
      running.codes.every(
        ({ deployment, imageId }) => deployment !== null || imageId !== null || running.unsure !== '',
      )
    expect(failing(rule)).toEqual([])
  })

  test('another code that starts next is warned of, whichever step its deploy failed at, also when canceled', () => {
    const rule = ({ warning, judged }: Said, combination: Combination) => {
      const { next, outcome } = combination
      const images = upImages(combination)
      if (outcome === 'running' || judged === 'unknown' || next === 'not read') return warning === null
      if (next === 'none') return warning?.kind === 'no image'
      if (images.length === 0 || images.includes(null)) return true
      const code = codeOf(NEXT[next])
      const isSame = images.every(
        (image) => image === NEXT[next] || (code !== null && codeOf(image) === code),
      )
      return isSame ? warning === null : warning?.kind === (code === null ? 'unknown image' : 'other code')
    }
    expect(failing(rule)).toEqual([])
  })

  test('a start of what runs no more warns where its deploy never went live', () => {
    const rule = ({ warning, judged }: Said, combination: Combination) => {
      const { next, outcome } = combination
      if (upImages(combination).length > 0 || outcome === 'running' || judged === 'unknown') return true
      if (next === 'none') return true
      const isSurprise = next === '#2' && OUTCOMES[outcome].liveAt === null
      return (warning?.kind === 'other code') === isSurprise && (isSurprise || warning === null)
    }
    expect(failing(rule)).toEqual([])
  })

  test('no sentence says of code that runs that it does not, nor that something runs where nothing does', () => {
    const rule = (status: Said, combination: Combination) => {
      const { warning } = status
      if (warning === null || warning.deployment === null) return true
      if (upImages(combination).length === 0) return !warning.text.includes('runs now')
      return numbers(status).some((number) => number !== warning.deployment?.number)
    }
    expect(failing(rule)).toEqual([])
  })

  test('an app needs attention for what its processes are, never for a lock, nor while it is deployed', () => {
    const ATTENTION = ['crashed', 'crash loop', 'killed for memory', 'unreachable', 'degraded']
    const rule = ({ needsAttention, judged }: Said, { stopped, outcome }: Combination) =>
      needsAttention ===
      (outcome !== 'running' && (ATTENTION.includes(judged) || (judged === 'stopped' && !stopped)))
    expect(failing(rule)).toEqual([])
    const isSame = (status: Said, combination: Combination) =>
      JSON.stringify(observe({ ...combination, locked: !combination.locked })) === JSON.stringify(status)
    expect(failing(isSame)).toEqual([])
  })

  test('maintenance is said beside the state, and changes nothing else that is said', () => {
    const rule = (status: Said, combination: Combination) =>
      MAINTENANCE.every((maintenance) => {
        const { access, ...rest } = observe(combination, maintenance)
        return access.maintenance === maintenance && isDeepStrictEqual({ ...rest, access: OPEN }, status)
      })
    expect(failing(rule)).toEqual([])
  })
})

const PLAIN = { web: 'runs', worker: true, seen: 'read', stopped: false, locked: false } as const

test('the warning names the deployment, and what became of it', () => {
  for (const outcome of keysOf(OUTCOMES)) {
    if (outcome === 'running') continue
    const { warning } = observe({ ...PLAIN, outcome, images: '#1', next: '#2' })
    const fates: Readonly<Record<string, string>> = {
      'went well': '',
      canceled: ', which was canceled',
      'built, not deployed': ', which was built and not deployed',
    }
    expect(warning?.text).toBe(
      `The next restart, scaling or change of config starts the code of #2${fates[outcome] ?? `, which ${outcome}`}, not what runs now.`,
    )
    expect(warning?.brief).toBe('#2 starts next')
  }
  const mixed = observe({ ...PLAIN, outcome: 'failed: checks', images: '#1 and #2', next: '#2' })
  expect(mixed.warning?.text).toMatch(/#2, which failed: checks, which only worker\.1 runs now\.$/)
})

test('an app that was destroyed runs nothing, starts nothing and has no visitors; the panel’s own app is no code', () => {
  const access: Access = { ...OPEN, maintenance: 'on' }
  const gone = {
    runs: { basis: 'nothing' },
    next: { kind: 'nothing' },
    deployments: new Map(),
    access,
  } as const
  const app = { destroyedAt: 5, front: false, state: 'stopped', recent: 's' } as App
  expect(statusOf({ ...gone, app })).toMatchObject({
    state: 'destroyed',
    running: { kind: 'nothing' },
    warning: null,
    access: OPEN,
  })
  const front = { destroyedAt: null, front: true, state: 'unknown', recent: '' } as App
  expect(statusOf({ ...gone, app: front })).toMatchObject({
    state: 'running',
    running: { kind: 'panel' },
    warning: null,
    access: OPEN,
  })
  const fresh = { destroyedAt: null, front: false, state: 'not deployed', recent: '' } as App
  expect(statusOf({ ...gone, app: fresh })).toMatchObject({
    running: { kind: 'nothing' },
    warning: null,
    access: { maintenance: 'on' },
  })
})
