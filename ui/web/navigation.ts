import { html } from 'hono/html'
import type { Counts, Frame } from './frame.ts'
import { type IconName, icon, mark } from './icons.ts'
import type { Html } from './layout.ts'

export type Place =
  | 'overview'
  | 'apps'
  | 'deployments'
  | 'domains'
  | 'certificates'
  | 'jobs'
  | 'events'
  | 'config'
  | 'audit'
  | 'account'

interface Link {
  readonly place: Place
  readonly name: string
  readonly href: string
  readonly icon: IconName
  readonly count?: keyof Counts
  /** What the count counts, for those who hear it. */
  readonly counts?: string
  readonly tone?: string
}

const HERE: readonly Link[] = [
  { place: 'overview', name: 'Overview', href: '/', icon: 'overview' },
  {
    place: 'apps',
    name: 'Apps',
    href: '/apps',
    icon: 'apps',
    count: 'apps',
    counts: 'in trouble',
    tone: 'text-bad',
  },
  {
    place: 'deployments',
    name: 'Deployments',
    href: '/deployments',
    icon: 'deployments',
    count: 'deployments',
    counts: 'running',
    tone: 'text-busy',
  },
  { place: 'domains', name: 'Domains', href: '/domains', icon: 'domains' },
  {
    place: 'certificates',
    name: 'Certificates',
    href: '/certificates',
    icon: 'certificates',
    count: 'certificates',
    counts: 'near expiry',
    tone: 'text-warn',
  },
  {
    place: 'jobs',
    name: 'Jobs',
    href: '/jobs',
    icon: 'jobs',
    count: 'jobs',
    counts: 'running',
    tone: 'text-busy',
  },
  { place: 'events', name: 'Events', href: '/events', icon: 'events' },
]

const BELOW: readonly Link[] = [
  { place: 'config', name: 'Global config', href: '/config', icon: 'config' },
  { place: 'audit', name: 'Audit', href: '/audit', icon: 'audit' },
  { place: 'account', name: 'Account', href: '/account', icon: 'account' },
]

/** The pages of the panel by name. */
export const PLACES: readonly Pick<Link, 'name' | 'href'>[] = [...HERE, ...BELOW]

/** Which of them a path belongs to; null where it is below none. */
export const placeOf = (path: string): Place | null =>
  path === '/'
    ? 'overview'
    : ([...HERE, ...BELOW].find(({ href }) => href !== '/' && (path === href || path.startsWith(`${href}/`)))
        ?.place ?? null)

/** In place on wide screens; on narrow ones the same element is a drawer, opened by the top bar. */
export const sidebar = (frame: Frame, at: Place | null): Html =>
  html`<aside id="sidebar" popover class="drawer" aria-label="Sidebar">
<div class="flex h-14 shrink-0 items-center justify-between px-4">
<a href="/" class="flex items-center gap-2 rounded-lg text-[0.9375rem] font-semibold tracking-tight">${mark('size-5')}Dokkubase</a>
<button type="button" popovertarget="sidebar" popovertargetaction="hide" class="button-icon lg:hidden" aria-label="Close menu">${icon('close')}</button>
</div>
<nav id="navigation" class="flex flex-1 flex-col overflow-y-auto px-3 pb-4" aria-label="Main">
<ul class="space-y-0.5">${HERE.map((link) => item(frame, link, at))}</ul>
<div class="mt-auto"></div>
<ul class="space-y-0.5 border-t pt-3">${BELOW.map((link) => item(frame, link, at))}</ul>
</nav>
</aside>`

const item = ({ counts }: Frame, link: Link, at: Place | null): Html =>
  html`<li><a href="${link.href}"${link.place === at ? CURRENT : ''} class="flex min-h-8 items-center gap-2.5 rounded-lg px-2.5 py-1.5 text-muted-foreground-2 hover:bg-layer-active hover:text-foreground aria-[current]:bg-layer-active aria-[current]:font-medium aria-[current]:text-foreground">${icon(link.icon, 'size-4 text-muted-foreground')}<span class="flex-1">${link.name}</span>${count(counts, link)}</a></li>`

const CURRENT = html` aria-current="page"`

const count = (counts: Counts, { count, counts: meaning, tone }: Link): Html | '' =>
  count === undefined || counts[count] === 0
    ? ''
    : html`<span class="min-w-5 rounded-full bg-current/10 px-1.5 text-center text-xs font-semibold ${tone}">${counts[count]}<span class="sr-only"> ${meaning}</span></span>`
