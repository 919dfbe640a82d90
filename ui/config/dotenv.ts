/**
 * Text of a .env file: read as people write and paste it, and written so that it reads back the same. Own, because
 * both `dotenv` and Node's parseEnv cut an unquoted value at any # (of a password, in silence), leave out a line they
 * cannot read without a word, and end `'it'\''s'`, which is how Dokku itself exports, at its first quote.
 */
import { insteadOfPair, oddInKey, oddInValue, otherSyntax } from './characters.ts'

export interface Pair {
  readonly key: string
  readonly value: string
  readonly line: number
}

/** What is wrong in a line. Never what stands there: it may be a secret. */
export interface Problem {
  readonly line: number
  readonly text: string
}

export interface Dotenv {
  /** The last one of each key, as a shell would have it. */
  readonly pairs: readonly Pair[]
  readonly problems: readonly Problem[]
}

const NAME = /[ \t]*(?:export[ \t]+)?([^\s=#'"`]+)[ \t]*=[ \t]*/y
const NOTHING = /[ \t]*(?:#[^\n]*)?(?:\n|$)/y
const LINE = /[^\n]*(?:\n|$)/y
const KEY = /^[A-Za-z_][A-Za-z0-9_]{0,254}$/

/** Beyond these the rest is not read: more keys than a server takes, more problems than a person mends by reading. */
const MOST_PAIRS = 5000
const MOST_PROBLEMS = 100

/** Nothing is expanded: `$HOME` and `${PORT}` stay as they are written. */
export function parseDotenv(given: string): Dotenv {
  const text = given.replace(/^\uFEFF/, '').replace(/\r\n?/g, '\n')
  const pairs = new Map<string, Pair>()
  const problems: Problem[] = []
  let at = 0
  let line = 1
  while (at < text.length && pairs.size <= MOST_PAIRS && problems.length < MOST_PROBLEMS) {
    const read = readLine(text, at)
    if (typeof read.found === 'string') problems.push({ line, text: read.found })
    else if (read.found !== null) {
      const pair = { ...read.found, line }
      pairs.delete(pair.key)
      pairs.set(pair.key, pair)
    }
    line += text.slice(at, read.end).split('\n').length - 1
    at = read.end
  }
  return { pairs: [...pairs.values()], problems }
}

interface Read {
  /** A text says what is wrong; null: nothing stands here. */
  readonly found: { readonly key: string; readonly value: string } | string | null
  readonly end: number
}

function readLine(text: string, from: number): Read {
  const empty = match(NOTHING, text, from)
  if (empty !== null) return { found: null, end: from + empty[0].length }
  const end = from + (match(LINE, text, from)?.[0].length ?? 0)
  const name = match(NAME, text, from)
  const line = text.slice(from, end).trimEnd()
  if (name === null) return { found: insteadOfPair(line), end }
  const [whole, key = ''] = name
  const begin = from + whole.length
  const isQuoted = /['"`]/.test(text[begin] ?? '')
  const { value, end: after } = isQuoted ? quoted(text, begin) : bare(text, begin)
  if (value === null) return { found: 'a quote is not closed', end }
  const found = KEY.test(key)
    ? isQuoted
      ? null
      : wrongInBare(value, /^[ \t]*export[ \t]/.test(line))
    : (oddInKey(key) ?? otherSyntax(line) ?? NO_KEY)
  if (found !== null) return { found, end: after }
  const rest = match(NOTHING, text, after)
  if (rest !== null) return { found: { key, value }, end: after + rest[0].length }
  return {
    found: 'something follows the closing quote',
    end: after + (match(LINE, text, after)?.[0].length ?? 0),
  }
}

const NO_KEY = 'a key is letters, digits and _, and begins with no digit'
const SEVERAL = 'several keys stand in one line: give each a line of its own, or put the value into quotes'

/** A shell takes `export A=1 B=2` for two keys. */
const wrongInBare = (value: string, isExported: boolean): string | null =>
  isExported && /[ \t][A-Za-z_][A-Za-z0-9_]{0,254}=/.test(value) ? SEVERAL : oddInValue(value)

const BEGIN_PEM = /^-----BEGIN [A-Z0-9 ]{1,40}-----[ \t]*$/
const END_PEM = /\n[ \t]*-----END [A-Z0-9 ]{1,40}-----(?=[ \t]*(?:\n|$))/
const MOST_PEM = 16 * 1024
/** Up to its last line; null where that is missing or another key stands before it. */
function pemIn(text: string): string | null {
  const last = END_PEM.exec(text)
  const pem = last === null ? '' : text.slice(0, last.index + last[0].length)
  return pem === '' || /\n[ \t]*[A-Za-z_][A-Za-z0-9_]*=[^=\n]/.test(pem) ? null : pem
}

/** To the end of the line, or to a # with a blank before it; JSON to its end, and a key or certificate to its last line. */
function bare(text: string, from: number): { value: string; end: number } {
  const end = text.indexOf('\n', from)
  const line = text.slice(from, end === -1 ? text.length : end)
  if (/^[[{]/.test(line) && isJson(line)) return { value: line.trimEnd(), end: from + line.length }
  const pem = BEGIN_PEM.test(line) ? pemIn(text.slice(from, from + MOST_PEM)) : null
  if (pem !== null) return { value: pem, end: from + pem.length }
  const value = /^#/.test(line) && /[ \t]/.test(text[from - 1] ?? '') ? '' : line.replace(/[ \t]#.*$/, '')
  // Of blanks only plain ones: what else looks like one is named.
  return { value: withoutBlanksBehind(value), end: from + line.length }
}

function withoutBlanksBehind(text: string): string {
  let end = text.length
  while (end > 0 && /[ \t]/.test(text[end - 1] ?? '')) end--
  return text.slice(0, end)
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

/** One quoted part or several put together without a blank, as a shell joins them. */
function quoted(text: string, from: number): { value: string | null; end: number } {
  let value = ''
  let at = from
  for (;;) {
    const char = text[at] ?? ''
    if (char === '\\' && at > from && (text[at + 1] ?? '\n') !== '\n') {
      value += text[at + 1]
      at += 2
    } else if (char === '"' || char === "'" || char === '`') {
      const close = closing(text, at)
      if (close === -1) return { value: null, end: at }
      const inner = text.slice(at + 1, close)
      value += char === '"' ? unescaped(inner) : inner
      at = close + 1
    } else return { value, end: at }
  }
}

function closing(text: string, open: number): number {
  const quote = text[open] ?? ''
  for (let at = open + 1; at < text.length; at++) {
    if (quote === '"' && text[at] === '\\') at++
    else if (text[at] === quote) return at
  }
  return -1
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' }
/** What is no escape keeps its backslash: a pattern or a Windows path is not to lose it. */
const unescaped = (inner: string): string =>
  inner.replace(/\\([nrt"\\$`!])/g, (_, char: string) => ESCAPES[char] ?? char)

function match(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at
  return pattern.exec(text)
}

/** Plain where that is the same to every reader, in double quotes otherwise. */
export const formatDotenv = (pairs: readonly (readonly [key: string, value: string])[]): string =>
  pairs.map(([key, value]) => `${key}=${plainOrQuoted(value)}\n`).join('')

const plainOrQuoted = (value: string): string =>
  /^[\w.,:/@%+=-]*$/.test(value)
    ? value
    : `"${value
        .replace(/[\\"$`]/g, '\\$&')
        .replaceAll('\n', '\\n')
        .replaceAll('\r', '\\r')}"`
