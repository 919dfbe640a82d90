import { execFileSync } from 'node:child_process'
import { describe, expect, test } from 'vitest'
import { readBash } from '../../../../ui/dokku/reserved/bash.ts'
import { evaluatorsAmong, heldWhileEvaluating, readFromConfig } from '../../../../ui/dokku/reserved/names.ts'
import { Unreadable } from '../../../../ui/dokku/reserved/words.ts'

const EVAL = 'eval "$(config_export app x)"'

/** What a script, all its functions together, would take from config. */
const names = (text: string): readonly string[] => {
  const bodies = readBash(text)
  const evaluators = evaluatorsAmong(bodies)
  return [...new Set(bodies.flatMap(({ steps }) => [...readFromConfig(steps, evaluators)]))].sort()
}

/** What bash itself takes from config in the same script: the names that are read with the value config gives them. */
const inBash = (text: string, candidates: readonly string[]): readonly string[] => {
  const config = candidates.map((name) => `export ${name}='from-config-${name}'`).join('\n')
  const script = `config_export() { cat <<'CONFIG'\n${config}\nCONFIG\n}\n${text}`
  const env = {
    PATH: '/usr/bin:/bin',
    ...Object.fromEntries(candidates.map((name) => [name, `from-config-${name}`])),
  }
  const said = execFileSync('bash', ['--norc', '-c', script], { env, encoding: 'utf8' })
  return candidates.filter((name) => said.includes(`from-config-${name}`))
}

describe('a name is reserved where a script reads what config says', () => {
  test.each([
    ['of the environment', 'echo "$A"', ['A']],
    ['of a local variable that config overwrites', `f() { local A=1 B=2; ${EVAL}; echo "$A"; }; f`, ['A']],
    ['of a variable of the caller', `f() { ${EVAL}; }; g() { local A=1; f; echo "$A"; }; g`, ['A']],
    ['where only some of the paths set it', 'if false; then A=1; fi; echo "$A"', ['A']],
    [
      'where a loop evaluates it for its next turn',
      `f() { local A=1; for i in 1 2; do echo "$A"; ${EVAL}; done; }; f`,
      ['A'],
    ],
    [
      'behind a branch that evaluates it',
      `f() { local A=1; if true; then ${EVAL}; fi; echo "$A"; }; f`,
      ['A'],
    ],
    ['in a here document', 'cat <<X\n$A\nX\n', ['A']],
    ['in backquotes', 'echo `echo "$A"`', ['A']],
    ['in arithmetic', `[[ "x$((\${#A} + 1))" ]]; echo "\${A:0:90}"`, ['A']],
    ['as a default of another', `echo "\${B:-$A}" >/dev/null; echo "\${A-}"`, ['A', 'B']],
    ['when a trap runs', `f() { local A=1; trap 'echo "$A"' EXIT; ${EVAL}; }; f; exit`, ['A']],
    ['in a script of its own', `bash -c 'echo "$A"'`, ['A']],
    ['by a name that is appended to', 'A+=1; echo "$A"', ['A']],
    ['by an array of which it is the first', `f() { declare -a A=(x); ${EVAL}; echo "\${A[@]}"; }; f`, ['A']],
    ['behind an assignment for one command', 'A=1 true; echo "$A"', ['A']],
    ['behind an assignment in a subshell', '(A=1); echo "$A"', ['A']],
    ['behind || that did not set it', 'true || A=1; echo "$A"', ['A']],
  ])('%s', (_, text, expected) => {
    expect(names(text)).toEqual(expected)
    // And it is so.
    expect(inBash(text, ['A'])).toEqual(['A'])
  })
})

describe('a name is free where every script sets it before it reads it', () => {
  test.each([
    ['by an assignment', 'A=1; echo "$A"'],
    ['by a declaration without a value', 'f() { local A; echo "$A"; }; f'],
    ['by an array that is declared', `f() { declare -a A; A+=(x); echo "\${A[@]:1}"; }; f`],
    ['after config was evaluated', `f() { local A=1; ${EVAL}; local A=2; echo "$A"; }; f`],
    [
      'where config is evaluated in a subshell',
      `f() { ${EVAL}; }; g() { local A=1; x="$(f)"; echo "$A"; }; g`,
    ],
    ['by a loop over words', 'for A in 1 2; do echo "$A"; done'],
    ['by read, in a loop', 'while read -r A; do echo "$A"; done <<<x'],
    ['by read, with options', 'IFS=: read -r -d "" -p A B <<<x || true; echo "$B"'],
    ['by mapfile', `mapfile -t A < <(echo x); echo "\${A[@]}"`],
    ['by printf -v', 'printf -v A x; echo "$A"'],
    ['by getopts', 'OPTIND=1; set -- -x; getopts x A; echo "$A"'],
    ['on the way to the command that reads it', 'A=1 && echo "$A"'],
    ['in each pattern that reads it', 'case x in (x | y) A=1; echo "$A" ;; esac'],
    ['by unset', 'unset A; echo "$A"'],
  ])('%s', (_, text) => {
    expect(names(text)).not.toContain('A')
    expect(inBash(text, ['A'])).toEqual([])
  })

  test('in single quotes, in a quoted here document, in a comment, behind a backslash', () => {
    expect(names(`echo '$A' \\$A "\\$A" # $A\ncat <<'X'\n$A\nX\n`)).toEqual([])
  })
})

describe('what a function holds while it evaluates config', () => {
  const held = (text: string) => {
    const bodies = readBash(text)
    return bodies.flatMap(({ steps }) => [...heldWhileEvaluating(steps, evaluatorsAmong(bodies))]).sort()
  }

  test('is every name in it, read or set, before or after, and of those that call it', () => {
    expect(held(`f() { local A=1; ${EVAL}; B=2; }; g() { echo "$C"; f; }; h() { echo "$D"; }`)).toEqual([
      'A',
      'B',
      'C',
    ])
  })

  test('is nothing where config is evaluated by another process', () => {
    expect(held(`f() { local A=1; (${EVAL}); B="$(${EVAL})"; echo <(${EVAL}); true | ${EVAL}; }`)).toEqual([])
  })
})

/** No clock: what is not linear here does not end within a test's time. */
describe('any text is read in a time that its length bounds', () => {
  const LENGTH = 300_000
  test.each(
    [
      '$(',
      '$((',
      '((',
      '${a:-',
      '"$(',
      '`',
      '\\`',
      '"',
      "'",
      '<<a ',
      '<<a\n',
      'a=(',
      'a=1 ',
      '[[ ',
      '{ ',
      'if a; then ',
      'case a in b) ',
      'f() { ',
      'a && ',
      'a | ',
      'x[',
      'x[=(',
      '@(',
      '# ',
      '\\\n',
      '$a ',
      `\${a} `,
      'local a=1\n',
      'for a in ',
      '\n',
      ' ',
      ';',
      '&',
      ')',
      '}',
      '<(',
      'eval a;',
      'eval a && ',
      'while eval a; do ',
      "trap '$a' EXIT\n",
      'read a b\n',
      'a',
      '\u{1f418}',
    ].map((piece) => [JSON.stringify(piece), piece] as const),
  )('%s', (_, piece) => {
    const text = piece.repeat(LENGTH / piece.length)
    const count = (part: string): number => {
      try {
        return readBash(part).reduce(
          (sum, { steps }) => sum + steps.length + readFromConfig(steps, new Set()).size,
          0,
        )
      } catch (error) {
        expect(error).toBeInstanceOf(Unreadable)
        return 0
      }
    }
    expect(count(text)).toBeLessThanOrEqual(4 * text.length)
  })
})
