import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { configKinds, MAX_VALUE, readPairs, toInput } from '../../../ui/config/command.ts'
import type { Reason } from '../../../ui/config/reserved.ts'
import { isText, type Kind, kindsOf } from '../../../ui/jobs/kind.ts'
import { reservedHere } from '../../../ui/reserved.ts'
import { gateTakes } from '../story/gate-list.ts'

const reserved = reservedHere(
  { gate: fileURLToPath(new URL('../../../ui/dokku/gate/gate', import.meta.url)) },
  { server: () => undefined },
)()
const kinds = kindsOf(configKinds(() => reserved))
const kind = (name: string): Kind => {
  const found = kinds.get(name)
  if (found === undefined) throw new Error(`there is no ${name}`)
  return found
}
const input = () => {
  const { input: found } = kind('config:import')
  if (!isText(found)) throw new Error('config:import is given a text')
  return found
}

describe('the commands', () => {
  test('set by stdin, with a restart or without', () => {
    const read = (restart: boolean) => kind('config:import').read({ app: 'blog', keys: ['A'], restart })
    expect(read(true)).toEqual({ app: 'blog', command: ['config:import', '--format', 'json', 'blog', '-'] })
    expect(read(false).command).toEqual(['config:import', '--no-restart', '--format', 'json', 'blog', '-'])
  })

  test('unset by name', () => {
    const { command } = kind('config:unset').read({ app: 'blog', keys: ['A', 'B'], restart: false })
    expect(command).toEqual(['config:unset', '--no-restart', 'blog', 'A', 'B'])
  })

  test('of the server without a restart, for Dokku restarts nothing', () => {
    for (const restart of [true, false]) {
      const asked = { app: null, keys: ['A'], restart }
      expect(kind('config:import').read(asked)).toEqual({
        app: null,
        command: ['config:import', '--format', 'json', '--global', '-'],
      })
      expect(kind('config:unset').read(asked).command).toEqual(['config:unset', '--global', 'A'])
    }
  })

  test('no input to a form is ever an option, another command or another app', () => {
    const anything = fc.oneof(
      fc.string(),
      fc.string({ unit: 'binary' }),
      fc.constantFrom('--global', '-', '--', 'dokkubase', 'A=B', 'A B', 'A\n', 'PATH', '__proto__'),
    )
    fc.assert(
      fc.property(
        fc.option(anything),
        fc.array(anything, { maxLength: 4 }),
        fc.boolean(),
        (app, keys, restart) => {
          for (const name of ['config:import', 'config:unset']) {
            let command: readonly string[]
            try {
              command = kind(name).read({ app, keys, restart }).command
            } catch {
              continue
            }
            const [first, ...words] = command
            expect(first).toBe(name)
            expect(words.filter((word) => word.startsWith('-'))).toEqual([
              ...(restart || app === null ? [] : ['--no-restart']),
              ...(name === 'config:import' ? ['--format'] : []),
              ...(app === null ? ['--global'] : []),
              ...(name === 'config:import' ? ['-'] : []),
            ])
            expect(words).toContain(app ?? '--global')
            for (const word of words) expect(word).toMatch(/^[A-Za-z0-9_.-]+$/)
            expect(gateTakes(command)).toBe(app === null ? 'allow-global-config' : true)
          }
        },
      ),
      { numRuns: 2000 },
    )
  })
})

describe('keys that are root’s alone', () => {
  const cases: readonly (readonly [Reason, string])[] = [
    ['dokku', 'GIT_REV DOKKU_APP_TYPE NO_VHOST'],
    [
      'program',
      'PATH path Docker_Bin BASH_ENV LD_PRELOAD HOME PS4 TAR_OPTIONS SSL_CERT_FILE XDG_CONFIG_HOME',
    ],
    ['script', 'IMAGE APP OUTPUT_PATH NGINX_TEMPLATE NIXPACKS_ARGS NAME USER'],
  ]
  test.each(cases.flatMap(([reason, keys]) => keys.split(' ').map((key) => [key, reason] as const)))(
    '%s is refused, with the reason and how root may allow it',
    (key, reason) => {
      expect(reserved(key)).toBe(reason)
      for (const name of ['config:import', 'config:unset']) {
        expect(() => kind(name).read({ app: 'blog', keys: ['OK', key], restart: true })).toThrow(
          'sudo dokku dokkubase:set allow-config-keys true',
        )
        kind(name).read({ app: 'blog', keys: ['OK', key], restart: true, byRoot: true })
      }
    },
  )

  test.each(
    'DATABASE_URL SECRET_KEY_BASE PORT MY_PATH PATHS PS1 NODE_ENV LOG_LEVEL ENV PYTHONPATH LD_SDK_KEY ZIPKIN_URL MALLOC_ARENA_MAX CURL_TIMEOUT image Image APP_NAME GIT_SHA NGINX_PORT __proto__ constructor toString'.split(
      ' ',
    ),
  )('%s is anybody’s', (key) => {
    expect(reserved(key)).toBeNull()
  })

  test('what the gate told last counts, and nothing in it but names and patterns', () => {
    const lines = [
      'dokku DOKKU*',
      'program LD_*',
      'script NEW_LOCAL',
      'program (',
      'program a|b',
      'script .*',
      'odd',
      '',
    ]
    let at = 1
    const now = reservedHere(
      { gate: fileURLToPath(new URL('../../../ui/dokku/gate/gate', import.meta.url)) },
      {
        server: (name) =>
          name === 'reserved' ? { at, body: at === 1 ? lines : ['script OTHER'] } : undefined,
      },
    )
    expect(['DOKKU_X', 'ld_x', 'NEW_LOCAL', 'new_local', 'IMAGE', 'b'].map(now())).toEqual([
      'dokku',
      'program',
      'script',
      null,
      null,
      null,
    ])
    at = 2
    expect(['NEW_LOCAL', 'OTHER'].map((key) => now()(key))).toEqual([null, 'script'])
  })
})

describe('what comes by stdin', () => {
  test('holds every value as it is, also of a key that JavaScript knows', () => {
    const pairs = [
      ['A', 'two\nlines \' " \\ $(x) `y` 🐘'],
      ['__proto__', 'p'],
      ['constructor', ''],
    ] as const
    expect(readPairs(toInput(pairs))).toEqual(pairs)
    input().check(toInput(pairs))
    expect(input().secrets(toInput(pairs))).toEqual(pairs.map(([, value]) => value))
  })

  test.each([
    ['no JSON', 'A=1'],
    ['a list', '[]'],
    ['a number', '{"A":1}'],
    ['a bad key', '{"A-B":"x"}'],
    ['a NUL', '{"A":"x\\u0000"}'],
    ['half a letter', '{"A":"\\ud800"}'],
    ['a value too long', JSON.stringify({ A: 'x'.repeat(MAX_VALUE + 1) })],
    [
      'too much',
      JSON.stringify(
        Object.fromEntries(Array.from({ length: 40 }, (_, i) => [`K${i}`, 'x'.repeat(MAX_VALUE - 1)])),
      ),
    ],
  ])('is refused with %s', (_, text) => {
    expect(() => input().check(text)).toThrow()
  })
})
