import { html } from 'hono/html'
import { type AppHead, isRead } from '../apps/app.ts'
import { address } from '../web/address.ts'
import { appHref, appPage } from '../web/app-page.ts'
import { certificateMark } from '../web/certificate-mark.ts'
import { command, empty, heading, headings, live, moment } from '../web/components.ts'
import type { Frame } from '../web/frame.ts'
import { icon } from '../web/icons.ts'
import { type Html, page } from '../web/layout.ts'
import { unasked } from '../web/looked.ts'
import { sortHeadings, sortPicker } from '../web/sorting.ts'
import {
  addDomains,
  globalButtons,
  lookUpAgain,
  ofListButtons,
  removeDomain,
  removeGlobal,
} from './action-views.ts'
import { isAddress } from './domain.ts'
import { asked, type DomainsQuery, isSecured, type RowOfDomain, type Sort } from './list.ts'
import { pointingMark } from './pointing-mark.ts'

export interface DomainsPage {
  readonly rows: readonly RowOfDomain[]
  readonly query: DomainsQuery
  /** Undefined: Dokku was not asked yet. */
  readonly globals: readonly string[] | undefined
}

export interface DomainsOfApp {
  readonly rows: readonly RowOfDomain[]
  /** Dokku sends nobody to it by a name. */
  readonly disabled: boolean
  readonly globals: readonly string[] | undefined
}

export const domainsPage = (frame: Frame, { rows, query, globals }: DomainsPage): Html =>
  page(
    frame,
    { title: 'Domains', at: 'domains', trail: [{ name: 'Domains' }] },
    html`${heading('Domains', { actions: controls(query) })}
<div id="domains"${live({ id: 'domains', address: frame.address, topics: ['domains', 'certificates', 'apps'], beside: ['global-domains'] })}><div class="panel overflow-clip">${rows.length === 0 ? nothing(query.q) : list(rows, frame, query)}</div></div>
${globalDomains(frame, globals)}`,
  )

export const domainsOfApp = (
  frame: Frame,
  head: AppHead,
  { rows, disabled, globals }: DomainsOfApp,
): Html => {
  const { name, destroyedAt, front } = head.app
  const buttons =
    destroyedAt === null && !front
      ? html`<div class="flex flex-wrap items-center gap-1.5">${addDomains(frame, name)}${rows.some(isAmiss) ? lookUpAgain(frame, name) : ''}${ofListButtons(frame, name, { domains: rows.map(({ domain }) => domain.domain), disabled, globals })}</div>`
      : ''
  return appPage(
    frame,
    head,
    { tab: 'domains', topics: ['domains', 'certificates'] },
    html`<div class="panel overflow-clip">${rows.length > 0 ? listOfApp(rows, frame, head) : isRead(head.app) ? none(name, disabled) : unasked(false)}</div>
${buttons === '' ? '' : html`<div class="mt-4">${buttons}</div>`}
${rows.length === 0 || destroyedAt !== null || frame.account?.role === 'admin' ? '' : html`<div class="mt-4">${command(`dokku domains:add ${name} www.example.com`)}</div>`}`,
  )
}

/** Somebody who mends it wants to know at once. */
const isAmiss = ({ check }: RowOfDomain): boolean => check !== undefined && check.where !== 'here'

const none = (name: string, disabled: boolean): Html =>
  disabled
    ? empty({
        title: 'Domains are disabled',
        text: 'nginx sends nobody to this app by a name. A domain that is added enables them again.',
        command: `dokku domains:enable ${name}`,
        drawing: 'domains',
      })
    : empty({
        title: 'No domains',
        text: 'Nobody can reach this app by a name yet.',
        command: `dokku domains:add ${name} ${name}.example.com`,
        drawing: 'domains',
      })

const controls = ({ q, sort }: DomainsQuery): Html =>
  html`<form action="/domains" class="flex w-full flex-wrap items-center gap-2 sm:w-auto" hx-get="/domains" hx-trigger="input delay:150ms" hx-select="#domains" hx-target="#domains" hx-swap="outerMorph" hx-replace-url="true" hx-sync="this:replace">
<div class="relative w-full sm:w-64">
<span class="pointer-events-none absolute inset-y-0 left-2.5 grid place-items-center text-muted-foreground">${icon('search', 'size-3.5')}</span>
<input type="search" name="q" value="${q}" class="field min-h-8 py-1 pl-8 text-[0.8125rem]" placeholder="Domain or app" aria-label="Filter by domain or app" autocomplete="off" spellcheck="false">
</div>
${sortPicker(ORDER_NAMES, sort, 'app')}
<noscript><button class="button">Apply</button></noscript>
</form>`

const ORDER_NAMES: Readonly<Record<Sort, string>> = {
  app: 'App, A to Z',
  '-app': 'App, Z to A',
  domain: 'Domain, A to Z',
  '-domain': 'Domain, Z to A',
  dns: 'DNS, wrong first',
  '-dns': 'DNS, wrong last',
  expires: 'Certificate, expires first',
  '-expires': 'Certificate, expires last',
}

const nothing = (q: string): Html =>
  q === ''
    ? empty({
        title: 'No domains yet',
        text: 'A domain is where an app answers.',
        command: 'dokku domains:add blog blog.example.com',
        drawing: 'domains',
      })
    : empty({
        title: `No domain is like “${q}”`,
        text: html`<a href="${address('/domains', {})}" class="underline underline-offset-2 hover:text-foreground">Show all domains</a>`,
        drawing: 'search',
      })

/** In a narrow container a row takes two lines, and needs no headings. */
const list = (rows: readonly RowOfDomain[], frame: Frame, query: DomainsQuery): Html => {
  const href = (sort: string) => address('/domains', { ...asked(query), sort })
  return html`<div class="@container">
${sortHeadings(`hidden @5xl:grid ${COLUMNS}`, [['Domain', 'domain'], ['App', 'app'], ['DNS', 'dns'], ['Certificate', 'expires'], 'Added'], { sort: query.sort, href })}
<ul class="divide-y">${rows.map((row) => rowOf(row, frame))}</ul>
</div>`
}

const COLUMNS = '@5xl:grid-cols-[minmax(0,1fr)_8rem_13rem_11rem_9rem]'

const listOfApp = (rows: readonly RowOfDomain[], frame: Frame, head: AppHead): Html =>
  html`<div class="@container">
${headings('hidden @4xl:grid @4xl:grid-cols-[minmax(0,1fr)_13rem_11rem_9rem_2rem]', ['Domain', 'DNS', 'Certificate', 'Added'])}
<ul class="divide-y">${rows.map((row) => rowOfApp(row, frame, head))}</ul>
</div>`

const ROW = 'row grid items-center gap-x-4 gap-y-1 px-4 py-2.5'

const rowOf = (row: RowOfDomain, frame: Frame): Html =>
  html`<li class="${ROW} grid-cols-[minmax(0,1fr)_auto] ${COLUMNS}">
<div class="flex min-w-0 items-center gap-2">${nameOf(row)}</div>
<div class="min-w-0 max-w-32 truncate justify-self-end text-[0.8125rem] text-muted-foreground-2 @5xl:max-w-none @5xl:justify-self-start"><a href="${appHref(row.app, 'domains')}" class="row-link typed">${row.app}</a></div>
<div class="min-w-0 text-[0.8125rem]">${pointingMark(row.domain.domain, row.check, frame.now)}</div>
<div class="text-[0.8125rem]">${certificateOf(row, frame)}</div>
<div class="hidden truncate text-xs text-muted-foreground @5xl:block">${addedBy(row, frame)}</div>
</li>`

const rowOfApp = (row: RowOfDomain, frame: Frame, { app }: AppHead): Html =>
  html`<li class="${ROW} grid-cols-[minmax(0,1fr)_auto] @xl:grid-cols-[minmax(0,1fr)_auto_auto] @4xl:grid-cols-[minmax(0,1fr)_13rem_11rem_9rem_2rem]">
<div class="col-span-2 flex min-w-0 items-center gap-2 @4xl:col-span-1">${nameOf(row)}</div>
<div class="min-w-0 text-[0.8125rem]">${pointingMark(row.domain.domain, row.check, frame.now)}</div>
<div class="text-[0.8125rem]">${certificateOf(row, frame)}</div>
<div class="truncate text-xs text-muted-foreground">${addedBy(row, frame)}</div>
<div class="justify-self-end @xl:col-start-3 @xl:row-start-1 @4xl:col-start-5">${removeDomain(frame, app, row.domain.domain)}</div>
</li>`

const nameOf = (row: RowOfDomain): Html =>
  html`<span class="typed min-w-0 wrap-anywhere font-medium">${row.domain.domain}</span>${link(row.domain.domain, isSecured(row))}`

const certificateOf = (row: RowOfDomain, { now }: Frame): Html =>
  certificateMark(isSecured(row) ? row.certificate : undefined, now)

const addedBy = ({ domain: { addedBy: by, since } }: RowOfDomain, { now }: Frame): Html =>
  html`${by === '' || by === 'unknown' ? 'seen' : `${by} ·`} ${moment(since, now)}`

const link = (domain: string, secure: boolean): Html =>
  isAddress(domain)
    ? html`<a href="${secure ? 'https' : 'http'}://${domain}" rel="noopener" class="above rounded p-1 text-muted-foreground hover:text-foreground" aria-label="Open ${domain}">${icon('external', 'size-3')}</a>`
    : html`<span class="text-xs text-muted-foreground">pattern</span>`

/** An app that is created gets a name below each of them. */
const globalDomains = (frame: Frame, globals: readonly string[] | undefined): Html =>
  html`<section id="global-domains" class="mt-8" aria-labelledby="global-domains-title"><h2 id="global-domains-title" class="text-[0.8125rem] font-medium">Global domains</h2>
<p class="mb-3 mt-0.5 text-[0.8125rem] text-muted-foreground">An app that is created answers to its name below each of these; apps that are there stay as they are.</p>
<div class="panel overflow-clip">${globalList(frame, globals)}</div>
<div class="mt-4 flex flex-wrap items-center gap-1.5">${globalButtons(frame, globals ?? [])}</div></section>`

const globalList = (frame: Frame, globals: readonly string[] | undefined): Html => {
  if (globals === undefined)
    return html`<p class="px-4 py-3 text-muted-foreground">Dokku was not asked for them yet.</p>`
  if (globals.length === 0)
    return html`<p class="px-4 py-3 text-muted-foreground">None: an app that is created answers to no name until one is added.</p>`
  return html`<ul class="divide-y">${globals.map((domain) => html`<li class="flex min-h-11 items-center justify-between gap-3 py-1 pl-4 pr-3"><span class="typed min-w-0 wrap-anywhere font-medium">${domain}</span>${removeGlobal(frame, domain)}</li>`)}</ul>`
}
