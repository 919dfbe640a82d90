import { html } from 'hono/html'
import type { AppHead } from '../apps/app.ts'
import type { Certificate } from '../certificates/certificate.ts'
import { address } from '../web/address.ts'
import { appHref, appPage } from '../web/app-page.ts'
import { certificateMark } from '../web/certificate-mark.ts'
import { command, empty, heading, live, moment } from '../web/components.ts'
import type { Frame } from '../web/frame.ts'
import { icon } from '../web/icons.ts'
import { type Html, page } from '../web/layout.ts'
import { covers, type Domain, isAddress } from './domain.ts'

export interface RowOfDomain {
  readonly domain: Domain
  readonly app: string
  /** The certificate of its app, whether or not it covers this name. */
  readonly certificate: Certificate | undefined
}

export interface DomainsPage {
  readonly rows: readonly RowOfDomain[]
  readonly q: string
}

export const domainsPage = (frame: Frame, { rows, q }: DomainsPage): Html =>
  page(
    frame,
    { title: 'Domains', at: 'domains', trail: [{ name: 'Domains' }] },
    html`${heading('Domains', { actions: search(q) })}
<div id="domains"${live({ id: 'domains', address: frame.address, topics: ['domains', 'certificates', 'apps'] })}><div class="panel overflow-clip">${rows.length === 0 ? nothing(q) : list(rows, frame)}</div></div>`,
  )

export const domainsOfApp = (frame: Frame, head: AppHead, rows: readonly RowOfDomain[]): Html => {
  const { name } = head.app
  return appPage(
    frame,
    head,
    { tab: 'domains', topics: ['domains', 'certificates'] },
    html`<div class="panel overflow-clip">${rows.length === 0 ? empty({ title: 'No domains', text: 'Nobody can reach this app by a name yet.', command: `dokku domains:add ${name} ${name}.example.com`, drawing: 'domains' }) : list(rows, frame, true)}</div>
${rows.length === 0 || head.app.destroyedAt !== null ? '' : html`<div class="mt-4">${command(`dokku domains:add ${name} www.example.com`)}</div>`}`,
  )
}

const search = (q: string): Html =>
  html`<form action="/domains" class="relative w-full sm:w-64" hx-get="/domains" hx-trigger="input delay:150ms" hx-select="#domains" hx-target="#domains" hx-swap="outerMorph" hx-replace-url="true" hx-sync="this:replace"><span class="pointer-events-none absolute inset-y-0 left-2.5 grid place-items-center text-muted-foreground">${icon('search', 'size-3.5')}</span><input type="search" name="q" value="${q}" class="field min-h-8 py-1 pl-8 text-[0.8125rem]" placeholder="Domain or app" aria-label="Filter by domain or app" autocomplete="off" spellcheck="false"></form>`

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

const list = (rows: readonly RowOfDomain[], { now }: Frame, plain = false): Html =>
  html`<ul class="divide-y">${rows.map(({ domain, app, certificate }) => {
    const covered = certificate?.hostnames.some((name) => covers(name, domain.domain)) === true
    return html`<li class="row grid grid-cols-[minmax(0,1fr)_auto] items-center gap-x-4 gap-y-0.5 px-4 py-2.5 ${plain ? 'md:grid-cols-[minmax(0,1fr)_12rem_11rem]' : 'md:grid-cols-[minmax(0,1fr)_10rem_12rem_11rem]'}">
<div class="col-span-2 flex min-w-0 items-center gap-2 md:col-auto"><span class="typed min-w-0 wrap-anywhere font-medium">${domain.domain}</span>${link(domain.domain, covered)}</div>
${plain ? '' : html`<div class="min-w-0 truncate text-[0.8125rem] text-muted-foreground-2"><a href="${appHref(app, 'domains')}" class="row-link typed">${app}</a></div>`}
<div class="text-[0.8125rem]">${certificateMark(covered ? certificate : undefined, now)}</div>
<div class="${plain ? '' : 'hidden md:block'} truncate text-right text-xs text-muted-foreground">${domain.addedBy === '' || domain.addedBy === 'unknown' ? 'seen' : `${domain.addedBy} ·`} ${moment(domain.since, now)}</div>
</li>`
  })}</ul>`

const link = (domain: string, secure: boolean): Html =>
  isAddress(domain)
    ? html`<a href="${secure ? 'https' : 'http'}://${domain}" rel="noopener" class="above rounded p-1 text-muted-foreground hover:text-foreground" aria-label="Open ${domain}">${icon('external', 'size-3')}</a>`
    : html`<span class="text-xs text-muted-foreground">pattern</span>`
