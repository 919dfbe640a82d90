/** The buttons and forms that change an app's certificate. */
import { html } from 'hono/html'
import { action } from '../web/action.ts'
import { appHref } from '../web/app-page.ts'
import { command, fact, someOf } from '../web/components.ts'
import { askFor, tick } from '../web/dialog-field.ts'
import { day } from '../web/format.ts'
import type { Frame } from '../web/frame.ts'
import { icon } from '../web/icons.ts'
import type { Html } from '../web/layout.ts'
import { state } from '../web/states.ts'
import type { Letsencrypt } from './letsencrypt.ts'

export interface OfApp {
  readonly app: string
  readonly domains: readonly string[]
  readonly hasCertificate: boolean
}

/** What can be done with one's own. */
export const certificateButtons = (frame: Frame, { app, domains, hasCertificate }: OfApp): Html => {
  const kind = hasCertificate ? 'certs:update' : 'certs:add'
  return html`${action(frame, {
    verb: hasCertificate ? 'Replace the certificate of' : 'Add a certificate to',
    thing: app,
    label: hasCertificate ? 'Replace it with another' : html`${icon('plus', 'size-3.5')}Add one of your own`,
    href: appHref(app, 'certificate'),
    command: `dokku ${kind} ${app} < certificate.tar`,
    form: pairForm,
    upload: true,
    ...(!hasCertificate && { tone: 'primary' }),
  })}${
    domains.length === 0
      ? ''
      : action(frame, {
          verb: 'Make a self-signed certificate for',
          thing: app,
          label: 'Make a self-signed one',
          href: appHref(app, 'self-signed-certificate'),
          command: `dokku ${kind} ${app} < certificate.tar`,
          confirm: {
            text: html`For ${names(domains)}, valid for a year. Made by the panel, for Dokku’s own <span class="typed">certs:generate</span> wants answers at a terminal. Browsers warn of it, so it is for tests and for servers behind another one.${hasCertificate ? ' It takes the place of the certificate that is there.' : ''}`,
          },
        })
  }${
    hasCertificate
      ? action(frame, {
          verb: 'Remove the certificate of',
          thing: app,
          label: 'Remove',
          href: appHref(app, 'certificate'),
          method: 'delete',
          command: `dokku certs:remove ${app}`,
          tone: 'bad',
          confirm: {
            text: `${app} answers by plain http only. The certificate and its key are deleted on the server; browsers that were told to use https only (HSTS) no longer reach it.`,
          },
        })
      : ''
  }`
}

const pairForm = html`${pem('certificate', 'Certificate', '-----BEGIN CERTIFICATE-----', 'PEM, your own first, then those of the authority. All in one file with the key is fine.')}
${pem('key', 'Key', '-----BEGIN PRIVATE KEY-----', 'PEM, without a password. It goes to Dokku and is kept nowhere else.')}
<div>${tick('despite', 'Put it on even where it fits only in part')}<p data-problem="despite" class="mt-1 text-xs text-bad empty:hidden" role="alert"></p></div>`

function pem(name: string, label: string, begin: string, hint: string): Html {
  return html`<div><label class="block text-[0.8125rem] font-medium">${label}<textarea class="field typed mt-1.5 min-h-20 font-normal" name="${name}" rows="3" placeholder="${begin}" autocomplete="off" autocapitalize="none" spellcheck="false"></textarea></label>
<label class="mt-1.5 block text-xs text-muted-foreground">or a file <input type="file" name="${name}-file" aria-label="${label} as a file" class="max-w-full text-xs file:mr-2 file:rounded-md file:border-0 file:bg-surface file:px-2.5 file:py-1 file:text-xs file:font-medium file:text-foreground" data-most="60000" data-too-large="This is too large for a ${label.toLowerCase()}"></label>
<p data-problem="${name}" class="mt-1 text-xs text-bad empty:hidden" role="alert"></p><p class="mt-1 text-xs text-muted-foreground">${hint}</p></div>`
}

export interface LetsencryptOfApp extends OfApp {
  readonly standing: Letsencrypt
  readonly obstacles: readonly string[]
  /** It should have been renewed: the button for that stands on top of the page. */
  readonly isOverdue: boolean
  /** When the certificate ends. */
  readonly expiresAt: number | null
  /** Domains that do not point here, so that a try would fail. */
  readonly astray: readonly string[]
}

export const letsencryptPanel = (frame: Frame, of: LetsencryptOfApp): Html => {
  const { app, standing, obstacles } = of
  const { active, renews, email } = standing
  return html`<section class="panel mt-4 overflow-clip" aria-labelledby="letsencrypt-title"><header class="flex min-h-11 flex-wrap items-center justify-between gap-3 border-b px-4 py-1.5"><h2 id="letsencrypt-title" class="text-[0.8125rem] font-medium">Let’s Encrypt</h2><div class="text-[0.8125rem]">${active ? state('valid', 'on') : state('none', 'off')}</div></header>
<dl class="grid grid-cols-1 gap-x-6 gap-y-4 p-4 sm:grid-cols-3">
${fact('E-mail address', email.own !== '' ? html`<span class="typed break-all">${email.own}</span>` : email.ofServer !== '' ? html`<span class="typed break-all">${email.ofServer}</span> <span class="text-muted-foreground">of the server</span>` : 'none')}
${fact('Renewed by itself', renews ? due(of, frame.now) : html`<span class="text-warn">no</span>: its timer is off`)}
${fact('Domains are proven', standing.byDns ? 'by DNS' : 'over port 80')}
</dl>
${renews ? '' : html`<div class="px-4 pb-4">${command('dokku letsencrypt:cron-job --add')}</div>`}
${obstacles.length === 0 || active ? '' : html`<ul class="border-t px-4 py-3 text-[0.8125rem] text-muted-foreground-2">${obstacles.map((reason) => html`<li>Not yet: ${reason}.</li>`)}</ul>`}
<div class="flex flex-wrap items-center gap-x-1.5 gap-y-2 border-t px-4 py-3 empty:hidden">${letsencryptButtons(frame, of)}${emailButton(frame, app, email.own)}</div></section>`
}

const due = ({ standing, expiresAt }: LetsencryptOfApp, now: number): string => {
  if (!standing.active) return '—'
  const at = (expiresAt ?? 0) - standing.graceMs
  return expiresAt === null ? 'yes' : at <= now ? 'due now' : `from ${day(at, now)} on`
}

const letsencryptButtons = (
  frame: Frame,
  { app, standing, obstacles, astray, hasCertificate, isOverdue }: LetsencryptOfApp,
) => {
  if (!standing.active)
    return obstacles.length > 0
      ? ''
      : action(frame, {
          verb: 'Enable Let’s Encrypt for',
          thing: app,
          label: 'Enable',
          href: appHref(app, 'letsencrypt'),
          command: `dokku letsencrypt:enable ${app}`,
          tone: 'primary',
          confirm: {
            text: html`A certificate for all its domains is fetched, which takes up to a minute.${hasCertificate ? ' It takes the place of the one that is there.' : ''}${astray.length === 0 ? '' : html`<br><span class="text-warn">${names(astray)} ${astray.length === 1 ? 'does' : 'do'} not point here: it will likely fail, and failed tries are counted.</span>`}`,
          },
        })
  return html`${isOverdue ? '' : renewButton(frame, app)}${action(frame, {
    verb: 'Disable Let’s Encrypt for',
    thing: app,
    label: 'Disable',
    href: appHref(app, 'letsencrypt'),
    method: 'delete',
    command: `dokku letsencrypt:disable ${app}`,
    tone: 'bad',
    confirm: {
      text: `${app} answers by plain http only, until another certificate is added. The certificate is deleted on the server.`,
    },
  })}`
}

/** `primary`: it is what is to be done here. */
export const renewButton = (frame: Frame, app: string, primary = false): Html | '' =>
  action(frame, {
    verb: 'Renew the certificate of',
    thing: app,
    label: primary ? 'Renew now' : 'Renew',
    href: appHref(app, 'letsencrypt/renewals'),
    command: `dokku letsencrypt:auto-renew ${app}`,
    ...(primary && { tone: 'primary' }),
  })

const emailButton = (frame: Frame, app: string, email: string): Html | '' =>
  action(frame, {
    verb: 'Set the e-mail address of',
    thing: app,
    label: 'E-mail address',
    href: appHref(app, 'letsencrypt/email'),
    method: 'put',
    command: null,
    previewed: true,
    form: emailForm(email, 'Empty: the one of the server.'),
  })

/** Where no app has one of its own. */
export const globalEmail = (frame: Frame, email: string): Html =>
  html`<section class="mt-6" aria-labelledby="letsencrypt-title"><h2 id="letsencrypt-title" class="mb-2 text-[0.8125rem] font-medium">Let’s Encrypt</h2><div class="panel flex flex-wrap items-center justify-between gap-3 px-4 py-3"><p class="min-w-0 text-muted-foreground-2">${email === '' ? 'No e-mail address is set for the server: apps need one of their own.' : html`Apps without an address of their own use <span class="typed break-all">${email}</span>.`}</p>${action(
    frame,
    {
      verb: 'Set the e-mail address of',
      thing: 'the server',
      label: 'E-mail address',
      href: '/letsencrypt/email',
      method: 'put',
      command: null,
      previewed: true,
      form: emailForm(email, 'Empty: none.'),
    },
  )}</div></section>`

const emailForm = (value: string, hint: string): Html =>
  askFor({
    name: 'email',
    label: 'E-mail address',
    value,
    hint: `Let’s Encrypt has an account by it. ${hint}`,
    optional: true,
    placeholder: 'admin@example.com',
  })

const MOST_NAMED = 4
const names = (all: readonly string[]): Html => someOf(all, MOST_NAMED)
