import { html } from 'hono/html'
import { type AppHead, stateOf } from '../apps/app.ts'
import type { CronEntry } from '../reports/report.ts'
import { action, inline } from '../web/action.ts'
import { appHref, appPage } from '../web/app-page.ts'
import { chips, empty, moment, more, panel, tickingSince } from '../web/components.ts'
import { doorOf } from '../web/event-row.ts'
import { inputField } from '../web/form.ts'
import { duration } from '../web/format.ts'
import type { Frame } from '../web/frame.ts'
import type { Html } from '../web/layout.ts'
import { type Looked, looked, unasked } from '../web/looked.ts'
import { lookup } from '../web/lookup.ts'
import { badge, stateMark, toneOf, toneText } from '../web/states.ts'
import type { RunsQuery } from './routes.ts'
import { BY, type Run } from './run.ts'

export interface RunPage {
  readonly query: RunsQuery
  /** The one whose runs the history is narrowed to. */
  readonly entry: CronEntry | undefined
  /** Newest first. */
  readonly history: readonly Run[]
  readonly cron: readonly (CronEntry & { readonly last: Run | undefined })[]
  readonly looked: Looked
}

export function runPage(frame: Frame, head: AppHead, shown: RunPage): Html {
  const { app } = head
  const isThere = app.destroyedAt === null && !app.front
  const history = historyPanel(frame, app.name, shown)
  const content = isThere
    ? html`<div class="grid items-start gap-4">${panel('Run a command', runForm(frame, head))}<div>${looked(frame, shown.looked)}${panel('Cron', isUnread(shown) ? unasked(shown.looked.isLooking) : cronList(frame, app.name, shown))}</div>${history}</div>`
    : history
  return appPage(frame, head, { tab: 'run', topics: ['jobs'] }, content)
}

/** An empty list that a deploy may have filled since says nothing. */
const isUnread = ({ looked: { at, isLooking, deploying }, cron }: RunPage): boolean =>
  at === null || (cron.length === 0 && (isLooking || deploying === true))

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
      hint: html`In a new container of what runs now, with the app’s config; other jobs of this app wait until it has ended. No shell reads it: quotes group words, and <span class="typed text-xs">sh -c '…'</span> is one where you need it. Every user of this panel, viewers too, can read the line and its output under Jobs, and the audit trail keeps the line: write no secret into it.`,
    })}</div>`,
  })
}

const WORDS = lookup<string>({ hand: 'By hand', cron: 'By cron' })

function historyPanel({ now }: Frame, app: string, { query: { by }, entry, history }: RunPage): Html {
  const of = (query: string) => `${appHref(app, 'run')}${query}#history`
  const action =
    entry === undefined
      ? chips('Runs', [
          { name: 'All', href: of(''), chosen: by === undefined },
          ...BY.map((each) => ({
            name: WORDS.get(each) ?? each,
            href: of(`?by=${each}`),
            chosen: by === each,
          })),
        ])
      : more('All runs', of(''))
  const none = by === undefined && entry === undefined
  return panel(
    entry === undefined ? 'What was run' : `Runs of ${entry.command}`,
    history.length === 0
      ? empty({
          title: none ? 'Nothing yet' : 'None of these',
          text: 'Each run stays here with its exit code; one from here with its output, too.',
          drawing: 'terminal',
        })
      : html`<ul class="divide-y">${history.map((run) => runRow(run, now))}</ul>`,
    // Where nothing is, there is nothing to choose from.
    { id: 'history', ...((history.length > 0 || !none) && { action }) },
  )
}

const runRow = (run: Run, now: number): Html =>
  html`<li class="row grid grid-cols-[auto_minmax(0,1fr)_auto] items-center gap-x-3 px-4 py-2.5 sm:grid-cols-[auto_minmax(0,1fr)_7rem_6rem_5.5rem]"><span class="flex">${mark(run)}</span><div class="min-w-0"><a href="${run.href}" class="row-link block truncate font-medium">${run.command === null ? html`A command<span class="hidden font-normal text-muted-foreground sm:inline">; Dokku does not say which</span>` : html`<span class="typed">${run.command}</span>`}</a><span class="block truncate text-xs text-muted-foreground">${outcome(run)} · ${byWhom(run)}</span></div><span class="hidden text-[0.8125rem] tabular-nums sm:block">${run.exitCode === null ? '' : html`exit code <span class="typed">${run.exitCode}</span>`}</span><span class="hidden text-xs text-muted-foreground sm:block">${took(run, now)}</span><span class="whitespace-nowrap text-right text-xs text-muted-foreground">${moment(run.at, now)}</span></li>`

const LOOKS = lookup<string>({ running: 'in progress', began: 'unknown' })

const mark = ({ state }: Run): Html => stateMark(LOOKS.get(state) ?? state, 'size-4.5')

const outcome = ({ state, reason }: Run): string => {
  const word =
    state === 'began' ? 'Began in the background' : `${state.slice(0, 1).toUpperCase()}${state.slice(1)}`
  return reason === '' ? word : `${word}: ${reason}`
}

const byWhom = (run: Run): string => (run.door === 'cron' ? doorOf(run) : `${run.who} ${doorOf(run)}`.trim())

const took = ({ state, startedAt, endedAt }: Run, now: number): Html | string => {
  if (startedAt === null) return state === 'waiting' || state === 'delayed' ? 'not begun' : ''
  return endedAt === null ? tickingSince(startedAt, now) : duration(endedAt - startedAt)
}

function cronList(frame: Frame, app: string, { cron }: RunPage): Html {
  return cron.length === 0
    ? empty({
        title: 'No cron entries',
        text: html`They stand in the <span class="typed">cron</span> list of the app’s <span class="typed">app.json</span> and come with a deploy.`,
        drawing: 'clock',
      })
    : html`<ul class="divide-y">${cron.map((entry) => cronRow(frame, app, entry))}</ul>`
}

function cronRow(frame: Frame, app: string, entry: RunPage['cron'][number]): Html {
  const suspended = entry.suspended || entry.appSuspended
  const base = `cron/${encodeURIComponent(entry.id)}`
  const thing = `“${entry.command}”`
  return html`<li class="flex flex-wrap items-center justify-between gap-x-4 gap-y-2 px-4 py-3"><div class="min-w-0 flex-1 basis-64"><p class="flex flex-wrap items-center gap-2"><span class="typed wrap-anywhere font-medium">${entry.command}</span>${suspended ? badge(entry.suspended ? 'suspended' : 'all of the app suspended', 'warn') : ''}</p><p class="mt-0.5 text-xs text-muted-foreground"><span class="typed text-xs">${entry.schedule}</span></p>${entry.last === undefined ? '' : lastRun(entry.last, frame.now, appHref(app, `run?entry=${encodeURIComponent(entry.id)}#history`))}</div>
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

/** How an entry went the last time, and the way to the times before. */
const lastRun = (run: Run, now: number, earlier: string): Html =>
  html`<p class="mt-1 flex flex-wrap items-center gap-x-2 text-[0.8125rem]">${mark(run)}<a href="${run.href}" class="font-medium underline underline-offset-2 ${toneText(toneOf(LOOKS.get(run.state) ?? run.state))}">${outcome(run)}${run.exitCode ? ` with exit code ${run.exitCode}` : ''}</a><span class="text-muted-foreground">${moment(run.at, now)} ${run.door === 'cron' ? '' : 'by '}${byWhom(run)}</span><a href="${earlier}" class="text-muted-foreground underline underline-offset-2">Earlier runs</a></p>`
