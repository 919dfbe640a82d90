import { html } from 'hono/html'
import type { Frame, Theme } from './frame.ts'
import { type IconName, icon } from './icons.ts'
import type { Html } from './layout.ts'

export interface Crumb {
  readonly name: string
  readonly href?: string
  /** A name that is typed: an app, a domain. */
  readonly typed?: boolean
}

/** Where am I, search, theme, connection, me. `search`: false on the page that is the search. */
export const topBar = (frame: Frame, trail: readonly Crumb[], search: boolean): Html =>
  html`<header class="sticky top-0 z-20 border-b bg-background/85 backdrop-blur-md">
<div class="mx-auto flex h-14 max-w-[88rem] items-center gap-2 px-4 sm:px-6 lg:px-8">
<button type="button" popovertarget="sidebar" class="button-icon -ml-2 lg:hidden" aria-label="Open menu">${icon('menu')}</button>
${trailOf(trail)}
${search ? searchForm : ''}
<span class="ml-1 flex shrink-0 items-center gap-1.5 text-xs text-muted-foreground" role="status" aria-label="Connection"><span class="connection-dot size-1.5 rounded-full"></span><span class="connection-word"></span></span>
${themeMenu}
${accountMenu(frame)}
</div>
</header>`

export const SEARCHED = 'Search apps, domains, deployments and pages'
/** Letters that are searched for at the most. */
export const MOST_TYPED = 100

/** What fits is shown in this element as one types; Enter, and a browser without script, send the form. */
export const suggesting = (into: string): Html =>
  html`hx-get="/search/suggestions" hx-trigger="input delay:120ms" hx-target="#${into}" hx-swap="innerHTML" hx-sync="this:replace" hx-status:4xx="swap:none" hx-status:5xx="swap:none"`

/** Where there is no room for a field, a link to the page that has one. */
const searchForm = html`<a href="/search" class="button-icon md:hidden" aria-label="Search">${icon('search')}</a>
<div class="search group relative hidden w-56 md:block xl:w-72">
<form action="/search" role="search" ${suggesting('search-hits')}>
<span class="pointer-events-none absolute inset-y-0 left-2.5 grid place-items-center text-muted-foreground">${icon('search', 'size-3.5')}</span>
<input type="search" name="q" id="search" class="field min-h-8 py-1 pl-8 pr-8 text-[0.8125rem]" placeholder="Search" aria-label="${SEARCHED}" autocomplete="off" autocapitalize="none" spellcheck="false" maxlength="${MOST_TYPED}">
<kbd class="kbd pointer-events-none absolute right-2 top-1.5">/</kbd>
</form>
<div id="search-hits" class="panel absolute right-0 top-full z-30 mt-1.5 hidden max-h-[70dvh] w-96 overflow-y-auto shadow-xl group-focus-within:block group-focus-within:empty:hidden"></div>
</div>`

const trailOf = (trail: readonly Crumb[]): Html =>
  html`<nav aria-label="Trail" class="min-w-0 flex-1"><ol class="flex min-w-0 items-center gap-1.5">${trail.map((crumb, index) => crumbOf(crumb, index === trail.length - 1))}</ol></nav>`

/** A phone has room for names and for the page itself. */
const crumbOf = ({ name, href, typed }: Crumb, last: boolean): Html =>
  last
    ? html`<li class="truncate font-medium ${typed ? 'typed min-w-0' : 'shrink-0'}" aria-current="page">${name}</li>`
    : html`<li class="items-center gap-1.5 ${typed ? 'flex min-w-0' : 'hidden shrink-0 sm:flex'}"><a href="${href ?? ''}" class="truncate rounded text-muted-foreground hover:text-foreground${typed ? ' typed' : ''}">${name}</a><span class="text-line-strong" aria-hidden="true">/</span></li>`

const THEMES: readonly (readonly [Theme, string, IconName])[] = [
  ['light', 'Light', 'light'],
  ['dark', 'Dark', 'dark'],
  ['auto', 'As the system', 'auto'],
]

const themes = THEMES.map(
  ([theme, name, drawing]) => html`<button type="button" class="menu-item" data-theme-choice="${theme}">
${icon(drawing, 'size-4 text-muted-foreground')}<span class="flex-1">${name}</span><span data-mark>${icon('check')}</span>
</button>`,
)

/** On a phone it is part of the menu of the account. */
const themeMenu = html`<details class="relative hidden sm:block" data-menu>
<summary class="button-icon" aria-label="Theme">${icon('light')}</summary>
<div class="menu right-0">${themes}</div>
</details>`

const accountMenu = ({ account }: Frame): Html | '' =>
  account === null
    ? ''
    : html`<details class="relative" data-menu>
<summary class="ml-1 grid size-7 place-items-center rounded-full bg-surface text-2xs font-semibold uppercase text-muted-foreground-2"><span aria-hidden="true">${initials(account.name)}</span><span class="sr-only">Account ${account.name}</span></summary>
<div class="menu right-0">
<div class="border-b px-2.5 pb-2 pt-1.5"><div class="truncate font-medium">${account.name}</div><div class="text-xs text-muted-foreground">${account.role}</div></div>
<div class="border-b py-1 sm:hidden"><p class="px-2.5 pt-1 text-xs text-muted-foreground">Theme</p>${themes}</div>
<div class="pt-1"><a href="/account" class="menu-item">${icon('account', 'size-4 text-muted-foreground')}Account and sessions</a>
<button type="button" class="menu-item" data-open-dialog="shortcuts">${icon('keyboard', 'size-4 text-muted-foreground')}<span class="flex-1">Shortcuts</span><kbd class="kbd">?</kbd></button>
<form method="post" action="/sign-out"><button class="menu-item">${icon('leave', 'size-4 text-muted-foreground')}Sign out</button></form></div>
</div>
</details>`

/** "ada-lovelace" → "AL", "admin" → "AD". */
const initials = (name: string): string => {
  const [first = '', second] = name.split(/[^\p{L}\p{N}]+/u).filter((part) => part !== '')
  return second === undefined ? first.slice(0, 2) : first.slice(0, 1) + second.slice(0, 1)
}
