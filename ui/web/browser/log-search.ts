/**
 * Finding text in a log. A deployment's lines are loaded as they are searched; the work is cut into slices, so that the
 * page answers meanwhile however long the log is.
 */
import { plain } from '../../logs/line.ts'
import type { Block } from './log-blocks.ts'
import { type Line, numberOf } from './log-lines.ts'
import { marks } from './log-marks.ts'

export interface SearchOptions {
  readonly form: HTMLFormElement
  readonly input: HTMLInputElement
  readonly count: HTMLElement
  readonly scroller: HTMLElement
  /** All lines there are, in order, each loaded when its turn comes. */
  readonly everyLine: () => AsyncIterable<readonly Line[]>
  readonly reveal: (number: number) => void
}

export interface Search {
  /** More lines came. */
  added(lines: readonly Line[]): void
  /** Lines were drawn: matches in them are marked. */
  mark(): void
  /** Lines are others now. */
  again(): void
}

const WAIT_MS = 120
/** Of work before the page gets its turn. */
const SLICE_MS = 8

export function search({ form, input, count, scroller, everyLine, reveal }: SearchOptions): Search {
  const marking = marks(scroller)
  let query = ''
  let found: number[] = []
  let at = -1
  let timer = 0
  let run = 0
  /** Lines that came while older ones are still searched; null: none are. */
  let late: Line[] | null = null

  const say = (): void => {
    count.textContent =
      query === ''
        ? ''
        : found.length === 0
          ? 'no match'
          : `${(at + 1).toLocaleString('en')} of ${found.length.toLocaleString('en')}`
  }

  const find = async (): Promise<void> => {
    run += 1
    const mine = run
    query = input.value.toLowerCase()
    found = []
    at = -1
    late = []
    marking.of(query)
    if (query !== '') {
      count.textContent = 'searching'
      const matches = await matching(query, () => run !== mine).catch(() => null)
      if (run !== mine) return
      if (matches === null) {
        late = null
        count.textContent = 'not all lines could be loaded'
        return
      }
      found = matches.concat(numbersOf(late, query))
    }
    late = null
    if (found.length > 0) at = Math.max(0, firstFrom(found, firstSeen(scroller)))
    goTo()
  }

  const matching = async (text: string, stopped: () => boolean): Promise<number[]> => {
    const numbers: number[] = []
    let since = performance.now()
    for await (const lines of everyLine()) {
      numbers.push(...numbersOf(lines, text))
      if (performance.now() - since < SLICE_MS) continue
      await pause()
      if (stopped()) break
      since = performance.now()
    }
    return numbers
  }

  const goTo = (): void => {
    const number = found[at]
    if (number !== undefined) reveal(number)
    say()
  }

  const step = (by: number): void => {
    if (found.length === 0) return
    at = (at + by + found.length) % found.length
    goTo()
  }

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
      if (late !== null) {
        late.push(...more)
        return
      }
      found.push(...numbersOf(more, query))
      if (at < 0 && found.length > 0) at = 0
      say()
    },
    mark: marking.drawn,
    again: () => void find(),
  }
}

const BLOCKS_AT_ONCE = 25

/** The lines there are by now, in order. Blocks are loaded in groups, the next one while this one is read. */
export async function* everyLine(
  blocks: readonly Block[],
  loadMissing: (group: readonly Block[]) => Promise<void>,
): AsyncGenerator<readonly Line[]> {
  const until = blocks.at(-1)?.until ?? 0
  const groups: (readonly Block[])[] = []
  for (let from = 0; from < blocks.length; from += BLOCKS_AT_ONCE)
    groups.push(blocks.slice(from, from + BLOCKS_AT_ONCE))
  const loadGroup = (at: number): Promise<void> => {
    const loading = loadMissing(groups[at] ?? [])
    // A search that was stopped awaits it no more.
    loading.catch(() => {})
    return loading
  }
  let loading = loadGroup(0)
  for (const [at, group] of groups.entries()) {
    await loading
    loading = loadGroup(at + 1)
    for (const { lines } of group) yield lines?.filter(({ number }) => number <= until) ?? []
  }
}

const numbersOf = (lines: readonly Line[], query: string): number[] =>
  lines.filter(({ text }) => plain(text).toLowerCase().includes(query)).map(({ number }) => number)

/** Index of the first number that is not below `least`, which are in order; -1: all are. */
const firstFrom = (numbers: readonly number[], least: number): number =>
  numbers.findIndex((number) => number >= least)

/** Number of the first line in the window. */
function firstSeen(scroller: HTMLElement): number {
  const { top } = scroller.getBoundingClientRect()
  for (const line of scroller.querySelectorAll<HTMLElement>('.log-line'))
    if (line.getBoundingClientRect().bottom > top) return numberOf(line)
  return 0
}

/** Until what waits, such as a key that was pressed, has had its turn. */
const pause = (): Promise<void> =>
  new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel()
    port1.onmessage = () => {
      port1.close()
      resolve()
    }
    port2.postMessage(null)
  })
