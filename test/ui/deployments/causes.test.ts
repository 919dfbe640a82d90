/** The table of causes holds together: no rule that cannot match, and none that a warning or an echo can trip. */
import { describe, expect, test } from 'vitest'
import { causeLine } from '../../../ui/deployments/cause-lines.ts'
import { CAUSES, causeOf, isCandidate, unprefixed } from '../../../ui/deployments/causes/causes.ts'

/** The shortest lines a pattern matches, without what stands for any character: one for each way through it. */
function shortest(pattern: RegExp): readonly string[] {
  const parts = [...pattern.source.matchAll(/\\.|\[(?:\\.|[^\]\\])*\]|\(\?[:=!]|\{\d+,?\d*\}|./g)].map(
    ([part]) => part,
  )
  let at = 0
  const choices = (): string[] => {
    const all: string[] = []
    let ways = ['']
    while (at < parts.length && parts[at] !== ')') {
      const part = parts[at++] ?? ''
      if (part === '|') {
        all.push(...ways)
        ways = ['']
        continue
      }
      const isGroup = part.startsWith('(')
      let texts = isGroup ? choices() : [literal(part)]
      if (isGroup) at += 1
      if (part === '(?!') texts = ['']
      const isOptional = /^(?:[*?]|\{0,.*\})$/.test(parts[at] ?? '')
      if (/^(?:[*+?]|\{.*\})$/.test(parts[at] ?? '')) at += 1
      ways = ways.flatMap((way) => (isOptional ? [''] : texts).map((text) => way + text))
    }
    return [...all, ...ways]
  }
  return choices()
}

const literal = (part: string): string => {
  if (part.startsWith('\\d')) return '1'
  if (part.startsWith('\\')) return /[bBDwWsS]/.test(part.slice(1)) ? ' ' : part.slice(1)
  return part.startsWith('[') ? ' ' : /^[$^.]$/.test(part) ? '' : part
}

/** Of these the words are signs, which the example shows better. */
const BY_SIGNS = ['main.go:1:2: undefined: x', './app/page.tsx:12:8']

test('a line that any rule is for is looked at more closely', () => {
  const overlooked = CAUSES.flatMap(({ kind, when }) =>
    when.flatMap((pattern) =>
      shortest(pattern)
        .filter((words) => !isCandidate(words))
        .filter(() => !BY_SIGNS.some((line) => pattern.test(line) && isCandidate(line)))
        .map((words) => `${kind}: ${words}`),
    ),
  )
  expect(overlooked).toEqual([])
})

test('every hint is one or more whole sentences, and names commands with a real app', () => {
  for (const { kind, hint, when } of CAUSES) {
    const text =
      typeof hint === 'string' ? hint : hint({ step: 'build', reason: '', line: 'expected=5000 actual=3000' })
    expect(text, kind).toMatch(/^(?:[A-Z]|[\w.-]+ ).*\.$/s)
    expect((text.match(/`/g) ?? []).length % 2, kind).toBe(0)
    expect(text, kind).not.toMatch(/\babove\b|\bstands below\b/)
    expect(when.length, kind).toBeGreaterThan(0)
    for (const pattern of when) expect(pattern.flags.replace('i', ''), kind).toBe('')
  }
})

describe.each([
  'npm warn deprecated inflight@1.0.6: This module is not supported, and leaks memory. Do not use it.',
  'npm warn EBADENGINE Unsupported engine {',
  'npm notice New major version of npm available! 10.8.2 -> 11.0.0',
  'warning: unused import: `std::fs`',
  " - UndefinedVar: Usage of undefined variable '$NIXPACKS_PATH' (line 18)",
  "#9 0.812 WARNING: Running pip as the 'root' user can result in broken permissions",
  '#9 2.1 debconf: delaying package configuration, since apt-utils is not installed',
  '[analyzer] Image with name "dokku/site:latest" not found',
  '24 packages are looking for funding',
  '(node:7) [DEP0040] DeprecationWarning: The `punycode` module is deprecated.',
  '#8 [4/6] RUN npm ci || echo "vite: not found"',
  'Step 4/9 : RUN test -f x || (echo "no space left on device"; exit 1)',
  '  16 | >>> RUN apt-get install -y gcc || echo "Unable to locate package"',
  "+ echo 'sh: 1: vite: not found'",
  "#8 1.20     throw new Error(`Cannot find module 'name'`)",
  '#8 1.20     raise ImproperlyConfigured("Set the SECRET_KEY environment variable")',
  '#8 1.20 Compiling memory-errors v0.1.0: out of memory',
  '#8 ERROR: process "/bin/sh -c cat ENOSPC || exit 3" did not complete successfully: exit code: 3',
])('%s', (text) => {
  test('names no cause', () => expect(causeLine({ line: 1, text })).toBeUndefined())
})

test.each([
  ['#8 1.911 npm error code ERESOLVE', 'npm error code ERESOLVE'],
  ['[builder] ERROR: No matching distribution', 'ERROR: No matching distribution'],
  ['       -----> Unable to select a buildpack', 'Unable to select a buildpack'],
  [' !     > - composer.json requires php', '- composer.json requires php'],
  ['remote: Repository not found.', 'Repository not found.'],
  ['1.911 npm error code ERESOLVE', 'npm error code ERESOLVE'],
])('%s is bared of the marks of those who passed it on', (text, bare) => expect(unprefixed(text)).toBe(bare))

test.each([
  ['sh: 1: vite: not found', 'build', 'dev dependencies'],
  ['sh: 1: vite: not found', 'crash at start', 'program missing'],
  ['/bin/sh: uvicorn: not found', 'crash at start', 'program missing'],
  ['bash: line 1: bundle: command not found', 'predeploy', 'program missing'],
  ['ERROR: docker.io/library/node:24.99-slim: not found', 'build', 'image'],
  ['ERROR: "/yarn.lock": not found', 'build', 'file not in the context'],
  ['ERROR: secret npm_token: not found', 'build', 'build secret'],
  ["error TS2307: Cannot find module './components/header' or its", 'build', 'file not found in the code'],
  ["error TS2307: Cannot find module '@/lib/db' or its", 'build', 'file not found in the code'],
  ["error TS2307: Cannot find module '@acme/ui' or its", 'build', 'module missing'],
  ["Error: Cannot find module '/app/dist/main.js'", 'crash at start', 'file not found in the code'],
  ["Error: Cannot find module 'express'", 'crash at start', 'module missing'],
  ["KeyError: 'SECRET_KEY'", 'build', 'config at build time'],
  ["KeyError: 'SECRET_KEY'", 'release', 'config missing'],
  ["KeyError: 'name'", 'release', undefined],
  [
    "fatal: could not read Username for 'https://github.com': terminal prompts disabled",
    'received',
    'login at the git server',
  ],
  ['Error: getaddrinfo ENOTFOUND db', 'crash at start', 'host in no network'],
  ['Error: getaddrinfo ENOTFOUND api.example.com', 'crash at start', 'name resolution'],
  ['Host key verification failed.', 'received', 'host key'],
  ['Host key verification failed.', 'build', 'login at the git server'],
  ['error: unknown flag: --prune', 'build', undefined],
  ['TypeError: run() requires exactly 1 argument', 'build', undefined],
  ['PWA ready for offline mode', 'build', undefined],
  ['error: this key is a duplicate', 'build', undefined],
  ['error: externally-managed-environment', 'build', 'system Python'],
  ['x.go:3:1: undefined: y', 'crash at start', undefined],
] as const)('%s at %s is %s', (line, step, kind) => expect(causeOf(line, step)?.kind).toBe(kind))
