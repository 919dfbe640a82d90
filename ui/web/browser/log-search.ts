/** Finding text in the lines that are loaded; in a deployment's log that is all of them once somebody searches. */
import { plain } from '../../logs/line.ts'
import { type Line, numberOf } from './log-lines.ts'

export interface SearchOptions {
  readonly form: HTMLFormElement
  readonly input: HTMLInputElement
  readonly count: HTMLElement
  readonly scroller: HTMLElement
  /** Makes sure that every line there is can be searched. */
  readonly loadAll: () => Promise<void>
  readonly lines: () => Iterable<Line>
  readonly reveal: (number: number) => void
}

export interface Search {
  /** More lines came. */
  added(lines: readonly Line[]): void
  /** Lines were drawn: what is found in them is marked. */
  mark(): void
  /** Lines are others now. */
  again(): void
}

const WAIT_MS = 120

export function search({ form, input, count, scroller, loadAll, lines, reveal }: SearchOptions): Search {
  let query = ''
  let found: number[] = []
  let at = -1
  let timer = 0

  const matches = ({ text }: Line): boolean => plain(text).toLowerCase().includes(query)

  const say = (): void => {
    count.textContent =
      query === ''
        ? ''
        : found.length === 0
          ? 'no match'
          : `${at + 1} of ${found.length.toLocaleString('en')}`
  }

  const find = async (): Promise<void> => {
    const asked = input.value.toLowerCase()
    query = asked
    if (query !== '') {
      count.textContent = 'searching'
      await loadAll()
      if (query !== asked) return
    }
    found = query === '' ? [] : [...lines()].filter(matches).map(({ number }) => number)
    at =
      found.length === 0
        ? -1
        : Math.max(
            0,
            found.findIndex((number) => number >= firstSeen(scroller)),
          )
    goTo()
  }

  const goTo = (): void => {
    const number = found[at]
    if (number !== undefined) reveal(number)
    say()
    mark()
  }

  const step = (by: number): void => {
    if (found.length === 0) return
    at = (at + by + found.length) % found.length
    goTo()
  }

  const mark = (): void => highlight(scroller, query)

  input.addEventListener('input', () => {
    window.clearTimeout(timer)
    timer = window.setTimeout(find, WAIT_MS)
  })
  input.addEventListener('keydown', (event) => {
    if (event.key === 'Enter') step(event.shiftKey ? -1 : 1)
    else if (event.key === 'Escape') {
      input.value = ''
      void find()
      scroller.focus({ preventScroll: true })
    } else return
    event.preventDefault()
  })
  form.addEventListener('submit', (event) => event.preventDefault())
  form.addEventListener('click', ({ target }) => {
    const button = target instanceof Element ? target.closest('[data-log-step]') : null
    if (button !== null) step(Number(button.getAttribute('data-log-step')))
  })

  return {
    added(more) {
      if (query === '') return
      found.push(...more.filter(matches).map(({ number }) => number))
      if (at < 0 && found.length > 0) at = 0
      say()
    },
    mark,
    again: () => void find(),
  }
}

/** Number of the first line in the window. */
function firstSeen(scroller: HTMLElement): number {
  const { top } = scroller.getBoundingClientRect()
  for (const line of scroller.querySelectorAll<HTMLElement>('.log-line'))
    if (line.getBoundingClientRect().bottom > top) return numberOf(line)
  return 0
}

const MOST_MARKED = 2000

/** Marks what is found without touching the markup; a browser that cannot still goes from match to match. */
function highlight(scroller: HTMLElement, query: string): void {
  if (!('highlights' in CSS)) return
  CSS.highlights.delete('log-match')
  if (query === '') return
  const ranges: Range[] = []
  const walker = document.createTreeWalker(scroller, NodeFilter.SHOW_TEXT)
  for (let node = walker.nextNode(); node !== null && ranges.length < MOST_MARKED; node = walker.nextNode()) {
    const text = node.textContent?.toLowerCase() ?? ''
    for (let from = text.indexOf(query); from >= 0; from = text.indexOf(query, from + query.length)) {
      const range = new Range()
      range.setStart(node, from)
      range.setEnd(node, Math.min(from + query.length, node.textContent?.length ?? 0))
      ranges.push(range)
    }
  }
  if (ranges.length > 0) CSS.highlights.set('log-match', new Highlight(...ranges))
}
