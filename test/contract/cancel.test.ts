import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { eventually } from '../patience.ts'
import { archive, setStage } from './stage.ts'
import { openTarget } from './target.ts'

const target = openTarget()
beforeAll(() => setStage(target, ['web', 'empty']), 900_000)
afterAll(() => target.close())

/** At the pace of a real server, so that it can be met while it runs. */
const slowly = { env: { DOKKU_SIMULATOR_SPEED: '1' } }
const newest = async (app: string): Promise<Readonly<Record<string, unknown>>> =>
  JSON.parse((await target.run(['builds:list', app, '--format', 'json'])).stdout)[0]
const begun = (app: string) =>
  eventually(async () => {
    expect((await target.run(['apps:locked', app])).exit).toBe(0)
    expect(await newest(app)).toMatchObject({ display_status: 'running' })
  })

describe(`the end of a deploy, on ${target.name}`, () => {
  test('with nothing running: told, and all is well', async () => {
    expect(await target.run(['builds:cancel', 'empty'])).toMatchObject({
      exit: 0,
      stdout: '-----> App not currently deploying\n',
    })
  })

  test('of one that runs: it is gone, its record says canceled, and the lock with it', async () => {
    const deploy = target.run(['ps:rebuild', 'web'], slowly)
    await begun('web')
    expect(await target.run(['builds:cancel', 'web'])).toMatchObject({
      exit: 0,
      stdout: '-----> Killing app deploy\n',
    })
    expect((await deploy).exit).not.toBe(0)
    expect(await newest('web')).toMatchObject({ status: 'canceled', exit_code: -1 })
    expect((await target.run(['apps:locked', 'web'])).exit).toBe(1)
  })

  test('after a second deploy was refused: Dokku no longer knows which one holds the lock, and ends none', async () => {
    const deploy = target.run(['ps:rebuild', 'web'], slowly)
    await begun('web')
    const second = await target.run(['ps:rebuild', 'web'])
    expect(second.exit).toBe(1)
    expect(second.stdout + second.stderr).toContain('web currently has a deploy lock in place. Exiting...')
    expect(await target.run(['builds:cancel', 'web'])).toMatchObject({
      exit: 0,
      stdout: '-----> No matching app deploy found\n',
    })
    expect((await deploy).exit).toBe(0)
  })
})

test(`an archive whose kind is named comes by stdin as well, on ${target.name}`, async () => {
  const args = ['git:from-archive', '--archive-type', 'tar', 'empty', '--']
  const said = await target.run(args, { stdin: archive(null) })
  expect(said.exit).toBe(0)
  expect(said.stdout).toContain('-----> Fetching tar file from stdin\n')
})
