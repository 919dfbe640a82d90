import { html, raw } from 'hono/html'
import { titleOf } from '../deployments/deployment.ts'
import { address } from '../web/address.ts'
import { appHref, badges } from '../web/app-page.ts'
import { chips, empty, heading, live, moment } from '../web/components.ts'
import { deploymentState, who } from '../web/deployment-row.ts'
import { counted, shortRevision } from '../web/format.ts'
import type { Frame } from '../web/frame.ts'
import { icon } from '../web/icons.ts'
import { type Html, page } from '../web/layout.ts'
import { directionOf, nextSort, sortLink, sortPicker } from '../web/sorting.ts'
import { spark } from '../web/spark.ts'
import { state, stateMark } from '../web/states.ts'
import { createButton, createFirst } from './action-views.ts'
import { type App, GROUPS, type Group, isFormationRead } from './app.ts'
import { type AppRow, type AppsQuery, asked, chosen, counts, type Sort, type View } from './list.ts'
import { bar, box, canBeSelected, isSelecting, selectLink } from './select-views.ts'

export interface AppsPage {
  readonly rows: readonly AppRow[]
  readonly query: AppsQuery
  readonly view: View
}

export function appsPage(frame: Frame, { rows, query, view }: AppsPage): Html {
  const counted = counts(rows)
  const shown = chosen(rows, query)
  return page(
    frame,
    { title: 'Apps', at: 'apps', trail: [{ name: 'Apps' }] },
    html`${heading('Apps', { actions: controls(frame, query, view) })}
<div id="apps"${live({ id: 'apps', address: frame.address, topics: ['apps'] })}>
${rows.length === 0 ? '' : html`<div class="mb-4">${stateChips(query, rows, counted)}</div>`}
${rows.length === 0 ? noApps(frame) : shown.length === 0 ? nothingFound(query) : view === 'grid' ? grid(shown, query, frame) : table(shown, query, frame)}
</div>${isSelecting(frame, query) && rows.length > 0 ? bar() : ''}`,
  )
}

/** The views keep what is asked for meanwhile, so the answer brings their links up to date too. */
const controls = (frame: Frame, query: AppsQuery, view: View): Html => {
  const { state, q, sort, select } = query
  return html`<div class="flex w-full flex-wrap items-center gap-2 sm:w-auto"><form action="/apps" class="flex w-full flex-wrap items-center gap-2 sm:w-auto" hx-get="/apps" hx-trigger="input delay:150ms" hx-select="#apps" hx-select-oob="#views:outerMorph" hx-target="#apps" hx-swap="outerMorph" hx-replace-url="true" hx-sync="this:replace">
${state === undefined ? '' : html`<input type="hidden" name="state" value="${state}">`}${select === undefined ? '' : html`<input type="hidden" name="select" value="${select}">`}
<div class="relative w-full sm:w-60"><span class="pointer-events-none absolute inset-y-0 left-2.5 grid place-items-center text-muted-foreground">${icon('search', 'size-3.5')}</span><input type="search" name="q" value="${q}" class="field min-h-8 py-1 pl-8 text-[0.8125rem]" placeholder="Name or domain" aria-label="Filter by name or domain" autocomplete="off" spellcheck="false"></div>
${sortPicker(ORDER_NAMES, sort, 'name')}
<noscript><button class="button">Apply</button></noscript>
<nav id="views" aria-label="View" class="ml-auto flex rounded-lg bg-surface p-0.5">${viewLink('grid', 'Grid', view, asked(query))}${viewLink('list', 'List', view, asked(query))}</nav>
</form>${selectLink(frame, query)}${createButton(frame)}</div>`
}

const ORDER_NAMES: Readonly<Record<Sort, string>> = {
  name: 'Name, A to Z',
  '-name': 'Name, Z to A',
  state: 'State, trouble first',
  '-state': 'State, trouble last',
  deployed: 'Last deploy, newest first',
  '-deployed': 'Last deploy, oldest first',
}

const viewLink = (
  to: View,
  name: string,
  view: View,
  query: Readonly<Record<string, string | undefined>>,
): Html =>
  html`<a href="${address('/apps', { ...query, view: to })}" title="${name}" aria-label="${name}"${to === view ? raw(' aria-current="true"') : ''} class="grid size-7 place-items-center rounded-md text-muted-foreground hover:text-foreground aria-[current]:bg-card aria-[current]:text-foreground aria-[current]:shadow-xs">${icon(to)}</a>`

const NAMES: Readonly<Record<Group, string>> = {
  running: 'Running',
  deploying: 'Deploying',
  trouble: 'In trouble',
  stopped: 'Stopped',
  undeployed: 'Not deployed',
  unknown: 'Unknown',
  destroyed: 'Destroyed',
}

/** A group nobody is in has no chip, unless it is the chosen one. */
const stateChips = (
  query: AppsQuery,
  rows: readonly AppRow[],
  counted: Readonly<Record<Group, number>>,
): Html =>
  chips('State', [
    {
      name: 'All',
      href: address('/apps', { ...asked(query), state: '' }),
      chosen: query.state === undefined,
      count: rows.length - counted.destroyed,
    },
    ...GROUPS.filter((group) => counted[group] > 0 || group === query.state).map((group) => ({
      name: NAMES[group],
      href: address('/apps', { ...asked(query), state: group }),
      chosen: group === query.state,
      count: counted[group],
    })),
  ])

const noApps = (frame: Frame): Html =>
  html`<div class="panel">${empty({ title: 'No apps yet', text: 'Make one here or on the server; it appears at once, and so does everything that happens to it.', command: 'dokku apps:create blog', drawing: 'apps' })}<div class="-mt-6 flex justify-center pb-12 empty:hidden">${createFirst(frame)}</div></div>`

const nothingFound = ({ q, state }: AppsQuery): Html =>
  html`<div class="panel">${empty({
    title:
      q === ''
        ? `No app is ${state === undefined ? 'here' : NAMES[state].toLowerCase()}`
        : `No app is called “${q}”`,
    text: html`<a href="/apps" class="underline underline-offset-2 hover:text-foreground">Show all apps</a>`,
    drawing: 'search',
  })}</div>`

const grid = (rows: readonly AppRow[], query: AppsQuery, frame: Frame): Html =>
  html`<ul class="grid gap-4 sm:grid-cols-2 xl:grid-cols-3 2xl:grid-cols-4">${rows.map((row) => cardOf(row, frame, isSelecting(frame, query)))}</ul>`

const cardOf = ({ app, status, domain, last, formation }: AppRow, { now }: Frame, selecting: boolean): Html =>
  html`<li id="app-${app.id}" class="panel row flex min-w-0 flex-col p-4 hover:border-line-strong${selecting ? PICKED : ''}">
<div class="flex items-start justify-between gap-3">${selecting && canBeSelected(app) ? html`<span class="pt-1">${box(app)}</span>` : ''}<div class="min-w-0 flex-1">${nameOf(app, selecting, 'block truncate typed text-[0.9375rem] font-semibold')}<div class="mt-0.5 truncate text-xs text-muted-foreground">${domain ?? 'no domain'}</div></div><div class="text-[0.8125rem]">${state(status.state)}</div></div>
<div class="mt-4 min-h-10 text-[0.8125rem]">${last === undefined ? html`<p class="text-muted-foreground">${app.front ? 'What you look at' : 'Never deployed'}</p>` : lastLines(last, now)}</div>
<div class="mt-4 flex items-center justify-between gap-3 border-t pt-3 text-xs text-muted-foreground"><span class="flex min-w-0 flex-wrap items-center gap-x-2 gap-y-1"><span class="min-w-0 break-words">${formationOf(app, formation)}</span>${badges(app, status)}</span>${spark(app.recent)}</div>
</li>`

/** How a row looks whose box is ticked. */
const PICKED_ROW = ' has-[[data-selects]:checked]:bg-layer-hover'
const PICKED = `${PICKED_ROW} has-[[data-selects]:checked]:border-foreground`

/** The whole row is a link to it; while apps are picked, it is the box. */
const nameOf = (app: App, selecting: boolean, classes: string, before: Html | '' = ''): Html =>
  selecting && canBeSelected(app)
    ? html`<label for="select-${app.id}" class="row-link cursor-pointer ${classes}">${before}<span class="typed truncate">${app.name}</span></label>`
    : html`<a href="${appHref(app.name)}" class="row-link ${classes}">${before}<span class="typed truncate">${app.name}</span></a>`

const lastLines = (last: NonNullable<AppRow['last']>, now: number): Html =>
  html`<div class="flex min-w-0 items-center gap-2">${stateMark(deploymentState(last), 'size-4')}<span class="truncate">${titleOf(last)}</span></div><div class="mt-1 flex gap-1 pl-6 text-xs text-muted-foreground">${last.revision === '' ? '' : html`<code class="typed shrink-0 text-xs">${shortRevision(last.revision)}</code> · `}<span class="min-w-0 truncate">${last.actor}</span> · ${moment(last.startedAt, now, 'shrink-0')}</div>`

/** "web 2 · worker 1" */
const formationOf = (app: App, formation: AppRow['formation']): string =>
  formation.length === 0
    ? !isFormationRead(app)
      ? 'formation not read yet'
      : 'no processes'
    : formation.map(({ processType, quantity }) => `${processType} ${quantity}`).join(' · ')

const COLUMNS: readonly (readonly [
  name: string,
  sort: 'name' | 'state' | 'deployed' | null,
  classes: string,
])[] = [
  ['App', 'name', 'lg:w-[22%]'],
  ['State', 'state', 'hidden w-36 sm:table-cell'],
  ['Last deployment', 'deployed', ''],
  ['By', null, 'hidden w-44 lg:table-cell'],
  ['Processes', null, 'hidden w-48 xl:table-cell'],
  ['Last ten', null, 'hidden w-24 md:table-cell'],
]

const table = (rows: readonly AppRow[], query: AppsQuery, frame: Frame): Html =>
  html`<div class="panel overflow-clip"><table class="w-full table-fixed text-left"><caption class="sr-only">${counted(rows.length, 'app')}</caption>
<thead class="border-b text-xs text-muted-foreground"><tr>${COLUMNS.map((column) => head(column, query))}</tr></thead>
<tbody class="divide-y">${rows.map((row) => tableRow(row, frame, isSelecting(frame, query)))}</tbody></table></div>`

const head = ([name, sort, classes]: (typeof COLUMNS)[number], query: AppsQuery): Html => {
  if (sort === null) return html`<th scope="col" class="px-4 py-2 font-medium ${classes}">${name}</th>`
  const direction = directionOf(query.sort, sort)
  const href = address('/apps', { ...asked(query), sort: nextSort(query.sort, sort) })
  return html`<th scope="col" aria-sort="${direction}" class="px-4 py-2 font-medium ${classes}">${sortLink(name, direction, href)}</th>`
}

const tableRow = (
  { app, status, domain, last, formation }: AppRow,
  { now }: Frame,
  selecting: boolean,
): Html =>
  html`<tr id="app-${app.id}" class="row${selecting ? PICKED_ROW : ''}">
<td class="px-4 py-2.5"><div class="flex min-w-0 items-center gap-2">${selecting && canBeSelected(app) ? box(app) : ''}${nameOf(app, selecting, 'flex min-w-0 items-center gap-2 font-medium', html`<span class="flex sm:hidden">${stateMark(status.state)}</span>`)}</div><div class="flex flex-wrap gap-x-2 text-xs text-muted-foreground"><span class="truncate">${domain ?? 'no domain'}</span>${badges(app, status)}</div></td>
<td class="hidden px-4 py-2.5 text-[0.8125rem] sm:table-cell">${state(status.state)}</td>
<td class="px-4 py-2.5">${last === undefined ? html`<span class="text-muted-foreground">never</span>` : html`<div class="flex min-w-0 items-center gap-2 text-[0.8125rem]">${stateMark(deploymentState(last), 'size-4')}<span class="truncate">${titleOf(last)}</span></div><div class="truncate pl-6 text-xs text-muted-foreground">${last.revision === '' ? '' : html`<span class="hidden sm:inline"><code class="typed text-xs">${shortRevision(last.revision)}</code> · </span>`}${moment(last.startedAt, now)}</div>`}</td>
<td class="hidden truncate px-4 py-2.5 text-[0.8125rem] text-muted-foreground-2 lg:table-cell">${last === undefined ? '' : who(last)}</td>
<td class="hidden truncate px-4 py-2.5 text-[0.8125rem] text-muted-foreground-2 xl:table-cell">${formationOf(app, formation)}</td>
<td class="hidden px-4 py-2.5 md:table-cell">${spark(app.recent)}</td>
</tr>`
