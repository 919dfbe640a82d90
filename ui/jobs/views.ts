import { html } from 'hono/html'
import { address } from '../web/address.ts'
import { appHref } from '../web/app-page.ts'
import { chips, empty, heading, live, moment, older, picker, tickingSince } from '../web/components.ts'
import { duration, exact } from '../web/format.ts'
import type { Frame } from '../web/frame.ts'
import { type Html, page } from '../web/layout.ts'
import { stateMark } from '../web/states.ts'
import { isOver, type JobState, subjectOf } from './job.ts'
import { CHOICES, type JobsQuery } from './list.ts'
import type { JobRow } from './table.ts'

export interface JobsPage {
  readonly query: JobsQuery
  readonly rows: readonly JobRow[]
  /** Whether there are older ones. */
  readonly more: boolean
  readonly running: number
  readonly apps: readonly string[]
  readonly people: readonly string[]
}

export const jobsPage = (frame: Frame, shown: JobsPage): Html =>
  page(
    frame,
    { title: 'Jobs', at: 'jobs', trail: [{ name: 'Jobs' }] },
    html`${heading('Jobs', { text: 'What was asked of Dokku from here, newest first. What came by another door is among the events.' })}${already(shown)}${filters(shown)}${list(frame, shown)}`,
  )

const asked = ({ query: { before, downTo, already, ...rest } }: JobsPage) => rest

/** Without script, of several jobs that were requested together. */
const already = ({ query: { already } }: JobsPage): Html | '' =>
  already === undefined
    ? ''
    : notAdded(
        `${already} of the commands ${already === 1 ? 'was' : 'were'} requested before, so ${already === 1 ? 'it was' : 'they were'} not added again.`,
      )

/** That what was requested is there already. */
export const notAdded = (text: string): Html =>
  html`<p class="mb-5 rounded-xl border border-warn/30 px-4 py-3 text-warn" role="status">${text}</p>`

function filters(shown: JobsPage): Html {
  const { query, running, apps, people } = shown
  const of = (state: string) => address('/jobs', { ...asked(shown), state })
  return html`<div class="mb-4 flex flex-wrap items-center gap-2">
<div id="states">${chips('State', [
    { name: 'All', href: of(''), chosen: query.state === undefined },
    ...CHOICES.map((state) => ({
      name: capitalized(state),
      href: of(state),
      chosen: query.state === state,
      ...(state === 'running' && running > 0 && { count: running }),
    })),
  ])}</div>
<form action="/jobs" data-applies class="flex flex-wrap gap-2 md:ml-auto">
${query.state === undefined ? '' : html`<input type="hidden" name="state" value="${query.state}">`}
${picker({ name: 'app', label: 'Any app', value: query.app }, apps.map(same))}
${picker({ name: 'who', label: 'Anybody', value: query.who }, people.map(same))}
<noscript><button class="button">Apply</button></noscript>
</form>
</div>`
}

const same = (value: string): readonly [string, string] => [value, value]

/** The newest rows change by themselves, down to the oldest of them; older ones are added below as somebody scrolls. */
function list(frame: Frame, shown: JobsPage): Html {
  const { query, rows, more } = shown
  const oldest = rows.at(-1)?.id
  const changing = live({
    id: 'jobs',
    address: address('/jobs', { ...asked(shown), downTo: oldest }),
    topics: ['jobs'],
    beside: ['states'],
  })
  return html`<div class="panel overflow-clip">
<div id="jobs"${query.before === undefined ? changing : ''}>${rows.length === 0 ? nothing(shown) : html`<ul class="@container divide-y">${rows.map((row) => jobRow(row, frame.now))}</ul>`}</div>
<div id="older" class="border-t empty:hidden">${more ? older(address('/jobs', { ...asked(shown), before: oldest }), '#jobs > ul, #older > *') : ''}</div>
</div>`
}

/** Two lines on a narrow page, one on a wide one; the whole row a link. */
const jobRow = (job: JobRow, now: number): Html =>
  html`<li id="job-${job.id}" class="row grid grid-cols-[auto_minmax(0,1fr)_auto] items-start gap-x-3 px-4 py-3 @2xl:grid-cols-[auto_minmax(0,1fr)_minmax(5rem,9rem)_minmax(4rem,8rem)_6rem_5.5rem] @2xl:items-center @2xl:gap-x-4">
<span class="flex pt-px @2xl:pt-0">${stateMark(lookOf(job.state), 'size-4.5')}</span>
<div class="min-w-0"><a class="row-link typed block truncate font-medium" href="/jobs/${job.id}">${job.command}</a><span class="block truncate text-xs text-muted-foreground">${standing(job)}</span></div>
<div class="hidden min-w-0 truncate @2xl:block">${inList(subjectOf(job))}</div>
<div class="hidden min-w-0 truncate text-[0.8125rem] text-muted-foreground-2 @2xl:block">${job.who}</div>
<div class="hidden text-xs text-muted-foreground @2xl:block">${took(job, now)}</div>
<div class="whitespace-nowrap text-right text-xs text-muted-foreground">${moment(job.queuedAt, now)}</div>
</li>`

/** A job that runs is in progress, where an app that runs is well. */
export const lookOf = (state: JobState): string => (state === 'running' ? 'in progress' : state)

/** "Running: build 4/5", "Failed: App blog does not exist", "Delayed until …". */
export function standing({ state, progress, reason, runAt, attempts, mostAttempts }: JobRow): string {
  if (state === 'running') return progress === '' ? 'Running' : `Running: ${progress}`
  if (state === 'delayed' && attempts > 0)
    return `Tried ${attempts} of ${mostAttempts} times, again at ${exact(runAt)}`
  if (state === 'delayed') return `Delayed until ${exact(runAt)}`
  return reason === '' ? capitalized(state) : `${capitalized(state)}: ${reason}`
}

export const took = ({ state, startedAt, endedAt }: JobRow, now: number): Html | string => {
  if (startedAt === null) return isOver(state) ? '' : 'not begun'
  return endedAt === null ? tickingSince(startedAt, now) : duration(endedAt - startedAt)
}

const inList = (app: string | null): Html =>
  app === null
    ? html`<span class="text-muted-foreground">server</span>`
    : html`<span class="typed">${app}</span>`

const capitalized = (word: string): string => word.slice(0, 1).toUpperCase() + word.slice(1)

const nothing = (shown: JobsPage): Html =>
  Object.values(asked(shown)).some((value) => value !== undefined && value !== '')
    ? empty({
        title: shown.query.state === 'running' ? 'Nothing runs now' : 'No job like that',
        text: html`<a href="/jobs" class="underline underline-offset-2 hover:text-foreground">Show all jobs</a>`,
        drawing: 'jobs',
      })
    : empty({
        title: 'No jobs yet',
        text: 'Whatever is asked of Dokku from these pages appears here, with its command, its output and how it ended.',
        drawing: 'jobs',
      })

/** The app a job is about, as a link where there is one of that name. */
export function appOf(job: JobRow, known: boolean): Html {
  const app = subjectOf(job)
  return app === null
    ? html`the server`
    : known
      ? html`<a href="${appHref(app)}" class="typed rounded font-medium text-foreground hover:underline hover:underline-offset-2">${app}</a>`
      : html`<span class="typed">${app}</span>`
}
