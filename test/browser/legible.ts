/** What of a page cannot be read in a window of this width. Runs in the page itself, so nothing outside is used. */
export function illegible(): readonly string[] {
  /** CSS pixels: a column of text narrower than this holds no word. */
  const NARROWEST = 48
  const found = new Set<string>()
  const root = document.documentElement
  const sideways = root.scrollWidth - root.clientWidth
  if (sideways > 0) found.add(`the page scrolls sideways by ${sideways} px`)

  const nameOf = (element: Element): string => {
    const text = (element.textContent ?? '').replace(/\s+/g, ' ').trim().slice(0, 40)
    return `<${element.tagName.toLowerCase()} class="${(element.getAttribute('class') ?? '').slice(0, 60)}"> “${text}”`
  }
  const scrolls = (element: Element): boolean => {
    const { overflowX } = getComputedStyle(element)
    return overflowX === 'auto' || overflowX === 'scroll'
  }
  const scrolled = (element: Element): boolean => {
    for (let at: Element | null = element; at !== null && at !== root; at = at.parentElement)
      if (scrolls(at)) return true
    return false
  }
  const seen = (element: Element): boolean =>
    element.checkVisibility({ opacityProperty: true, visibilityProperty: true }) &&
    element.closest('.sr-only, dialog:not([open]), [aria-hidden=true]') === null
  const isText = (node: Node): node is Text =>
    node.nodeType === Node.TEXT_NODE && (node.textContent ?? '').trim() !== ''
  /** Lines the text of an element is broken into. */
  const linesOf = (texts: readonly Text[]): number => {
    const tops = new Set<number>()
    for (const text of texts) {
      const range = document.createRange()
      range.selectNodeContents(text)
      for (const { top, width } of range.getClientRects()) if (width > 0) tops.add(Math.round(top))
    }
    return tops.size
  }

  for (const element of document.querySelectorAll(
    'body *:not(svg, svg *, script, style, noscript, option)',
  )) {
    const style = getComputedStyle(element)
    if (style.display === 'inline' || style.display === 'contents' || !seen(element)) continue
    const { clientWidth, scrollWidth } = element
    const { right, width } = element.getBoundingClientRect()
    if (right > root.clientWidth + 1 && !scrolled(element)) found.add(`beyond the window: ${nameOf(element)}`)
    const texts = [...element.childNodes].filter(isText)
    if (texts.length === 0) continue
    const ellipsis = style.textOverflow === 'ellipsis' || style.webkitLineClamp !== 'none'
    if (scrollWidth > clientWidth + 1 && clientWidth > 0 && !scrolled(element)) {
      if (!ellipsis) found.add(`cut at ${clientWidth} of ${scrollWidth} px: ${nameOf(element)}`)
      else if (clientWidth < NARROWEST) found.add(`shortened to ${clientWidth} px: ${nameOf(element)}`)
    }
    const characters = texts.reduce((sum, { data }) => sum + data.trim().length, 0)
    const lines = linesOf(texts)
    if (width < 1) found.add(`no room: ${nameOf(element)}`)
    if (width < NARROWEST && lines > 2 && characters / lines < 5)
      found.add(`${lines} lines of ${Math.round(width)} px: ${nameOf(element)}`)
  }
  return [...found]
}
