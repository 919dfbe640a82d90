import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { deployAlike } from '../../contract/alike.ts'
import { deployRecording } from '../../contract/recorded.ts'
import { certificate } from '../../contract/stage.ts'
import { openServer } from './server.ts'

const server = openServer()
const run = async (...args: readonly string[]) => {
  const said = await server.run(args)
  expect(said.exit, `dokku ${args.join(' ')}: ${said.stderr}`).toBe(0)
}
beforeAll(async () => {
  for (const app of ['shop', 'broken']) {
    await run('simulator:push', app)
    await run('ports:set', app, 'http:80:5000')
  }
  await run('domains:add', 'shop', 'www.shop.dokku.test')
  await server.run(['certs:add', 'shop'], { stdin: certificate('shop.dokku.test', 'www.shop.dokku.test') })
  await run('ps:stop', 'shop')
})
afterAll(() => server.close())

/** What git prints of a push is what was recorded, and its log says the same without git's words. */
async function pushesLike(recording: string, app: string, ...more: readonly string[]): Promise<void> {
  const { exit, lines } = deployRecording(recording)
  const said = await server.run(['simulator:push', app, ...more])
  const commits = (line: string) => line.replace(/^ {3}[0-9a-f]{7}\.\.[0-9a-f]{7}/, '   <from>..<to>')
  expect(deployAlike(said.stderr.trimEnd().split('\n')).map(commits)).toEqual(deployAlike(lines).map(commits))
  expect(said.exit).toBe(exit)
  expect(said.stdout).toBe('')
}

describe('a git push says what it said on Dokku', () => {
  test('the first of an app', () => pushesLike('git-push-success-first', 'web'))

  test('and leaves HEAD at a branch that is not there', async () => {
    expect((await server.run(['git:report', 'web', '--git-sha'])).stdout).toBe('HEAD\n')
  })

  test('with two web containers and a worker', async () => {
    await run('ports:set', 'web', 'http:80:5000')
    await run('ps:scale', 'web', 'web=2', 'worker=1')
    await run('checks:set', 'web', 'wait-to-retire', '5')
    const { exit } = await server.run(['simulator:push', 'web'])
    expect(exit).toBe(0)
    const log = await server.run(['builds:output', 'web', await newest('web')])
    expect(log.stdout).toContain('-----> Deploying web (count=2)\n')
    expect(log.stdout).toContain("       Running healthcheck name='default' type='uptime' uptime=10\n")
    expect(log.stdout).toContain('-----> Shutting down old containers in 5 seconds\n')
  })

  test('with a certificate and two domains', async () => {
    await run('ps:start', 'shop')
    const { lines } = deployRecording('git-push-success-pty')
    const plain = lines.map((line) => line.replaceAll('\r', '').replaceAll('\u001b[K', ''))
    const said = await server.run(['simulator:push', 'shop'])
    const dokkus = (all: readonly string[]) => deployAlike(all.filter((line) => line.startsWith('remote: ')))
    expect(dokkus(said.stderr.split('\n'))).toEqual(dokkus(plain))
  })

  test('to another branch', () => pushesLike('git-push-other-branch', 'shop', '--branch', 'feature-x'))

  test.each([
    ['git-push-build-failure', 'build'],
    ['git-push-no-builder', 'no-builder'],
    ['git-push-dockerfile-syntax', 'dockerfile-syntax'],
    ['git-push-bad-app-json', 'bad-app-json'],
    ['git-push-predeploy-failure', 'predeploy'],
    ['git-push-healthcheck-failure', 'healthcheck'],
    ['git-push-crash-at-start', 'crash'],
  ])('%s', (recording, fault) => pushesLike(recording, 'broken', '--fault', fault))

  test('git-push-nginx-config-failure-ssl', () =>
    pushesLike('git-push-nginx-config-failure-ssl', 'shop', '--fault', 'proxy'))
})

const newest = async (app: string): Promise<string> =>
  JSON.parse((await server.run(['builds:list', app, '--format', 'json'])).stdout)[0].id
