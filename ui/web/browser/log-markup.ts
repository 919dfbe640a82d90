/** Lines of a block as markup, which each line escapes as it makes it. */
import { noteLine } from '../../logs/lines.ts'
import { leftOut } from '../../logs/log.ts'
import type { Line } from './log-lines.ts'

/**
 * `before` is the number of the line above; where numbers jump, the lines left out are counted, also those between the
 * last line and `until`.
 */
export function linesMarkup(lines: readonly Line[], before: number, until = 0): string {
  let expected = before + 1
  const out: string[] = []
  for (const { number, markup } of lines) {
    if (number > expected) out.push(noteLine(leftOut(number - expected)))
    expected = number + 1
    out.push(markup())
  }
  if (until >= expected) out.push(noteLine(leftOut(until - expected + 1)))
  return out.join('')
}
