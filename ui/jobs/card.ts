/** A job in the corner of whatever page asked for it: asked, running with its last lines, ended. */
import { html } from 'hono/html'
import { appHref } from '../web/app-page.ts'
import { live, tickingSince } from '../web/components.ts'
import { icon } from '../web/icons.ts'
import type { Html } from '../web/layout.ts'
import { stateMark, toneOf, toneText } from '../web/states.ts'
import { isOver } from './job.ts'
import type { JobRow } from './table.ts'
import { lookOf, standing } from './views.ts'

export interface Told {
  /** The last of its output, as text. */
  readonly lines: readonly string[]
  /** The job that runs first. */
  readonly waitsFor?: number | undefined
  /** Name of the app it made, once it is there. */
  readonly made?: string | undefined
  /** What whoever requested it is to know of it; empty: nothing. */
  readonly note?: string
}

/** It follows its job by itself until that is over. */
export const jobCard = (job: JobRow, { lines, waitsFor, made, note = '' }: Told, now: number): Html => {
  const look = lookOf(job.state)
  const id = `job-card-${job.id}`
  const follows = isOver(job.state)
    ? ''
    : live({ id, address: `/jobs/${job.id}/card`, topics: [`job:${job.id}`, `job-output:${job.id}`] })
  return html`<section id="${id}" class="job-card panel" data-state="${job.state}" aria-label="Job ${job.id}"${follows}>
<div class="flex items-start gap-2.5 p-3"><span class="flex pt-0.5">${stateMark(look, 'size-4.5')}</span>
<div class="min-w-0 flex-1"><a href="/jobs/${job.id}" class="typed line-clamp-1 break-all rounded font-medium hover:underline hover:underline-offset-2" title="${job.command}">${job.command}</a>
<p class="mt-0.5 line-clamp-3 break-words text-xs text-muted-foreground" role="status"><span class="${toneText(toneOf(look))} font-medium">${job.state === 'waiting' ? 'Asked' : standing(job)}</span>${waitsFor === undefined ? '' : html` · waits for ${linked(`/jobs/${waitsFor}`, `job ${waitsFor}`)}`}${made === undefined ? '' : html` · ${linked(appHref(made), `Open ${made}`)}`}${job.startedAt === null || job.endedAt !== null ? '' : html` · ${tickingSince(job.startedAt, now)}`}</p>${note === '' ? '' : html`<p class="mt-1 text-xs text-warn" role="status">${note}</p>`}</div>
<button type="button" class="button-icon size-6" data-dismiss="#${id}" aria-label="Hide job ${job.id}">${icon('close', 'size-3.5')}</button></div>
${lines.length === 0 || job.state === 'succeeded' ? '' : html`<pre class="job-card-lines">${lines.join('\n')}</pre>`}
</section>`
}

const linked = (href: string, words: string): Html =>
  html`<a href="${href}" class="rounded font-medium text-foreground underline underline-offset-2">${words}</a>`

/** Below the cards of the first of many. */
export const moreJobs = (count: number): Html =>
  html`<p id="more-jobs" class="job-card panel flex items-center gap-2 p-3 text-[0.8125rem]" data-state="succeeded" role="status"><span class="flex-1">and ${count} more</span><a href="/jobs" class="rounded font-medium underline underline-offset-2">Follow all in Jobs</a></p>`
