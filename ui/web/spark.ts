import { html, raw } from 'hono/html'
import type { Html } from './layout.ts'

const BARS: Readonly<Record<string, readonly [height: number, fill: string, word: string]>> = {
  s: [14, 'fill-good-fill', 'succeeded'],
  f: [8, 'fill-bad-fill', 'failed'],
  c: [4, 'fill-off-fill', 'canceled'],
  r: [14, 'fill-busy-fill running-bar', 'running'],
}
const SHOWN = 10

/** The last ten deployments, oldest first: a tall bar went well, a short one did not. */
export function spark(recent: string): Html | '' {
  const outcomes = [...recent].slice(-SHOWN)
  if (outcomes.length === 0) return ''
  const first = SHOWN - outcomes.length
  const bars = outcomes.map((letter, index) => {
    const [height, fill] = BARS[letter] ?? [4, 'fill-off-fill', '']
    return `<rect x="${(first + index) * 5}" y="${14 - height}" width="3" height="${height}" rx="1" class="${fill}"/>`
  })
  return html`<svg width="${SHOWN * 5 - 2}" height="14" role="img" aria-label="Last ${outcomes.length}: ${inWords(outcomes)}" class="shrink-0">${raw(bars.join(''))}</svg>`
}

const inWords = (outcomes: readonly string[]): string =>
  Object.entries(BARS)
    .map(([letter, [, , word]]) => [outcomes.filter((outcome) => outcome === letter).length, word] as const)
    .filter(([count]) => count > 0)
    .map(([count, word]) => `${count} ${word}`)
    .join(', ')
