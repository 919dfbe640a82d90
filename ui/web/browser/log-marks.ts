/** Marks matches of a search in the lines that are drawn, without touching their markup, at most once a frame. */

import { oncePerFrame } from './once-per-frame.ts'

export interface Marks {
  /** What is marked from now on; empty: nothing. */
  of(query: string): void
  /** Lines were drawn. */
  drawn(): void
}

/** In one line, which may be 16 KB of one letter, and in all that is drawn. */
const MOST_IN_LINE = 50
const MOST = 5000
const NAME = 'log-match'

/** A browser without highlights still goes from match to match. */
export function marks(scroller: HTMLElement): Marks {
  if (!('highlights' in CSS)) return { of() {}, drawn() {} }
  let query = ''

  const drawn = oncePerFrame(() => {
    const ranges: StaticRange[] = []
    if (query !== '')
      for (const line of scroller.querySelectorAll('.log-text')) {
        ranges.push(...rangesIn(line, query))
        if (ranges.length >= MOST) break
      }
    if (ranges.length > 0) CSS.highlights.set(NAME, new Highlight(...ranges))
    else CSS.highlights.delete(NAME)
  })

  return {
    of(next) {
      query = next
      drawn()
    },
    drawn,
  }
}

/** Static: a live range is looked after by the browser at each change of the document. */
function rangesIn(line: Element, query: string): StaticRange[] {
  const ranges: StaticRange[] = []
  const walker = document.createTreeWalker(line, NodeFilter.SHOW_TEXT)
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    const { length } = node.textContent ?? ''
    const text = node.textContent?.toLowerCase() ?? ''
    for (let from = text.indexOf(query); from >= 0; from = text.indexOf(query, from + query.length)) {
      // Lower case may be longer: İ is two.
      const [startOffset, endOffset] = [Math.min(from, length), Math.min(from + query.length, length)]
      ranges.push(new StaticRange({ startContainer: node, startOffset, endContainer: node, endOffset }))
      if (ranges.length >= MOST_IN_LINE) return ranges
    }
  }
  return ranges
}
