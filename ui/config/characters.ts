/** Characters that nobody sees, or takes for others, in what is pasted as config: named, so that they can be found. Pure. */

const NAMES: Readonly<Record<string, string>> = {
  '00a0': 'no-break space',
  '00ad': 'soft hyphen',
  '2007': 'figure space',
  '200b': 'zero width space',
  '200c': 'zero width non-joiner',
  '200d': 'zero width joiner',
  '200e': 'left-to-right mark',
  '200f': 'right-to-left mark',
  '202e': 'right-to-left override',
  '202f': 'narrow no-break space',
  '2060': 'word joiner',
  '3000': 'ideographic space',
  feff: 'byte order mark',
}

const hex = (sign: string): string => (sign.codePointAt(0) ?? 0).toString(16).padStart(4, '0')

const called = (sign: string): string => {
  const code = hex(sign)
  const name = NAMES[code]
  return `U+${code.toUpperCase()}${name === undefined ? '' : `, ${name}`}`
}

/** Signs without a shape of their own, and blanks that are no plain ones. */
const UNSEEN = /[\p{Cf}\p{Cc}]|[^\S \t\r\n]/u

/** What is wrong with a key besides the signs everybody sees; null: nothing. */
export function oddInKey(key: string): string | null {
  const [unseen] = UNSEEN.exec(key) ?? []
  if (unseen !== undefined) return `there is an invisible character in the key (${called(unseen)}): remove it`
  const [letter] = /[^\p{ASCII}]/u.exec(key) ?? []
  return letter === undefined
    ? null
    : `there is a letter in the key that is not a to z (${letter}, ${called(letter)}), although it may look so: type it anew`
}

const QUOTES = '“”„‟«»‘’‚‛'
const CURLY = new RegExp(`^[${QUOTES}]|[${QUOTES}]$`)
/** Within a value joiners and marks may be meant, as in emoji and in Arabic; these are left by copying. */
const LEFT_BY_COPYING = /[\u00ad\u200b\u2060\ufeff]/
const BLANK_AROUND = /^[^\S \t\r\n]|[^\S \t\r\n]$/u

/** What is wrong with a value that stands without quotes; null: nothing. Within quotes all of it is meant. */
export function oddInValue(value: string): string | null {
  if (CURLY.test(value))
    return 'the quotes around the value are curly ones, which would be part of it: use straight quotes'
  const [unseen] = LEFT_BY_COPYING.exec(value) ?? BLANK_AROUND.exec(value) ?? []
  return unseen === undefined
    ? null
    : `there is an invisible character in the value (${called(unseen)}): remove it, or put the value into quotes where it is meant`
}

const OTHER_SYNTAX: readonly (readonly [line: RegExp, what: string])[] = [
  [/^[ \t]*setx?[ \t]/i, 'this is a line of a Windows script: write KEY=value, without set and ^'],
  [/^[ \t]*\$env:/i, 'this is a line of PowerShell: write KEY=value, without $env:'],
  [/^[ \t]*setenv[ \t]/, 'this is a line of a C shell script: write KEY=value'],
  [/^[ \t]*(?:ENV|ARG)[ \t]/, 'this is a line of a Dockerfile: write KEY=value, without what is in front'],
  [/^[ \t]*-[ \t]+["']?[A-Za-z_]\w*=/, 'this is an entry of a YAML list: write KEY=value, without the dash'],
  [/^[ \t]*["']?[A-Za-z_]\w*["']?:(?:[ \t]|$)/, 'this is YAML or JSON: write KEY=value'],
]

/** What a line is written for instead of a shell; null: not known. */
export const otherSyntax = (line: string): string | null =>
  OTHER_SYNTAX.find(([pattern]) => pattern.test(line))?.[1] ?? null

/** For a line that is no KEY=value: what it is instead, as far as that is known. Nothing of it is repeated. */
export const insteadOfPair = (line: string): string =>
  oddAround(line) ?? otherSyntax(line) ?? 'there is no key and = here'

const MOST_READ = 300
/** A key and a =, but for a sign between them that nobody sees. */
function oddAround(line: string): string | null {
  const start = line.slice(0, MOST_READ)
  const key = start.slice(0, Math.max(0, start.indexOf('='))).replace(/^[ \t]*(?:export[ \t]+)?/, '')
  return /^[A-Za-z_][^ \t]*[ \t]*$/.test(key) ? oddInKey(key.replace(/[ \t]+$/, '')) : null
}
