import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { setStage } from './stage.ts'
import { openTarget } from './target.ts'

const target = openTarget()
let clear: () => Promise<void>
beforeAll(async () => {
  clear = await setStage(target, ['empty'])
}, 900_000)
afterAll(async () => {
  await clear()
  target.close()
})

const report = async (plugin: string): Promise<Readonly<Record<string, string>>> =>
  JSON.parse((await target.ask([`${plugin}:report`, 'empty', '--format', 'json'])).stdout)
const checks = async () => {
  const { 'disabled-list': disabled, 'skipped-list': skipped } = await report('checks')
  return { disabled, skipped }
}

describe(`how processes are replaced and held, on ${target.name}`, () => {
  test('zero downtime off and checks skipped by process type, and put on again', async () => {
    const said = await target.run(['checks:disable', 'empty', 'web,worker'])
    expect(said).toMatchObject({
      exit: 0,
      stdout: "-----> Disabling zero downtime for app's (empty) proctypes (web,worker)\n",
    })
    expect(await checks()).toEqual({ disabled: 'web,worker', skipped: 'none' })
    await target.run(['checks:skip', 'empty', 'worker'])
    expect(await checks()).toEqual({ disabled: 'web', skipped: 'worker' })
    await target.run(['checks:enable', 'empty', 'worker'])
    expect(await checks()).toEqual({ disabled: 'web', skipped: 'none' })
    expect((await target.run(['checks:enable', 'empty'])).stdout).toBe(
      "-----> Enabling zero downtime for app's (empty)\n",
    )
    expect(await checks()).toEqual({ disabled: 'none', skipped: 'none' })
  })

  test('one type put on again while all are off changes nothing', async () => {
    expect((await target.run(['checks:disable', 'empty'])).stdout).toBe(
      '-----> Disabling zero downtime for app (empty)\n',
    )
    await target.run(['checks:enable', 'empty', 'web'])
    expect(await checks()).toEqual({ disabled: '_all_', skipped: 'none' })
    await target.run(['checks:enable', 'empty'])
  })

  test('a type put on again takes its letters out of the names of others', async () => {
    await target.run(['checks:disable', 'empty', 'web,webhook'])
    await target.run(['checks:enable', 'empty', 'web'])
    expect(await checks()).toEqual({ disabled: 'hook', skipped: 'none' })
    await target.run(['checks:enable', 'empty'])
  })

  test('a limit is set and taken away by the word clear', async () => {
    await target.run(['resource:limit', '--memory', '512m', '--cpu', '2', '--process-type', 'web', 'empty'])
    expect(await report('resource')).toMatchObject({ 'web.limit.memory': '512m', 'web.limit.cpu': '2' })
    const said = await target.run(['resource:limit', '--memory', 'clear', '--process-type', 'web', 'empty'])
    expect(said.stdout).toBe('=====> Setting resource limits for empty (web)\n       memory: cleared\n')
    expect(await report('resource')).not.toHaveProperty('web.limit.memory')
    expect(await report('resource')).toMatchObject({ 'web.limit.cpu': '2' })
    await target.run(['resource:limit', '--cpu', 'clear', '--process-type', 'web', 'empty'])
  })

  test('a restart policy and a wait are set, and set to nothing they are Dokku’s own again', async () => {
    await target.run(['ps:set', 'empty', 'restart-policy', 'always'])
    expect(await report('ps')).toMatchObject({
      'restart-policy': 'always',
      'computed-restart-policy': 'always',
    })
    await target.run(['ps:set', 'empty', 'restart-policy'])
    expect(await report('ps')).toMatchObject({
      'restart-policy': '',
      'computed-restart-policy': 'on-failure:10',
    })
    await target.run(['checks:set', 'empty', 'wait-to-retire', '15'])
    expect(await report('checks')).toMatchObject({ 'computed-wait-to-retire': '15' })
    await target.run(['checks:set', 'empty', 'wait-to-retire'])
    expect(await report('checks')).toMatchObject({ 'computed-wait-to-retire': '60' })
  })

  test('the proxy is taken away and comes back', async () => {
    expect((await target.run(['proxy:disable', 'empty'])).stdout).toContain(
      '-----> Disabling proxy for app\n',
    )
    expect(await report('proxy')).toMatchObject({ enabled: 'false', disabled: 'true' })
    expect((await target.run(['proxy:disable', 'empty'])).stdout).toBe(
      '-----> Proxy is already disable for app\n',
    )
    expect((await target.run(['proxy:enable', 'empty'])).stdout).toContain('-----> Enabling proxy for app\n')
    expect(await report('proxy')).toMatchObject({ enabled: 'true', disabled: '' })
  })

  test.each([
    ['proxy-buffers', '8 16k', '8 4k'],
    ['proxy-busy-buffers-size', '32k', '8k'],
    ['x-forwarded-for-value', '$proxy_add_x_forwarded_for', '$remote_addr'],
    ['underscore-in-headers', 'on', 'off'],
    ['nginx-conf-sigil-path', 'deploy/nginx.conf.sigil', 'nginx.conf.sigil'],
    ['access-log-path', 'off', '/var/log/nginx/empty-access.log'],
    ['disable-custom-config', 'true', 'false'],
    ['bind-address-ipv4', '127.0.0.1', ''],
    ['proxy-keepalive', '32', ''],
  ])('nginx is told %s in one word, whatever is in it, and goes by Dokku’s own without', async (...told) => {
    const [key, value, without] = told
    await target.run(['nginx:set', 'empty', key, value])
    expect(await report('nginx')).toMatchObject({ [key]: value, [`computed-${key}`]: value })
    await target.run(['nginx:set', 'empty', key])
    expect(await report('nginx')).toMatchObject({ [key]: '', [`computed-${key}`]: without })
  })

  test('nginx keeps a whole number of idle connections, or Dokku refuses it', async () => {
    expect(await target.run(['nginx:set', 'empty', 'proxy-keepalive', 'many'])).toMatchObject({
      exit: 1,
      stderr: ' !     Invalid value for proxy-keepalive: must be an integer\n',
    })
  })

  test('an option of Docker is added and removed', async () => {
    await target.run(['docker-options:add', 'empty', 'deploy,run', '--shm-size 256m'])
    expect(await report('docker-options')).toMatchObject({ 'deploy-list': ['--shm-size 256m'] })
    await target.run(['docker-options:remove', 'empty', 'deploy', '--shm-size 256m'])
    expect(await report('docker-options')).toMatchObject({
      'deploy-list': [],
      'run-list': ['--shm-size 256m'],
    })
    await target.run(['docker-options:remove', 'empty', 'run', '--shm-size 256m'])
  })

  test('a cron entry there is none of is neither suspended nor resumed', async () => {
    for (const command of ['cron:suspend', 'cron:resume'])
      expect(await target.run([command, 'empty', 'nope'])).toMatchObject({
        exit: 1,
        stderr: ' !     Invalid task maintenance property, no matching task ID found: maintenance.nope\n',
      })
  })
})
