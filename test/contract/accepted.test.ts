import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { argumentsOf, type Recording, recordings } from './recorded.ts'
import { expectSame } from './same.ts'
import { setStage } from './stage.ts'
import { openTarget } from './target.ts'

const target = openTarget()
beforeAll(() => setStage(target, ['web', 'empty']), 900_000)
afterAll(() => target.close())

const recorded = new Map(recordings('errors').map((recording) => [recording.name, recording]))

async function saysTheSame(name: string): Promise<void> {
  const recording: Recording | undefined = recorded.get(name)
  if (recording === undefined) throw new Error(`nothing was recorded as ${name}`)
  expectSame(target, await target.run(argumentsOf(recording) ?? []), recording)
}

const report = async (plugin: string, app: string): Promise<Readonly<Record<string, string>>> =>
  JSON.parse((await target.run([`${plugin}:report`, app, '--format', 'json'])).stdout)

describe(`what Dokku takes though it should not, on ${target.name}`, () => {
  test('a domain the app has, and one it never had', async () => {
    await saysTheSame('domains-duplicate')
    await saysTheSame('domains-remove-missing')
  })

  test('an app name with a dot, whose domain is then the bare name', async () => {
    await saysTheSame('bad-app-name-dot')
    expect(await report('domains', 'bad.name')).toMatchObject({ 'app-vhosts': 'bad.name' })
    await target.run(['apps:destroy', 'bad.name', '--force'])
  })

  test('a network and a proxy that do not exist', async () => {
    await saysTheSame('network-unknown')
    expect(await report('network', 'web')).toMatchObject({ 'initial-network': 'nope' })
    await target.run(['network:set', 'web', 'initial-network'])
    await saysTheSame('proxy-set-bad')
    expect(await report('proxy', 'web')).toMatchObject({ type: 'nope' })
    await target.run(['proxy:set', 'web', 'type'])
  })

  test('a mount of something that is no path', async () => {
    await saysTheSame('storage-mount-relative')
    await target.run(['storage:unmount', 'web', 'relative:/data'])
  })

  test('a mount to folders with any signs, which is unmounted as it is', async () => {
    const host = '/var/lib/dokku/data/storage/empty'
    for (const folder of ['/home/node/.n8n', '/data/My\\ Files', '/data/My Files', '/a/@b+c,d=e~f%g']) {
      expect((await target.run(['storage:mount', 'empty', `${host}:${folder}`])).exit).toBe(0)
      const facts = await report('storage', 'empty')
      expect(facts).toMatchObject({ 'attachment.1.host-path': host, 'attachment.1.container-path': folder })
      expect(facts['attachment.1.entry-name']).toMatch(/^legacy-/)
      expect((await target.run(['storage:unmount', 'empty', `${host}:${folder}`])).exit).toBe(0)
      expect(await report('storage', 'empty')).not.toHaveProperty(['attachment.1.container-path'])
    }
  })

  test('an amount of memory that is no amount', () => saysTheSame('resource-bad'))

  test('a restart of a process the app does not have', async () => {
    const said = await target.run(['ps:restart', 'web', 'nope'])
    expect(said).toMatchObject({ exit: 0, stderr: '' })
    expect(said.stdout).toContain('-----> Running post-deploy')
    expect(said.stdout).not.toContain('-----> Deploying')
  })

  test('fewer than no containers: all of them go, and the report says -1', async () => {
    await target.run(['ps:scale', 'web', 'web=2'])
    const said = await target.run(['ps:scale', 'web', 'web=-1'])
    expect(said.exit).toBe(0)
    expect(said.stdout).toContain('-----> Scaling web processes: web=-1\n-----> Deploying web (count=-1)\n')
    expect(said.stdout.match(/Scheduling orphaned container shutdown in 5 seconds/g)).toHaveLength(2)
    expect((await target.run(['ps:scale', 'web'])).stdout).toContain('web:  -1\n')
    expect(await report('ps', 'web')).toMatchObject({ processes: '1' })
  })

  test('without web containers: a port mapping of a made-up scheme, and one twice', async () => {
    await saysTheSame('ports-bad-scheme')
    expect((await target.run(['ports:list', 'web'])).stdout).toContain('foo            80')
    await saysTheSame('ports-duplicate')
    await target.run(['ports:set', 'web', 'http:80:5000'])
    expect((await target.run(['ps:scale', 'web', 'web=1'])).exit).toBe(0)
  })

  test('a deploy of a locked app: the lock by hand stops nothing, and the deploy takes it away', async () => {
    await target.run(['apps:lock', 'web'])
    expect((await target.run(['apps:locked', 'web'])).exit).toBe(0)
    expect((await target.run(['ps:rebuild', 'web'])).exit).toBe(0)
    await saysTheSame('apps-locked-no')
    await saysTheSame('unlock-again')
  })
})
