import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { deriveNames } from '../../../../ui/dokku/reserved/derive.ts'

const ROOT = fileURLToPath(new URL('../../../..', import.meta.url))
const BASH = '#!/usr/bin/env bash\n'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'reserved-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const put = (file: string, text: string | Buffer): string => {
  const path = join(folder, file)
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, text, { mode: 0o755 })
  return path
}
const names = (...paths: readonly string[]) => deriveNames(paths.length > 0 ? paths : [folder]).names

describe('names are found', () => {
  test('in scripts at any depth, with and without a first line that says bash', () => {
    put('shop/post-build', `${BASH}echo "$A"`)
    put('shop/subcommands/default', '#!/bin/bash -p\necho "$B"')
    put('shop/functions', 'f() { echo "$C"; }')
    put('shop/lib/more.sh', 'echo "$D"')
    expect(names()).toEqual(['A', 'B', 'C', 'D'])
  })

  test('across files: a function of one evaluates config for that of another', () => {
    put('config/functions', `${BASH}load() { eval "$(config_export app "$1")"; }`)
    put('shop/post-build', `${BASH}main() { local IMAGE=x; load shop; docker run "$IMAGE"; }\nmain`)
    expect(names()).toEqual(['IMAGE'])
  })

  test('not where an eval is of something else', () => {
    put('shop/post-build', `${BASH}main() { local IMAGE=x; eval "set -- $IMAGE"; echo "$IMAGE"; }\nmain`)
    expect(names()).toEqual([])
  })

  test('in programs of other languages, with what their interpreters obey', () => {
    put(
      'a/post-build',
      '#!/usr/bin/env python3\nimport os\nos.environ["PY_ONE"]; os.environ.get("PY_TWO"); os.getenv("PY_THREE")',
    )
    put('b/post-build', '#!/usr/bin/perl -w\nprint $ENV{PERL_ONE}')
    put('c/post-build', '#!/usr/bin/ruby\nputs ENV["RUBY_ONE"], ENV.fetch("RUBY_TWO")')
    put(
      'd/post-build',
      '#!/usr/bin/env node\nprocess.env.NODE_ONE; process.env["NODE_TWO"]; getenv(NODE_THREE)',
    )
    put(
      'e/main.go',
      'package main\nvar a = os.Getenv("GO_ONE")\nvar b, _ = os.LookupEnv("GO_TWO")\nvar c = os.Getenv(name)',
    )
    const found = names()
    for (const name of [
      'PY_ONE',
      'PY_TWO',
      'PY_THREE',
      'PERL_ONE',
      'RUBY_ONE',
      'RUBY_TWO',
      'NODE_ONE',
      'NODE_TWO',
      'GO_ONE',
      'GO_TWO',
    ])
      expect(found).toContain(name)
    for (const name of ['PYTHONPATH', 'PERL5LIB', 'RUBYOPT', 'NODE_OPTIONS']) expect(found).toContain(name)
    expect(found).not.toContain('name')
    expect(found).not.toContain('NODE_THREE')
  })

  test('not in tests, in git’s own, in what is no script, and not in the panel’s sources', () => {
    put('shop/tests/x', `${BASH}echo "$A"`)
    put('shop/.git/hooks/x', `${BASH}echo "$B"`)
    put('shop/README.md', 'export C=1; echo $C')
    put('shop/LICENSE', "It isn't code: $D")
    put('shop/program', Buffer.concat([Buffer.from(`${BASH}echo "$E"`), Buffer.of(0)]))
    put('shop/main_test.go', 'var a = os.Getenv("F")')
    put('dokkubase/ui/dokku/gate/gate', `${BASH}echo "$G"`)
    put('dokkubase/subcommands/set', `${BASH}echo "$I"`)
    put('dokkubase/triggers/post-build', `${BASH}echo "$H"`)
    expect(names()).toEqual(['H'])
  })

  test('behind a link that stands for a plugin, once, and not behind a link within one', () => {
    put('core/shop/post-build', `${BASH}echo "$A"`)
    put('elsewhere', `${BASH}echo "$B"`)
    mkdirSync(join(folder, 'available'))
    symlinkSync(join(folder, 'core/shop'), join(folder, 'available/shop'))
    symlinkSync(join(folder, 'nowhere'), join(folder, 'available/gone'))
    symlinkSync(join(folder, 'elsewhere'), join(folder, 'core/shop/update'))
    symlinkSync(folder, join(folder, 'core/shop/loop'))
    const found = deriveNames([join(folder, 'core'), join(folder, 'available'), join(folder, 'missing')])
    expect(found).toMatchObject({ names: ['A'], scripts: 1 })
  })

  test('never by running anything', () => {
    put(
      'shop/post-build',
      `${BASH}touch '${folder}/ran'; $(touch '${folder}/ran'); \`touch '${folder}/ran'\`\n: <(touch '${folder}/ran')`,
    )
    names()
    expect(() => readFileSync(join(folder, 'ran'))).toThrow('ENOENT')
  })
})

describe('a script that cannot be understood', () => {
  test('has all its names reserved, is told of, and keeps no other from being read', () => {
    const file = put('shop/post-build', `${BASH}A=1\nif echo "$B"; then\n`)
    put('shop/pre-build', `${BASH}echo "$C"`)
    expect(deriveNames([folder])).toEqual({ names: ['A', 'B', 'C'], scripts: 2, incomplete: [file] })
  })

  test('or is too large, is told of', () => {
    const file = put('shop/post-build', `${BASH}${'echo "$A"\n'.repeat(200_000)}`)
    expect(deriveNames([folder])).toEqual({ names: [], scripts: 0, incomplete: [file] })
  })

  test('or cannot be opened, is left out', () => {
    put('shop/post-build', `${BASH}echo "$A"`)
    execFileSync('mkfifo', [join(folder, 'shop/pipe')])
    chmodSync(put('shop/secret', `${BASH}echo "$B"`), 0)
    expect(names()).toContain('A')
  })
})

describe('the command', () => {
  const run = (...args: readonly string[]) =>
    execFileSync(process.execPath, [join(ROOT, 'ui/dokku/reserved/script-names.ts'), ...args], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    })

  test('prints comments and names, one a line', () => {
    put('shop/post-build', `${BASH}echo "$A" "$B"`)
    expect(run('--comment', 'Dokku 1', folder)).toBe('# Dokku 1\nA\nB\n')
  })

  test('fails where there is nothing to read', () => {
    expect(() => run(join(folder, 'missing'))).toThrow('no names were found in 0 scripts')
  })
})

describe('the list beside the gate', () => {
  const list = readFileSync(join(ROOT, 'ui/dokku/gate/script-names'), 'utf8').split('\n')

  test('has what config can take over in Dokku 0.38.27', () => {
    const found = new Set(list)
    const known =
      'IMAGE OUTPUT_PATH APP SOURCECODE_WORK_DIR TMP_WORK_DIR NGINX_TEMPLATE NGINX_ACCESS_LOG_PATH PROXY_PORT_MAP CLIENT_MAX_BODY_SIZE KEEPALIVE_TIMEOUT SSL_INUSE SSL_SERVER_NAME CHECKS_FILENAME TMP_CHECKS_FILE NIXPACKS_ARGS RAILPACK_ARGS PACK_ARGS DOCKERFILE_ARGS DOCKER_BUILD_LABEL_ARGS BUILDER_TYPE ENV_ARGS NAME USER SSH_USER SSH_NAME PLUGIN_PATH DOCKER_BIN IFS'
    expect(known.split(' ').filter((name) => !found.has(name))).toEqual([])
  })

  test('has nothing that apps commonly have', () => {
    const found = new Set(list)
    const common =
      'PORT DATABASE_URL REDIS_URL SECRET_KEY_BASE NODE_ENV RAILS_ENV RACK_ENV ENV APP_NAME APP_ENV APP_KEY APP_URL HOST URL VERSION TOKEN EMAIL DOMAIN TYPE STATUS LOG_LEVEL TZ LANG LC_ALL DEBUG KEY VALUE SECRET PASSWORD MODE SCHEME STACK FORMAT IMAGE_TAG ACTION BUILDPACK_URL TERM HOSTNAME BASE_URL CONFIG TIMEOUT INTERVAL WAIT ID BRANCH COMMIT PROXY_URL CLIENT_ID CLIENT_SECRET NGINX_PORT NGINX_HOST SSL_CERT SSL_KEY SMTP_HOST WORKERS WEB_CONCURRENCY NPM_CONFIG_PRODUCTION PYTHONPATH LD_SDK_KEY ZIPKIN_URL MALLOC_ARENA_MAX NIXPACKS_NODE_VERSION RAILPACK_NODE_VERSION BP_NODE_VERSION host port_number'
    expect(common.split(' ').filter((name) => found.has(name))).toEqual([])
  })

  test('is sorted, each name once, after comments that say where it is from', () => {
    const lines = list.slice(0, -1)
    const kept = lines.filter((line) => !line.startsWith('#'))
    expect(kept).toEqual([...new Set(kept)].sort())
    expect(kept.filter((name) => !/^[A-Za-z_]\w*$/.test(name))).toEqual([])
    expect(lines[0]).toBe('# Dokku 0.38.27')
  })
})
