import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { tar } from '../../ui/certificates/tar.ts'
import { setStage } from './stage.ts'
import { openTarget } from './target.ts'

const target = openTarget()
beforeAll(() => setStage(target, ['empty']), 900_000)
afterAll(() => target.close())

const well = async (...args: readonly string[]) => {
  const said = await target.run(args)
  expect(said, args.join(' ')).toMatchObject({ exit: 0 })
  return said
}
const fact = async (plugin: string, flag: string) =>
  (await well(`${plugin}:report`, 'empty', `--${flag}`)).stdout.trimEnd()

/** An app that is neither built nor run: nginx leads it to something else on the server. */
describe(`an app that fronts a service of the host, on ${target.name}`, () => {
  test('takes the null builder, the null scheduler and a listener', async () => {
    await well('builder:set', 'empty', 'selected', 'null')
    await well('scheduler:set', 'empty', 'selected', 'null')
    await well('network:set', 'empty', 'static-web-listener', '127.0.0.1:3999')
    expect(await fact('builder', 'builder-selected')).toBe('null')
    expect(await fact('scheduler', 'scheduler-selected')).toBe('null')
    expect(await fact('network', 'network-static-web-listener')).toBe('127.0.0.1:3999')
    expect(await fact('network', 'network-web-listeners')).toBe('127.0.0.1:3999')
  })

  test('takes limits and a say in HSTS for nginx', async () => {
    await well('nginx:set', 'empty', 'client-max-body-size', '110m')
    await well('nginx:set', 'empty', 'hsts', 'false')
    expect(await fact('nginx', 'nginx-client-max-body-size')).toBe('110m')
    expect(await fact('nginx', 'nginx-hsts')).toBe('false')
    expect(await fact('nginx', 'nginx-computed-bind-address-ipv4')).toBe('')
  })

  test('its domain and port are set, and nginx configured without a word about listeners', async () => {
    await well('domains:set', 'empty', 'panel.example.com')
    await well('ports:set', 'empty', 'http:80:3999')
    const { stdout, stderr } = await well('proxy:build-config', 'empty')
    expect(stdout).toContain('-----> Creating http nginx.conf\n')
    expect(stdout + stderr).not.toContain('No web listeners specified')
    expect(await fact('ports', 'ports-map')).toBe('http:80:3999')
    expect(await fact('proxy', 'proxy-computed-type')).toBe('nginx')
  })

  test('without a commit a rebuild fails, with one file it passes and runs nothing', async () => {
    expect((await target.run(['ps:rebuild', 'empty'])).exit).toBe(1)
    const archive = tar({ README: 'This app fronts a service.\n' })
    expect(await target.run(['git:from-archive', 'empty', '--'], { stdin: archive })).toMatchObject({
      exit: 0,
    })
    await well('ps:rebuild', 'empty')
    await well('ps:restart', 'empty')
    expect(await fact('ps', 'deployed')).toBe('true')
    expect(await fact('ps', 'processes')).toBe('1')
    expect(await fact('ps', 'running')).toBe('true')
  })
})
