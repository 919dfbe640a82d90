/** What all pages about one app have in common: how it is found, its head, its tabs. */
import { createMiddleware } from 'hono/factory'
import { html } from 'hono/html'
import type { App, AppHead } from '../apps/app.ts'
import type { AppHeads } from '../apps/head.ts'
import type { Status } from '../apps/status.ts'
import { isAppName } from '../dokku/names.ts'
import { type Condition, conditions } from '../properties/access.ts'
import { appTopic, failure, moment, tabs } from './components.ts'
import { NotFound } from './errors.ts'
import type { Frame, PageEnv } from './frame.ts'
import { icon } from './icons.ts'
import { type Html, type Page, page } from './layout.ts'
import { badge, state } from './states.ts'
import { warningBadge, warningNote } from './status-note.ts'

export type AppEnv = { Variables: PageEnv['Variables'] & { head: AppHead } }

/** Puts the app of `/apps/:app…` on the context. An app that was renamed is found under its old name too. */
export const knownApp = (heads: AppHeads) =>
  createMiddleware<AppEnv>(async (c, next) => {
    const name = c.req.param('app') ?? ''
    const head = heads.find(name)
    const renamed = head?.app.destroyedAt === null ? undefined : heads.renamed(name)
    if (renamed !== undefined) {
      const { pathname, search } = new URL(c.req.url)
      const rest = pathname.split('/').slice(3).join('/')
      return c.redirect(`${appHref(renamed, rest)}${search}`, 302)
    }
    if (head === undefined)
      throw new NotFound(
        c.get('frame').warning === null
          ? `There is no app named ${name}.`
          : `No app named ${name} is known to the panel, which cannot read Dokku at the moment.`,
      )
    c.set('head', head)
    if (!isAppName(head.app.name)) c.set('frame', readOnly(c.get('frame')))
    return await next()
  })

/** For an app whose name Dokku no longer takes: every button on its pages would be refused. */
const readOnly = (frame: Frame): Frame =>
  frame.account === null ? frame : { ...frame, account: { ...frame.account, role: 'viewer' } }

export const TABS = [
  'overview',
  'deployments',
  'logs',
  'config',
  'domains',
  'certificate',
  'processes',
  'run',
  'events',
  'settings',
] as const
export type Tab = (typeof TABS)[number]

/** The address of a page about an app. */
export const appHref = (app: string, rest = ''): string =>
  `/apps/${encodeURIComponent(app)}${rest && `/${rest}`}`

/** Address of a tab of an app. */
export const tabHref = (app: string, tab: Tab): string => appHref(app, tab === 'overview' ? '' : tab)

export interface AppPage extends Pick<Page, 'topics' | 'scripts'> {
  readonly tab: Tab
}

/** A page about one app: head, tabs, content. */
export function appPage(
  frame: Frame,
  head: AppHead,
  { tab, topics, scripts = [] }: AppPage,
  content: Html,
): Html {
  const { name } = head.app
  const trail =
    tab === 'overview'
      ? [
          { name: 'Apps', href: '/apps' },
          { name, typed: true },
        ]
      : [
          { name: 'Apps', href: '/apps' },
          { name, href: appHref(name), typed: true },
          { name: TAB_NAMES[tab] },
        ]
  const title = tab === 'overview' ? name : `${TAB_NAMES[tab]} · ${name}`
  const live = topics && [...topics, appTopic(name)]
  return page(
    frame,
    { title, at: 'apps', trail, scripts, ...(live && { topics: live }) },
    html`${headOf(frame, head)}
${tabs(
  `Pages of ${name}`,
  TABS.map((each) => ({
    name: TAB_NAMES[each],
    href: tabHref(name, each),
    chosen: each === tab,
    ...(each === 'domains' && { count: head.domains }),
  })),
)}
${gone(frame, head.app)}${untaken(head.app)}${SAYS_WHAT_RUNS.has(tab) ? warningNote(name, head.status) : ''}
${content}`,
  )
}

const SAYS_WHAT_RUNS: ReadonlySet<Tab> = new Set(['overview', 'processes'])

export const TAB_NAMES: Readonly<Record<Tab, string>> = {
  overview: 'Overview',
  deployments: 'Deployments',
  logs: 'Logs',
  config: 'Config',
  domains: 'Domains',
  certificate: 'Certificate',
  processes: 'Processes',
  run: 'Run',
  events: 'Events',
  settings: 'Settings',
}

const headOf = (frame: Frame, { app, status, url, buttons }: AppHead): Html =>
  html`<div class="mb-5 flex flex-wrap items-center gap-x-4 gap-y-2">
<h1 class="min-w-0 break-all font-mono text-xl font-semibold tracking-tight">${app.name}</h1>
${state(status.state)}
${badges(app, status)}
${url === null ? '' : html`<a href="${url}" rel="noopener" class="typed flex min-w-0 items-center gap-1 rounded text-muted-foreground hover:text-foreground"><span class="truncate">${url.replace(/^https?:\/\//, '')}</span>${icon('external', 'size-3')}</a>`}
${app.lastEventAt === null ? '' : html`<span class="ml-auto hidden text-xs text-muted-foreground md:block">last event ${moment(app.lastEventAt, frame.now)}</span>`}
${acts(buttons(frame))}</div>`

const acts = (buttons: Html | ''): Html | '' =>
  buttons === ''
    ? ''
    : html`<div class="acts relative flex w-full flex-wrap items-center gap-x-1.5 gap-y-2 empty:hidden">${buttons}</div>`

export const conditionBadge = ({ words, isAmiss }: Condition): Html => badge(words, isAmiss ? 'warn' : 'off')

/** What is odd about an app. */
export const badges = (app: App, status: Status): Html =>
  html`${conditions(status.access).map(conditionBadge)}${app.front ? badge('this panel') : ''}${app.locked && status.state !== 'deploying' ? badge('locked', 'warn') : ''}${warningBadge(status)}${app.formerName === null ? '' : html`<span class="former min-w-0 break-words text-xs text-muted-foreground">formerly <span class="typed text-xs">${app.formerName}</span></span>`}`

const gone = ({ now }: Frame, app: App): Html | '' =>
  app.destroyedAt === null
    ? ''
    : html`<div class="mb-6">${failure(`${app.name} was destroyed`, html`${moment(app.destroyedAt, now)}. What Dokku kept of it is gone; its history stays here.`)}</div>`

const untaken = ({ name, destroyedAt }: App): Html | '' =>
  destroyedAt !== null || isAppName(name)
    ? ''
    : html`<div class="mb-6">${failure('Dokku no longer takes this name', html`It refuses every command about an app with capital letters in its name, so nothing of <span class="typed">${name}</span> can be read or changed by Dokku. What runs of it goes on. To manage it again, create an app with a name in lowercase and deploy the code there.`)}</div>`
