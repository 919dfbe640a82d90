import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { setStage } from './stage.ts'
import { openTarget } from './target.ts'

const target = openTarget()
beforeAll(() => setStage(target, ['empty']), 900_000)
afterAll(() => target.close())

const env = async (): Promise<Readonly<Record<string, string>>> =>
  JSON.parse((await target.run(['config:export', 'empty', '--format', 'json'])).stdout)
const silence = { exit: 0, stdout: '', stderr: '' }

describe(`config, on ${target.name}`, () => {
  test('comes in as a JSON object on stdin, with every kind of value, and says nothing when quiet', async () => {
    const values = { A: 'two words', B: 'line one\nline two', C: `it's "quoted" $(whoami)`, D: '', E: '<&>' }
    const args = ['--quiet', 'config:import', '--no-restart', '--format', 'json', 'empty', '-']
    expect(await target.run(args, { stdin: JSON.stringify(values) })).toEqual(silence)
    expect(await env()).toEqual(values)
  })

  test('comes in as an env file', async () => {
    const stdin = 'export F="six"\n# a comment\nG=7\n'
    expect(await target.run(['--quiet', 'config:import', '--no-restart', 'empty', '-'], { stdin })).toEqual(
      silence,
    )
    expect(await env()).toMatchObject({ A: 'two words', F: 'six', G: '7' })
  })

  test('with --replace the object is the whole', async () => {
    const args = ['--quiet', 'config:import', '--replace', '--no-restart', '--format', 'json', 'empty', '-']
    await target.run(args, { stdin: '{"ONLY":"this"}' })
    expect(await env()).toEqual({ ONLY: 'this' })
  })

  test('a bad key or no object is exit 1, a line that says so, and nothing changed', async () => {
    const args = ['--quiet', 'config:import', '--no-restart', '--format', 'json', 'empty', '-']
    const badKey = await target.run(args, { stdin: '{"A-B":"x","GOOD":"y"}' })
    expect(badKey).toMatchObject({ exit: 1, stderr: " !     Invalid key name: 'A-B'\n" })
    expect(await target.run(args, { stdin: 'no json' })).toMatchObject({ exit: 1 })
    expect(await env()).toEqual({ ONLY: 'this' })
  })

  test('without --quiet an import prints the values: a secret would be on the screen', async () => {
    const said = await target.run(['config:import', '--no-restart', '--format', 'json', 'empty', '-'], {
      stdin: '{"S":"3cr3t"}',
    })
    expect(said.stdout).toContain('-----> Setting config var S=3cr3t\n')
  })

  test('a value is said as it is and nothing else; of a key that is not set nothing, and exit 1', async () => {
    const args = ['--quiet', 'config:import', '--no-restart', '--format', 'json', 'empty', '-']
    await target.run(args, { stdin: JSON.stringify({ MANY: 'one\n  two "x" $y\n', NONE: '' }) })
    const get = (key: string) => target.run(['--quiet', 'config:get', 'empty', key])
    expect(await get('MANY')).toEqual({ exit: 0, stdout: 'one\n  two "x" $y\n\n', stderr: '' })
    expect(await get('NONE')).toEqual({ exit: 0, stdout: '\n', stderr: '' })
    expect(await get('NEVER')).toMatchObject({ exit: 1, stdout: '' })
  })

  test('keys are said one a line and no value; several go at once, and one that is not set is no error', async () => {
    expect((await target.run(['--quiet', 'config:keys', 'empty'])).stdout).toContain('MANY\nNONE\n')
    const unset = ['--quiet', 'config:unset', '--no-restart', 'empty', 'MANY', 'NEVER', 'NONE']
    expect((await target.run(unset)).exit).toBe(0)
    expect(await env()).not.toHaveProperty('MANY')
  })

  test('is decoded when it comes encoded', async () => {
    const value = Buffer.from('a b\nc').toString('base64')
    await target.run(['config:set', '--no-restart', '--encoded', 'empty', `ENCODED=${value}`])
    expect((await env()).ENCODED).toBe('a b\nc')
  })

  test('is cleared key by key', async () => {
    const said = await target.run(['config:clear', '--no-restart', 'empty'])
    expect(said.exit).toBe(0)
    expect(said.stdout.split('\n').sort()).toEqual([
      '',
      '-----> Unsetting ENCODED',
      '-----> Unsetting ONLY',
      '-----> Unsetting S',
    ])
    expect(await env()).toEqual({})
  })

  test('of the server comes in, is said and goes as an app’s does, and nothing is restarted', async () => {
    const global = ['--format', 'json', '--global']
    const all = async () => JSON.parse((await target.run(['--quiet', 'config:export', ...global])).stdout)
    const before = await all()
    const stdin = '{"CONTRACT_A":"a b\\nc","CONTRACT_B":"$x"}'
    expect(await target.run(['--quiet', 'config:import', ...global, '-'], { stdin })).toEqual(silence)
    expect(await all()).toEqual({ ...before, CONTRACT_A: 'a b\nc', CONTRACT_B: '$x' })
    const { stdout: keys } = await target.run(['--quiet', 'config:keys', '--global'])
    expect(keys).toContain('CONTRACT_A\nCONTRACT_B\n')
    const get = (key: string) => target.run(['--quiet', 'config:get', '--global', key])
    expect(await get('CONTRACT_A')).toEqual({ exit: 0, stdout: 'a b\nc\n', stderr: '' })
    expect(await get('CONTRACT_NONE')).toMatchObject({ exit: 1, stdout: '' })
    const unset = ['--quiet', 'config:unset', '--global', 'CONTRACT_A', 'CONTRACT_NONE', 'CONTRACT_B']
    expect(await target.run(unset)).toMatchObject({ exit: 0, stdout: '' })
    expect(await all()).toEqual(before)
  })

  test('of the server stands apart and is merged on request', async () => {
    await target.run(['config:set', '--global', 'CONTRACT=everywhere'])
    await target.run(['config:set', '--no-restart', 'empty', 'HERE=only'])
    expect(await env()).toEqual({ HERE: 'only' })
    const merged = (await target.run(['config:keys', '--merged', 'empty'])).stdout.trim().split('\n')
    // A server made by Dokku's package has keys of Dokku's own beside them.
    expect(merged.filter((key) => key === 'CONTRACT' || key === 'HERE')).toEqual(['CONTRACT', 'HERE'])
    await target.run(['config:unset', '--global', 'CONTRACT'])
  })
})
