/** Several apps picked to have the same done to them: a box on each, and a bar that says what. */
import { html } from 'hono/html'
import { commandSign, sending } from '../web/action.ts'
import { address } from '../web/address.ts'
import { copy } from '../web/components.ts'
import type { Frame } from '../web/frame.ts'
import { icon } from '../web/icons.ts'
import type { Html } from '../web/layout.ts'
import type { App } from './app.ts'
import { type AppsQuery, asked } from './list.ts'

/** Whether who looks picks apps now. */
export const isSelecting = (frame: Frame, { select }: AppsQuery): boolean =>
  select !== undefined && frame.account?.role === 'admin'

/** The panel's own app is never changed from here, and what is gone cannot be. */
export const canBeSelected = ({ front, destroyedAt }: App): boolean => !front && destroyedAt === null

/** Belongs to the form of the bar, wherever it stands. */
export const box = ({ id, name }: App): Html =>
  html`<input type="checkbox" class="tick above" id="select-${id}" form="selected" name="app" value="${name}" data-selects aria-label="Select ${name}">`

export const selectLink = (frame: Frame, query: AppsQuery): Html | '' => {
  if (frame.account?.role !== 'admin') return ''
  const on = query.select !== undefined
  return html`<a href="${address('/apps', { ...asked(query), select: on ? '' : 'yes' })}" class="button"${on ? html` aria-current="true"` : ''}>${on ? 'Done' : html`${icon('check', 'size-3.5')}Select`}</a>`
}

/** Works without script too: then how many are picked is seen on the boxes alone. */
export const bar = (): Html =>
  html`<form id="selected" ${sending({ href: '/jobs' })} aria-label="What to do with the selected apps" class="panel sticky bottom-4 z-20 mx-auto mt-5 flex w-fit max-w-full flex-wrap items-center gap-2 px-3 py-2.5 shadow-xl">
<span class="px-1 text-[0.8125rem] font-medium" data-selected role="status">Select apps</span>
<button type="button" class="button" data-select-all hidden>All</button>
<span class="mx-1 hidden h-5 border-l sm:block" aria-hidden="true"></span>
<button class="button" name="kind" value="ps:restart" data-needs-selected>Restart</button>
<button class="button" name="kind" value="ps:rebuild" data-needs-selected>Rebuild</button>
<button type="button" class="button" command="show-modal" commandfor="stop-selected" data-open-dialog="stop-selected" data-needs-selected>Stop…</button>
<details class="relative" data-menu>${commandSign('Commands', 'Show the commands that these buttons run')}<div class="menu bottom-full right-0 mb-1.5 max-h-72 max-w-[calc(100vw-3rem)] space-y-2 overflow-y-auto p-2">${['ps:restart', 'ps:rebuild', 'ps:stop'].map(commands)}<p class="px-1 text-xs text-muted-foreground">One job for each app, all asked together.</p></div></details>
<p class="form-error w-full text-[0.8125rem] text-bad empty:hidden" role="alert"></p>
<dialog id="stop-selected" class="panel w-[min(30rem,calc(100vw-2rem))] p-5 shadow-xl" aria-labelledby="stop-selected-title">
<h2 id="stop-selected-title" class="text-base font-semibold">Stop the selected apps</h2>
<p class="mt-2 text-muted-foreground-2">Nobody who comes to them is answered until they are started again. Nothing of them is lost.</p>
<div class="mt-4"><p class="mb-1 text-xs text-muted-foreground">What will run</p>${commands('ps:stop')}</div>
<div class="mt-5 flex flex-wrap justify-end gap-2"><button type="button" class="button" command="close" commandfor="stop-selected" data-close-dialog>Keep them as they are</button><button class="button button-bad" name="kind" value="ps:stop">Stop them</button></div>
</dialog>
</form>`

const commands = (name: string): Html =>
  html`<div class="flex items-start gap-1 rounded-lg border bg-layer py-1 pl-3 pr-0.5"><pre class="typed max-h-40 min-w-0 flex-1 overflow-auto" data-selected-command="${name}">dokku ${name} APP</pre>${copy(`dokku ${name} APP`, `Copy ${name}`)}</div>`
