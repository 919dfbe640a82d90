/** Lines as they come from the server made into lines as they are shown. */
import { alone, ansiStream, carry, leftOn } from '../../logs/ansi.ts'
import { noteLine, numberedLine, sinceStart, stampedLine } from '../../logs/lines.ts'
import type { LogLine } from '../../logs/log.ts'
import { NOTE } from '../../logs/output.ts'

/** A line whose markup is made each time it is shown. */
export interface Line {
  readonly number: number
  readonly text: string
  readonly process: string
  readonly markup: () => string
}

const ansi = ansiStream()

const CLOCK = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' })
/** "14:05:09" where the visitor is. */
const localTime = (ms: number): string => CLOCK.format(ms)

/** Makes lines that follow one another: a colour left on by one goes on in the next. */
export function lineMaker(
  numbered: boolean,
  bad: ReadonlySet<number>,
): (lines: readonly LogLine[]) => Line[] {
  let on = ''
  return (lines) =>
    lines.map(([number, ms, text, process = '']) => {
      const colours = on
      on = leftOn(on, text)
      const markup = () => {
        if (process === NOTE) return noteLine(text)
        const shown = { number, markup: alone(ansi, carry(colours, text)), process }
        return numbered
          ? numberedLine({ ...shown, time: sinceStart(ms) }, bad.has(number))
          : stampedLine({ ...shown, time: localTime(ms) }, ms)
      }
      return { number, text, process, markup }
    })
}

/** Lines the server has drawn already, by their elements. */
export function drawnLine(element: HTMLElement, bad: ReadonlySet<number>): Line {
  const number = numberOf(element)
  const text = element.querySelector('.log-text')
  // Escaped by the server; read back it is escaped again by the browser.
  const drawn = { number, time: element.dataset.time ?? '', markup: text?.innerHTML ?? '', process: '' }
  return {
    number,
    text: text?.textContent ?? '',
    process: '',
    markup: () => numberedLine(drawn, bad.has(number)),
  }
}

export const numberOf = (line: HTMLElement): number => Number(line.dataset.line ?? line.id.slice(1))
