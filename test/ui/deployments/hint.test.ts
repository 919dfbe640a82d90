/** What is advised on a failed deploy: right, in the app's own commands, or nothing. */
import { describe, expect, test } from 'vitest'
import { endingHint } from '../../../ui/deployments/ending.ts'
import { readable } from '../../../ui/deployments/failure.ts'
import { logReader, type Reading } from '../../../ui/deployments/reading.ts'
import { adviceOf, hintOf } from './hinted.ts'

const read = (lines: readonly string[]): Reading => {
  const reader = logReader()
  for (const line of lines) reader.line(line)
  return reader.reading()
}
const NEW = { app: 'shop', keepsRunning: false }
const advised = (lines: readonly string[], context = NEW): string => hintOf(lines, read(lines), context)

const BUILDING = '-----> Building shop from Dockerfile'
const NOT_BUILT = ' !     App build failed'
const brokeAt = (step: string, ...output: readonly string[]) => [
  BUILDING,
  `#8 [4/6] ${step}`,
  ...output.map((line) => `#8 1.20 ${line}`),
  `#8 ERROR: process "/bin/sh -c ${step}" did not complete successfully: exit code: 1`,
  NOT_BUILT,
]
const crashed = (sign: string, ...output: readonly string[]) => [
  '-----> Deploying web (count=1)',
  ` !     Failure in name='web check': ${sign}`,
  ' !     Could not start due to 1 failed checks (web.1)',
  '=====> Start of shop container output (48ad1d047a16 web.1)',
  ...output.map((line) => `       ${line}`),
  '=====> End of shop container output (48ad1d047a16 web.1)',
]
const task = (name: string, ...output: readonly string[]) => [
  '-----> Releasing shop...',
  `-----> Checking for ${name} task`,
  ...output.map((line) => `       ${line}`),
  ` !     Execution of ${name} task failed: ./migrate`,
]

describe('an earlier version that keeps running', () => {
  test.each(['predeploy', 'release'])(
    'is spoken of after a failed %s task only where there is one',
    (name) => {
      const log = task(name, 'cannot migrate')
      expect(advised(log)).not.toContain('running')
      expect(advised(log, { app: 'shop', keepsRunning: true })).toMatch(/What ran before went on running\.$/)
    },
  )

  test('is spoken of after a build that is not deployed only where there is one', () => {
    const reason = 'Built, not deployed: skip-deploy is set for this app, or for all'
    expect(endingHint(reason, NEW)).toBe(
      '`dokku ps:set shop skip-deploy false` has the next build deployed again.',
    )
    expect(endingHint(reason, { ...NEW, keepsRunning: true })).toMatch(/^What ran before went on running\. /)
  })
})

test('commands name the app', () => {
  expect(advised(crashed('container state is not running', 'bye'))).toContain('`dokku logs:failed shop`')
  expect(
    endingHint('Nothing was deployed: Dokku deploys main, a different branch was pushed', NEW),
  ).toContain('dokku git:set shop deploy-branch')
  expect(advised(brokeAt('RUN npm ci', 'npm error code E401'))).toContain('docker-options:add shop build')
})

test('a process that printed nothing has no last words to read', () => {
  const silent = advised(crashed('container state is not running'))
  expect(silent).toContain('without a word')
  expect(silent).not.toContain('last words')
  expect(advised(crashed('container state is not running', 'bye'))).toContain('last words')
})

test('a build that ran out of memory and a process that did are limited by different commands', () => {
  const build = brokeAt('RUN npm run build').with(
    -2,
    '#8 ERROR: process "/bin/sh -c npm run build" did not complete successfully: exit code: 137',
  )
  expect(advised(build)).toContain('`dokku resource:limit --memory 2g --process-type build shop`')
  expect(advised(crashed('container state is not running', 'Killed'))).toContain(
    '`dokku resource:limit --memory 1g shop`',
  )
})

test('a file that an earlier stage did not make is not looked for in the code', () => {
  const missing = (step: string) => [
    BUILDING,
    `#9 [stage-1 3/4] ${step}`,
    '#9 ERROR: failed to calculate checksum of ref k2x9::qm41: "/app/dist": not found',
    NOT_BUILT,
  ]
  expect(advised(missing('COPY --from=build /app/dist /srv'))).toContain('earlier stage')
  expect(advised(missing('COPY dist /srv'))).toContain('.dockerignore')
})

test('that no Dockerfile was found is said only where the buildpack builder itself is the trouble', () => {
  const herokuish = '-----> Building shop from herokuish'
  const failed = [herokuish, '       npm ERR! code ERESOLVE', NOT_BUILT]
  expect(advised(failed)).not.toContain('Dockerfile')
  expect(advised([herokuish, '       -----> Unable to select a buildpack', NOT_BUILT])).toContain(
    'found no Dockerfile',
  )
})

describe('nothing is advised', () => {
  test.each([
    ['on what no rule knows', brokeAt('RUN ./gen', 'gen: it is broken')],
    ['on a warning', brokeAt('RUN ./gen', 'npm warn EBADENGINE Unsupported engine', 'gen: it is broken')],
    ['on the words of a command', brokeAt('RUN ./gen || echo "vite: not found"', 'gen: it is broken')],
    [
      'on what another step printed',
      [
        BUILDING,
        '#7 [2/6] RUN df',
        '#7 0.1 no space left on device',
        ...brokeAt('RUN ./gen', 'it is broken').slice(1),
      ],
    ],
    [
      'on what the build before a failed task printed',
      [BUILDING, '#7 0.1 npm error code ERESOLVE', ...task('postdeploy', 'it is broken').slice(1)],
    ],
  ] as const)('%s', (_, log) => {
    const kind = adviceOf(log, read(log), NEW)?.kind
    expect([undefined, 'after live']).toContain(kind)
  })
})

describe('the error, and then much of another stage', () => {
  const other = Array.from({ length: 700 }, (_, index) => `#9 ${index}.10 compiling unit ${index}`)
  const repeated = ['------', ' > [4/6] RUN ./gen:', '1.20 gen: error: field age is declared twice', '------']
  const [building = '', step = '', , ended = '', notBuilt = ''] = brokeAt('RUN ./gen', 'x')

  test('is found where its cause is known', () => {
    const log = [building, step, '#8 1.20 npm error code ERESOLVE', ...other, ended, notBuilt]
    expect(read(log).failure?.lines[0]).toBe(3)
    expect(adviceOf(log, read(log))?.kind).toBe('dependency conflict')
  })

  test('is read where BuildKit repeats it, where it is not', () => {
    const log = [
      building,
      step,
      '#8 1.20 gen: error: field age is declared twice',
      ...other,
      ended,
      ...repeated,
      notBuilt,
    ]
    const { failure } = read(log)
    expect(failure?.lines).toContain(log.indexOf(repeated[2] ?? '') + 1)
  })
})

describe('a process behind an HTTP check that nobody answers', () => {
  const REFUSED = 'Get "http://172.17.0.3:5000/": dial tcp 172.17.0.3:5000: connect: connection refused'
  test.each([
    ['its parent says so', ['npm error Lifecycle script `start` failed with error:', 'npm error code 1']],
    ['Node.js says its version last', ['Error: it broke', '  detail: 4', 'Node.js v24.0.0']],
    ['it prints all of it again', ['starting', 'no config', 'bye', 'starting', 'no config', 'bye']],
    [
      'a worker did not boot',
      ['[1] [ERROR] Shutting down: Master', '[1] [ERROR] Reason: Worker failed to boot.'],
    ],
    ['its shell finds no program', ['/bin/sh: uvicorn: not found']],
  ])('ended where %s', (_, output) => {
    expect(read(crashed(REFUSED, ...output)).failure?.step).toBe('crash at start')
  })

  test.each([
    ['it listens elsewhere', ['listening on 3000']],
    ['it says the same of each request', ['GET /', 'GET /', 'GET /']],
    ['it is slow', ['loading', 'loading still']],
  ])('did not end where %s', (_, output) => {
    expect(read(crashed(REFUSED, ...output)).failure?.step).toBe('checks')
  })
})

test('a build that does not say why it failed says after what', () => {
  const log = [
    '-----> Building shop from herokuish',
    '       Downloading and installing node 15.14.0...',
    '-----> Build failed',
    '       ',
    ' !     Removing invalid image tag dokku/shop:latest',
    NOT_BUILT,
  ]
  expect(read(log).failure).toMatchObject({
    reason: 'Build failed after: Downloading and installing node 15.14.0...',
    lines: [6],
  })
  expect(read([BUILDING, NOT_BUILT]).failure?.reason).toBe('Build failed')
})

test('a missing folder of Dokku itself is made again by its own install', () => {
  const { stopped } = read([' !     open /var/lib/dokku/data/builder/shop: no such file or directory'])
  const failure = stopped === null ? null : { ...stopped, step: 'received' as const }
  expect(adviceOf([], { failure })?.text).toContain('`sudo dokku plugin:install --core`')
})

test('an app that says it listens on localhost, and does not answer, is told to listen for all', () => {
  const log = (sign: string) => crashed(sign, 'Server listening on localhost:5000')
  expect(adviceOf(log('connection refused'), read(log('connection refused')))?.kind).toBe('wrong interface')
  const answers = log('unexpected status code: 500')
  expect(adviceOf(answers, read(answers))?.kind).toBe('answers with an error')
})

test.each([
  ['schedule: [109 117 115 116 32 98 101]', 'schedule: must be'],
  ['message=><<101,110,118,105,114>>}', 'message=>envir}'],
  ['versions [1 2 3] and [300 400 500 600]', 'versions [1 2 3] and [300 400 500 600]'],
])('%s is read as %s', (text, shown) => expect(readable(text)).toBe(shown))
