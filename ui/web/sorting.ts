/** Columns by which a list is sorted: `app` one way, `-app` the other. */
import { html, raw } from 'hono/html'
import { icon } from './icons.ts'
import type { Html } from './layout.ts'

/** As `aria-sort` has it. */
export type Direction = 'ascending' | 'descending' | 'none'

export const directionOf = (sort: string, column: string): Direction =>
  sort === column ? 'ascending' : sort === `-${column}` ? 'descending' : 'none'

/** What a click on its heading sorts by: the column, or the column the other way round. */
export const nextSort = (sort: string, column: string): string => (sort === column ? `-${column}` : column)

/** The heading of a column that can be sorted by. */
export const sortLink = (name: string, direction: Direction, href: string): Html =>
  html`<a href="${href}" class="inline-flex min-h-6 items-center gap-1 rounded hover:text-foreground">${name}${direction === 'none' ? '' : icon(direction === 'ascending' ? 'down' : 'up', 'size-3')}</a>`

/** A name alone is a column that is not sorted by. */
export type Column = string | readonly [name: string, column: string]

export interface Sorted {
  readonly sort: string
  readonly href: (sort: string) => string
}

/** Headings of a list that is laid out as a grid, where `layout` shows them; a cell says by itself what it is. */
export const sortHeadings = (layout: string, columns: readonly Column[], sorted: Sorted): Html =>
  html`<div role="group" aria-label="Sort by" class="${layout} gap-x-4 border-b px-4 py-1 text-xs text-muted-foreground">${columns.map((column) => headingOf(column, sorted))}</div>`

const headingOf = (column: Column, { sort, href }: Sorted): Html => {
  if (typeof column === 'string') return html`<span aria-hidden="true" class="truncate py-1">${column}</span>`
  const [name, by] = column
  const direction = directionOf(sort, by)
  return html`<span>${sortLink(name, direction, href(nextSort(sort, by)))}${direction === 'none' ? '' : html`<span class="sr-only">sorted ${direction}</span>`}</span>`
}

/** The same as a field of a form, for where there is no room for headings. The first is what a list is without one. */
export const sortPicker = <Sort extends string>(
  names: Readonly<Record<Sort, string>>,
  sort: Sort,
  standard: Sort,
): Html =>
  html`<select name="sort" aria-label="Sort" class="picker flex-1 sm:flex-none">
${Object.entries<string>(names).map(([each, name]) => html`<option value="${each === standard ? '' : each}"${each === sort ? raw(' selected') : ''}>${name}</option>`)}
</select>`
