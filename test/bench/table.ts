/** The one table a run prints: the floor and ours, measured in the same run. */

export interface Row {
  readonly work: string
  readonly floor: string
  readonly ours: string
  /** How many times what the floor takes; empty where there is none. */
  readonly ratio: string
  readonly aim: string
}

/** At most so many times the floor, or at most so much, whatever the floor. */
export type Aim = { readonly times: number } | { readonly most: number } | { readonly said: string }

export interface Figures {
  readonly floor?: number
  readonly ours: number
  readonly aim?: Aim
  /** Of a rate more is better, so the ratio is the other way round. */
  readonly rate?: boolean
}

/** A line of figures, each said by `say`. */
export function row(work: string, say: (figure: number) => string, figures: Figures): Row {
  const { floor, ours, aim, rate = false } = figures
  const ratio = floor === undefined ? Number.NaN : rate ? floor / ours : ours / floor
  return {
    work,
    floor: floor === undefined ? '' : say(floor),
    ours: say(ours),
    ratio: Number.isNaN(ratio) ? '' : `×${digits(ratio)}`,
    aim: aim === undefined ? '' : sayAim(aim, say, { ours, ratio }),
  }
}

function sayAim(aim: Aim, say: (figure: number) => string, { ours, ratio }: { ours: number; ratio: number }) {
  if ('said' in aim) return aim.said
  if ('times' in aim) return `≤ ×${aim.times}${ratio > aim.times ? '  missed' : ''}`
  return `≤ ${say(aim.most)}${ours > aim.most ? '  missed' : ''}`
}

export const milliseconds = (value: number): string => `${digits(value)} ms`
export const microseconds = (value: number): string => `${digits(value)} µs`
export const megabytes = (value: number): string => `${digits(value)} MB`
export const kilobytes = (value: number): string => `${digits(value)} KB`
export const aSecond = (value: number): string => `${Math.round(value).toLocaleString('en')}/s`

/** Three digits that mean something. */
const digits = (value: number): string =>
  Math.abs(value) >= 100 ? Math.round(value).toLocaleString('en') : Number(value.toPrecision(3)).toString()

const COLUMNS = ['work', 'floor', 'ours', 'ratio', 'aim'] as const

export function table(rows: readonly Row[]): string {
  const head: Row = { work: 'work', floor: 'floor', ours: 'ours', ratio: 'ratio', aim: 'aim' }
  const widths = COLUMNS.map((column) => Math.max(...[head, ...rows].map((row) => row[column].length)))
  const line = (row: Row) =>
    COLUMNS.map((column, index) =>
      column === 'work' || column === 'aim'
        ? row[column].padEnd(widths[index] ?? 0)
        : row[column].padStart(widths[index] ?? 0),
    )
      .join('   ')
      .trimEnd()
  const rule = widths.map((width) => '─'.repeat(width)).join('───')
  return [line(head), rule, ...rows.map(line)].join('\n')
}
