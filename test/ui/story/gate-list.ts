/** The gate's own list, read for tests: what a kind makes of any input must be a command it has a rule for. */
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const file = (name: string) =>
  readFileSync(fileURLToPath(new URL(`../../../ui/dokku/gate/${name}`, import.meta.url)), 'utf8')

const kinds = file('kinds')
const plain = new Map(
  [...kinds.matchAll(/^([A-Z]+)='(.*)'$/gm)].map(([, name = '', text = '']) => [name, text]),
)

/** In double quotes: `$NAME` stands for an earlier one, and `\$`, `\\` for themselves. */
const unquoted = (quote: string, text: string): string =>
  quote === "'"
    ? text
    : text.replaceAll(/\\([$\\])|\$([A-Z]+)/g, (_, sign, name) => sign ?? plain.get(name) ?? '')

const table = (block: string): ReadonlyMap<string, RegExp> =>
  new Map(
    [...block.matchAll(/^ +\[([A-Z]+)\]=(['"])(.*)\2$/gm)].map(([, name = '', quote = '', text = '']) => [
      name,
      new RegExp(unquoted(quote, text), 's'),
    ]),
  )
const [, allowed = '', never = ''] = kinds.split(/^declare -A [A-Z]+=\(/m)
const TYPES = table(allowed)
const NEVER = table(never)

const [, hidden = ''] = /^declare -A HIDDEN=\((.*)\)$/m.exec(kinds) ?? []
const HIDDEN = new Set([...hidden.matchAll(/\[([A-Z]+)\]/g)].map(([, name = '']) => name))

const is = (type: string, word: string): boolean => {
  const expression = TYPES.get(type)
  if (expression === undefined) return type === word
  if (!HIDDEN.has(type) && /\p{Cc}/u.test(word)) return false
  return expression.test(word) && NEVER.get(type)?.test(word) !== true
}

/** `[--memory MEMORY]`, `SCALE...`, `[WORD...]` or a word. */
const partsOf = (rule: string): readonly string[] => rule.match(/\[[^\]]*\]|\S+/g) ?? []

/** How far into the command these words lead; null where they do not fit. */
const reach = (words: readonly string[], command: readonly string[], from: number): number | null => {
  let at = from
  for (const word of words) {
    if (word.endsWith('...')) {
      const one = word.slice(0, -3)
      if (!is(one, command[at] ?? '\0')) return null
      while (at < command.length && is(one, command[at] ?? '')) at += 1
    } else if (at < command.length && is(word, command[at] ?? '')) at += 1
    else return null
  }
  return at
}

const passes = (rule: string, command: readonly string[]): boolean => {
  let at = 0
  for (const part of partsOf(rule)) {
    const optional = part.startsWith('[')
    const next = reach(optional ? part.slice(1, -1).split(' ') : [part], command, at)
    if (next === null && !optional) return false
    at = next ?? at
  }
  return at === command.length
}

const RULES = file('allowed')
  .split('\n')
  .flatMap((line) => {
    const [, rule = '', , switched] = /^run (?:--quiet )?(.*?)(?: < (\w+))?(?: ! (\S+))?$/.exec(line) ?? []
    return rule === '' ? [] : [{ rule, switched: switched ?? null }]
  })

/** Whether a job of this command passes: by itself, or only where root switched something on (then which). */
export function gateTakes(command: readonly string[]): true | string | false {
  const fitting = RULES.filter(({ rule }) => passes(rule, command))
  if (fitting.length === 0) return false
  return fitting.some(({ switched }) => switched === null) || (fitting[0]?.switched ?? false)
}
