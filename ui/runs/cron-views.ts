/** The cron entries of an app: when each runs, how it went the last time, what can be done with it. */
import { html } from 'hono/html'
import type { CronEntry } from '../reports/report.ts'
import { action } from '../web/action.ts'
import { appHref } from '../web/app-page.ts'
import { empty, moment } from '../web/components.ts'
import { exact } from '../web/format.ts'
import type { Frame } from '../web/frame.ts'
import type { Html } from '../web/layout.ts'
import { badge, toneOf, toneText } from '../web/states.ts'
import { byWhom, lookOf, outcomeOf, runMark } from './history-views.ts'
import type { Run } from './run.ts'
import { inZone, scheduleWords } from './schedule.ts'

export interface CronRow extends CronEntry {
  readonly last: Run | undefined
  /** When it is next due, in milliseconds since 1970; null: never, or not known. */
  readonly next: number | null
}

export function cronList(frame: Frame, app: string, cron: readonly CronRow[], zone: string): Html {
  if (cron.length === 0)
    return empty({
      title: 'No cron entries',
      text: html`They stand in the <span class="typed">cron</span> list of the app’s <span class="typed">app.json</span> and come with a deploy.`,
      drawing: 'clock',
    })
  return html`<ul class="divide-y">${cron.map((entry) => cronRow(frame, app, entry, zone))}</ul>
<p class="border-t px-4 py-2 text-xs text-muted-foreground">Times of schedules are in the time zone of the server, ${zone}.</p>`
}

function cronRow(frame: Frame, app: string, entry: CronRow, zone: string): Html {
  const { suspended, appSuspended, command, last } = entry
  const pause =
    suspended || appSuspended ? badge(suspended ? 'suspended' : 'all of the app suspended', 'warn') : ''
  const earlier = appHref(app, `run?entry=${encodeURIComponent(entry.id)}#history`)
  return html`<li class="flex flex-wrap items-center justify-between gap-x-4 gap-y-2 px-4 py-3">
<div class="min-w-0 flex-1 basis-64">
<p class="flex flex-wrap items-center gap-2"><span class="typed wrap-anywhere font-medium">${command}</span>${pause}</p>
<p class="mt-0.5 flex flex-wrap gap-x-2 text-xs text-muted-foreground">${when(entry, zone)}</p>
${last === undefined ? '' : lastRun(last, frame.now, earlier)}
</div>
<div class="flex flex-wrap gap-2 empty:hidden">${buttons(frame, app, entry)}</div>
</li>`
}

/** In words where it is a usual form, and as it is written; then the next time. */
const when = ({ schedule, next }: CronRow, zone: string): Html => {
  const words = scheduleWords(schedule)
  return html`${words === null ? '' : html`<span class="text-foreground">${words}</span>`}
<span class="typed text-xs">${schedule}</span>
${next === null ? '' : html`<span>next run <time datetime="${new Date(next).toISOString()}" title="${exact(next)}">${inZone(next, zone)}</time></span>`}`
}

const buttons = (frame: Frame, app: string, { id, command, suspended }: CronRow): Html => {
  const base = `cron/${encodeURIComponent(id)}`
  const thing = `“${command}”`
  const verb = suspended ? 'Resume' : 'Suspend'
  return html`${action(frame, { verb: 'Run now', thing, label: 'Run now', href: appHref(app, `${base}/runs`), command: `dokku cron:run ${app} ${id}` })}${action(
    frame,
    {
      verb,
      thing,
      label: verb,
      href: appHref(app, `${base}/suspension`),
      method: suspended ? 'delete' : 'post',
      command: `dokku cron:${verb.toLowerCase()} ${app} ${id}`,
    },
  )}`
}

/** How an entry went the last time, and the way to the times before. */
const lastRun = (run: Run, now: number, earlier: string): Html =>
  html`<p class="mt-1 flex flex-wrap items-center gap-x-2 text-[0.8125rem]">
${runMark(run)}
<a href="${run.href}" class="font-medium underline underline-offset-2 ${toneText(toneOf(lookOf(run)))}">${outcomeOf(run)}${run.exitCode ? ` with exit code ${run.exitCode}` : ''}</a>
<span class="text-muted-foreground">${moment(run.at, now)} ${run.door === 'cron' ? '' : 'by '}${byWhom(run)}</span>
<a href="${earlier}" class="text-muted-foreground underline underline-offset-2">Earlier runs</a>
</p>`
