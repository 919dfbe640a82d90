/**
 * A log of any length on a page. Lines live in blocks; only blocks near the window, and the end while it is followed,
 * are in the document. The others are an element of the right height, and a block that was never near is not even
 * loaded. Whatever changes, the document is changed at most once a frame.
 */

import { noteLine } from '../../logs/lines.ts'
import type { Line } from './log-lines.ts'
import { linesMarkup } from './log-markup.ts'
import { oncePerFrame } from './once-per-frame.ts'

export interface Block {
  readonly element: HTMLElement
  /** Numbers it may hold. */
  readonly first: number
  until: number
  /** Null: not loaded. */
  lines: Line[] | null
  loading: Promise<void> | null
  near: boolean
  /** Lines in the document; null: none of the block is. */
  drawn: number | null
}

export interface BlocksOptions {
  readonly scroller: HTMLElement
  /** Lines of a new block; the last one grows to this. */
  readonly size: number
  /** Gets the lines of a block that was never loaded. */
  readonly load: (first: number, until: number) => Promise<readonly Line[]>
  /** Whether the end is to be in the document, wherever the window is. */
  readonly following: () => boolean
  readonly onDrawn: () => void
}

export type Blocks = ReturnType<typeof blocks>

const NEAR_PX = 800
/** As --log-line of log.css. */
const LINE_PX = 24
const RETRY_MS = 3000

export function blocks({ scroller, size, load, following, onDrawn }: BlocksOptions) {
  const all: Block[] = []
  const byElement = new Map<Element, Block>()
  /** The block of the line that was requested last: the window is about to move there. */
  let revealed: Block | null = null

  const observer = new IntersectionObserver(
    (entries) => {
      for (const { target, isIntersecting } of entries) {
        const block = byElement.get(target)
        if (block !== undefined) block.near = isIntersecting
      }
      schedule()
    },
    { root: scroller, rootMargin: `${NEAR_PX}px 0px` },
  )

  const schedule = oncePerFrame(() => render())

  const render = (): void => {
    const wanted = wantedBlocks()
    let changed = false
    for (const block of wanted) {
      if (block.lines === null) void fetchLines(block)
      else if (draw(block)) changed = true
    }
    if (changed) onDrawn()
    putAway(all.filter((block) => block.drawn !== null && !wanted.has(block)))
  }

  const wantedBlocks = (): ReadonlySet<Block> => {
    const wanted = new Set(all.filter(({ near }) => near))
    if (revealed !== null) wanted.add(revealed)
    if (!following()) return wanted
    let room = scroller.clientHeight / LINE_PX
    for (let at = all.length - 1; at >= 0 && room > 0; at -= 1) {
      const block = all[at]
      if (block === undefined) break
      wanted.add(block)
      room -= block.lines?.length ?? size
    }
    return wanted
  }

  /** Draws what is missing of a block; false: nothing is. */
  const draw = (block: Block): boolean => {
    const { element, lines, first, until } = block
    if (lines === null || block.drawn === lines.length) return false
    if (block.drawn === null) {
      element.innerHTML = linesMarkup(lines, first - 1, until)
      element.style.height = ''
    } else {
      const before = lines[block.drawn - 1]?.number ?? first - 1
      element.insertAdjacentHTML('beforeend', linesMarkup(lines.slice(block.drawn), before))
    }
    block.drawn = lines.length
    return true
  }

  /** Each keeps the height it had, so that nothing moves. All are measured before any is changed: one layout. */
  const putAway = (old: readonly Block[]): void => {
    const heights = old.map(({ element }) => element.offsetHeight)
    old.forEach((block, index) => {
      block.element.style.height = `${heights[index]}px`
      block.element.replaceChildren()
      block.drawn = null
    })
  }

  const fetchLines = (block: Block): Promise<void> => {
    block.loading ??= loadInto(block).finally(() => {
      block.loading = null
    })
    return block.loading
  }

  const loadInto = async (block: Block): Promise<void> => {
    try {
      const lines = await load(block.first, block.until)
      fill(block, lines)
    } catch {
      window.setTimeout(schedule, RETRY_MS)
    }
  }

  const fill = (block: Block, lines: readonly Line[]): void => {
    block.lines ??= [...lines]
    if (block.drawn === null) block.element.style.height = `${block.lines.length * LINE_PX}px`
    schedule()
  }

  const add = (first: number, until: number, lines: Line[] | null): Block => {
    const element = document.createElement('div')
    element.className = 'log-block'
    element.style.height = `${(lines?.length ?? until - first + 1) * LINE_PX}px`
    const block: Block = { element, first, until, lines, loading: null, near: false, drawn: null }
    all.push(block)
    byElement.set(element, block)
    scroller.append(element)
    observer.observe(element)
    return block
  }

  const remove = (block: Block): void => {
    observer.unobserve(block.element)
    byElement.delete(block.element)
    if (revealed === block) revealed = null
    block.element.remove()
  }

  const extend = (block: Block, part: readonly Line[]): void => {
    block.lines?.push(...part)
    block.until = part.at(-1)?.number ?? block.until
    if (block.drawn === null) block.element.style.height = `${(block.lines?.length ?? 0) * LINE_PX}px`
  }

  return {
    all: (): readonly Block[] => all,
    /** Takes over lines the server has drawn already. */
    adopt([first, until]: readonly [number, number], lines: Line[], nodes: readonly Node[]): void {
      const block = add(first, until, lines)
      block.element.append(...nodes)
      block.element.style.height = ''
      block.drawn = lines.length
    },
    /** Room for lines that are loaded once the window is near. */
    reserve: (first: number, until: number): Block => add(first, until, null),
    note(text: string): void {
      const element = document.createElement('div')
      element.innerHTML = noteLine(text)
      scroller.append(element)
    },
    append(lines: readonly Line[]): void {
      for (let from = 0; from < lines.length; ) {
        const last = all.at(-1)
        const block = last?.lines && last.lines.length < size ? last : add(lines[from]?.number ?? 0, 0, [])
        const part = lines.slice(from, from + size - (block.lines?.length ?? 0))
        extend(block, part)
        from += part.length
      }
      schedule()
    },
    /** Removes the oldest blocks. */
    trim(most: number): void {
      for (const block of all.splice(0, Math.max(0, all.length - most))) remove(block)
    },
    clear(): void {
      for (const block of all.splice(0)) remove(block)
      scroller.replaceChildren()
    },
    fill,
    /** Loads and draws a block, wherever it stands. */
    async bring(block: Block): Promise<void> {
      revealed = block
      if (block.lines === null) await fetchLines(block)
      if (draw(block)) onDrawn()
    },
    holding: (number: number): Block | undefined =>
      all.find(({ first, until }) => first <= number && number <= until) ??
      all.find(({ first }) => first > number),
  }
}
