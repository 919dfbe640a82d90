/** Words of a bash script, and the variables that are read in them. `bash.ts` knows the commands made of them. */

/** One step of a script, in the order bash takes them. */
export type Step =
  /** `set`: from here on the name holds what the script itself gave it. */
  | { readonly kind: 'read' | 'set' | 'call'; readonly name: string }
  /** `eval`, `source <(…)`, `export "$line"`: sets names that are not written in the script. */
  | { readonly kind: 'evaluate' }
  /** The steps up to the matching `close` may be skipped, repeated, or taken by a process of their own. */
  | { readonly kind: 'open'; readonly as: Scope }
  | { readonly kind: 'close' }

export type Scope = 'branch' | 'loop' | 'subshell'

/** As it is written, quotes included. */
export type Word = string

export class Unreadable extends Error {}

const ENDS = ' \t\r\n;&|<>()'
const ARRAY = /^[A-Za-z_]\w*(\[[^\]]*\])?\+?=$/
/** Deeper than people nest; text made to exhaust the stack stops here. */
const MAX_DEPTH = 100

export abstract class Words {
  protected at = 0
  protected steps: Step[] = []
  protected readonly text: string
  private depth = 0

  constructor(text: string) {
    this.text = text
  }

  /** Reads commands up to a sign or keyword that ends them. */
  protected abstract list(): void
  /** Reads text that had to be unquoted first, as a script of its own. */
  protected abstract nested(text: string): readonly Step[]

  /** Reads a word; '' where none begins. `ends`: the unquoted signs that end it. */
  protected word(ends = ENDS): Word {
    const from = this.at
    for (;;) {
      const char = this.text[this.at]
      if (char === undefined) break
      if (!ends.includes(char)) {
        if (!this.expansion(char, false)) this.at += 1
      } else if (!this.opened(char, from)) break
    }
    return this.text.slice(from, this.at)
  }

  /** Reads what begins with a sign that else ends a word: `<(…)`, `X=(…)`, `@(…)`. */
  private opened(char: string, from: number): boolean {
    if ((char === '<' || char === '>') && this.text[this.at + 1] === '(') {
      this.at += 2
      this.subshell()
      return true
    }
    if (char !== '(' || this.at === from) return false
    const before = this.text[this.at - 1] ?? ''
    if (!'?*+@!='.includes(before)) return false
    if (before === '=' && !ARRAY.test(this.text.slice(from, this.at))) return false
    this.at += 1
    this.upTo(')', '(', false)
    return true
  }

  /** Reads a quote or an expansion; false where none begins here. */
  protected expansion(char: string, quoted: boolean): boolean {
    if (char === '\\') this.at += 2
    else if (char === '$') this.dollar(quoted)
    else if (char === '`') this.backquoted()
    else if (char === '"') this.doubleQuoted()
    else if (char === "'" && !quoted) this.behind(this.text.indexOf("'", this.at + 1))
    else return false
    return true
  }

  private behind(close: number): void {
    if (close === -1) throw new Unreadable('a quote is not closed')
    this.at = close + 1
  }

  private doubleQuoted(): void {
    this.at += 1
    this.upTo('"', '', false, 1, true)
  }

  private backquoted(): void {
    const from = this.at + 1
    this.behind(this.closing('`', from))
    const inner = this.text.slice(from, this.at - 1).replace(/\\([$`\\])/g, '$1')
    this.within('subshell', () => {
      for (const step of this.nested(inner)) this.steps.push(step)
    })
  }

  /** Where a sign stands next that no backslash takes; -1: nowhere. */
  private closing(sign: string, from: number): number {
    let at = from
    while (at < this.text.length && this.text[at] !== sign) at += this.text[at] === '\\' ? 2 : 1
    return at < this.text.length ? at : -1
  }

  private dollar(quoted: boolean): void {
    this.at += 1
    const next = this.text[this.at] ?? ''
    if (this.match(/\(\(/y)) this.upTo(')', '(', true, 2)
    else if (this.match(/\(/y)) this.subshell()
    else if (this.match(/\{/y)) this.parameter(quoted)
    else if (next === "'" && !quoted) this.behind(this.closing("'", this.at + 1))
    else if (!this.readName()) this.match(/[@*#?$!0-9-]/y)
  }

  private parameter(quoted: boolean): void {
    this.match(/[#!](?=[\w@*])/y)
    if (!this.readName()) this.match(/[@*#?$!0-9-]+/y)
    if (this.match(/\[/y)) this.upTo(']', '[', true)
    const isSlice = this.match(/:(?![-=?+])/y) !== null
    this.upTo('}', '', isSlice, 1, quoted)
  }

  /** Reads a variable if its name stands here. */
  private readName(): boolean {
    const name = this.match(/[A-Za-z_]\w*/y)
    if (name !== null) this.steps.push({ kind: 'read', name: name[0] })
    return name !== null
  }

  /** Matches a sticky expression here and goes behind it. */
  protected match(expression: RegExp): RegExpExecArray | null {
    expression.lastIndex = this.at
    const found = expression.exec(this.text)
    if (found !== null) this.at += found[0].length
    return found
  }

  protected subshell(): void {
    this.within('subshell', () => {
      this.list()
      if (this.text[this.at] !== ')') throw new Unreadable(') is missing')
      this.at += 1
    })
  }

  protected within(as: Scope, read: () => void): void {
    this.steps.push({ kind: 'open', as })
    this.deeper(read)
    this.steps.push({ kind: 'close' })
  }

  /** Reads up to the sign that closes `levels` of what is open. In arithmetic a bare name is a variable. */
  protected upTo(close: string, open: string, isArithmetic: boolean, levels = 1, quoted = false): void {
    this.deeper(() => {
      for (let level = levels; level > 0; ) {
        const char = this.text[this.at]
        if (char === undefined) throw new Unreadable(`${close} is missing`)
        if (char === close) level -= 1
        else if (char === open) level += 1
        else if (this.expansion(char, quoted) || (isArithmetic && this.readName())) continue
        this.at += 1
      }
    })
  }

  protected deeper(read: () => void): void {
    this.depth += 1
    if (this.depth > MAX_DEPTH) throw new Unreadable('nested too deep')
    read()
    this.depth -= 1
  }
}
