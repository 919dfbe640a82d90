/**
 * A log of any length on a page. Lines live in blocks of two hundred; only blocks near the window are in the document,
 * the others are an element of the right height. A block nobody has looked at yet is not even loaded.
 */

import { noteLine } from '../../logs/lines.ts'
import { leftOut } from '../../logs/log.ts'
import type { Line } from './log-lines.ts'

export interface Block {
  readonly element: HTMLElement
  /** Numbers it may hold. */
  readonly first: number
  until: number
  /** Null: not loaded. */
  lines: Line[] | null
  loading: Promise<void> | null
  near: boolean
  drawn: boolean
}

export interface BlocksOptions {
  readonly scroller: HTMLElement
  /** Lines of a new block; the last one grows to this. */
  readonly size: number
  /** Gets the lines of a block that was never loaded. */
  readonly load: (first: number, until: number) => Promise<readonly Line[]>
  readonly onDrawn: () => void
}

export type Blocks = ReturnType<typeof blocks>

const NEAR = '1500px 0px'
const LINE_PX = 20
const AGAIN_MS = 3000

export function blocks({ scroller, size, load, onDrawn }: BlocksOptions) {
  const all: Block[] = []
  const byElement = new Map<Element, Block>()

  const observer = new IntersectionObserver(
    (entries) => {
      for (const { target, isIntersecting } of entries) {
        const block = byElement.get(target)
        if (block === undefined) continue
        block.near = isIntersecting
        if (isIntersecting) show(block)
        else putAway(block)
      }
    },
    { root: scroller, rootMargin: NEAR },
  )

  const show = (block: Block): void => {
    if (block.lines === null) void fetchLines(block)
    else if (!block.drawn) draw(block)
  }

  const draw = (block: Block): void => {
    block.element.innerHTML = markupOf(block)
    block.element.style.height = ''
    block.drawn = true
    onDrawn()
  }

  /** Keeps the height it had, so that nothing moves. The block that grows stays. */
  const putAway = (block: Block): void => {
    if (!block.drawn || block === all.at(-1)) return
    block.element.style.height = `${block.element.offsetHeight}px`
    block.element.replaceChildren()
    block.drawn = false
  }

  const fetchLines = (block: Block): Promise<void> => {
    block.loading ??= loadInto(block).finally(() => {
      block.loading = null
    })
    return block.loading
  }

  const loadInto = async (block: Block): Promise<void> => {
    try {
      block.lines ??= [...(await load(block.first, block.until))]
      if (block.near && !block.drawn) draw(block)
      else if (!block.drawn) block.element.style.height = `${block.lines.length * LINE_PX}px`
    } catch {
      window.setTimeout(() => block.near && show(block), AGAIN_MS)
    }
  }

  const add = (first: number, until: number, lines: Line[] | null): Block => {
    const element = document.createElement('div')
    element.className = 'log-block'
    element.style.height = `${(lines?.length ?? until - first + 1) * LINE_PX}px`
    const block: Block = { element, first, until, lines, loading: null, near: false, drawn: false }
    all.push(block)
    byElement.set(element, block)
    scroller.append(element)
    observer.observe(element)
    return block
  }

  const remove = (block: Block): void => {
    observer.unobserve(block.element)
    byElement.delete(block.element)
    block.element.remove()
  }

  return {
    all: (): readonly Block[] => all,
    /** Takes over lines the server has drawn already. */
    adopt([first, until]: readonly [number, number], lines: Line[], nodes: readonly Node[]): void {
      const block = add(first, until, lines)
      block.element.append(...nodes)
      block.element.style.height = ''
      block.drawn = true
    },
    /** Room for lines that are loaded when somebody comes near. */
    reserve: (first: number, until: number): Block => add(first, until, null),
    note(text: string): void {
      const element = document.createElement('div')
      element.innerHTML = noteLine(text)
      scroller.append(element)
    },
    append(lines: readonly Line[], draws: boolean): void {
      for (let from = 0; from < lines.length; ) {
        const last = all.at(-1)
        const block = last?.lines && last.lines.length < size ? last : add(lines[from]?.number ?? 0, 0, [])
        const part = lines.slice(from, from + size - (block.lines?.length ?? 0))
        extend(block, part)
        if (draws && !block.drawn) draw(block)
        from += part.length
      }
    },
    /** Lets go of the oldest blocks. */
    trim(most: number): void {
      for (const block of all.splice(0, Math.max(0, all.length - most))) remove(block)
    },
    clear(): void {
      for (const block of all.splice(0)) remove(block)
      scroller.replaceChildren()
    },
    redraw(): void {
      for (const block of all) if (block.drawn) draw(block)
    },
    fill(block: Block, lines: readonly Line[]): void {
      block.lines ??= [...lines]
      if (block.near && !block.drawn) draw(block)
    },
    /** Loaded and drawn, wherever it stands. */
    async bring(block: Block): Promise<void> {
      if (block.lines === null) await fetchLines(block)
      if (block.lines !== null && !block.drawn) draw(block)
    },
    *lines(): Generator<Line> {
      for (const { lines } of all) yield* lines ?? []
    },
    holding: (number: number): Block | undefined =>
      all.find(({ first, until }) => first <= number && number <= until) ??
      all.find(({ first }) => first > number),
  }

  function extend(block: Block, part: readonly Line[]): void {
    const before = block.lines?.at(-1)?.number
    block.lines?.push(...part)
    block.until = part.at(-1)?.number ?? block.until
    if (block.drawn) {
      block.element.insertAdjacentHTML('beforeend', joined(part, before))
      onDrawn()
    } else block.element.style.height = `${(block.lines?.length ?? 0) * LINE_PX}px`
  }
}

const markupOf = ({ lines, first, until }: Block): string => {
  if (lines === null) return ''
  const last = lines.at(-1)?.number ?? first - 1
  return joined(lines, first - 1) + (until > last ? noteLine(leftOut(until - last)) : '')
}

/** Where numbers jump, lines were left out. Markup of a line is escaped where it is made. */
function joined(lines: readonly Line[], before: number | undefined): string {
  let expected = (before ?? (lines[0]?.number ?? 1) - 1) + 1
  const out: string[] = []
  for (const { number, markup } of lines) {
    if (number > expected) out.push(noteLine(leftOut(number - expected)))
    expected = number + 1
    out.push(markup())
  }
  return out.join('')
}
