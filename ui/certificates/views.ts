import { html } from 'hono/html'
import type { AppHead } from '../apps/app.ts'
import { appHref, appPage } from '../web/app-page.ts'
import { left } from '../web/certificate-mark.ts'
import { command, empty, fact, heading, moment } from '../web/components.ts'
import { counted, day as dayOf, exact } from '../web/format.ts'
import type { Frame } from '../web/frame.ts'
import { type Html, page } from '../web/layout.ts'
import { state, stateMark } from '../web/states.ts'
import { type Certificate, certificateState, SOON_DAYS, wantsALook } from './certificate.ts'

export interface RowOfCertificate {
  readonly certificate: Certificate
  readonly app: string
}

export interface CertificatesPage {
  readonly rows: readonly RowOfCertificate[]
  /** Apps that answer to a domain and have no certificate. */
  readonly without: readonly string[]
}

export const certificatesPage = (frame: Frame, { rows, without }: CertificatesPage): Html =>
  page(
    frame,
    {
      title: 'Certificates',
      at: 'certificates',
      trail: [{ name: 'Certificates' }],
      topics: ['certificates', 'domains', 'apps'],
    },
    html`${heading('Certificates', { text: summary(rows, frame.now) })}
<div class="panel overflow-clip">${rows.length === 0 ? nothing : html`<ul class="divide-y">${rows.map((row) => rowOf(row, frame))}</ul>`}</div>
${without.length === 0 ? '' : html`<section class="mt-6"><h2 class="mb-2 text-[0.8125rem] font-medium">Without a certificate</h2><ul class="flex flex-wrap gap-2">${without.map((app) => html`<li><a href="${appHref(app, 'certificate')}" class="button typed">${app}</a></li>`)}</ul></section>`}`,
  )

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
  return html`<li class="row grid grid-cols-[auto_minmax(0,1fr)_auto] items-center gap-x-3 px-4 py-3 md:grid-cols-[auto_10rem_minmax(0,1fr)_10rem_12rem]">
${stateMark(word, 'size-4.5')}
<a href="${appHref(app, 'certificate')}" class="row-link typed truncate font-medium">${app}</a>
<div class="col-span-2 col-start-2 row-start-2 line-clamp-2 min-w-0 break-words text-[0.8125rem] text-muted-foreground md:col-auto md:row-auto"><span class="typed">${hostnames.slice(0, 2).join(', ') || 'names not read yet'}</span>${hostnames.length > 2 ? ` and ${hostnames.length - 2} more` : ''}</div>
<div class="hidden truncate text-[0.8125rem] text-muted-foreground md:block">${issuerName(issuer)}</div>
<div class="text-right text-[0.8125rem]">${expiresAt === null ? html`<span class="text-muted-foreground">not read yet</span>` : html`<span title="${exact(expiresAt)}" class="${TONES[word]}">${left(expiresAt, now)}</span>`}</div>
</li>`
}

const TONES: Readonly<Record<string, string>> = {
  valid: 'text-muted-foreground-2',
  'expires soon': 'font-medium text-warn',
  expired: 'font-medium text-bad',
  unknown: 'text-muted-foreground',
}

/** The organisation of an issuer such as `C=US; O=Let's Encrypt; CN=R11`, else its name. */
export const issuerName = (issuer: string): string => part(issuer, 'O') ?? part(issuer, 'CN') ?? issuer

const part = (name: string, key: string): string | undefined =>
  new RegExp(`(?:^|[;,/\\s])${key} ?= ?([^;,/]+)`).exec(name)?.[1]?.trim()

/** The certificate of one app. */
export const certificateOfApp = (frame: Frame, head: AppHead, certificate: Certificate | undefined): Html =>
  appPage(
    frame,
    head,
    { tab: 'certificate', topics: ['certificates'] },
    html`<div class="panel overflow-clip">${certificate === undefined ? without(head) : details(certificate, frame)}</div>
${certificate !== undefined && wantsALook(certificate, frame.now) ? html`<div class="mt-4 space-y-2"><p class="text-muted-foreground-2">Let’s Encrypt renews a month before the end; this one was not renewed. See why, and renew it:</p>${command(`dokku letsencrypt:enable ${head.app.name}`)}</div>` : ''}`,
  )

const without = ({ app }: AppHead): Html =>
  empty({
    title: 'No certificate',
    text: 'The app answers by plain http. Add your own, or let the letsencrypt plugin fetch one and renew it.',
    command: `dokku letsencrypt:enable ${app.name}`,
    drawing: 'certificates',
  })

const details = (certificate: Certificate, { now }: Frame): Html => {
  const { expiresAt, startsAt, hostnames, issuer, subject, verified, updatedAt, updatedBy } = certificate
  const word = certificateState(certificate, now)
  return html`<div class="flex flex-wrap items-center justify-between gap-3 border-b p-4"><div class="text-base">${state(word)}</div>${expiresAt === null ? '' : html`<span class="text-muted-foreground-2" title="${exact(expiresAt)}">${left(expiresAt, now)}, ${dayOf(expiresAt, now)}</span>`}</div>
<dl class="grid grid-cols-1 gap-x-6 gap-y-4 p-4 sm:grid-cols-2 lg:grid-cols-3">
${fact('Names', hostnames.length === 0 ? 'not read yet' : html`<ul>${hostnames.map((name) => html`<li class="typed break-all">${name}</li>`)}</ul>`)}
${fact('Issuer', issuerName(issuer) || 'not read yet')}
${fact('Subject', html`<span class="typed break-all">${subject || 'not read yet'}</span>`)}
${startsAt === null ? '' : fact('Valid from', html`<span title="${exact(startsAt)}">${dayOf(startsAt, now)}</span>`)}
${fact('Put here', html`${moment(updatedAt, now)}${updatedBy === '' ? '' : ` by ${updatedBy}`}`)}
${verified === '' ? '' : fact('Verified', verified)}
</dl>`
}
