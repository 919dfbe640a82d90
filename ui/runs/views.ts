import { html } from 'hono/html'
import { type AppHead, stateOf } from '../apps/app.ts'
import { isOver } from '../jobs/job.ts'
import type { CronEntry } from '../reports/report.ts'
import { action, inline } from '../web/action.ts'
import { appHref, appPage } from '../web/app-page.ts'
import { empty, moment, panel, tickingSince } from '../web/components.ts'
import { inputField } from '../web/form.ts'
import { duration } from '../web/format.ts'
import type { Frame } from '../web/frame.ts'
import type { Html } from '../web/layout.ts'
import { type Looked, looked, unasked } from '../web/looked.ts'
import { badge, stateMark } from '../web/states.ts'
import type { RunRow } from './routes.ts'

export interface RunPage {
  /** Newest first. */
  readonly rows: readonly RunRow[]
  readonly cron: readonly CronEntry[]
  readonly looked: Looked
}

export function runPage(frame: Frame, head: AppHead, shown: RunPage): Html {
  const { app } = head
  const isThere = app.destroyedAt === null && !app.front
  const history = panel(
    'What was run from here',
    shown.rows.length === 0
      ? empty({
          title: 'Nothing yet',
          text: 'Each run stays here with its output and its exit code.',
          drawing: 'terminal',
        })
      : html`<ul class="divide-y">${shown.rows.map((row) => runRow(row, frame.now))}</ul>`,
  )
  const content = isThere
    ? html`<div class="grid items-start gap-4">${panel('Run a command', runForm(frame, head))}${history}<div>${looked(frame, shown.looked)}${panel('Cron', shown.looked.at === null ? unasked(shown.looked.isLooking) : cronList(frame, app.name, shown))}</div></div>`
    : history
  return appPage(frame, head, { tab: 'run', topics: ['jobs'] }, content)
}

function runForm(frame: Frame, { app }: AppHead): Html {
  if (stateOf(app) === 'not deployed')
    return html`<p class="px-4 py-6 text-muted-foreground">Nothing of this app was deployed yet, so there is no image to run anything in.</p>`
  return inline(frame, {
    verb: 'Run',
    thing: `a command in ${app.name}`,
    label: 'Run',
    href: appHref(app.name, 'runs'),
    command: null,
    form: html`<div class="px-4 py-3">${inputField({
      name: 'line',
      label: 'Command',
      value: '',
      placeholder: 'npm run migrate',
      hint: html`In a new container of what runs now, with the app’s config; other jobs of this app wait until it has ended. No shell reads it: quotes group words, and <span class="typed text-xs">sh -c '…'</span> is one where you need it. The line is kept in the jobs and the audit trail, so write no secret into it.`,
    })}</div>`,
  })
}

const LOOKS: Readonly<Record<string, string>> = { running: 'in progress' }

const runRow = (row: RunRow, now: number): Html =>
  html`<li class="row grid grid-cols-[auto_minmax(0,1fr)_auto] items-center gap-x-3 px-4 py-2.5 sm:grid-cols-[auto_minmax(0,1fr)_7rem_6rem_5.5rem]"><span class="flex">${stateMark(LOOKS[row.state] ?? row.state, 'size-4.5')}</span><div class="min-w-0"><a href="/jobs/${row.id}" class="row-link typed block truncate font-medium">${shortly(row)}</a><span class="block truncate text-xs text-muted-foreground">${outcome(row)} · ${row.who}</span></div><span class="hidden text-[0.8125rem] tabular-nums sm:block">${row.exitCode === null ? '' : html`exit code <span class="typed">${row.exitCode}</span>`}</span><span class="hidden text-xs text-muted-foreground sm:block">${took(row, now)}</span><span class="whitespace-nowrap text-right text-xs text-muted-foreground">${moment(row.queuedAt, now)}</span></li>`

/** Without what every row begins with. */
const shortly = ({ command }: RunRow): string => command.replace(/^dokku run \S+ /, '').replace(/^dokku /, '')

const outcome = ({ state, reason }: RunRow): string => {
  const word = `${state.slice(0, 1).toUpperCase()}${state.slice(1)}`
  return reason === '' ? word : `${word}: ${reason}`
}

const took = ({ state, startedAt, endedAt }: RunRow, now: number): Html | string => {
  if (startedAt === null) return isOver(state) ? '' : 'not begun'
  return endedAt === null ? tickingSince(startedAt, now) : duration(endedAt - startedAt)
}

function cronList(frame: Frame, app: string, { cron, rows }: RunPage): Html {
  return cron.length === 0
    ? empty({
        title: 'No cron entries',
        text: html`They stand in the <span class="typed">cron</span> list of the app’s <span class="typed">app.json</span> and come with a deploy.`,
        drawing: 'clock',
      })
    : html`<ul class="divide-y">${cron.map((entry) => cronRow(frame, app, entry, rows))}</ul>`
}

function cronRow(frame: Frame, app: string, entry: CronEntry, rows: readonly RunRow[]): Html {
  const [last] = rows.filter(({ command }) => command === `dokku cron:run ${app} ${entry.id}`)
  const suspended = entry.suspended || entry.appSuspended
  const base = `cron/${encodeURIComponent(entry.id)}`
  const thing = `“${entry.command}”`
  return html`<li class="flex flex-wrap items-center justify-between gap-x-4 gap-y-2 px-4 py-3"><div class="min-w-0 flex-1 basis-64"><p class="flex flex-wrap items-center gap-2"><span class="typed wrap-anywhere font-medium">${entry.command}</span>${suspended ? badge(entry.suspended ? 'suspended' : 'all of the app suspended', 'warn') : ''}</p><p class="mt-0.5 text-xs text-muted-foreground"><span class="typed text-xs">${entry.schedule}</span>${last === undefined ? '' : html` · run from here <a class="underline underline-offset-2" href="/jobs/${last.id}">${moment(last.queuedAt, frame.now)}</a>, ${last.state}`}</p></div>
<div class="flex flex-wrap gap-2 empty:hidden">${action(frame, { verb: 'Run now', thing, label: 'Run now', href: appHref(app, `${base}/runs`), command: `dokku cron:run ${app} ${entry.id}` })}${action(
    frame,
    {
      verb: entry.suspended ? 'Resume' : 'Suspend',
      thing,
      label: entry.suspended ? 'Resume' : 'Suspend',
      href: appHref(app, `${base}/suspension`),
      method: entry.suspended ? 'delete' : 'post',
      command: `dokku cron:${entry.suspended ? 'resume' : 'suspend'} ${app} ${entry.id}`,
    },
  )}</div></li>`
}
