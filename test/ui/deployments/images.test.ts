import { describe, expect, test } from 'vitest'
import { type Imaged, type ImageReading, type ImageSeen, imagesSeen } from '../../../ui/deployments/images.ts'

const MINUTE = 60_000
const sha = (digit: string) => `sha256:${digit.repeat(64)}`
const step = (name: Imaged['steps'][number]['step']) => ({ step: name, at: 1, line: 1 })

type What = Partial<Imaged> & { readonly minutes?: number }

/** One app's life: deployments one after the other, and what is read between them. */
function life() {
  let clock = 0
  let previousImageId: string | null = null
  const rows: Imaged[] = []
  const known = () =>
    new Map(rows.flatMap(({ imageId, codeId }) => (imageId && codeId ? [[imageId, codeId] as const] : [])))
  const add = ({ minutes = 1, ...what }: What): Imaged => {
    const startedAt = clock
    clock += minutes * MINUTE
    const row: Imaged = {
      id: rows.length + 1,
      buildId: `b${rows.length + 1}`,
      kind: 'build',
      source: 'git-hook',
      status: 'succeeded',
      startedAt,
      liveAt: null,
      endedAt: clock,
      judgedAt: clock,
      image: '',
      steps: [],
      imageId: null,
      codeId: null,
      ...what,
    }
    rows.push(row)
    clock += 1000
    return row
  }
  const read = (nextImageId: string | null, more: Partial<ImageReading> = {}): readonly ImageSeen[] => {
    const reading = { begunAt: clock, previousImageId, nextImageId, containers: [], ...more }
    const found = imagesSeen(reading, rows, known())
    for (const { buildId, imageId, codeId } of found) {
      const at = rows.findIndex((row) => row.buildId === buildId)
      rows[at] = { ...(rows[at] as Imaged), imageId, codeId }
    }
    previousImageId = nextImageId
    clock += 1000
    return found
  }
  /** Whose code an image holds. */
  const code = (imageId: string) => known().get(imageId) ?? null
  return { add, read, code, rows, now: () => clock }
}

const GOOD: What = { liveAt: 1, image: 'dokku/blog:latest', steps: [step('live')] }
const BUILD_FAILED: What = { status: 'failed', steps: [step('received'), step('build')] }
/** A hook before ours fails in both, so that post-release-builder is not told. */
const PREDEPLOY_FAILED: What = {
  status: 'failed',
  steps: [step('build'), step('release'), step('predeploy')],
}
const RELEASE_FAILED = PREDEPLOY_FAILED
const CHECK_FAILED: What = { status: 'failed', image: 'dokku/blog:latest', steps: [step('checks')] }
const POSTDEPLOY_FAILED: What = { ...GOOD, status: 'failed' }
const RESTART: What = { kind: 'deploy', source: 'ps:restart', liveAt: 1 }
const CONFIG: What = { kind: 'deploy', source: 'config-redeploy', liveAt: 1, image: 'dokku/blog:latest' }

test('the life of an app on a Dokku 0.38.27: each image is of the code it was built from', () => {
  const ids = {
    v1: 'sha256:569f77a1a1296d909d508c428e3583bc0819fb538952bc25197c54a38eb55623',
    v2: 'sha256:2d27bcfa5e895c31ac0e5b28cc0e9e14ff790228e2a7947601ac312b70d4e35f',
    v3: 'sha256:167855abc3cbfe7f141a3cd3988cba9c6835e01009a686070a4c9f59efa99572',
    v4: 'sha256:c702286b6c9df1cf96945b672ea1aabe60cb0f0b6c303d72638cfff20b7b442f',
    v5: 'sha256:5dedecc6c07eb63eed85f41a1a7248a66022f9768f97a62e79c92afb378e47b0',
    v6: 'sha256:d87c45f70163838ee3585bb6dd4ecd7ff21837f3c39b4b821ccfd6b4ad15460a',
    v6Again: 'sha256:e6d2eed0773b4ac6a91756e5ae744304e39bfb361f284bb20a7d5424ef828bb3',
  }
  const app = life()
  const lived: readonly (readonly [What, string, number])[] = [
    [GOOD, ids.v1, 1],
    [PREDEPLOY_FAILED, ids.v2, 2],
    [RESTART, ids.v2, 2],
    [GOOD, ids.v3, 4],
    [CHECK_FAILED, ids.v4, 5],
    [RESTART, ids.v4, 5],
    [POSTDEPLOY_FAILED, ids.v5, 7],
    [RELEASE_FAILED, ids.v6, 8],
    [RESTART, ids.v6, 8],
    [CONFIG, ids.v6Again, 8],
  ]
  for (const [what, imageId, codeId] of lived) {
    const { buildId } = app.add(what)
    expect(app.read(imageId)).toEqual([{ buildId, imageId, codeId }])
  }
  app.add({ status: 'skipped', steps: [step('received')] })
  expect(app.read(ids.v6Again)).toEqual([])
  expect(Object.values(ids).map(app.code)).toEqual([1, 2, 4, 5, 7, 8, 8])
})

describe.each([
  ['a build that went live', GOOD, true],
  ['a failed predeploy or release task', PREDEPLOY_FAILED, true],
  ['a failed check', CHECK_FAILED, true],
  ['a failed postdeploy task', POSTDEPLOY_FAILED, true],
  ['a crash at start', { ...CHECK_FAILED, failedStep: 'crash at start' }, true],
  ['nginx', { ...CHECK_FAILED, steps: [step('live')] }, true],
  ['a build that is not to be deployed', { status: 'built', steps: [step('release')] }, true],
  ['a cancel after the build', { status: 'canceled', steps: [step('build'), step('checks')] }, true],
  ['a failed build', BUILD_FAILED, false],
  ['a cancel in the build', { ...BUILD_FAILED, status: 'canceled' }, false],
  ['an app.json that cannot be read', { status: 'failed', steps: [step('received')] }, false],
] as const)('after %s', (_, ending, makes) => {
  test('a new image is of its code, if it made one, and of nobody known otherwise', () => {
    const app = life()
    app.add(GOOD)
    app.read(sha('1'))
    app.add(ending)
    app.read(sha('2'))
    expect(app.code(sha('2'))).toBe(makes ? 2 : null)
  })

  test('the image of before is of the code it was', () => {
    const app = life()
    app.add(GOOD)
    app.read(sha('1'))
    const { buildId } = app.add(ending)
    expect(app.read(sha('1'))).toEqual([{ buildId, imageId: sha('1'), codeId: 1 }])
  })

  test('a restart and a change of config keep its code, whatever was read between', () => {
    for (const readsBetween of [true, false]) {
      const app = life()
      app.add(GOOD)
      app.read(sha('1'))
      app.add(ending)
      if (readsBetween) app.read(sha(makes ? '2' : '1'))
      app.add(RESTART)
      if (readsBetween) app.read(sha(makes ? '2' : '1'))
      app.add(CONFIG)
      app.read(sha('3'))
      expect(app.code(sha('3'))).toBe(makes ? 2 : 1)
    }
  })

  test('nothing is said while another deployment runs, nor of what is read while one begins', () => {
    const app = life()
    app.add(GOOD)
    app.read(sha('1'))
    app.add(ending)
    const running = app.add({ status: 'running', endedAt: null, judgedAt: null })
    expect(app.read(sha('2'))).toEqual([])
    app.rows[2] = {
      ...running,
      ...RESTART,
      liveAt: app.now(),
      status: 'succeeded',
      endedAt: app.now(),
      judgedAt: app.now(),
    }
    expect(app.read(sha('2'), { begunAt: app.now() - 2 * MINUTE })).toEqual([])
  })
})

describe('where it cannot be known whose code an image holds, nothing is said', () => {
  test('of an app that was there before the first deployment known', () => {
    const app = life()
    expect(app.read(sha('1'))).toEqual([])
    app.add(RESTART)
    expect(app.read(sha('1'))).toEqual([])
    app.add(CONFIG)
    expect(app.read(sha('2'))).toEqual([])
    app.add(GOOD)
    expect(app.read(sha('3'))).toMatchObject([{ codeId: 3 }])
  })

  test('of an image made by hand, also after Dokku released it anew', () => {
    const app = life()
    app.add(GOOD)
    app.read(sha('1'))
    expect(app.read(sha('9'))).toEqual([])
    app.add(CONFIG)
    expect(app.read(sha('a'))).toEqual([])
    expect([sha('9'), sha('a')].map(app.code)).toEqual([null, null])
  })

  test('of two that changed the image at once', () => {
    const app = life()
    app.add(GOOD)
    app.read(sha('1'))
    const build = app.add({ ...GOOD, minutes: 5 })
    const config = app.add({
      ...CONFIG,
      startedAt: build.startedAt + MINUTE,
      endedAt: build.startedAt + 2 * MINUTE,
    })
    app.rows[1] = { ...build, liveAt: build.endedAt }
    app.rows[2] = { ...config, liveAt: config.endedAt }
    expect(app.read(sha('2'))).toEqual([])
  })

  test('of what Dokku puts back when the build after a failed predeploy task fails', () => {
    const app = life()
    app.add(PREDEPLOY_FAILED)
    app.read(sha('1'))
    app.add(BUILD_FAILED)
    app.add(CONFIG)
    expect(app.read(sha('2'))).toEqual([])
  })
})

describe('an image that containers run', () => {
  test('is of the deployment that started them, where another image is next by the time it is read', () => {
    const app = life()
    const first = app.add({ ...GOOD, minutes: 4 })
    app.add(CHECK_FAILED)
    const containers = [{ imageId: sha('1'), createdAt: first.startedAt + 3 * MINUTE }]
    expect(app.read(sha('2'), { containers })).toEqual([
      { buildId: 'b2', imageId: sha('2'), codeId: 2 },
      { buildId: 'b1', imageId: sha('1'), codeId: 1 },
    ])
  })

  test('is of nobody known where no deployment ran when it was created', () => {
    const app = life()
    app.add(GOOD)
    app.read(sha('1'))
    const containers = [{ imageId: sha('9'), createdAt: app.now() + 1 }]
    expect(app.read(sha('1'), { containers })).toEqual([])
  })
})
