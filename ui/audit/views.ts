import { html } from 'hono/html'
import { device } from '../accounts/session.ts'
import { empty, heading, live, moment, picker } from '../web/components.ts'
import { counted } from '../web/format.ts'
import type { Frame } from '../web/frame.ts'
import type { Html } from '../web/layout.ts'
import { type Difference, differences } from './audit.ts'
import type { AuditRow } from './table.ts'

export interface AuditView {
  readonly frame: Frame
  /** How long an act is kept. */
  readonly days: number
  readonly rows: readonly AuditRow[]
  /** Address of the acts before these; null where these are the first. */
  readonly olderHref: string | null
  readonly newestHref: string
  /** Only the newest page is live. */
  readonly isNewest: boolean
  readonly filter: { readonly who: string; readonly action: string }
  readonly choices: { readonly who: readonly string[]; readonly actions: readonly string[] }
}

/** In an address, for acts where nobody was signed in. */
export const NOBODY = '-'

export const auditView = (view: AuditView): Html =>
  html`${heading('Audit', { text: `Who did what in this panel, newest first. Nothing here is ever changed; it is kept for ${counted(view.days, 'day')}.`, actions: filters(view) })}
<section id="audit" class="panel overflow-clip" aria-label="Acts"${view.isNewest ? live({ id: 'audit', address: view.frame.address, topics: ['audit'] }) : ''}>
${view.rows.length === 0 ? nothing(view) : html`<ol class="divide-y">${view.rows.map((row) => actRow(row, view.frame.now))}</ol>`}
${paging(view)}
</section>`

/** Pages rather than endless scrolling: a live list that grew by hand would shrink again at the next act. */
const paging = ({ isNewest, olderHref, newestHref }: AuditView): Html | '' =>
  isNewest && olderHref === null
    ? ''
    : html`<nav aria-label="Pages" class="flex justify-between border-t px-4 py-2">${isNewest ? html`<span></span>` : html`<a href="${newestHref}" class="button">Newest</a>`}${olderHref === null ? '' : html`<a href="${olderHref}" rel="next" class="button">Older</a>`}</nav>`

const filters = ({ filter, choices }: AuditView): Html =>
  html`<form action="/audit" data-applies class="flex flex-wrap gap-2">
${picker(
  { name: 'who', label: 'Everybody', value: filter.who },
  choices.who.map((who) => [who || NOBODY, who || 'nobody signed in']),
)}
${picker(
  { name: 'action', label: 'Every act', value: filter.action },
  choices.actions.map((action) => [action, action]),
)}
<noscript><button class="button">Filter</button></noscript>
</form>`

const actRow = (row: AuditRow, now: number): Html =>
  html`<li class="px-4 py-3">
<div class="flex items-baseline justify-between gap-4"><p class="min-w-0">${row.who === '' ? html`<span class="font-medium">${capitalized(row.action)}</span>` : html`<span class="font-medium">${row.who}</span> <span class="text-muted-foreground-2">· ${row.action}</span>`}${row.subject === '' || row.subject === row.who ? '' : html` <span class="text-muted-foreground-2">for</span> <span class="typed">${row.subject}</span>`}</p>${moment(row.at, now, 'shrink-0 text-[0.8125rem] text-muted-foreground')}</div>
<p class="mt-0.5 truncate text-[0.8125rem] text-muted-foreground">${row.ip === '' ? 'on the server' : html`<span class="typed">${row.ip}</span>`}${row.userAgent === '' ? '' : html` · <span title="${row.userAgent}">${device(row.userAgent)}</span>`}</p>
${changes(differences(row.before ?? null, row.after ?? null))}
</li>`

const capitalized = (action: string): string => action.slice(0, 1).toUpperCase() + action.slice(1)

const changes = (all: readonly Difference[]): Html | '' =>
  all.length === 0
    ? ''
    : html`<dl class="mt-1.5 flex flex-wrap gap-x-5 gap-y-1 text-[0.8125rem]">${all.map(change)}</dl>`

const change = ({ name, before, after }: Difference): Html =>
  html`<div class="flex min-w-0 gap-1.5"><dt class="text-muted-foreground">${name}</dt><dd class="min-w-0">${before === null ? '' : html`<del class="text-muted-foreground"><span class="sr-only">before: </span>${before}</del>`}${before === null || after === null ? '' : html` <span aria-hidden="true">→</span> `}${after === null ? '' : html`<ins class="no-underline"><span class="sr-only">after: </span>${after}</ins>`}</dd></div>`

const nothing = ({ filter }: AuditView): Html =>
  filter.who === '' && filter.action === ''
    ? empty({
        title: 'Nothing done yet',
        text: 'Sign-ins, failures, setup steps and changes appear here.',
        drawing: 'audit',
      })
    : empty({
        title: 'No such act',
        text: html`Nothing fits this filter. <a href="/audit" class="underline">Show every act</a>`,
        drawing: 'audit',
      })
