import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import * as z from 'zod'
import { endingHint } from '../../../ui/deployments/ending.ts'
import { logReader, type Reading } from '../../../ui/deployments/reading.ts'
import { expectLinear } from '../../patience.ts'
import { hintOf, SHOP } from './hinted.ts'

const DEPLOYS = new URL('../../fixtures/0.38.27/deploys/', import.meta.url)
const Recording = z.object({ exit: z.number(), lines: z.array(z.tuple([z.number(), z.string()])) })

/** What Dokku wrote to its log: of a push, what git shows as `remote: …`, padded or ended by ESC[K. */
function logOf(name: string): string[] {
  const { lines } = Recording.parse(JSON.parse(readFileSync(new URL(name, DEPLOYS), 'utf8')))
  const said = lines.map(([, text]) => text)
  if (!name.startsWith('git-push')) return said
  return (
    said
      .filter((text) => text.startsWith('remote: '))
      // biome-ignore lint/suspicious/noControlCharactersInRegex: git ends its lines so on a terminal
      .map((text) => text.slice('remote: '.length).replace(/(?:\x1b\[K\r| {8})$/, ''))
  )
}

const read = (lines: readonly string[]): Reading => {
  const reader = logReader()
  for (const line of lines) reader.line(line)
  return reader.reading()
}

const ALL = 'received build release predeploy checks proxy live retired'
const SSL = /no "ssl_certificate" is defined|test failed$/

interface Promised {
  readonly steps: string
  readonly step?: string | null
  /** Where nothing failed, though nothing was deployed either. */
  readonly ending?: string
  readonly reason?: string
  /** Each named line matches it. */
  readonly lines?: RegExp
  readonly hint?: RegExp
}

const PROMISED: Readonly<Record<string, Promised>> = {
  'config-set-restart.json': { steps: 'received release predeploy checks proxy live retired' },
  'git-push-bad-app-json.json': {
    steps: 'received',
    step: 'received',
    reason: 'app.json cannot be read: line 1, column 3: invalid literal: not',
    lines: /Cannot parse app\.json/,
    hint: /syntax/,
  },
  'git-push-build-failure.json': {
    steps: 'received build',
    step: 'build',
    reason:
      'Build failed at step 4/5 RUN echo "install step" && npm install --omit=dev --no-audit --offline left-pad@1.3.0: npm error code ENOTCACHED',
    lines: /^#8 |^ERROR: failed to build|App build failed$/,
    hint: /^npm was told to work offline/,
  },
  'git-push-crash-at-start.json': {
    steps: 'received build release predeploy checks',
    step: 'crash at start',
    reason: 'web.1 ended right after its start: it printed nothing',
    lines: /Failure in name=|Could not start due to 1 failed checks/,
    hint: /process ended/,
  },
  'git-push-dockerfile-syntax.json': {
    steps: 'received build',
    step: 'build',
    reason: 'Build failed: the Dockerfile cannot be read, line 1: unknown instruction: FROMM',
    lines: /unknown instruction: FROMM|App build failed$/,
    hint: /Dockerfile has a line/,
  },
  'git-push-healthcheck-failure.json': {
    steps: 'received build release predeploy checks',
    step: 'checks',
    reason: "Check 'web check' of web.1 failed: unexpected status code: 500",
    lines: /unexpected status code: 500|Could not start due to 1 failed checks/,
    hint: /answers its check with an error/,
  },
  'git-push-nginx-config-failure-pty.json': {
    steps: 'received build release predeploy checks proxy',
    step: 'proxy',
    reason:
      'nginx refused the configuration of another app, broken: no "ssl_certificate" is defined for the "listen ... ssl" directive in /home/dokku/broken/nginx.conf:2',
    lines: SSL,
    hint: /Two apps use one port.*every deploy fails/,
  },
  'git-push-nginx-config-failure-ssl.json': {
    steps: 'received build release predeploy checks proxy',
    step: 'proxy',
    lines: SSL,
    hint: /Two apps use one port/,
  },
  'git-push-nginx-config-failure-web2.json': {
    steps: 'received build release predeploy checks proxy',
    step: 'proxy',
    lines: SSL,
    hint: /Two apps use one port/,
  },
  'git-push-no-builder.json': {
    steps: 'received build',
    step: 'build',
    reason:
      'Build failed: failed to do request: Head "https://registry.example/v2/gliderlabs/herokuish/manifests/latest-24": dial tcp: lookup registry.example on 10.255.255.53:53: no such host',
    lines: /no such host|load metadata|Failure extracting app code|App build failed/,
    hint: /could not be resolved.*buildpack builder/,
  },
  'git-push-other-branch.json': {
    steps: 'received',
    ending: 'skipped',
    reason: 'Nothing was deployed: Dokku deploys main, a different branch was pushed',
    lines: /must push to main/,
  },
  'git-push-plugin-removed-during-deploy-pty.json': {
    steps: ALL,
    step: null,
    reason:
      'Dokku failed after the app was live: /usr/bin/dokku: line 209: /var/lib/dokku/plugins/enabled/hello/commands: No such file or directory',
    lines: /plugins\/enabled\/hello\/commands/,
    hint: /new code was live by then/,
  },
  'git-push-predeploy-failure.json': {
    steps: 'received build release predeploy',
    step: 'predeploy',
    reason: 'The predeploy task failed: echo predeploy bad; exit 7',
    lines: /predeploy bad/,
    hint: /What ran before went on running/,
  },
  'git-push-success-first.json': { steps: 'received build release predeploy checks proxy live' },
  'git-push-success-pty.json': { steps: ALL },
  'git-push-success-ssl.json': { steps: ALL },
  'git-push-success-web2-worker1.json': { steps: ALL },
  'git-push-up-to-date.json': { steps: '' },
  'ps-rebuild.json': { steps: ALL },
  'ps-restart.json': { steps: 'received checks proxy live retired' },
  'ps-scale.json': { steps: 'received' },
  'ps-start.json': { steps: 'received release predeploy checks proxy live retired' },
  'ps-stop.json': { steps: 'received' },
}

const recordings = readdirSync(DEPLOYS).filter((name) => name.endsWith('.json'))

test('every recorded deploy has its promise', () => {
  expect(Object.keys(PROMISED).sort()).toEqual(recordings.sort())
})

test.each(recordings)('the log of %s says its steps, and what broke', (name) => {
  const log = logOf(name)
  const reading = read(log)
  const { steps, failure, ending } = reading
  const promised = PROMISED[name]
  expect(steps.map(({ step }) => step).join(' ')).toBe(promised?.steps)
  for (const { step, line } of steps) if (step !== 'received') expect(log[line - 1]).toMatch(HEADLINES[step])
  expect(ending?.status).toBe(promised?.ending)
  if (ending !== null) {
    expect(failure).toBeNull()
    expect(ending.reason).toBe(promised?.reason)
    for (const line of ending.lines) expect(log[line - 1]).toMatch(promised?.lines ?? /never/)
    return
  }
  if (promised?.step === undefined) return expect(failure).toBeNull()
  expect(failure?.step).toBe(promised.step)
  if (promised.reason !== undefined) expect(failure?.reason).toBe(promised.reason)
  if (promised.hint) expect(hintOf(log, reading)).toMatch(promised.hint)
  expect(failure?.lines.length).toBeGreaterThan(0)
  for (const line of failure?.lines ?? []) expect(log[line - 1]).toMatch(promised.lines ?? /never/)
})

const HEADLINES = {
  build: /Building \w+ from/,
  release: /Releasing/,
  predeploy: /Checking for predeploy task/,
  checks: /Processing deployment checks|Deploying web \(count=/,
  proxy: /Triggering early nginx proxy rebuild/,
  live: /Running post-deploy/,
  retired: /Shutting down old containers/,
} as const

test('a build tells its image, its builder and how far it came', () => {
  expect(read(logOf('ps-rebuild.json'))).toMatchObject({
    builder: 'dockerfile',
    buildStep: '5/5',
    buildCommand: 'COPY . .',
    image: 'dokku/web:latest',
    imageId: 'sha256:aa6b0315028585e725994e36862c5c2f7dde030be2f4ab6a9c57f1f127668ba3',
  })
  expect(read(logOf('git-push-build-failure.json'))).toMatchObject({ buildStep: '4/5', imageId: '' })
  expect(read(logOf('git-push-no-builder.json')).builder).toBe('herokuish')
})

test('a build that was cut off says where it stopped', () => {
  const log = logOf('git-push-success-ssl.json')
  const { failure, stopped } = read(log.slice(0, 30))
  expect(failure).toBeNull()
  expect(stopped).toMatchObject({ step: 'build', lines: [30] })
  expect(stopped?.reason).toBe(`Stopped at the build: ${log[29]}`)
  expect(read(['-----> Cleaning up...']).stopped?.reason).toBe('Stopped at the start: Cleaning up...')
})

test.each([
  [
    'code no builder knows',
    ['-----> Building shop from herokuish', ' !     Unable to select a buildpack'],
    'build',
    /No builder recognised/,
  ],
  [
    'a build killed for its memory',
    [
      '-----> Building shop from Dockerfile',
      'Step 3/7 : RUN npm run build',
      "The command '/bin/sh -c npm run build' returned a non-zero code: 137",
      ' !     App build failed',
    ],
    'build',
    /ran out of memory/,
  ],
  [
    'an app that listens nowhere',
    [
      '-----> Deploying web (count=1)',
      " !     Failure in name='port listening check': container is not listening on port 5000",
      ' !     Could not start due to 1 failed checks (web.1)',
    ],
    'checks',
    /Nothing listens on the port/,
  ],
  [
    'a missing module',
    [
      '-----> Deploying web (count=1)',
      " !     Failure in name='web check': container state is not running",
      ' !     Could not start due to 1 failed checks (web.1)',
      '=====> Start of shop container output (48ad1d047a16 web.1)',
      "       Error: Cannot find module 'express'",
    ],
    'crash at start',
    /module is missing/,
  ],
  [
    'a folder mounted twice',
    ['-----> Deploying web (count=1)', 'docker: Error response from daemon: Duplicate mount point: /data.'],
    'crash at start',
    /Two storage mounts/,
  ],
  [
    'a full disk',
    [
      '-----> Building shop from Dockerfile',
      '#9 [3/6] RUN apt-get update',
      '#9 ERROR: write /var/cache: no space left on device',
      ' !     App build failed',
    ],
    'build',
    /disk of the server is full/,
  ],
] as const)('%s is explained', (_, log, step, hint) => {
  const reading = read(log)
  expect(reading.failure?.step).toBe(step)
  expect(hintOf(log, reading)).toMatch(hint)
})

const BUILDING = '-----> Building shop from Dockerfile'
const NOT_BUILT = ' !     App build failed'
const CHECKING = '-----> Deploying web (count=1)'
const NOT_STARTED = ' !     Could not start due to 1 failed checks (web.1)'
const PREDEPLOY = ['-----> Releasing shop...', '-----> Checking for predeploy task']
const NO_BASH =
  'Error response from daemon: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: exec: "/bin/bash": stat /bin/bash: no such file or directory: unknown'

test.each([
  [
    'a Dockerfile the old builder cannot read',
    [
      BUILDING,
      'Error response from daemon: dockerfile parse error line 6: unknown instruction: RUNN',
      NOT_BUILT,
    ],
    'build',
    'Build failed: the Dockerfile cannot be read, line 6: unknown instruction: RUNN',
    /line Docker does not understand/,
  ],
  [
    'a builder that is not installed',
    [
      '-----> Building shop from cnb stack heroku/builder:24...',
      ' !     Missing pack, install it',
      NOT_BUILT,
    ],
    'build',
    'Build failed: Missing pack, install it',
    /server lacks the program of this builder/,
  ],
  [
    'a builder that recognises nothing',
    [
      '-----> Building shop from cnb stack heroku/builder:24...',
      '[detector] ERROR: No buildpack groups passed detection.',
      'ERROR: failed to build: executing lifecycle: failed with status code: 20',
      ' !     Removing invalid image tag dokku/shop:latest',
      NOT_BUILT,
    ],
    'build',
    'Build failed: No buildpack groups passed detection.',
    /No builder recognised the code/,
  ],
  [
    'a connection to Docker that broke',
    [
      BUILDING,
      'ERROR: failed to receive status: rpc error: code = Unavailable desc = error reading from server: EOF',
      ' !     Retagging old image 88aa77bb66cc as dokku/shop:latest',
      NOT_BUILT,
    ],
    'build',
    'Build failed: failed to receive status: rpc error: code = Unavailable desc = error reading from server: EOF',
    /^Docker ended or restarted/,
  ],
  [
    'a process that ends behind an HTTP check',
    [
      CHECKING,
      ' !     Failure in name=\'web check\': Get "http://172.17.0.3:5000/healthz": dial tcp 172.17.0.3:5000: connect: connection refused',
      " !     Failure in name='port listening check': container state is not running",
      NOT_STARTED,
      '=====> Start of shop container output (48ad1d047a16 web.1)',
      '       node:internal/modules/cjs/loader:1148',
      "       Error: Cannot find module 'express'",
      '       Require stack:',
      '       - /app/server.js',
      '       Node.js v24.0.0',
      '=====> End of shop container output (48ad1d047a16 web.1)',
    ],
    'crash at start',
    "web.1 ended right after its start: Error: Cannot find module 'express'",
    /module is missing/,
  ],
  [
    'a process that Docker starts again and again',
    [
      CHECKING,
      " !     Failure in name='default': container has restarted 7 times",
      NOT_STARTED,
      '=====> Start of shop container output (13d1e7b9543b web.1)',
      '       Exception in thread "main" java.lang.NoClassDefFoundError: jakarta/servlet/ServletContext',
      '       \tat org.example.Main.main(Main.java:19)',
      '       Caused by: java.lang.ClassNotFoundException: jakarta.servlet.ServletContext',
      '=====> End of shop container output (13d1e7b9543b web.1)',
    ],
    'crash at start',
    'web.1 ended and was started again 7 times: Exception in thread "main" java.lang.NoClassDefFoundError: jakarta/servlet/ServletContext',
    /process ended/,
  ],
  [
    'a predeploy task in an image without bash',
    [
      ...PREDEPLOY,
      '       Executing predeploy task from app.json: echo hi',
      NO_BASH,
      ' !     Execution of predeploy task failed: echo hi',
    ],
    'predeploy',
    'The predeploy task could not start: the image has no /bin/bash',
    /scheduler:set shop shell/,
  ],
  [
    'a postdeploy task in an image without bash',
    [
      '-----> Running post-deploy',
      '-----> Checking for postdeploy task',
      NO_BASH,
      ' !     Execution of postdeploy task failed: echo hi',
    ],
    null,
    'The postdeploy task could not start after the app was live: the image has no /bin/bash',
    /scheduler:set shop shell/,
  ],
  [
    'a repository without the branch',
    [
      '-----> Cloning shop from https://git.example.com/ada/shop.git#',
      "error: pathspec 'master' did not match any file(s) known to git",
    ],
    'received',
    'The repository has no branch, tag or commit named master',
    /deploy-branch/,
  ],
  [
    'a deploy branch without a commit',
    ["\x1b[1G\x1b[K-----> WARNING: Cannot build from 'main' as there are no commits stored at that branch."],
    'received',
    'Dokku has no commit on main, the branch it deploys',
    /deploy-branch/,
  ],
  [
    'an nginx template of its own that is wrong',
    [
      '-----> Pre-validating custom nginx.conf.sigil',
      ' !     Failed to validate custom nginx.conf.sigil. Rendered output below...',
      'server {',
      '2026/11/20 10:00:00 [emerg] 4411#4411: unknown directive "proxy_bufer_size" in /tmp/nginx-shop.x/nginx.conf:4',
      'nginx: configuration file /tmp/nginx-shop.x/wrapper.conf test failed',
      ' !     Custom nginx.conf.sigil failed nginx -t validation',
    ],
    'received',
    'The app’s own nginx.conf.sigil is wrong: unknown directive "proxy_bufer_size", in line 4 of what it renders',
    /nothing on the server was changed/,
  ],
  [
    'its own nginx configuration',
    [
      '=====> Triggering early nginx proxy rebuild',
      '-----> Ensuring network configuration is in sync for shop',
      '2026/11/23 01:48:51 [emerg] 1#1: invalid number of arguments in "server_name" in /home/dokku/shop/nginx.conf:4',
      'nginx: configuration file /etc/nginx/nginx.conf test failed',
    ],
    'proxy',
    'nginx refused the configuration of this app: invalid number of arguments in "server_name" in /home/dokku/shop/nginx.conf:4',
    /takes no change of any app/,
  ],
] as const)('%s is the reason, and what to do is said', (_, log, step, reason, hint) => {
  const reading = read(log)
  expect(reading.failure?.step).toBe(step)
  expect(reading.failure?.reason).toBe(reason)
  expect(hintOf(log, reading)).toMatch(hint)
})

test.each([
  [
    'refused',
    [' !     shop currently has a deploy lock in place. Exiting...'],
    'Refused: another deploy of this app was running',
  ],
  [
    'skipped',
    ['       Skipping build as no changes were detected'],
    'Nothing was built: the repository has no new commit',
  ],
  [
    'skipped',
    [' !     No changes detected, skipping git commit'],
    'Nothing was built: this is what the app has already',
  ],
  [
    'built',
    [BUILDING, '-----> Releasing shop...', '-----> Skipping deployment'],
    'Built, not deployed: skip-deploy is set for this app, or for all',
  ],
] as const)('a deploy that was %s says so and is no failure', (status, log, reason) => {
  const { failure, ending } = read(log)
  expect(failure).toBeNull()
  expect(ending).toEqual({ status, reason, lines: [log.length] })
  expect(endingHint(reason, SHOP).length > 0).toBe(status !== 'skipped' || reason.includes('already'))
})

test('a deploy that waits for a lock is not refused, and one of two pushed branches that was deployed counts', () => {
  expect(read([' !     shop currently has a deploy lock in place. Waiting...']).ending).toBeNull()
  const other = '-----> WARNING: deploy did not complete, you must push to main.'
  expect(read([other, BUILDING]).ending).toBeNull()
  expect(read([BUILDING, CHECKING, '-----> Running post-deploy', other]).ending).toBeNull()
})

test('a warning that Dokku also gives when all is well is no reason', () => {
  const clone = [
    '-----> Creating shop-2...',
    ' !     No web listeners specified for shop-2',
    '-----> Building shop-2 from Dockerfile',
    '-----> Running post-deploy',
    'cat: /home/dokku/shop-2/ENV: No such file or directory',
  ]
  expect(read(clone).stopped).toMatchObject({
    reason: 'Stopped after the app was live: cat: /home/dokku/shop-2/ENV: No such file or directory',
    lines: [5],
  })
  expect(read([...clone, ' !     App shop-2 does not exist']).stopped?.lines).toEqual([6])
  expect(read(clone.slice(1, 2)).stopped?.lines).toEqual([1])
})

test('what looks like a failure is none when the deploy goes on', () => {
  const log = logOf('git-push-success-ssl.json')
  const noisy = log.toSpliced(20, 0, 'ERROR: failed to build: not really', ' !     App build failed')
  expect(read(noisy).failure).toBeNull()
})

test("an app's own output cannot speak for Dokku", () => {
  const { failure, steps } = read([
    '=====> Start of shop container output (48ad1d047a16 web.1)',
    '        !     App build failed',
    '       -----> Running post-deploy',
    '       nginx: configuration file /etc/nginx/nginx.conf test failed',
  ])
  expect(failure).toBeNull()
  expect(steps.map(({ step }) => step)).toEqual(['received'])
})

test('a hundred thousand lines, and a line of ten megabytes, are each read once', () => {
  const reader = logReader()
  expectLinear(() => {
    reader.line('-----> Building shop from Dockerfile')
    for (let i = 1; i < 100_000; i += 1)
      reader.line(`#8 ${i / 1000} npm warn deprecated thing-${i}@1.0.0: no longer kept`)
    reader.line('x'.repeat(10_000_000))
    reader.line('#8 ERROR: process "/bin/sh -c npm ci" did not complete successfully: exit code: 1')
  })
  const { failure } = reader.reading()
  expect(failure).toMatchObject({ step: 'build' })
  expect(failure?.lines.at(-1)).toBe(100_002)
})

test('hostile bytes are read over', () => {
  const nul = '\0'.repeat(5000)
  const { steps, failure } = read([
    `${nul}-----> Building shop from Dockerfile`,
    Buffer.from([0xff, 0xfe, 0x80, 0xc3, 0x28]).toString('utf8'),
    '\x1b]0;owned\x07\x1b[2J\x1b[H\x1b[1m\x1b[31m-----> Releasing shop...\x1b[0m',
    'Compressing 10%\rCompressing 99%\r-----> Checking for predeploy task\r',
    '\x1b]8;;https://evil.example\x1b\\ !     Execution of predeploy task failed: rake db:migrate\x1b]8;;\x1b\\',
    '\x1b[',
    '\x1b]8;;never closed',
    '#'.repeat(100_000),
    `#1 [${'a '.repeat(5000)}`,
    '(((((((((((((((((((((((((((((((((',
  ])
  expect(steps.map(({ step }) => step).join(' ')).toBe('received build release predeploy')
  expect(failure).toMatchObject({ step: 'predeploy', reason: 'The predeploy task failed: rake db:migrate' })
})
