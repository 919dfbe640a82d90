/** Config by name: values are masked, and stand in no page until somebody asks for one. */
import { html } from 'hono/html'
import { isRead } from '../apps/app.ts'
import { action } from '../web/action.ts'
import { empty, moment } from '../web/components.ts'
import { counted } from '../web/format.ts'
import type { Frame } from '../web/frame.ts'
import { icon } from '../web/icons.ts'
import type { Html } from '../web/layout.ts'
import { unasked } from '../web/looked.ts'
import { configNote } from '../web/not-applied.ts'
import { badge } from '../web/states.ts'
import type { ConfigNotApplied } from './config.ts'
import { type Draft, isBlank } from './draft.ts'
import { dialogLink, formDialog } from './form-views.ts'
import { appOf, GLOBAL_TOPIC, named, type Owner } from './owner.ts'
import { besides, configHref, ownersPage } from './owner-views.ts'
import type { Reserved } from './reserved.ts'
import { leftOutView, lockedView, reservedView } from './reserved-views.ts'
import { type ConfigRow, inWords } from './row.ts'
import { endNote } from './value-views.ts'

export interface ConfigPage {
  readonly rows: readonly ConfigRow[]
  /** Null for whoever may only look, and where nothing can be changed. */
  readonly draft: Draft | null
  /** Keys that only the server's root may set, and those of them that it has not allowed. */
  readonly reserved: Reserved
  readonly refuses: Reserved
  /** What running containers were created without; null: nothing that is known. */
  readonly notApplied: ConfigNotApplied | null
  /** Keys of the server's, where its root lets them be shown. */
  readonly global: readonly string[] | null
  /** Without script a value is shown on a page of its own. */
  readonly revealed?: { readonly key: string; readonly value: string }
}

export const SCRIPTS = ['config.js']

export const configPage = (frame: Frame, owner: Owner, shown: ConfigPage): Html => {
  const app = appOf(owner)
  const { rows, draft, global } = shown
  return ownersPage(
    frame,
    owner,
    { topics: app === null ? [] : [GLOBAL_TOPIC], scripts: SCRIPTS },
    html`<div class="mb-4 flex flex-wrap items-center justify-between gap-x-4 gap-y-2"><p class="text-[0.8125rem] text-muted-foreground">${counted(rows.filter(({ known }) => known !== undefined).length, 'key')} · values stay with Dokku until one is asked for</p>
${draft === null ? '' : html`<div class="flex flex-wrap gap-2">${dialogLink(app, 'set', 'Add a key', 'button button-primary')}${dialogLink(app, 'paste', 'Paste a .env', 'button')}${download(app)}</div>`}</div>
${draft === null ? '' : bar(frame, app, draft, rows)}${notApplied(frame, owner, shown)}
${reservedView(app, rows, shown)}
<div id="config" class="panel overflow-clip">${rows.length === 0 ? (owner !== null && !isRead(owner.app) ? unasked(false) : nothing(app, draft !== null)) : html`<ul class="divide-y">${rows.map((row) => rowView(frame, app, row, shown))}</ul>`}</div>
${app === null ? '' : besides(global)}
${draft === null ? '' : formDialog}`,
  )
}

const notApplied = (frame: Frame, owner: Owner, { notApplied: known }: ConfigPage): Html | '' => {
  if (owner === null || owner.app.destroyedAt !== null || owner.app.front) return ''
  const note = configNote(frame, { name: owner.app.name, deploying: owner.deploying }, known)
  return note === '' ? '' : html`<div class="panel mb-4" role="status">${note}</div>`
}

const nothing = (app: string | null, mayChange: boolean): Html =>
  empty({
    title: 'No config yet',
    text: `Keys and values ${app === null ? 'every' : 'the'} app finds in its environment.${mayChange ? ' Add one, or paste a whole .env.' : ''}`,
    command: `dokku config:set ${named(app)} LOG_LEVEL=info`,
    drawing: 'list',
  })

const download = (app: string | null): Html =>
  html`<form method="post" action="${configHref(app, 'downloads')}"><button class="button">Download .env</button></form>`

/** What waits, and what became of it. Only whoever made the changes sees it. */
const bar = (frame: Frame, app: string | null, draft: Draft, rows: readonly ConfigRow[]): Html | '' => {
  const { edits, applying, failed } = draft
  if (edits.length === 0 && applying === null && failed === null) return ''
  const conflicts = rows.filter(({ conflict }) => conflict).length
  return html`<section id="config-changes" class="panel sticky top-16 z-10 mb-4 flex flex-wrap items-center gap-x-4 gap-y-2 px-4 py-3 shadow-sm" aria-label="Changes not applied"><div class="min-w-0 flex-1 basis-64" role="status">
${edits.length === 0 ? '' : html`<p class="font-medium">${counted(edits.length, 'change')} not applied</p><p class="text-[0.8125rem] text-muted-foreground">${inWords(edits)} · kept for you alone until they are applied, discarded, or you sign out</p>`}
${conflicts === 0 ? '' : html`<p class="mt-0.5 flex items-center gap-1.5 text-[0.8125rem] text-warn">${icon('warning', 'size-3.5')}${conflicts === 1 ? 'One of them was' : `${conflicts} of them were`} changed elsewhere meanwhile</p>`}
${applying === null ? '' : html`<p class="flex flex-wrap items-center gap-x-1.5 text-[0.8125rem]"><span>${counted(applying.edits.length, 'change')} being applied:</span><a href="/jobs/${applying.job}" class="underline underline-offset-2">job ${applying.job}</a></p>`}
${leftOutView(draft.leftOut)}
${failed === null ? '' : html`<p class="mt-0.5 text-[0.8125rem] text-bad"><a href="/jobs/${failed}" class="underline underline-offset-2">Job ${failed}</a> failed.${edits.length === 0 ? '' : ' Nothing is lost: look at what Dokku has now, and apply the rest.'}</p>`}
</div><div class="flex flex-wrap items-center gap-2">${buttons(frame, app, draft)}</div></section>`
}

const buttons = (frame: Frame, app: string | null, { edits, failed }: Draft): Html | '' => {
  const discard = { href: configHref(app, 'changes'), method: 'delete', command: null } as const
  if (edits.length === 0)
    return failed === null
      ? ''
      : action(frame, { ...discard, verb: 'Dismiss', thing: 'this', label: 'Dismiss' })
  return html`<a href="${configHref(app, 'changes')}" class="button button-primary">Review and apply</a>${action(
    frame,
    {
      ...discard,
      verb: 'Discard',
      thing: counted(edits.length, 'change'),
      label: 'Discard',
      confirm: { text: 'What you typed is lost. Dokku keeps the config it has.' },
      tone: 'bad',
    },
  )}<noscript><form method="post" action="${discard.href}?method=DELETE"><button class="button">Discard</button></form></noscript>`
}

const rowView = (
  frame: Frame,
  app: string | null,
  row: ConfigRow,
  { draft, refuses, revealed }: ConfigPage,
): Html => {
  const { key, known, edit } = row
  const locked = refuses(key)
  return html`<li class="config-row grid grid-cols-[minmax(0,1fr)_auto] items-center gap-x-4 gap-y-1 px-4 py-2.5 md:grid-cols-[minmax(0,20rem)_minmax(0,1fr)_auto]" id="key-${key}">
<div class="flex min-w-0 flex-wrap items-center gap-x-2 gap-y-1"><code class="typed min-w-0 break-all font-medium${edit?.value === null ? ' line-through decoration-muted-foreground' : ''}">${key}</code>${marks(row)}</div>
<div class="order-last col-span-2 min-w-0 text-[0.8125rem] text-muted-foreground md:order-none md:col-auto"><span id="value-${key}">${known === undefined ? html`<span class="text-xs">not set yet</span>` : revealed?.key === key ? revealedValue(revealed.value) : MASK}</span></div>
<div class="flex items-center justify-end gap-1">${known === undefined ? '' : html`<span class="mr-2 hidden text-xs text-muted-foreground lg:block">${known.changedBy === '' ? 'seen' : `${known.changedBy} ·`} ${moment(known.changedAt, frame.now)}</span>`}${locked === null ? (draft === null ? '' : keyButtons(app, row)) : lockedView(locked)}</div>
</li>`
}

const MASK = html`<span class="mask" role="img" aria-label="hidden">••••••••</span>`

const marks = ({ known, edit, isApplying, conflict }: ConfigRow): Html | '' => {
  if (isApplying) return badge('being applied', 'busy')
  if (edit === undefined) return ''
  const word = edit.value === null ? 'to be removed' : known === undefined ? 'to be added' : 'to be changed'
  return html`${badge(word)}${isBlank(edit.value) ? badge('to be empty', 'warn') : ''}${conflict ? badge('changed elsewhere', 'warn') : ''}`
}

const keyButtons = (app: string | null, { key, known, edit }: ConfigRow): Html =>
  html`${known === undefined ? '' : reveal(app, key)}${dialogLink(app, 'set', icon('pencil', 'size-3.5'), 'button-icon size-8', key)}${edit === undefined ? small(app, 'changes', { key, remove: 'yes' }, 'trash', `Remove ${key}`) : small(app, `changes/${key}?method=DELETE`, {}, 'undo', `Undo the change of ${key}`)}`

const reveal = (app: string | null, key: string): Html =>
  html`<form method="post" action="${configHref(app, 'reveals')}" hx-post="${configHref(app, 'reveals')}" hx-headers='{"Accept":"application/json"}' hx-target="#value-${key}" hx-swap="innerHTML" hx-status:4xx="swap:none" hx-status:5xx="swap:none" hx-sync="this:drop" data-action><input type="hidden" name="key" value="${key}"><button class="button-icon size-8" aria-label="Show ${key}" title="Show the value for 30 seconds">${icon('eye', 'size-4')}</button></form>`

const small = (
  app: string | null,
  rest: string,
  fields: Readonly<Record<string, string>>,
  drawing: 'trash' | 'undo',
  name: string,
): Html =>
  html`<form method="post" action="${configHref(app, rest)}" hx-post="${configHref(app, rest)}" hx-headers='{"Accept":"application/json"}' hx-target="#asked" hx-swap="afterbegin" hx-status:4xx="swap:none" hx-status:5xx="swap:none" hx-sync="this:drop" data-action>${Object.entries(fields).map(([field, value]) => html`<input type="hidden" name="${field}" value="${value}">`)}<button class="button-icon size-8" aria-label="${name}" title="${name}">${icon(drawing, 'size-3.5')}</button></form>`

/** A live page does not take it away again; config.js does, after so long, or when another one is shown. */
export const revealedValue = (value: string): Html =>
  html`<span class="revealed flex min-w-0 items-start gap-1" hx-morph-skip data-hides-after="${HIDES_AFTER_MS}"><code class="typed max-h-40 min-w-0 overflow-auto whitespace-pre-wrap break-all text-foreground" tabindex="0" aria-label="Value">${value === '' ? html`<em>empty</em>` : value}${endNote(value)}</code><button type="button" class="button-icon size-6 shrink-0" data-hide aria-label="Hide the value" title="Hide">${icon('close', 'size-3.5')}</button></span>`

export const HIDES_AFTER_MS = 30_000
