import { html, raw } from 'hono/html'
import type { HtmlEscapedString } from 'hono/utils/html'
import { fitTopic } from '../live/live.ts'
import { ago, exactly, ticking } from './format.ts'
import type { Frame } from './frame.ts'
import { type IconName, icon } from './icons.ts'
import type { Html } from './layout.ts'

/** A part of a page that shows itself anew when one of its topics changes. */
export interface Live {
  readonly id: string
  /** The page that contains it; it is asked for whole and this part is taken out. */
  readonly address: string
  readonly topics: readonly string[]
  /** Ids of other parts that the same answer brings up to date. */
  readonly beside?: readonly string[]
}

/**
 * Attributes of a live part. Topics are read by ui/web/browser/topics.ts and never become part of hx-trigger,
 * whose brackets would be code: an app's name is somebody else's text.
 */
export const live = ({ id, address, topics, beside = [] }: Live): Html =>
  html` data-topics="${topics.join(' ')}" hx-get="${address}" hx-select="#${id}" hx-select-oob="${['navigation', ...beside].map((each) => `#${each}:outerMorph`).join(',')}" hx-trigger="refresh" hx-swap="outerMorph" hx-sync="this:queue last" hx-status:4xx="swap:none" hx-status:5xx="swap:none"`

/** The topic of one app. */
export const appTopic = (name: string): string => fitTopic(`app:${name}`)

/** Heading of a page: what it is, what can be done. */
export const heading = (
  title: Html | string,
  { text, actions }: { text?: Html | string; actions?: Html } = {},
): Html =>
  html`<div class="mb-6 flex flex-wrap items-end justify-between gap-x-6 gap-y-3"><div class="min-w-0"><h1 class="text-xl font-semibold tracking-tight">${title}</h1>${text ? html`<p class="mt-1 text-muted-foreground">${text}</p>` : ''}</div>${actions ?? ''}</div>`

/** A titled panel. */
export const panel = (
  title: string,
  content: Html,
  { id, action, classes = '' }: { id?: string; action?: Html; classes?: string } = {},
): Html =>
  html`<section${id === undefined ? '' : html` id="${id}"`} class="panel min-w-0 overflow-clip ${classes}" aria-label="${title}"><header class="flex min-h-11 items-center justify-between gap-3 border-b px-4"><h2 class="truncate text-[0.8125rem] font-medium">${title}</h2>${action ?? ''}</header>${content}</section>`

/** "All deployments →" in the header of a panel. */
export const more = (name: string, href: string): Html =>
  html`<a href="${href}" class="flex shrink-0 items-center gap-1 whitespace-nowrap rounded text-xs text-muted-foreground hover:text-foreground">${name}${icon('right', 'size-3')}</a>`

/** A moment: relative to read, exact on hover, kept up to date by the browser. */
export const moment = (at: number, now: number, classes = ''): HtmlEscapedString => {
  const iso = new Date(at).toISOString()
  return raw(
    `<time datetime="${iso}" title="${exactly(iso)}" data-ago="${at}"${classes && ` class="${classes}"`}>${ago(at, now)}</time>`,
  )
}

/** A duration that still grows. */
export const tickingSince = (since: number, now: number): HtmlEscapedString =>
  raw(`<span data-since="${since}" class="whitespace-nowrap">${ticking(Math.max(0, now - since))}</span>`)

/** Filters that live in the address. */
export interface Chip {
  readonly name: string
  readonly href: string
  readonly chosen: boolean
  readonly count?: number
}

export const chips = (label: string, all: readonly Chip[]): Html =>
  html`<nav aria-label="${label}" class="flex flex-wrap gap-1 rounded-lg bg-surface p-0.5">${all.map(chip)}</nav>`

const chip = ({ name, href, chosen, count }: Chip): Html =>
  html`<a href="${href}"${chosen ? raw(' aria-current="true"') : ''} class="flex min-h-7 items-center gap-1.5 rounded-md px-2.5 text-[0.8125rem] text-muted-foreground hover:text-foreground aria-[current]:bg-card aria-[current]:font-medium aria-[current]:text-foreground aria-[current]:shadow-xs">${name}${count === undefined ? '' : html`<span class="text-xs text-muted-foreground">${count}</span>`}</a>`

/** A filter with many values; changes the address by itself, and with a button where there is no script. */
export const picker = (
  { name, label, value }: { name: string; label: string; value: string },
  options: readonly (readonly [value: string, text: string])[],
): Html => {
  // What narrows the list is said, also where it narrows it to nothing.
  const isOffered = value === '' || options.some(([option]) => option === value)
  const all = isOffered ? options : [...options, [value, value] as const]
  return html`<select name="${name}" aria-label="${label}" class="picker"${value === '' ? '' : raw(' data-chosen')}>
<option value="">${label}</option>
${all.map(([option, text]) => html`<option value="${option}"${option === value ? raw(' selected') : ''}>${text}</option>`)}
</select>`
}

/** "a, b and 3 more": at most so many names, each as `drawn`. */
export const someOf = (
  names: readonly string[],
  most: number,
  drawn = (name: string): Html => html`<span class="typed">${name}</span>`,
): Html =>
  html`${names.slice(0, most).map((name, at) => html`${at === 0 ? '' : ', '}${drawn(name)}`)}${names.length > most ? ` and ${names.length - most} more` : ''}`

/** Nothing here yet, and the command that changes that. */
export const empty = ({
  title,
  text = '',
  command: typed,
  drawing = 'inbox',
}: {
  title: string
  text?: Html | string
  command?: string
  drawing?: IconName
}): Html =>
  html`<div class="flex flex-col items-center gap-2 px-4 py-12 text-center"><span class="mb-1 grid size-10 place-items-center rounded-xl border bg-layer text-muted-foreground">${icon(drawing, 'size-5')}</span><p class="font-medium">${title}</p>${text === '' ? '' : html`<p class="max-w-md text-muted-foreground">${text}</p>`}${typed === undefined ? '' : html`<div class="mt-2 max-w-full">${command(typed)}</div>`}</div>`

/** A command to type, with a copy button. */
export const command = (typed: string): Html =>
  html`<div class="inline-flex max-w-full items-center gap-1 rounded-lg border bg-layer py-0.5 pl-3 pr-0.5"><code class="min-w-0 truncate typed"><span class="select-none text-muted-foreground" aria-hidden="true">$ </span>${typed}</code>${copy(typed, `Copy ${typed}`)}</div>`

/** The push that deploys an app. Works where the host answers SSH: one behind a proxy of others may not. */
export const gitPush = ({ gitHost }: Pick<Frame, 'gitHost'>, app: string): string =>
  `git push dokku@${gitHost}:${app} main`

/** A button that copies; it says so by a tick. */
export const copy = (text: string, label: string): Html =>
  html`<button type="button" class="button-icon size-6 copies" data-copy="${text}" aria-label="${label}" title="${label}">${icon('copy', 'size-3.5')}${icon('check', 'size-3.5')}</button>`

/** Something could not be shown: what, and what to do. */
export const failure = (title: string, text: Html | string): Html =>
  html`<div role="alert" class="flex gap-3 rounded-xl border border-bad/30 bg-bad-fill/8 p-4">${icon('warning', 'size-4 mt-0.5 text-bad')}<div class="min-w-0"><p class="font-medium">${title}</p><p class="mt-0.5 text-muted-foreground-2">${text}</p></div></div>`

/** The real shape of rows that are on their way. */
export const skeletonRows = (count: number): Html =>
  html`<div aria-hidden="true" class="divide-y">${Array.from({ length: count }, () => raw('<div class="flex items-center gap-4 px-4 py-3.5"><span class="skeleton size-4 rounded-full"></span><span class="skeleton h-3.5 w-40"></span><span class="skeleton h-3.5 flex-1 max-w-sm"></span><span class="skeleton ml-auto h-3.5 w-16"></span></div>'))}</div>`

/** Names of the columns of a list, where `layout` shows them; a cell says by itself what it is, to whoever hears it. */
export const headings = (layout: string, names: readonly string[]): Html =>
  html`<div aria-hidden="true" class="${layout} gap-x-4 border-b px-4 py-2 text-xs text-muted-foreground">${names.map((name) => html`<span class="truncate">${name}</span>`)}</div>`

/** Older rows take the place of this when it is scrolled into view; without script it is a link to them. */
export const older = (href: string, select: string): Html =>
  html`<div hx-get="${href}" hx-trigger="intersect once" hx-select="${select}" hx-swap="outerHTML" hx-status:4xx="swap:none" hx-status:5xx="swap:none">${skeletonRows(2)}<a href="${href}" class="block px-4 py-3 text-center text-muted-foreground hover:text-foreground">Older</a></div>`

/** Tabs of one thing; each is a page of its own. */
export const tabs = (label: string, all: readonly Chip[]): Html =>
  html`<nav aria-label="${label}" data-tabs class="-mx-4 mb-6 overflow-x-auto overflow-y-hidden border-b [scrollbar-width:none] px-4 sm:-mx-6 sm:px-6 lg:-mx-8 lg:px-8"><ul class="flex gap-5">${all.map(tab)}</ul></nav>`

const tab = ({ name, href, chosen, count }: Chip): Html =>
  html`<li><a href="${href}"${chosen ? raw(' aria-current="page"') : ''} class="-mb-px flex items-center gap-1.5 whitespace-nowrap border-b-2 border-transparent pb-2.5 pt-1 text-muted-foreground hover:text-foreground aria-[current]:border-foreground aria-[current]:font-medium aria-[current]:text-foreground">${name}${count === undefined || count === 0 ? '' : html`<span class="rounded-full bg-surface px-1.5 text-2xs font-medium text-muted-foreground-2">${count}</span>`}</a></li>`

/** One fact under its name. */
export const fact = (name: string, value: Html | string): Html =>
  html`<div class="min-w-0"><dt class="text-xs text-muted-foreground">${name}</dt><dd class="mt-0.5 min-w-0">${value}</dd></div>`
