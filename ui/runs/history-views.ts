/** What was run in an app, newest first. */
import { html } from 'hono/html'
import type { CronEntry } from '../reports/report.ts'
import { address } from '../web/address.ts'
import { appHref } from '../web/app-page.ts'
import { chips, empty, moment, more as moreLink, older, panel, tickingSince } from '../web/components.ts'
import { doorOf } from '../web/event-row.ts'
import { duration } from '../web/format.ts'
import type { Frame } from '../web/frame.ts'
import type { Html } from '../web/layout.ts'
import { lookup } from '../web/lookup.ts'
import { stateMark } from '../web/states.ts'
import type { RunsQuery } from './list.ts'
import { BY, type PageOfRuns, type Run } from './run.ts'

export interface History {
  readonly query: RunsQuery
  /** The one whose runs the history is narrowed to. */
  readonly entry: CronEntry | undefined
  readonly history: PageOfRuns
}

const WORDS = lookup<string>({ hand: 'By hand', cron: 'By cron' })

const asked = ({ query: { by, entry } }: History) => ({ by, entry })

/** Of the same rows once more, with what came since. */
export const addressDownTo = (app: string, shown: History): string =>
  address(appHref(app, 'run'), { ...asked(shown), downTo: shown.history.runs.at(-1)?.at })

export function historyPanel({ now }: Frame, app: string, shown: History): Html {
  const { query, entry, history } = shown
  const { runs, more } = history
  const of = (by?: string) => `${address(appHref(app, 'run'), { by })}#history`
  const action =
    entry === undefined
      ? chips('Runs', [
          { name: 'All', href: of(), chosen: query.by === undefined },
          ...BY.map((by) => ({ name: WORDS.get(by) ?? by, href: of(by), chosen: query.by === by })),
        ])
      : moreLink('All runs', of())
  const isNarrowed = query.by !== undefined || entry !== undefined
  const next = address(appHref(app, 'run'), { ...asked(shown), before: runs.at(-1)?.at })
  return panel(
    entry === undefined ? 'What was run' : `Runs of ${entry.command}`,
    html`<div id="runs">${runs.length === 0 ? nothing(isNarrowed) : html`<ul class="divide-y">${runs.map((run) => runRow(run, now))}</ul>`}</div>
<div id="older" class="border-t empty:hidden">${more ? older(next, '#runs > ul, #older > *') : ''}</div>`,
    // Where nothing is, there is nothing to choose from.
    { id: 'history', ...((runs.length > 0 || isNarrowed) && { action }) },
  )
}

const nothing = (isNarrowed: boolean): Html =>
  empty({
    title: isNarrowed ? 'None of these' : 'Nothing yet',
    text: 'Each run stays here with its exit code; one from here with its output, too.',
    drawing: 'terminal',
  })

const COLUMNS = 'grid-cols-[auto_minmax(0,1fr)_auto] sm:grid-cols-[auto_minmax(0,1fr)_6rem_5.5rem]'

const runRow = (run: Run, now: number): Html =>
  html`<li class="row grid ${COLUMNS} items-center gap-x-3 px-4 py-2.5">
<span class="flex">${runMark(run)}</span>
<div class="min-w-0">
<a href="${run.href}" class="row-link block truncate font-medium">${nameOf(run)}</a>
<span class="block truncate text-xs text-muted-foreground">${runOutcome(run)}${byWhom(run)}</span>
</div>
<span class="hidden text-xs text-muted-foreground sm:block">${took(run, now)}</span>
<span class="whitespace-nowrap text-right text-xs text-muted-foreground">${moment(run.at, now)}</span>
</li>`

const nameOf = ({ command }: Run): Html =>
  command === null
    ? html`A command<span class="hidden font-normal text-muted-foreground sm:inline">; Dokku does not say which</span>`
    : html`<span class="typed">${command}</span>`

const LOOKS = lookup<string>({ running: 'in progress', began: 'unknown' })

/** The word for how it went, as its mark is called. */
export const lookOf = ({ state }: Run): string => LOOKS.get(state) ?? state

export const runMark = (run: Run): Html => stateMark(lookOf(run), 'size-4.5')

/** What its mark does not say: of a run that went well nothing, of one that failed its reason or exit code. */
function runOutcome(run: Run): string {
  if (run.state === 'succeeded' && run.reason === '') return ''
  return `${run.reason === '' && run.exitCode ? `exit code ${run.exitCode}` : outcomeOf(run)} · `
}

export const outcomeOf = ({ state, reason }: Run): string => {
  const word =
    state === 'began' ? 'Began in the background' : `${state.slice(0, 1).toUpperCase()}${state.slice(1)}`
  return reason === '' ? word : `${word}: ${reason}`
}

export const byWhom = (run: Run): string =>
  run.door === 'cron' ? doorOf(run) : `${run.who} ${doorOf(run)}`.trim()

/** Of a run that the panel did not begin Dokku tells the end alone. */
const took = ({ state, startedAt, endedAt }: Run, now: number): Html | string => {
  if (startedAt === null) return state === 'waiting' || state === 'delayed' ? 'not begun' : ''
  return endedAt === null ? tickingSince(startedAt, now) : duration(endedAt - startedAt)
}
