/** The buttons and forms that change domains. */
import { html } from 'hono/html'
import type { App } from '../apps/app.ts'
import { typed } from '../jobs/job.ts'
import { action } from '../web/action.ts'
import { appHref } from '../web/app-page.ts'
import { someOf } from '../web/components.ts'
import type { Frame } from '../web/frame.ts'
import { icon } from '../web/icons.ts'
import type { Html } from '../web/layout.ts'
import { defaultDomains, isRemovable } from './domain.ts'

export const addDomains = (frame: Frame, app: string): Html | '' =>
  action(frame, {
    verb: 'Add domains to',
    thing: app,
    label: html`${icon('plus', 'size-3.5')}Add domains`,
    href: appHref(app, 'domains'),
    command: null,
    previewed: true,
    form: names({ placeholder: `www.example.com\nshop.example.com`, hint: ONE_OR_MANY }),
    tone: 'primary',
  })

/** No job: nothing of Dokku is changed. */
export const lookUpAgain = (frame: Frame, app: string): Html | '' =>
  frame.account?.role === 'admin'
    ? html`<form method="post" action="${appHref(app, 'domain-lookups')}" hx-post="${appHref(app, 'domain-lookups')}" hx-headers='{"Accept":"application/json"}' hx-swap="none" hx-sync="this:drop" data-action><button class="button">${icon('refresh', 'size-3.5')}Look DNS up again</button></form>`
    : ''

export interface WholeList {
  readonly domains: readonly string[]
  readonly disabled: boolean
  readonly globals: readonly string[] | undefined
}

/** What is done to all domains of an app at once. */
export const ofListButtons = (frame: Frame, app: string, { domains, disabled, globals }: WholeList): Html =>
  html`${action(frame, {
    verb: 'Set the domains of',
    thing: app,
    label: 'Edit as a list',
    href: appHref(app, 'domains'),
    method: 'put',
    command: null,
    previewed: true,
    form: names({
      value: domains.join('\n'),
      hint: 'These and no others: what is taken out of the list is removed.',
    }),
  })}${domains.length === 0 ? '' : clear(frame, app, domains)}${disabled ? enable(frame, app, globals) : disable(frame, app, domains)}`

const clear = (frame: Frame, app: string, domains: readonly string[]) =>
  action(frame, {
    verb: 'Clear the domains of',
    thing: app,
    label: 'Clear',
    href: appHref(app, 'domains'),
    method: 'delete',
    command: `dokku domains:clear ${app}`,
    tone: 'bad',
    confirm: {
      text: html`Nobody reaches ${app} by a name any more, until one is added. Lost: ${listed(domains)}`,
    },
  })

const disable = (frame: Frame, app: string, domains: readonly string[]) =>
  action(frame, {
    verb: 'Disable domains for',
    thing: app,
    label: 'Disable',
    href: appHref(app, 'domains-disabled'),
    command: `dokku domains:disable ${app}`,
    tone: 'bad',
    confirm: {
      text: html`nginx no longer tells ${app} from other apps by a name. Enabling them later does not bring the list back.${domains.length === 0 ? '' : html` Lost: ${listed(domains)}`}`,
    },
  })

const enable = (frame: Frame, app: string, globals: readonly string[] | undefined) =>
  action(frame, {
    verb: 'Enable domains for',
    thing: app,
    label: 'Enable',
    href: appHref(app, 'domains-enabled'),
    command: `dokku domains:enable ${app}`,
    confirm: {
      text: html`${app} answers to its name below each global domain, or to its name alone where that has dots${globals === undefined || globals.length === 0 ? '' : html`: ${listed(defaultDomains(app, globals))}`}, and is restarted.`,
    },
  })

export const removeDomain = (frame: Frame, { name, destroyedAt, front }: App, domain: string): Html | '' =>
  destroyedAt !== null || front || !isRemovable(domain)
    ? ''
    : action(frame, {
        verb: 'Remove',
        thing: domain,
        label: icon('trash', 'size-3.5'),
        look: 'button-icon size-8 above',
        href: appHref(name, `domains/${encodeURIComponent(domain)}`),
        method: 'delete',
        command: `dokku ${typed(['domains:remove', name, domain])}`,
        tone: 'bad',
        confirm: { text: html`${name} answers to it no longer. Its entry in DNS stays as it is.` },
      })

export const globalButtons = (frame: Frame, globals: readonly string[]): Html =>
  html`${action(frame, {
    verb: 'Add',
    thing: 'global domains',
    label: html`${icon('plus', 'size-3.5')}Add global domains`,
    href: '/domains',
    command: null,
    previewed: true,
    form: names({ placeholder: 'apps.example.com', hint: ONE_OR_MANY }),
  })}${action(frame, {
    verb: 'Set',
    thing: 'global domains',
    label: 'Edit as a list',
    href: '/domains',
    method: 'put',
    command: null,
    previewed: true,
    form: names({
      value: globals.join('\n'),
      hint: 'These and no others. Apps that are there keep their domains.',
    }),
  })}${
    globals.length === 0
      ? ''
      : action(frame, {
          verb: 'Clear',
          thing: 'global domains',
          label: 'Clear',
          href: '/domains',
          method: 'delete',
          command: 'dokku domains:clear-global',
          tone: 'bad',
          confirm: {
            text: 'An app that is created then has no domain of its own. Apps that are there keep theirs.',
          },
        })
  }`

export const removeGlobal = (frame: Frame, domain: string): Html | '' =>
  isRemovable(domain)
    ? action(frame, {
        verb: 'Remove',
        thing: domain,
        label: icon('trash', 'size-3.5'),
        look: 'button-icon size-8',
        href: `/domains/${encodeURIComponent(domain)}`,
        method: 'delete',
        command: `dokku ${typed(['domains:remove-global', domain])}`,
        tone: 'bad',
        confirm: {
          text: 'An app that is created gets no name below it any more. Apps that are there keep theirs.',
        },
      })
    : ''

const ONE_OR_MANY = 'One or several; a pasted list is taken too.'

const names = ({
  value = '',
  placeholder = '',
  hint,
}: {
  readonly value?: string
  readonly placeholder?: string
  readonly hint: string
}): Html =>
  html`<div><label class="block text-[0.8125rem] font-medium">Domains<textarea class="field typed mt-1.5 min-h-24 font-normal" name="domains" rows="4" placeholder="${placeholder}" autocomplete="off" autocapitalize="none" spellcheck="false" required>${value}</textarea></label><p data-problem="domains" class="mt-1 text-xs text-bad empty:hidden" role="alert"></p><p class="mt-1 text-xs text-muted-foreground">${hint}</p></div>`

const MOST_LISTED = 6
const listed = (all: readonly string[]): Html => someOf(all, MOST_LISTED)
