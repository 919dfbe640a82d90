/** One line somebody typed, as the words of a command. There is no shell: what one would do is refused, not done. Pure. */
import { parse } from 'shell-quote'

export type Line =
  | { readonly ok: true; readonly words: readonly string[] }
  | { readonly ok: false; readonly why: string }

const MOST = 4000

/** Quotes and backslashes as in a shell; what stands between quotes is itself. */
export function wordsOf(line: string): Line {
  if (line.trim() === '') return refused('write what is to run, such as npm run migrate')
  if (line.length > MOST) return refused(`${MOST} letters at most`)
  if (/\p{Cc}/u.test(line)) return refused('write it as one line')
  if (isOpen(line)) return refused('a quote is not closed')
  const words: string[] = []
  for (const part of partsOf(line)) {
    if (typeof part !== 'string') return refused(shells(part))
    words.push(part)
  }
  return { ok: true, words }
}

/** The parser throws for what a shell calls a bad substitution. */
function partsOf(line: string): readonly (string | object)[] {
  try {
    return parse(line, (name) => ({ op: `$${name}` }))
  } catch {
    return [{ op: '${' }]
  }
}

const refused = (why: string): Line => ({ ok: false, why })

/** A quote, or a backslash, with nothing after it. */
const isOpen = (line: string): boolean => /['"\\]/.test(line.replace(/\\.|'[^']*'|"(?:\\.|[^"\\])*"/gs, ''))

/** What the parser found that only a shell would act on. */
function shells(part: object): string {
  const found = 'pattern' in part ? part.pattern : 'comment' in part ? '#' : 'op' in part ? part.op : ''
  return `no shell reads this, so ${String(found)} does nothing here: to have one read it, write sh -c '…'`
}
