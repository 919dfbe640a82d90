/** What bash's own commands do to variables, by their words as they are written. Pure. */
import type { Step, Word } from './words.ts'

/** `NAME=`, `NAME[i]=`, `NAME+=` at the begin of a word. */
export const ASSIGNMENT = /^([A-Za-z_]\w*)(\[[^\]]*\])?(\+?)=/

const NAME = /^[A-Za-z_]\w*$/
/** Options that a value follows. */
const WITH_VALUE = { read: /^-[a-zA-Z]*[dinNptu]$/, mapfile: /^-[a-zA-Z]*[dnOsucC]$/ }
/** Commands with a script among their words: a name in it is expanded then, however it is quoted here. */
const WITH_SCRIPT = new Set(['bash', 'env', 'eval', 'sh', 'sudo', 'xargs'])

/** The names behind the dollar signs of a text. */
export const reads = (text: string): readonly Step[] =>
  [...text.matchAll(/\$\{?[#!]?([A-Za-z_]\w*)/g)].map(([, name = '']) => ({ kind: 'read', name }))

/** What a simple command does once its words are expanded. `inFunction`: whether a name can be declared local. */
export function builtin(words: readonly Word[], inFunction: boolean): readonly Step[] {
  const [first = '', ...args] = words
  const name = unquoted(first)
  return [...(WITH_SCRIPT.has(name) ? args.flatMap(readsLater) : []), ...effects(name, args, inFunction)]
}

function effects(name: string, args: readonly Word[], inFunction: boolean): readonly Step[] {
  switch (name) {
    case '':
      return []
    case 'builtin':
    case 'command':
      return builtin(args, inFunction)
    case 'local':
    case 'declare':
    case 'typeset':
      return declared(args, inFunction)
    case 'export':
    case 'readonly':
      return declared(args, false)
    case 'read':
      return filled('read', args)
    case 'mapfile':
    case 'readarray':
      return filled('mapfile', args)
    case 'getopts':
      return [{ kind: 'read', name: 'OPTIND' }, set('OPTARG'), ...args.slice(1, 2).flatMap(given)]
    case 'printf':
      return args[0] === '-v' ? given(args[1] ?? '') : []
    case 'unset':
      return args[0] === '-f' ? [] : args.filter((arg) => !arg.startsWith('-')).flatMap(given)
    case 'let':
      return args.flatMap((arg) => namesIn(arg).map((name): Step => ({ kind: 'read', name })))
    case '[':
    case 'test':
      return tested(args)
    case 'trap':
      return trapped(args)
    case 'eval':
      return [{ kind: 'evaluate' }]
    case 'source':
    case '.':
      return sourced(args[0] ?? '')
    default:
      return [{ kind: 'call', name }]
  }
}

function sourced(file: Word): readonly Step[] {
  // Written by the system, with these in any case.
  if (file === '/etc/os-release') return ['ID', 'NAME', 'PRETTY_NAME'].map(set)
  return /<\(|\$\(|\/dev\/|ENV\b|\.env\b/.test(file) ? [{ kind: 'evaluate' }] : []
}

/** In a test, what is compared as a number is expanded as a variable, too. */
export const tested = (args: readonly Word[]): readonly Step[] =>
  args.flatMap((arg, at): readonly Step[] => {
    const isNumber = [args[at - 1], args[at + 1]].some((next) => /^-(eq|ne|lt|le|gt|ge)$/.test(next ?? ''))
    if (!isNumber && args[at - 1] !== '-v') return []
    return /\$\(|`/.test(arg) ? [] : namesIn(unquoted(arg)).map((name) => ({ kind: 'read', name }))
  })

/** Runs at any time from here on, so also after config was evaluated. */
const trapped = (args: readonly Word[]): readonly Step[] => [
  { kind: 'open', as: 'subshell' },
  { kind: 'evaluate' },
  ...args.flatMap(readsLater),
  { kind: 'close' },
]

/** Names that are not expanded here because they are quoted, but where the text is run. */
const readsLater = (arg: Word): readonly Step[] =>
  arg.startsWith("'")
    ? reads(arg)
    : reads([...arg.matchAll(/\\(\$\{?\w+)/g)].map(([, name]) => name).join(' '))

/** Without a value a name is a new variable only where it is local. */
function declared(args: readonly Word[], isLocal: boolean): readonly Step[] {
  const options = args.filter((arg) => /^[-+]/.test(arg)).join('')
  if (/[fFp]/.test(options)) return []
  return args.flatMap((arg): readonly Step[] => {
    if (/^[-+]/.test(arg)) return []
    const [, name, element, append] = ASSIGNMENT.exec(arg) ?? []
    if (name !== undefined) return element || append ? [] : [set(name)]
    if (NAME.test(arg)) return isLocal && !options.includes('g') ? [set(arg)] : []
    return [{ kind: 'evaluate' }]
  })
}

function filled(command: 'read' | 'mapfile', args: readonly Word[]): readonly Step[] {
  const names: Word[] = []
  for (let at = 0; at < args.length; at++) {
    const arg = args[at] ?? ''
    if (WITH_VALUE[command].test(arg)) at += 1
    else if (!arg.startsWith('-')) names.push(arg)
  }
  // With an origin, what the array held before stays in it.
  if (args.some((arg) => arg.startsWith('-O'))) return []
  return (names.length > 0 ? names : [command === 'read' ? 'REPLY' : 'MAPFILE']).flatMap(given)
}

/** A variable named by a word; one that is itself expanded may name any. */
const given = (arg: Word): readonly Step[] => {
  const name = unquoted(arg)
  if (NAME.test(name)) return [set(name)]
  return name.includes('$') ? [{ kind: 'evaluate' }] : []
}

const set = (name: string): Step => ({ kind: 'set', name })

const namesIn = (text: string): readonly string[] => text.match(/(?<![\w$])[A-Za-z_]\w*/g) ?? []

export const unquoted = (word: Word): string => word.replace(/["'\\]/g, '')
