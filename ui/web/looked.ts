/** How old what a page shows of Dokku is, and the button that has it looked at again. */
import { html } from 'hono/html'
import { moment } from './components.ts'
import type { Frame } from './frame.ts'
import { icon } from './icons.ts'
import type { Html } from './layout.ts'

export interface Looked {
  readonly app: string
  readonly tab: string
  /** When the oldest of it was read; null: some of it never was. */
  readonly at: number | null
  readonly isLooking: boolean
  /** Dokku is not asked during a build. */
  readonly deploying?: boolean
}

export const looked = (frame: Frame, { app, tab, at, isLooking, deploying = false }: Looked): Html =>
  html`<div class="mb-4 flex min-h-8 flex-wrap items-center justify-between gap-x-4 gap-y-2 text-[0.8125rem] text-muted-foreground"><p role="status">${
    isLooking
      ? html`<span class="inline-flex items-center gap-1.5"><span class="text-busy">${icon('refresh', 'size-3.5 spinning')}</span>${deploying ? 'Dokku is asked when the deploy has ended' : 'Dokku is being asked'}${at === null ? '' : html`; below is what it said ${moment(at, frame.now)}`}</span>`
      : at === null
        ? 'Dokku was not asked about all of this yet.'
        : html`What Dokku said ${moment(at, frame.now)}.`
  }</p>${frame.account?.role === 'admin' && !isLooking ? again(app, tab) : ''}</div>`

/** In place of what cannot be said before Dokku was asked. */
export const unasked = (is: boolean): Html =>
  html`<p class="px-4 py-6 text-muted-foreground">${is ? 'Dokku is being asked about this.' : 'Dokku was not asked about this yet.'}</p>`

const again = (app: string, tab: string): Html => {
  const to = `/apps/${encodeURIComponent(app)}/looks`
  return html`<form method="post" action="${to}" hx-post="${to}" hx-headers='{"Accept":"application/json"}' hx-swap="none" hx-sync="this:drop" data-action><input type="hidden" name="tab" value="${tab}"><button class="button">${icon('refresh', 'size-3.5')}Look again</button></form>`
}
