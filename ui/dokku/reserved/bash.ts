/**
 * Reads a bash script as far as its variables go: which names it reads, sets and declares, in which order, and where it
 * evaluates text from elsewhere. Nothing is run. Pure; linear in the length of the text.
 */
import { ASSIGNMENT, builtin, tested } from './builtins.ts'
import { Lines } from './lines.ts'
import { type Step, Unreadable, type Word } from './words.ts'

/** A function; or, where its name is null, the commands outside of functions. */
export interface Body {
  readonly name: string | null
  readonly steps: readonly Step[]
}

/** Throws `Unreadable` for text whose quotes and brackets do not close, or that is nested too deep to be a script. */
export function readBash(text: string): readonly Body[] {
  return new Script(text).bodies()
}

const KEYWORD = /(?:then|do|done|fi|elif|else|esac|\})(?=[\s;&|<>()`]|$)/y
const FUNCTION = /[^\s;&|<>()$"'`={}[\]]+[ \t]*\([ \t]*\)\s*/y

class Script extends Lines {
  private readonly functions: Body[] = []
  private inFunction = false

  bodies(): readonly Body[] {
    this.list()
    if (this.at < this.text.length) throw new Unreadable('a bracket or keyword has no beginning')
    return [...this.functions, { name: null, steps: this.steps }]
  }

  protected nested(text: string): readonly Step[] {
    const script = new Script(text)
    script.inFunction = this.inFunction
    const bodies = script.bodies()
    for (const body of bodies.slice(0, -1)) this.functions.push(body)
    return bodies.at(-1)?.steps ?? []
  }

  protected list(): void {
    for (;;) {
      this.gap(true)
      if (this.isOver()) return
      this.andOr()
    }
  }

  private isOver(): boolean {
    KEYWORD.lastIndex = this.at
    return [undefined, ')', ';'].includes(this.text[this.at]) || KEYWORD.test(this.text)
  }

  private andOr(): void {
    let open = 0
    const close = () => {
      for (; open > 0; open--) this.steps.push({ kind: 'close' })
    }
    this.pipeline()
    for (;;) {
      const sign = this.match(/&&|\|\|/y)?.[0]
      if (sign === undefined) break
      // What b sets is not there for the c of `a && b || c`.
      if (sign === '||') close()
      this.gap()
      this.steps.push({ kind: 'open', as: 'branch' })
      open += 1
      this.pipeline()
    }
    close()
  }

  private pipeline(): void {
    while (this.match(/(?:!|time|coproc)(?=\s)\s*/y) !== null);
    this.command()
    while (this.match(/\|(?!\|)&?/y) !== null) {
      this.gap()
      this.within('subshell', () => this.command())
    }
  }

  private command(): void {
    this.deeper(() => {
      if (this.compound()) while (this.space() || this.redirection());
      else this.simple()
    })
  }

  private compound(): boolean {
    const { at } = this
    if (this.match(/\(\(/y)) this.upTo(')', '(', true, 2)
    else if (this.match(/\(/y)) this.subshell()
    else if (this.match(/\[\[(?=\s)/y)) this.test()
    else if (this.match(/\{(?=\s)/y)) this.listAnd(/\}/y)
    else if (this.match(/if(?=[\s(])/y)) this.conditional()
    else if (this.match(/(?:while|until)(?=[\s(])/y)) this.loop(() => this.listAnd(/do/y))
    else if (this.match(/(?:for|select)(?=[\s(])/y)) this.counted()
    else if (this.match(/case(?=\s)/y)) this.choice()
    else if (this.match(/function[ \t]+/y)) this.definition(this.word(), /(?:[ \t]*\([ \t]*\))?\s*/y)
    else if (this.match(FUNCTION))
      this.definition(this.text.slice(at, this.text.indexOf('(', at)).trim(), null)
    else return false
    return true
  }

  private listAnd(end: RegExp): void {
    this.list()
    if (this.match(end) === null) throw new Unreadable(`${end.source} is missing`)
  }

  private conditional(): void {
    this.listAnd(/then/y)
    this.within('branch', () => this.list())
    if (this.match(/elif/y)) this.within('branch', () => this.conditional())
    else {
      if (this.match(/else/y)) this.within('branch', () => this.list())
      this.listAnd(/fi/y)
    }
  }

  private loop(head: () => void): void {
    this.within('loop', () => {
      head()
      this.listAnd(/done/y)
    })
  }

  private counted(): void {
    this.gap()
    const name = this.match(/\(\(/y) ? this.upTo(')', '(', true, 2) : this.word()
    this.gap()
    if (this.match(/in(?=[\s;])/y))
      do this.space()
      while (this.word() !== '')
    this.gap(true)
    this.loop(() => {
      if (typeof name === 'string') this.steps.push({ kind: 'set', name })
      this.listAnd(/do|\{/y)
    })
  }

  private choice(): void {
    this.space()
    this.word()
    this.gap()
    if (this.match(/in(?=\s)/y) === null) throw new Unreadable('in is missing')
    for (;;) {
      this.gap()
      if (this.match(/esac/y)) return
      this.match(/\(/y)
      do {
        this.space()
        this.word()
        this.space()
      } while (this.match(/\|/y) !== null)
      if (this.match(/\)/y) === null) throw new Unreadable('a pattern is not closed')
      this.within('branch', () => this.list())
      this.match(/;;&|;;|;&/y)
    }
  }

  private definition(name: string, rest: RegExp | null): void {
    if (rest !== null) this.match(rest)
    const { steps, inFunction } = this
    this.steps = []
    this.inFunction = true
    this.gap()
    this.command()
    this.functions.push({ name, steps: this.steps })
    this.steps = steps
    this.inFunction = inFunction
  }

  private test(): void {
    const words: Word[] = []
    for (;;) {
      this.gap()
      if (this.match(/\]\]/y)) break
      const word = this.word(' \t\n')
      if (word === '') throw new Unreadable(']] is missing')
      words.push(word)
    }
    for (const step of tested(words)) this.steps.push(step)
  }

  /** The assignments in front of a command are for that command alone. */
  private simple(): void {
    const { at, steps } = this
    const parts: { readonly reads: readonly Step[]; readonly word: Word }[] = []
    for (;;) {
      this.steps = []
      while (this.space() || this.redirection());
      const word = this.word()
      parts.push({ reads: this.steps, word })
      if (word === '') break
    }
    this.steps = steps
    if (this.at === at) throw new Unreadable('no command begins here')
    const first = parts.findIndex(({ word }) => !ASSIGNMENT.test(word))
    const words = parts.slice(first).map(({ word }) => word)
    const isCommand = words[0] !== ''
    for (const { reads: found, word } of parts) {
      for (const step of found) steps.push(step)
      const [, name, element, append] = ASSIGNMENT.exec(word) ?? []
      if (isCommand || name === undefined) continue
      if (append) steps.push({ kind: 'read', name })
      else if (!element) steps.push({ kind: 'set', name })
    }
    if (isCommand) for (const step of builtin(words.slice(0, -1), this.inFunction)) steps.push(step)
  }
}
