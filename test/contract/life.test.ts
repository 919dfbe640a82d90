import { stripVTControlCharacters } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { tar } from '../../ui/certificates/tar.ts'
import { certificate, deploy, setStage } from './stage.ts'
import { openTarget } from './target.ts'

const target = openTarget()
beforeAll(() => setStage(target, ['shop', 'empty']), 900_000)
afterAll(() => target.close())

const report = async (plugin: string, app: string): Promise<Readonly<Record<string, string>>> =>
  JSON.parse((await target.run([`${plugin}:report`, app, '--format', 'json'])).stdout)
const apps = async (): Promise<readonly string[]> =>
  JSON.parse((await target.run(['apps:list', '--format', 'json'])).stdout)

describe(`an app's certificate, on ${target.name}`, () => {
  test('added by tar: https is mapped beside http, nginx configured for it', async () => {
    const said = await target.run(['certs:add', 'shop'], { stdin: certificate('shop.dokku.test') })
    expect(said.exit).toBe(0)
    expect(said.stdout).toContain('-----> Creating https nginx.conf\n')
    expect(await report('certs', 'shop')).toMatchObject({ enabled: 'true', hostnames: 'shop.dokku.test' })
    expect(await report('ports', 'shop')).toMatchObject({ map: 'http:80:5000 https:443:5000' })
    expect((await target.run(['certs:show', 'shop', 'crt'])).stdout).toMatch(/^-----BEGIN CERTIFICATE-----\n/)
  })

  test('for other names: it is taken, with a warning', async () => {
    const said = await target.run(['certs:update', 'shop'], { stdin: certificate('elsewhere.test') })
    expect(said.exit).toBe(0)
    expect(said.stdout).toContain('-----> No matching configured domains for shop found in SSL certificate.')
    expect(said.stdout).toContain('=====> elsewhere.test\n')
  })

  test('removed: the mapping goes with it', async () => {
    const said = await target.run(['certs:remove', 'shop'])
    expect(said.stdout).toContain('-----> Removing SSL endpoint from shop\n')
    expect(await report('certs', 'shop')).toMatchObject({ enabled: 'false', 'expires-at': '' })
    expect(await report('ports', 'shop')).toMatchObject({ map: 'http:80:5000' })
  })

  test('an archive with half of it is refused', async () => {
    const said = await target.run(['certs:add', 'shop'], { stdin: tar({ 'server.crt': 'x' }) })
    expect(said.exit).not.toBe(0)
  })
})

describe(`an app's port mappings, on ${target.name}`, () => {
  const file = '/var/lib/dokku/config/ports/empty/map'

  test('are kept as lines of a file, which is gone when the last one is', async () => {
    await target.run(['ports:set', 'empty', 'http:80:3000'])
    await target.run(['ports:add', 'empty', 'http:8080:3000'])
    expect(target.file(file).trim().split('\n').sort()).toEqual(['http:8080:3000', 'http:80:3000'])
    await target.run(['ports:remove', 'empty', 'http:8080:3000'])
    expect(target.file(file)).toBe('http:80:3000\n')
    await target.run(['ports:clear', 'empty'])
    expect(() => target.file(file)).toThrow('ENOENT')
  })
})

describe(`an app's domains, on ${target.name}`, () => {
  test('set, cleared and reset to APP.SERVER', async () => {
    await target.run(['domains:set', 'empty', 'a.example.com', 'b.example.com'])
    expect(await report('domains', 'empty')).toMatchObject({ 'app-vhosts': 'a.example.com b.example.com' })
    expect((await target.run(['domains:clear', 'empty'])).stdout).toContain(
      '-----> Cleared domains in empty\n',
    )
    expect(await report('domains', 'empty')).toMatchObject({ 'app-vhosts': '' })
    expect((await target.run(['domains:reset', 'empty'])).stdout).toContain(
      '-----> Reset domains for empty\n',
    )
    expect(await report('domains', 'empty')).toMatchObject({ 'app-vhosts': 'empty.dokku.test' })
  })

  test('taken in any spelling, and removed as a pattern of sed: with a dot for any letter, in their own capitals', async () => {
    const left = async () => (await report('domains', 'empty'))['app-vhosts']
    const odd = ['a.x.example', 'a-x.example', 'Store.Example.com', '_', '.y.example']
    await target.run(['domains:set', 'empty', ...odd])
    expect(await left()).toBe(odd.join(' '))
    await target.run(['domains:remove', 'empty', 'a.x.example'])
    expect(await left()).toBe('Store.Example.com _ .y.example')
    expect((await target.run(['domains:remove', 'empty', 'store.example.com'])).exit).toBe(0)
    expect(await left()).toBe('Store.Example.com _ .y.example')
    await target.run(['domains:remove', 'empty', 'Store.Example.com', '_', '.y.example'])
    expect(await left()).toBe('')
    await target.run(['domains:reset', 'empty'])
  })

  test('disabled: they go and NO_VHOST is set; adding one puts them on again', async () => {
    await target.run(['domains:disable', 'empty'])
    expect(await report('domains', 'empty')).toMatchObject({ 'app-enabled': 'false', 'app-vhosts': '' })
    expect((await target.run(['config:get', 'empty', 'NO_VHOST'])).stdout).toBe('1\n')
    await target.run(['domains:add', 'empty', 'c.example.com'])
    expect(await report('domains', 'empty')).toMatchObject({ 'app-enabled': 'true' })
  })
})

describe(`an app's life, on ${target.name}`, () => {
  test('renamed: history and config go along, the old name is gone, the app is built anew', async () => {
    await target.run(['config:set', '--no-restart', 'shop', 'KEPT=yes'])
    const said = await target.run(['apps:rename', 'shop', 'ren1'])
    expect(said.exit).toBe(0)
    expect(said.stdout).toContain('-----> Destroying shop (including all add-ons)\n')
    expect(said.stdout).toContain('=====> Application deployed:\n')
    expect(await apps()).toEqual(['empty', 'ren1'])
    expect((await target.run(['config:get', 'ren1', 'KEPT'])).stdout).toBe('yes\n')
    const builds = JSON.parse((await target.run(['builds:list', 'ren1', '--format', 'json'])).stdout)
    expect(builds[0]).toMatchObject({ app: 'ren1', source: 'git-hook', status: 'succeeded' })
    expect(builds.at(-1)).toMatchObject({ app: 'shop' })
    expect(await report('git', 'ren1')).toMatchObject({ sha: expect.stringMatching(/^[0-9a-f]{40}$/) })
  })

  test('cloned without a deploy: the same config, no certificate, nothing running', async () => {
    await target.run(['apps:clone', '--skip-deploy', 'ren1', 'web-copy'])
    expect((await target.run(['config:get', 'web-copy', 'KEPT'])).stdout).toBe('yes\n')
    expect(await report('ps', 'web-copy')).toMatchObject({ deployed: 'false', processes: '0' })
  })

  test('deployed from an image that is there', async () => {
    await target.run(['apps:create', 'fromimg'])
    expect(await report('git', 'fromimg')).toMatchObject({ sha: 'HEAD' })
    const said = await target.run(['git:from-image', 'fromimg', 'node:24-slim'])
    expect(said.stdout).toContain(
      '-----> Generating build context\n-----> Image exists on host, skipping pull\n',
    )
    expect(await report('git', 'fromimg')).toMatchObject({ 'source-image': 'node:24-slim' })
  })

  test('stopped: deployed, but nothing runs', async () => {
    await target.run(['ps:stop', 'ren1'])
    expect(await report('ps', 'ren1')).toMatchObject({ deployed: 'true', running: 'false' })
    expect((await report('ps', 'ren1'))['status-web.1']).toMatch(/^exited \(CID: [0-9a-f]{11}\)$/)
  })

  test('destroyed: its builds and its name are free again', async () => {
    await target.run(['--force', 'apps:destroy', 'ren1'])
    expect(await apps()).not.toContain('ren1')
    expect((await target.run(['builds:list', 'ren1'])).exit).toBe(20)
    await target.run(['apps:create', 'ren1'])
    expect(await report('ps', 'ren1')).toMatchObject({ deployed: 'false' })
  })

  test('with a formation in app.json it cannot be scaled by hand', async () => {
    await target.run(['apps:create', 'slow'])
    await deploy(target, 'slow')
    const formation = { formation: { web: { quantity: 2 } } }
    const stdin = tar({
      Dockerfile: 'FROM node:24-slim\nCMD ["sleep", "infinity"]',
      'app.json': JSON.stringify(formation),
    })
    await target.run(['git:from-archive', 'slow', '--'], { stdin })
    const said = await target.run(['ps:scale', 'slow', 'web=1'])
    expect(said.exit).toBe(1)
    expect(said.stderr).toContain(
      'contains an app.json file with a formations key and cannot be manually scaled',
    )
  })
})

describe(`an app's running logs, on ${target.name}`, () => {
  beforeAll(() => deploy(target, 'empty'), 900_000)
  const TIMED = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z app\[web\.1\]: /

  test('colour and time each line even into a pipe, and neither when quiet', async () => {
    const said = await target.run(['logs', 'empty', '--num', '5', '--ps', 'web'])
    expect(said.exit).toBe(0)
    expect(said.stdout.startsWith('\u001b[36m')).toBe(true)
    expect(stripVTControlCharacters(said.stdout)).toMatch(TIMED)
    const quiet = await target.run(['logs', 'empty', '--num', '5', '--quiet'])
    expect(quiet.stdout).not.toContain('\u001b')
  })

  test('stop at the number asked for', async () => {
    const said = await target.run(['logs', 'empty', '--num', '1'])
    expect(said.stdout.trim().split('\n').length).toBeLessThanOrEqual(1)
  })
})
