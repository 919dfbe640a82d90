/** What stands between the words of a bash script: blanks, comments, redirections, and the texts that follow by `<<`. */
import { reads, unquoted } from './builtins.ts'
import { Words } from './words.ts'

const REDIRECTION = /(?:\d+|\{\w+\})?(&>>?|<<<|<<-?|<>|[<>]&|>\||>>|<(?!\()|>(?!\())/y

interface Heredoc {
  readonly end: string
  readonly expands: boolean
  readonly tabs: boolean
}

export abstract class Lines extends Words {
  private heredocs: Heredoc[] = []

  /** Skips blanks, comments and newlines; with `signs`, also what divides commands. */
  protected gap(signs = false): void {
    while (this.space() || this.newline() || (signs && this.match(/;(?![;&])|&(?![>&])/y) !== null));
  }

  protected space(): boolean {
    return this.match(/(?:[ \t\r]|\\\n)+(?:#[^\n]*)?|(?<=^|[\s;&|()])#[^\n]*/y) !== null
  }

  /** The texts announced by << begin behind it. */
  private newline(): boolean {
    if (this.text[this.at] !== '\n') return false
    this.at += 1
    const heredocs = this.heredocs
    this.heredocs = []
    for (const heredoc of heredocs) this.heredoc(heredoc)
    return true
  }

  private heredoc({ end, expands, tabs }: Heredoc): void {
    const from = this.at
    let to = from
    for (;;) {
      to = this.at
      if (to >= this.text.length) break
      const close = this.text.indexOf('\n', to)
      this.at = close === -1 ? this.text.length : close + 1
      const line = this.text.slice(to, close === -1 ? this.text.length : close)
      if ((tabs ? line.replace(/^\t+/, '') : line) === end) break
    }
    if (expands) for (const step of reads(this.text.slice(from, to))) this.steps.push(step)
  }

  protected redirection(): boolean {
    const sign = this.match(REDIRECTION)?.[1]
    if (sign === undefined) return false
    this.space()
    const word = this.word()
    if (sign.startsWith('<<') && sign !== '<<<') {
      const end = unquoted(word)
      this.heredocs.push({ end, expands: end === word, tabs: sign === '<<-' })
    }
    return true
  }
}
