import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { tar } from '../../../ui/certificates/tar.ts'
import { cronId } from '../../../ui/dokku/cron-id.ts'
import { recordedSource } from '../../../ui/dokku/simulator/source.ts'
import { BUILD_ID } from '../../contract/alike.ts'
import { fixture } from '../../contract/recorded.ts'
import { certificate } from '../../contract/stage.ts'
import { type Fired, openServer, recordTriggers } from './server.ts'

/** The triggers that tell something. Dokku fires 200 more for each deploy to ask its own plugins things. */
const TOLD = `
  app-maybe-create app-urls builder-build builder-detect builder-release builder-set-property builds-generate-id
  builds-record-finalize builds-record-start check-deploy core-post-deploy core-post-extract deploy deploy-source-set
  git-from-archive git-from-directory git-from-image network-build-config network-clear-config nginx-pre-reload
  ports-set-detected post-app-clone post-app-clone-setup post-app-rename post-app-rename-setup post-build
  post-certs-remove post-certs-update post-config-update post-container-create post-create post-delete post-deploy
  post-domains-update post-extract post-proxy-ports-update post-release-builder post-stop pre-build pre-delete
  pre-receive-app pre-release-builder pre-restore pre-start proxy-build-config proxy-clear-config ps-can-scale
  ps-set-scale receive-app release-and-deploy scheduler-cron-write scheduler-deploy scheduler-post-delete
  scheduler-post-deploy-process scheduler-post-run scheduler-pre-restore scheduler-register-retired scheduler-retire
  scheduler-run scheduler-stop user-auth
`
  .trim()
  .split(/\s+/)

const server = openServer()
const recorder = recordTriggers(server, TOLD)
const run = async (...args: readonly string[]) => {
  const said = await server.run(args, { env: AS_RECORDED })
  expect(said.exit, `dokku ${args.join(' ')}: ${said.stderr}`).toBe(0)
}
/** Root's terminal, whoever runs the tests. */
const AS_RECORDED = { SSH_USER: 'root', SUDO_USER: 'root', NAME: '', FINGERPRINT: '' }
const sourceWith = (formation: Record<string, number> | null) =>
  JSON.stringify({ ...recordedSource, formation })

/** With app.json's `formation`, as `web` had it in these recordings. */
beforeAll(async () => {
  await server.run(['simulator:source', 'web'], { stdin: sourceWith({ web: 1 }) })
  await run('simulator:push', 'web')
  await run('apps:create', 'tmp1')
  await run('apps:create', 'tmp2')
  await run('apps:create', 'fromimg')
  await run('apps:create', 'synced')
  await run('git:set', 'synced', 'deploy-branch', 'main')
  await run('simulator:push', 'shop')
  await run('ports:set', 'shop', 'http:80:5000')
  await run('simulator:push', 'broken')
})
afterAll(() => server.close())

interface Row {
  readonly recording: string
  readonly args: readonly string[]
  readonly stdin?: () => Buffer | string
  readonly exit?: number
  /** Our name for the app that was recorded under another. */
  readonly app?: readonly [recorded: string, ours: string]
}

const push = (recording: string, app: string, fault = ''): Row => ({
  recording,
  args: ['simulator:push', app, '--key', 'admin', ...(fault === '' ? [] : ['--fault', fault])],
  exit: fault === '' ? 0 : 1,
})

const ROWS: readonly Row[] = [
  push('git-push-success', 'web'),
  push('git-push-build-failure', 'broken', 'build'),
  push('git-push-healthcheck-failure', 'broken', 'healthcheck'),
  push('git-push-crash-at-start', 'broken', 'crash'),
  push('git-push-predeploy-failure', 'broken', 'predeploy'),
  { ...push('git-push-while-deploying', 'broken', 'lock'), app: ['slow', 'broken'] },
  { ...push('git-push-creates-app', 'shop2'), app: ['shop', 'shop2'] },
  { recording: 'ps-rebuild', args: ['ps:rebuild', 'web'] },
  { recording: 'ps-restart', args: ['ps:restart', 'web'] },
  { recording: 'config-set', args: ['config:set', 'web', 'GREETING=hi'] },
  { recording: 'config-set-no-restart', args: ['config:set', '--no-restart', 'web', 'FOO=bar'] },
  { recording: 'config-unset', args: ['config:unset', 'web', 'FOO'] },
  { recording: 'config-set-global', args: ['config:set', '--global', '--no-restart', 'G=1'] },
  { recording: 'config-unset-global', args: ['config:unset', '--global', '--no-restart', 'G'] },
  { recording: 'domains-add', args: ['domains:add', 'web', 'web2.example.com'] },
  { recording: 'domains-set', args: ['domains:set', 'web', 'web.dokku.test', 'www.example.com'] },
  { recording: 'domains-remove', args: ['domains:remove', 'web', 'www.example.com'] },
  { recording: 'ports-add', args: ['ports:add', 'web', 'http:8080:5000'] },
  { recording: 'ports-remove', args: ['ports:remove', 'web', 'http:8080:5000'] },
  { recording: 'certs-add', args: ['certs:add', 'shop'], stdin: () => certificate('shop.dokku.test') },
  { recording: 'certs-remove', args: ['certs:remove', 'shop'] },
  { recording: 'proxy-build-config', args: ['proxy:build-config', 'web'] },
  { recording: 'ps-stop', args: ['ps:stop', 'web'] },
  { recording: 'ps-start', args: ['ps:start', 'web'] },
  { recording: 'ps-restore', args: ['ps:restore', 'web'] },
  { recording: 'run', args: ['run', 'web', 'node', '-e', 'console.log("ran", process.env.GREETING)'] },
  { recording: 'apps-create', args: ['apps:create', 'web3'], app: ['web', 'web3'] },
  {
    recording: 'apps-destroy-never-deployed',
    args: ['--force', 'apps:destroy', 'web3'],
    app: ['web-copy2', 'web3'],
  },
  { recording: 'apps-clone-skip-deploy', args: ['apps:clone', '--skip-deploy', 'web', 'web-copy2'] },
  {
    recording: 'git-from-archive',
    args: ['git:from-archive', 'tmp2', '--'],
    stdin: () => tar({ Dockerfile: 'FROM scratch\nEXPOSE 5000\n' }),
  },
  { recording: 'git-from-image', args: ['git:from-image', 'fromimg', 'demo/imgapp:1'] },
  { recording: 'apps-rename', args: ['apps:rename', 'tmp1', 'tmp9'], app: ['tmp2', 'tmp9'] },
]

describe('the triggers of a command are those Dokku fired, in its order, with its arguments', () => {
  test.each(ROWS.map((row) => [row.recording, row] as const))(
    '%s',
    async (_, { recording, args, stdin, exit = 0, app }) => {
      recorder.taken()
      const said = await server.run(args, {
        env: AS_RECORDED,
        ...(stdin === undefined ? {} : { stdin: stdin() }),
      })
      expect(said.exit).toBe(exit)
      const fired = recorder.taken().map(({ trigger, args: given }) => [trigger, ...given])
      const expected = inOneShape(recorded(recording)).map((call) => renamed(call, app))
      expect(inOneShape(fired)).toEqual(expected)
    },
  )
})

/** Without what other callers of that server did at the same time. */
function recorded(name: string): string[][] {
  const calls = fixture(`triggers/${name}.jsonl`)
    .trim()
    .split('\n')
    .map((line): { trigger: string; argv: string[] } => JSON.parse(line))
    .filter(({ trigger }) => TOLD.includes(trigger))
    .map(({ trigger, argv }) => [trigger, ...argv])
  const own = calls[0]?.[3]
  return calls.filter(([trigger, , , command], i) => {
    if (trigger === 'user-auth') return i === 0 || command === own || command === 'git-hook'
    return trigger !== 'scheduler-retire' || calls[i]?.[2] !== ''
  })
}

const renamed = (call: string, app: Row['app']): string =>
  app === undefined ? call : call.replace(new RegExp(`(?<= |'|/)${app[0]}(?=$| |'|:)`, 'g'), app[1])

/** Ids, folders and addresses to one word. */
function inOneShape(calls: readonly (readonly string[])[]): string[] {
  return calls.map(([trigger = '', ...args]) => {
    const shaped = args.map((arg, i) => {
      if (trigger === 'builds-record-start' && i === 2) return '<pid>'
      return arg
        .replace(/^\/tmp\/dokku-\d+-([\w-]+)\.\w+$/, '<folder $1>')
        .replace(/^[0-9a-f]{40}$|^[0-9a-f]{64}$/, '<id>')
        .replace(BUILD_ID, '<build>')
        .replace(/^172\.17\.0\.\d+$/, '<ip>')
    })
    return [trigger, ...shaped].join(' ')
  })
}

describe('the triggers of a whole deploy within another command', () => {
  beforeAll(async () => {
    await server.run(['simulator:source', 'web'], { stdin: sourceWith(null) })
    await run('simulator:push', 'web')
    await run('ps:scale', 'web', 'web=2', 'worker=1')
    await run('ps:scale', 'web', 'web=1', 'worker=0')
    await run('checks:set', 'web', 'wait-to-retire', '5')
  })

  const rows: readonly Row[] = [
    { recording: 'ps-scale', args: ['ps:scale', 'web', 'web=2', 'worker=1'] },
    { recording: 'apps-clone', args: ['apps:clone', 'web', 'web-copy'] },
    { recording: 'apps-destroy', args: ['--force', 'apps:destroy', 'web-copy'] },
    { recording: 'ps-scale-down', args: ['ps:scale', 'web', 'web=1'] },
    { recording: 'ps-scale-up', args: ['ps:scale', 'web', 'web=2'] },
    { recording: 'apps-rename-deployed', args: ['apps:rename', 'ren1', 'ren2'] },
  ]
  test.each(rows.map((row) => [row.recording, row] as const))('%s', async (recording, { args }) => {
    if (recording === 'apps-rename-deployed') {
      await run('apps:create', 'ren1')
      await run('git:from-image', 'ren1', 'demo/imgapp:1')
    }
    recorder.taken()
    await run(...args)
    const fired = recorder.taken().map(({ trigger, args: given }) => [trigger, ...given])
    expect(inOneShape(fired)).toEqual(inOneShape(recorded(recording)))
  })
})

describe('what a hook finds in its environment', () => {
  const during = (fired: readonly Fired[], trigger: string) =>
    fired.find((call) => call.trigger === trigger)?.env

  test('of a push: the key that pushed, and the build', async () => {
    recorder.taken()
    await server.run(['simulator:push', 'web', '--key', 'laptop-key'])
    const fired = recorder.taken()
    expect(during(fired, 'post-deploy')).toMatchObject({
      ...{
        DOKKU_COMMAND: 'git-hook',
        SSH_USER: 'dokku',
        SSH_NAME: 'laptop-key',
        NAME: 'laptop-key',
        SUDO_USER: '',
      },
      DOKKU_BUILD_SOURCE: 'git-hook',
    })
    expect(during(fired, 'post-deploy')?.FINGERPRINT).toMatch(/^SHA256:[\w+/]{43}$/)
    expect(during(fired, 'post-deploy')?.DOKKU_BUILD_ID?.replace(BUILD_ID, '<build>')).toBe('<build>')
    expect(during(fired, 'user-auth')).toMatchObject({
      DOKKU_COMMAND: 'git-receive-pack',
      DOKKU_BUILD_ID: '',
    })
  })

  test("of root's terminal, of a key over ssh and of cron", async () => {
    const callers = {
      terminal: AS_RECORDED,
      ssh: { SSH_USER: 'dokku', NAME: 'ci', FINGERPRINT: 'SHA256:abc', SUDO_USER: '' },
      cron: { SSH_USER: '', SUDO_USER: '', NAME: '', FINGERPRINT: '' },
    }
    const seen: Record<string, unknown> = {}
    for (const [door, env] of Object.entries(callers)) {
      recorder.taken()
      await server.run(['config:set', '--no-restart', 'web', 'A=1'], { env })
      seen[door] = during(recorder.taken(), 'post-config-update')
    }
    expect(seen.terminal).toMatchObject({ SSH_USER: 'root', SSH_NAME: 'default', SUDO_USER: 'root' })
    expect(seen.ssh).toMatchObject({
      SSH_USER: 'dokku',
      SSH_NAME: 'ci',
      FINGERPRINT: 'SHA256:abc',
      SUDO_USER: '',
    })
    expect(seen.cron).toMatchObject({ SSH_USER: '', SSH_NAME: 'default', SUDO_USER: '' })
  })
  test('of a run: which cron entry it was, by the clock and by hand, and how it ended', async () => {
    const id = recordedSource.cron.map((entry) => cronId('web', entry))[0] ?? ''
    const rows = [
      [['cron:run', 'web', id], id],
      [['run', '--no-tty', '--cron-id', id, 'web', 'true'], id],
      [['run', `--cron-id=${id}`, 'web', 'true'], id],
      [['run', 'web', 'true', '--cron-id', id], ''],
    ] as const
    for (const [args, told] of rows) {
      recorder.taken()
      await run(...args)
      const fired = recorder.taken()
      expect(during(fired, 'scheduler-post-run')?.DOKKU_CRON_ID, args.join(' ')).toBe(told)
      expect(fired.at(-1)?.args.at(-1)).toBe('0')
    }
    recorder.taken()
    const failed = await server.run(['cron:run', 'web', id], { env: { DOKKU_SIMULATOR_FAULT: 'run' } })
    expect(failed.exit).toBe(1)
    expect(recorder.taken().at(-1)?.args.at(-1)).toBe('1')
  })
})
