import { html } from 'hono/html'
import { type AppHead, isRead } from '../apps/app.ts'
import { address } from '../web/address.ts'
import { appHref, appPage } from '../web/app-page.ts'
import { left } from '../web/certificate-mark.ts'
import { command, empty, fact, heading, moment } from '../web/components.ts'
import { counted, day as dayOf, exact } from '../web/format.ts'
import type { Frame } from '../web/frame.ts'
import { type Html, page } from '../web/layout.ts'
import { type Looked, looked, unasked } from '../web/looked.ts'
import { lookup } from '../web/lookup.ts'
import { sortHeadings, sortPicker } from '../web/sorting.ts'
import { state, stateMark } from '../web/states.ts'
import {
  certificateButtons,
  globalEmail,
  type LetsencryptOfApp,
  letsencryptPanel,
  renewButton,
} from './action-views.ts'
import {
  type Certificate,
  certificateState,
  isRenewed,
  issuerName,
  SOON_DAYS,
  wantsALook,
} from './certificate.ts'
import { meaning } from './letsencrypt.ts'
import type { RowOfCertificate, Sort } from './list.ts'

export interface CertificatesPage {
  readonly rows: readonly RowOfCertificate[]
  readonly sort: Sort
  /** Apps that answer to a domain and have no certificate. */
  readonly without: readonly string[]
  /** E-mail address of the server for Let’s Encrypt; undefined where its plugin is not there, or was not asked yet. */
  readonly email: string | undefined
}

export const certificatesPage = (frame: Frame, { rows, sort, without, email }: CertificatesPage): Html =>
  page(
    frame,
    {
      title: 'Certificates',
      at: 'certificates',
      trail: [{ name: 'Certificates' }],
      topics: ['certificates', 'domains', 'apps'],
    },
    html`${heading('Certificates', { text: summary(rows, frame.now), ...(rows.length > 1 && { actions: controls(sort) }) })}
<div class="panel overflow-clip">${rows.length === 0 ? nothing : list(rows, frame, sort)}</div>
${without.length === 0 ? '' : html`<section class="mt-6"><h2 class="mb-2 text-[0.8125rem] font-medium">Without a certificate</h2><ul class="flex flex-wrap gap-2">${without.map((app) => html`<li><a href="${appHref(app, 'certificate')}" class="button typed">${app}</a></li>`)}</ul></section>`}
${email === undefined ? '' : globalEmail(frame, email)}`,
  )

const controls = (sort: Sort): Html =>
  html`<form action="/certificates" data-applies class="flex gap-2">
${sortPicker(ORDER_NAMES, sort, 'expires')}
<noscript><button class="button">Apply</button></noscript>
</form>`

const ORDER_NAMES: Readonly<Record<Sort, string>> = {
  expires: 'Expires first',
  '-expires': 'Expires last',
  app: 'App, A to Z',
  '-app': 'App, Z to A',
  issuer: 'Issuer, A to Z',
  '-issuer': 'Issuer, Z to A',
}

const list = (rows: readonly RowOfCertificate[], frame: Frame, sort: Sort): Html => {
  const href = (next: string) => address('/certificates', { sort: next === 'expires' ? '' : next })
  return html`<div class="@container">
${sortHeadings(`hidden @3xl:grid ${COLUMNS}`, ['', ['App', 'app'], 'Domains', ['Issuer', 'issuer'], ['Expires', 'expires']], { sort, href })}
<ul class="divide-y">${rows.map((row) => rowOf(row, frame))}</ul>
</div>`
}

const COLUMNS = '@3xl:grid-cols-[1.125rem_10rem_minmax(0,1fr)_10rem_12rem]'

const summary = (rows: readonly RowOfCertificate[], now: number): string => {
  const wanting = rows.filter(({ certificate }) => wantsALook(certificate, now)).length
  if (rows.length === 0) return ''
  return wanting === 0
    ? `Every one of ${counted(rows.length, 'certificate')} has more than ${SOON_DAYS} days left.`
    : `${wanting} of ${counted(rows.length, 'certificate')} ${wanting === 1 ? 'wants' : 'want'} a look.`
}

const nothing = empty({
  title: 'No certificates yet',
  text: 'Add your own, or let the letsencrypt plugin fetch one and renew it.',
  command: 'dokku letsencrypt:enable blog',
  drawing: 'certificates',
})

const rowOf = ({ certificate, app }: RowOfCertificate, { now }: Frame): Html => {
  const word = certificateState(certificate, now)
  const { expiresAt, hostnames, issuer } = certificate
  return html`<li class="row grid grid-cols-[auto_minmax(0,1fr)_auto] items-center gap-x-4 px-4 py-3 ${COLUMNS}">
${stateMark(word, 'size-4.5')}
<a href="${appHref(app, 'certificate')}" class="row-link typed truncate font-medium">${app}</a>
<div class="col-span-2 col-start-2 row-start-2 line-clamp-2 min-w-0 break-words text-[0.8125rem] text-muted-foreground @3xl:col-auto @3xl:row-auto"><span class="typed">${hostnames.slice(0, 2).join(', ') || 'names not read yet'}</span>${hostnames.length > 2 ? ` and ${hostnames.length - 2} more` : ''}</div>
<div class="hidden truncate text-[0.8125rem] text-muted-foreground @3xl:block">${issuerName(issuer)}</div>
<div class="text-right text-[0.8125rem] @3xl:text-left">${expiresAt === null ? html`<span class="text-muted-foreground">not read yet</span>` : html`<span title="${exact(expiresAt)}" class="${TONES.get(word)}">${left(expiresAt, now)}</span>`}</div>
</li>`
}

const TONES = lookup<string>({
  valid: 'text-muted-foreground-2',
  'expires soon': 'font-medium text-warn',
  expired: 'font-medium text-bad',
  unknown: 'text-muted-foreground',
})

export interface CertificateOfApp {
  readonly certificate: Certificate | undefined
  readonly domains: readonly string[]
  /** Dokku's name of it; empty: not read yet. */
  readonly proxy: string
  /** Undefined where the plugin is not there, or was not asked yet. */
  readonly letsencrypt:
    | (Pick<LetsencryptOfApp, 'standing' | 'obstacles' | 'astray'> & { readonly lastTry: FailedTry | null })
    | undefined
  readonly pluginThere: boolean | undefined
  /** Undefined where the plugin is not there. */
  readonly reading: Pick<Looked, 'at' | 'isLooking'> | undefined
}

/** The newest try to have one fetched, where it failed. */
export interface FailedTry {
  readonly job: number
  readonly at: number
  readonly means: string
  readonly lines: readonly string[]
}

/** The certificate of one app. */
export const certificateOfApp = (
  frame: Frame,
  head: AppHead,
  { certificate, domains, proxy, letsencrypt, pluginThere, reading }: CertificateOfApp,
): Html => {
  const { name, destroyedAt, front } = head.app
  const of = { app: name, domains, hasCertificate: certificate !== undefined }
  const acts = destroyedAt === null && !front
  const isDue = certificate !== undefined && wantsALook(certificate, frame.now)
  const isOverdue = acts && isDue && letsencrypt?.standing.active === true
  return appPage(
    frame,
    head,
    { tab: 'certificate', topics: ['certificates', 'domains'] },
    html`${acts ? otherProxy(proxy) : ''}${isDue ? renewal(certificate, letsencrypt?.standing.active, isOverdue ? renewButton(frame, name, true) : command(`dokku letsencrypt:auto-renew ${name}`)) : ''}
<div class="panel overflow-clip">${certificate !== undefined ? details(certificate, frame, letsencrypt?.standing.active) : isRead(head.app) ? without(head, pluginThere) : unasked(reading?.isLooking === true)}</div>
${acts ? html`<div class="mt-4 flex flex-wrap items-center gap-1.5 empty:hidden">${certificateButtons(frame, of)}</div>` : ''}
${acts && reading !== undefined ? html`<div class="mt-8">${looked(frame, { app: name, tab: 'certificate', ...reading })}</div>` : ''}
${acts && letsencrypt !== undefined ? html`${letsencrypt.lastTry === null ? '' : failed(letsencrypt.lastTry, frame)}${letsencryptPanel(frame, { ...of, ...letsencrypt, isOverdue, expiresAt: certificate?.expiresAt ?? null })}` : ''}`,
  )
}

/** Proxies that answer by https with certificates they fetch themselves, and read none of Dokku's. */
const OF_THEIR_OWN: ReadonlySet<string> = new Set(['traefik', 'caddy', 'haproxy'])

const otherProxy = (proxy: string): Html | '' =>
  OF_THEIR_OWN.has(proxy)
    ? html`<p class="mb-4 rounded-lg border border-warn/30 bg-warn-fill/8 px-4 py-3 text-[0.8125rem]" role="status">The proxy of this app is <span class="typed">${proxy}</span>, which does not use Dokku’s certificates: one that is added or fetched here does nothing. It fetches its own once it has an e-mail address: <code class="typed text-xs">dokku ${proxy}:set --global letsencrypt-email ada@example.com</code></p>`
    : ''

/** Above all else: what is to be done, and the button for it, or the command where there is none. */
const renewal = (certificate: Certificate, active: boolean | undefined, renew: Html | ''): Html =>
  isRenewed(certificate, active)
    ? html`<div class="mb-4 flex flex-wrap items-center justify-between gap-3"><p class="min-w-0 text-muted-foreground-2">The Let’s Encrypt plugin renews a certificate a month before it expires; this one was not renewed.</p>${renew}</div>`
    : html`<p class="mb-4 text-muted-foreground-2">Nothing renews this certificate. Replace it before it expires.</p>`

/**
 * In the words of certs:report. All that Dokku finds out is whether a certificate signed itself: whether browsers know
 * the authority of another one is not checked.
 */
const signedBy = ({ verified, issuer }: Certificate, byPlugin: boolean): Html | string => {
  if (verified === 'self signed') return html`itself: browsers warn visitors about it`
  if (verified !== 'verified by a certificate authority') return verified
  const authority = issuerName(issuer) || 'a certificate authority'
  return byPlugin
    ? authority
    : html`${authority} <span class="block text-xs text-muted-foreground">Dokku does not check whether browsers trust this authority.</span>`
}

/** What the last try said, and what that usually means. */
const failed = ({ job, at, means, lines }: FailedTry, { now }: Frame): Html =>
  html`<div role="alert" class="mt-4 rounded-xl border border-bad/30 bg-bad-fill/8 p-4"><p class="font-medium">The last try failed, ${moment(at, now)}</p>
${means === '' ? '' : html`<p class="mt-1 max-w-3xl text-muted-foreground-2">${means}</p>`}
<pre class="typed mt-3 overflow-x-auto whitespace-pre-wrap wrap-anywhere text-muted-foreground-2">${lines.join('\n')}</pre>
<p class="mt-3"><a href="/jobs/${job}" class="rounded underline underline-offset-2 hover:text-foreground">Everything it said</a></p></div>`

/** Above the output of a try that failed: what it usually means. */
export const letsencryptRemedy = (
  { id, kind, state }: { readonly id: number; readonly kind: string; readonly state: string },
  said: (job: number) => readonly string[],
): Html | '' => {
  const means = kind.startsWith('letsencrypt:') && state === 'failed' ? meaning(said(id)) : ''
  return means === '' ? '' : html`<p class="mb-4 max-w-3xl text-muted-foreground-2">${means}</p>`
}

const without = ({ app }: AppHead, pluginThere: boolean | undefined): Html =>
  empty({
    title: 'No certificate',
    text: 'Without one, visitors can reach the app only by plain http. Add your own, or let the letsencrypt plugin fetch one and renew it.',
    command:
      pluginThere === false
        ? 'sudo dokku plugin:install https://github.com/dokku/dokku-letsencrypt.git'
        : `dokku letsencrypt:enable ${app.name}`,
    drawing: 'certificates',
  })

const details = (certificate: Certificate, { now }: Frame, active: boolean | undefined): Html => {
  const { expiresAt, startsAt, hostnames, issuer, subject, updatedAt, updatedBy } = certificate
  const word = certificateState(certificate, now)
  return html`<div class="flex flex-wrap items-center justify-between gap-3 border-b p-4"><div class="text-base">${state(word)}</div>${expiresAt === null ? '' : html`<span class="text-muted-foreground-2" title="${exact(expiresAt)}">${left(expiresAt, now)}, ${dayOf(expiresAt, now)}</span>`}</div>
<dl class="grid grid-cols-1 gap-x-6 gap-y-4 p-4 sm:grid-cols-2 xl:grid-cols-3">
${fact('Names', hostnames.length === 0 ? 'not read yet' : html`<ul>${hostnames.map((name) => html`<li class="typed break-all">${name}</li>`)}</ul>`)}
${fact('Issuer', issuerName(issuer) || 'not read yet')}
${fact('Subject', html`<span class="typed break-all">${subject || 'not read yet'}</span>`)}
${startsAt === null ? '' : fact('Valid from', html`<span title="${exact(startsAt)}">${dayOf(startsAt, now)}</span>`)}
${fact('Put here', html`${moment(updatedAt, now)}${updatedBy === '' ? '' : ` by ${updatedBy}`}`)}
${certificate.verified === '' ? '' : fact('Signed by', signedBy(certificate, isRenewed(certificate, active)))}
</dl>`
}
