import { raw } from 'hono/html'
import type { HtmlEscapedString } from 'hono/utils/html'
import { remembered } from './remembered.ts'

const BARS: Readonly<Record<string, readonly [height: number, fill: string, word: string]>> = {
  s: [14, 'fill-good-fill', 'succeeded'],
  f: [8, 'fill-bad-fill', 'failed'],
  b: [14, 'fill-off-fill', 'built, not deployed'],
  c: [4, 'fill-off-fill', 'canceled'],
  r: [14, 'fill-busy-fill running-bar', 'running'],
}
const SHOWN = 10

/** The last ten deployments, oldest first: a tall bar went well, a short one did not. */
export const spark = remembered((recent: string): HtmlEscapedString | '' => {
  const outcomes = [...recent].slice(-SHOWN)
  if (outcomes.length === 0) return ''
  const first = SHOWN - outcomes.length
  const bars = Object.entries(BARS).map(([letter, [height, fill]]) => {
    const places = outcomes.flatMap((outcome, index) => (outcome === letter ? [(first + index) * 5] : []))
    const drawn = places.map((x) => `M${x} ${14 - height}h3v${height}h-3z`).join('')
    return drawn === '' ? '' : `<path class="${fill}" d="${drawn}"/>`
  })
  return raw(
    `<svg width="${SHOWN * 5 - 2}" height="14" role="img" aria-label="Last ${outcomes.length}: ${inWords(outcomes)}" class="shrink-0">${bars.join('')}</svg>`,
  )
})

const inWords = (outcomes: readonly string[]): string =>
  Object.entries(BARS)
    .map(([letter, [, , word]]) => [outcomes.filter((outcome) => outcome === letter).length, word] as const)
    .filter(([count]) => count > 0)
    .map(([count, word]) => `${count} ${word}`)
    .join(', ')
