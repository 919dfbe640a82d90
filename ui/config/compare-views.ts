/** The changes beside what Dokku has now: what will happen, what is in conflict, and how it is applied. */
import { html } from 'hono/html'
import { stateOf } from '../apps/app.ts'
import { action } from '../web/action.ts'
import { empty, live, moment, skeletonRows } from '../web/components.ts'
import type { Frame } from '../web/frame.ts'
import { icon } from '../web/icons.ts'
import type { Html } from '../web/layout.ts'
import { badge } from '../web/states.ts'
import { type Compared, type Draft, isBlank, type Values } from './draft.ts'
import { appOf, named, type Owner } from './owner.ts'
import { configHref, ownersPage, topicOf } from './owner-views.ts'
import { endNote } from './value-views.ts'

/** Dokku is asked once the page is there; without script by a link. */
export const comparePage = (frame: Frame, owner: Owner, compared: Html | null): Html => {
  const app = appOf(owner)
  const address = configHref(app, 'changes/compared')
  return ownersPage(
    frame,
    owner,
    { scripts: ['config.js'] },
    html`<div class="mb-4 flex flex-wrap items-center justify-between gap-3"><h2 class="text-base font-semibold">Changes not applied</h2><a href="${configHref(app)}" class="button">Back to the config</a></div>
${compared ?? html`<div id="compared" hx-get="${address}" hx-trigger="load" hx-swap="outerHTML" hx-status:4xx="swap:none" hx-status:5xx="swap:none"><div class="panel overflow-clip"><p class="border-b px-4 py-2.5 text-[0.8125rem] text-muted-foreground" role="status">Asking Dokku what it has now</p>${skeletonRows(3)}</div><noscript><a href="${address}" class="button mt-3">Compare with what Dokku has</a></noscript></div>`}`,
  )
}

export interface ComparedView {
  readonly draft: Draft
  readonly all: readonly Compared[]
  readonly values: Values
  /** Somebody asked to see this one. */
  readonly revealed?: string | undefined
}

export const comparedView = (frame: Frame, owner: Owner, view: ComparedView): Html => {
  const app = appOf(owner)
  const { draft, all } = view
  const address = configHref(app, 'changes/compared')
  return html`<div id="compared"${live({ id: 'compared', address, topics: [topicOf(app)] })}>
<div class="panel overflow-clip">${all.length === 0 ? empty({ title: 'No changes', text: html`<a href="${configHref(app)}" class="underline underline-offset-2">Back to the config</a>`, drawing: 'list' }) : html`<ul class="divide-y">${all.map((one) => comparedRow(frame, app, one, view))}</ul>`}</div>
${all.length === 0 ? '' : draft.applying === null ? applying(frame, owner, draft, all) : html`<p class="mt-4 text-muted-foreground">Other changes are just being applied by <a class="underline underline-offset-2" href="/jobs/${draft.applying.job}">job ${draft.applying.job}</a>; these can be when it has ended.</p>`}
</div>`
}

const WORDS = {
  added: 'will be added',
  changed: 'will be changed',
  removed: 'will be removed',
  'as it is': 'Dokku has it so already',
} as const

const comparedRow = (
  frame: Frame,
  app: string | null,
  one: Compared,
  { values, revealed }: ComparedView,
): Html => {
  const { kind, conflict } = one
  const { key, value } = one.edit
  const open = revealed === key
  return html`<li class="px-4 py-3" id="change-${key}">
<div class="flex items-center justify-between gap-4"><div class="flex min-w-0 flex-wrap items-center gap-2"><code class="typed break-all font-medium">${key}</code>${badge(WORDS[kind])}${kind !== 'as it is' && isBlank(value) ? badge('will be empty', 'warn') : ''}${conflict === null ? '' : badge('changed elsewhere', 'warn')}</div>
<div class="flex items-center gap-1">${open || kind === 'as it is' ? '' : button(app, `changes/${key}/reveals`, `Show both values of ${key}`, html`${icon('eye', 'size-4')}`, `#sides-${key}`)}${button(app, `changes/${key}?method=DELETE`, `Leave out ${key}`, html`${icon('undo', 'size-3.5')}`)}</div></div>
<div id="sides-${key}">${open ? sides(value, values.get(key)) : ''}</div>
${conflict === null ? '' : conflictView(frame, app, one)}
</li>`
}

/** What it is and what it will be. A live page does not take it away again; config.js does, after so long. */
export const sides = (will: string | null, is: string | undefined): Html =>
  html`<dl class="revealed mt-2 grid gap-3 text-[0.8125rem] md:grid-cols-2" hx-morph-skip data-hides-after="30000">${side('Now', is ?? null, 'not set')}${side('After', will, 'removed')}</dl>`

const side = (name: string, value: string | null, none: string): Html =>
  html`<div class="min-w-0"><dt class="text-xs text-muted-foreground">${name}</dt><dd>${value === null || value === '' ? html`<em class="text-muted-foreground">${value === null ? none : 'empty'}</em>` : html`<code class="typed block max-h-40 overflow-auto whitespace-pre-wrap break-all" tabindex="0">${value}</code>${endNote(value)}`}</dd></div>`

const conflictView = ({ now }: Frame, app: string | null, { conflict, edit: { key } }: Compared): Html => {
  const change = conflict?.change ?? null
  const who = change === null || change.changedBy === '' ? 'Somebody' : change.changedBy
  return html`<div class="mt-2 flex flex-wrap items-center justify-between gap-3 rounded-lg border border-warn/30 bg-warn-fill/8 px-3 py-2 text-[0.8125rem]" role="status"><p class="flex min-w-0 items-center gap-2 text-warn">${icon('warning', 'size-3.5')}<span>${who} ${change?.change === 'unset' ? 'removed' : 'changed'} it ${change === null ? 'since these were compared' : html`${moment(change.changedAt, now)}, after you began`}. Nothing is applied until you choose.</span></p>
<div class="flex flex-wrap gap-2">${button(app, `changes/${key}/confirmation`, `Use mine for ${key}`, 'Use mine')}${button(app, `changes/${key}?method=DELETE`, `Keep what Dokku has for ${key}`, 'Keep Dokku’s')}</div></div>`
}

const button = (
  app: string | null,
  rest: string,
  name: string,
  words: Html | string,
  target = '#asked',
): Html => {
  const href = configHref(app, rest)
  const look = typeof words === 'string' ? 'button' : 'button-icon size-8'
  const swap = target === '#asked' ? 'afterbegin' : 'innerHTML'
  return html`<form method="post" action="${href}" hx-post="${href}" hx-headers='{"Accept":"application/json"}' hx-target="${target}" hx-swap="${swap}" hx-status:4xx="swap:none" hx-status:5xx="swap:none" hx-sync="this:drop" data-action><button class="${look}" aria-label="${name}" title="${name}">${words}</button></form>`
}

const applying = (frame: Frame, owner: Owner, draft: Draft, all: readonly Compared[]): Html => {
  if (all.some(({ conflict }) => conflict !== null))
    return html`<p class="mt-4 text-[0.8125rem] text-warn">Choose for each key that was changed elsewhere; then all of it can be applied.</p>`
  if (all.every(({ kind }) => kind === 'as it is'))
    return html`<p class="mt-4 text-muted-foreground">There is nothing to do: Dokku has all of it so already.</p>`
  const one = (label: string, restart: boolean, tone?: 'primary') =>
    action(frame, {
      verb: label,
      thing: 'the changes',
      label,
      href: configHref(appOf(owner)),
      method: 'patch',
      fields: { version: String(draft.version), restart: restart ? 'yes' : 'no' },
      command: commandsOf(appOf(owner), all, restart),
      ...(tone && { tone }),
    })
  const later = whenLater(owner)
  return html`<div class="mt-4 flex flex-wrap items-center gap-2">${later !== null ? one('Apply', false, 'primary') : html`${one('Apply and restart', true, 'primary')}${one('Apply without restart', false)}`}<p class="text-[0.8125rem] text-muted-foreground">${later ?? 'Without a restart the app finds them at its next deploy.'}</p></div>`
}

/** Where nothing can be restarted by it. */
const whenLater = (owner: Owner): string | null =>
  owner === null
    ? 'Nothing is restarted: each app finds them at its next deploy or restart.'
    : stateOf(owner.app) === 'not deployed'
      ? 'Nothing of it runs yet.'
      : null

/** As they would be typed; the values come by stdin. */
export function commandsOf(app: string | null, all: readonly Compared[], restart: boolean): string {
  const of = (...kinds: readonly Compared['kind'][]) => all.filter(({ kind }) => kinds.includes(kind))
  const gone = of('removed').map(({ edit }) => edit.key)
  const flag = (last: boolean) => (app === null || (restart && last) ? '' : ' --no-restart')
  return [
    ...(of('added', 'changed').length > 0
      ? [`dokku config:import${flag(gone.length === 0)} --format json ${named(app)} -`]
      : []),
    ...(gone.length > 0 ? [`dokku config:unset${flag(true)} ${named(app)} ${gone.join(' ')}`] : []),
  ].join(' && ')
}
