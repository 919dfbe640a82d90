/**
 * Derives from the scripts of Dokku and its plugins the keys of config that these would take for variables of their own.
 * Only reads files, never runs any; what they say is used for names alone.
 */
import { closeSync, existsSync, lstatSync, openSync, readdirSync, readSync, realpathSync } from 'node:fs'
import { basename, extname, join } from 'node:path'
import { type Body, readBash } from './bash.ts'
import { BY_BASH, INTERPRETERS, SAFE } from './known.ts'
import { evaluatorsAmong, heldWhileEvaluating, readFromConfig } from './names.ts'
import { Unreadable } from './words.ts'

export interface Derived {
  /** Sorted, each once. */
  readonly names: readonly string[]
  /** How many scripts were read. */
  readonly scripts: number
  /** Files whose names are incomplete: too large, or not to be understood. */
  readonly incomplete: readonly string[]
}

const MAX_FILE = 1024 * 1024
const MAX_FILES = 20_000
const SKIPPED = new Set(['.git', 'node_modules', 'test', 'tests'])
/** What evaluates config says so somewhere: an `eval` in another file is of something else. */
const OF_CONFIG = /config[_:-](all|bundle|export|show)|\bENV\b/
/** How programs in other languages ask for a variable of their environment. */
const ASKED = [
  /(?:[gG]et[eE]nv\w*|LookupEnv|environ(?:\.get)?|\bENV(?:\.fetch)?)\s*[([]\s*['"](\w+)['"]/g,
  /\bENV\{\s*['"]?(\w+)/g,
  /\bprocess\.env(?:\.|\[['"])(\w+)/g,
]

/** `paths`: scripts, and folders with them; where one is not there, it is left out. */
export function deriveNames(paths: readonly string[]): Derived {
  const names = new Set<string>()
  const bodies: Body[] = []
  const incomplete: string[] = []
  let scripts = 0
  for (const file of filesIn(paths)) {
    const text = textOf(file, incomplete)
    if (text === null) continue
    const interpreter = interpreterOf(file, text)
    if (interpreter === null) continue
    scripts += 1
    if (interpreter !== 'bash') {
      for (const asked of ASKED) for (const [, name = ''] of text.matchAll(asked)) names.add(name)
      for (const name of INTERPRETERS.get(interpreter) ?? []) names.add(name)
    } else if (!readInto(bodies, text)) {
      // Told only where it says that it is a script: a text without an extension need not be one.
      if (!text.startsWith('#!')) continue
      incomplete.push(file)
      for (const [, read, set] of text.matchAll(/\$\{?[#!]?([A-Za-z_]\w*)|\b([A-Za-z_]\w*)\+?=/g))
        names.add(read ?? set ?? '')
    }
  }
  for (const name of namesOf(bodies)) names.add(name)
  return { names: [...names].filter((name) => !BY_BASH.has(name)).sort(), scripts, incomplete }
}

function* namesOf(bodies: readonly Body[]): Generator<string> {
  const evaluators = evaluatorsAmong(bodies)
  for (const { name: body, steps } of bodies) {
    const isSafe = (name: string) => SAFE.get(name)?.in.includes(body ?? '') === true
    for (const name of readFromConfig(steps, evaluators)) if (!isSafe(name)) yield name
    for (const name of heldWhileEvaluating(steps, evaluators)) if (!isSafe(name)) yield name
  }
}

function readInto(bodies: Body[], text: string): boolean {
  try {
    const ofConfig = OF_CONFIG.test(text)
    for (const { name, steps } of readBash(text))
      bodies.push({ name, steps: ofConfig ? steps : steps.filter(({ kind }) => kind !== 'evaluate') })
    return true
  } catch (error) {
    if (error instanceof Unreadable) return false
    throw error
  }
}

/** Null: this file is no script. Those that are only sourced often say nothing; Go is read for what is compiled of it. */
function interpreterOf(file: string, text: string): string | null {
  const shebang = /^#!\s*\S*?(?:env\s+(?:-\S+\s+)*)?([a-z]+)[\d.]*(?:\s|$)/.exec(text.slice(0, 200))?.[1]
  if (shebang !== undefined) return /^(ba|da|k)?sh$/.test(shebang) ? 'bash' : shebang
  const extension = extname(file)
  if (extension === '.go') return basename(file).endsWith('_test.go') ? null : 'go'
  return ['', '.sh', '.bash'].includes(extension) ? 'bash' : null
}

/** Null for what is no text, or too long to be a script. */
function textOf(file: string, incomplete: string[]): string | null {
  try {
    const { size } = lstatSync(file)
    const open = openSync(file, 'r')
    try {
      const read = (length: number) => {
        const bytes = Buffer.alloc(Math.min(size, length))
        return bytes.subarray(0, readSync(open, bytes, 0, bytes.length, 0))
      }
      // Most of what Dokku has are programs: the begin shows it.
      const begin = read(4096)
      if (begin.includes(0)) return null
      if (size > MAX_FILE && begin.toString('latin1').startsWith('#!')) incomplete.push(file)
      if (size > MAX_FILE) return null
      const text = read(size).toString('utf8')
      return text.includes('\0') ? null : text
    } finally {
      closeSync(open)
    }
  } catch {
    // Gone meanwhile, or not to be read: Dokku's own user reads all that Dokku runs.
    return null
  }
}

/** Links lead out of a folder or to what is read anyway; only those that stand for a whole plugin are followed. */
function filesIn(paths: readonly string[]): readonly string[] {
  const found: string[] = []
  const seen = new Set<string>()
  const walk = (path: string): void => {
    if (found.length >= MAX_FILES) return
    const file = lstatSync(path)
    if (file.isFile()) found.push(path)
    if (!file.isDirectory()) return
    // Of the panel's own plugin only the triggers are run with config in their environment.
    const isOurs = existsSync(join(path, 'ui/dokku/gate/gate'))
    for (const name of readdirSync(path).sort())
      if (!SKIPPED.has(name) && (!isOurs || name === 'triggers')) walk(join(path, name))
  }
  for (const path of paths.filter((path) => existsSync(path))) {
    const entries = lstatSync(realpathSync(path)).isDirectory()
      ? readdirSync(path)
          .sort()
          .map((name) => join(path, name))
      : [path]
    for (const entry of entries.filter((one) => existsSync(one)).map((one) => realpathSync(one))) {
      if (!seen.has(entry) && !SKIPPED.has(basename(entry))) walk(entry)
      seen.add(entry)
    }
  }
  return found
}
