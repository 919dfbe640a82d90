import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { alike } from './alike.ts'
import { recordings } from './recorded.ts'
import { deploy, setStage } from './stage.ts'
import { openTarget } from './target.ts'

const target = openTarget()
beforeAll(async () => {
  const clear = await setStage(target, ['broken', 'empty'])
  await target.run(['ps:restart', 'broken'])
  return clear
}, 900_000)
afterAll(() => target.close())

const recorded = (name: string) => {
  const found = recordings('commands').find((recording) => recording.name === name)
  if (found === undefined) throw new Error(`nothing was recorded as ${name}`)
  return found
}
const said = async (...args: readonly string[]): Promise<string> =>
  target.asRecorded((await target.run(args)).stdout)
const firstOf = (json: string): Readonly<Record<string, unknown>> => JSON.parse(json)[0]

describe(`builds, on ${target.name}`, () => {
  test('are listed with the recorded keys in the recorded order, newest first', async () => {
    const listed = await said('builds:list', 'broken', '--format', 'json')
    expect(Object.keys(firstOf(listed))).toEqual(
      Object.keys(firstOf(recorded('builds-list-broken-json').stdout)),
    )
    const times = JSON.parse(listed).map((build: { started_at: string }) => build.started_at)
    expect(times).toEqual([...times].sort().reverse())
  })

  test('are listed as a table under the recorded headings', async () => {
    const heading = (text: string) => text.split('\n')[0]?.split(/ {2,}/)
    expect(heading(await said('builds:list', 'broken'))).toEqual(
      heading(recorded('builds-list-broken').stdout),
    )
    expect(heading(await said('builds:list'))).toEqual(heading(recorded('builds-list-all').stdout))
  })

  test('are described line by line as recorded', async () => {
    const id = String(JSON.parse(await said('builds:list', 'broken', '--format', 'json')).at(-1).id)
    const shape = (text: string) => alike(text).replace(/^(.*?: +).*$/gm, '$1…')
    expect(shape(await said('builds:info', 'broken', id))).toBe(shape(recorded('builds-info').stdout))
    const json = JSON.parse(await said('builds:info', 'broken', id, '--format', 'json'))
    expect(Object.keys(json)).toEqual(Object.keys(JSON.parse(recorded('builds-info-json').stdout)))
    expect(json.log_path).toBe(`/var/lib/dokku/data/builds/broken/${id}.log`)
  })

  test('whose process is gone say "running" in the record and "abandoned" to people', async () => {
    expect(firstOf(await said('builds:list', 'broken', '--format', 'json'))).toMatchObject({
      ...{ status: 'running', display_status: 'abandoned', source: 'ps:restart', kind: 'deploy' },
    })
    expect(await said('builds:list')).toContain('ps:restart')
  })

  test('are filtered by kind and by the status people see', async () => {
    const deploys = JSON.parse(await said('builds:list', 'broken', '--kind', 'deploy', '--format', 'json'))
    expect(deploys.map(({ kind }: { kind: string }) => kind)).toEqual(['deploy'])
    const abandoned = JSON.parse(
      await said('builds:list', 'broken', '--status', 'abandoned', '--format', 'json'),
    )
    expect(abandoned.length).toBeGreaterThan(0)
    expect(
      JSON.parse(await said('builds:list', 'broken', '--status', 'running', '--format', 'json')),
    ).toEqual([])
  })

  test('say so when there are none', async () => {
    expect(await said('builds:list', 'empty')).toBe('No builds recorded for this app\n')
    expect(await said('builds:list', 'empty', '--format', 'json')).toBe('[]\n')
  })

  test('that were abandoned are closed as failed by builds:prune', async () => {
    await target.run(['builds:prune', 'broken'])
    expect(firstOf(await said('builds:list', 'broken', '--format', 'json'))).toMatchObject({
      status: 'failed',
      exit_code: -1,
    })
  })

  test('are kept twenty at most, with their logs', async () => {
    await target.run(['builds:set', 'broken', 'retention', '3'])
    await deploy(target, 'broken')
    const kept = JSON.parse(await said('builds:list', 'broken', '--format', 'json'))
    expect(kept).toHaveLength(3)
    expect((await target.run(['builds:output', 'broken', kept[0].id])).stdout).toContain(
      'Application deployed',
    )
  })

  test('go with their app', async () => {
    const [{ id }] = JSON.parse(await said('builds:list', 'broken', '--format', 'json'))
    await target.run(['apps:destroy', 'broken', '--force'])
    await target.run(['apps:create', 'broken'])
    expect((await target.run(['builds:info', 'broken', id])).exit).toBe(1)
  })
})
