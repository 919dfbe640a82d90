import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { deployAlike, withoutBuilder } from './alike.ts'
import { deployRecording } from './recorded.ts'
import { archive, deploy, setStage } from './stage.ts'
import { openTarget } from './target.ts'

const target = openTarget()
beforeAll(() => setStage(target, ['web', 'shop']), 900_000)
afterAll(() => target.close())

/** Both streams as one, as a terminal shows them; a deploy says everything on stdout. */
async function saysTheSame(name: string, args: readonly string[]): Promise<void> {
  const recording = deployRecording(name)
  const said = await target.run(args)
  const lines = target.withoutDocker(target.asRecorded(said.stderr + said.stdout)).split('\n')
  const dokkus = target.name === 'real' ? withoutBuilder : (all: readonly string[]) => all
  expect(deployAlike(dokkus(lines))).toEqual(deployAlike(dokkus(recording.lines)))
  expect(said.exit).toBe(recording.exit)
}

interface Build {
  readonly id: string
  readonly kind: string
  readonly source: string
  readonly status: string
  readonly display_status: string
  readonly exit_code?: number
  readonly log_path: string
}

const head = async (app: string): Promise<string> =>
  (await target.run(['git:report', app, '--git-sha'])).stdout

const builds = async (app: string): Promise<readonly Build[]> =>
  JSON.parse((await target.run(['builds:list', app, '--format', 'json'])).stdout)

describe(`what a deploy says, on ${target.name}`, () => {
  test('ps:rebuild', async () => {
    await saysTheSame('ps-rebuild', ['ps:rebuild', 'web'])
    expect((await builds('web'))[0]).toMatchObject({
      kind: 'build',
      source: 'ps:rebuild',
      status: 'succeeded',
      exit_code: 0,
    })
  })

  test('ps:rebuild --all, which keeps no record of any of its deploys', async () => {
    const recorded = async () => [(await builds('web')).length, (await builds('shop')).length]
    const before = await recorded()
    const { stdout, stderr } = await target.run(['ps:rebuild', '--all'])
    const lines = (stderr + stdout).split('\n')
    expect(lines).toContain('flag provided but not defined: -all')
    for (const app of ['web', 'shop']) expect(lines).toContain(`-----> Running rebuild against app ${app}`)
    expect(await recorded()).toEqual(before)
  })

  test('ps:restart, whose record is never closed and later reads as failed', async () => {
    await saysTheSame('ps-restart', ['ps:restart', 'shop'])
    expect((await builds('shop'))[0]).toMatchObject({
      ...{ kind: 'deploy', source: 'ps:restart', status: 'running', display_status: 'abandoned' },
    })
  })

  test('config:set of a deployed app, which closes the open record of the restart before', async () => {
    await saysTheSame('config-set-restart', ['config:set', 'shop', 'GREETING=hello'])
    const [newest, restart] = await builds('shop')
    expect(newest).toMatchObject({ kind: 'deploy', source: 'config-redeploy', status: 'succeeded' })
    expect(restart).toMatchObject({ source: 'ps:restart', status: 'failed', exit_code: -1 })
  })

  test('ps:stop, then ps:start, which is recorded as "deploy"', async () => {
    await saysTheSame('ps-stop', ['ps:stop', 'shop'])
    await saysTheSame('ps-start', ['ps:start', 'shop'])
    expect((await builds('shop'))[0]).toMatchObject({ kind: 'deploy', source: 'deploy', status: 'succeeded' })
  })

  test('ps:scale to what it is: one line and no record', async () => {
    const before = (await builds('shop')).length
    await saysTheSame('ps-scale', ['ps:scale', 'shop', 'web=1'])
    expect(await builds('shop')).toHaveLength(before)
  })

  test('ps:scale to something else deploys without a record', async () => {
    const before = (await builds('shop')).length
    expect((await target.run(['ps:scale', 'shop', 'worker=1'])).exit).toBe(0)
    expect(await builds('shop')).toHaveLength(before)
  })
})

describe(`what a deploy that fails leaves behind, on ${target.name}`, () => {
  test('in the build: the record runs on without a process, the app stays locked until the next one ends', async () => {
    const before = await head('web')
    const said = await deploy(target, 'web', 'build')
    expect(said.exit).toBe(1)
    expect(said.stdout).toContain(' !     App build failed\n')
    expect((await builds('web'))[0]).toMatchObject({ status: 'running', display_status: 'abandoned' })
    expect((await target.run(['apps:locked', 'web'])).exit).toBe(0)
    expect(await head('web')).not.toBe(before)
    await deploy(target, 'web')
    expect((await builds('web'))[1]).toMatchObject({ status: 'failed', exit_code: -1 })
    expect((await target.run(['apps:locked', 'web'])).exit).toBe(1)
  })

  test.each([
    ['healthcheck', "path='/healthz' retries=1 timeout=3 type='path'"],
    ['crash', "path='/healthz' retries=2 timeout=3 type='path'"],
    ['predeploy', ' !     Execution of predeploy task failed'],
  ] as const)('after the build (%s): a closed record, no lock, the commit before', async (broken, words) => {
    const before = await head('web')
    const said = await deploy(target, 'web', broken)
    expect(said.exit).toBe(1)
    expect(said.stdout).toContain(words)
    expect((await builds('web'))[0]).toMatchObject({ status: 'failed', exit_code: 1 })
    expect((await target.run(['apps:locked', 'web'])).exit).toBe(1)
    expect(await head('web')).toBe(before)
  })

  test('the log is what was said, and builds:output shows it', async () => {
    const said = await deploy(target, 'web', 'predeploy')
    const [build] = await builds('web')
    const log = await target.run(['builds:output', 'web', build?.id ?? ''])
    expect(log.exit).toBe(0)
    expect(said.stdout).toContain(log.stdout.trim())
    expect(log.stdout).toContain(' !     Execution of predeploy task failed: echo predeploy bad; exit 7')
  })

  test('the same archive again is no change', async () => {
    const stdin = archive(null)
    const args = ['git:from-archive', 'web', '--']
    expect((await target.run(args, { stdin })).exit).toBe(0)
    const said = await target.run(args, { stdin })
    expect(said.exit).toBe(1)
    expect(said.stdout).toContain(' !     No changes detected, skipping git commit\n')
  })
})
