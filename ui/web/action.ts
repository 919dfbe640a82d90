/** A button that has something done: its verb and its thing, the command it runs, and what it costs. */
import { html, raw } from 'hono/html'
import { command } from './components.ts'
import type { Frame } from './frame.ts'
import type { Html } from './layout.ts'

export interface Action {
  /** "Restart", and what: "blog". Together they are the button's name; what has no name yet is part of the verb. */
  readonly verb: string
  readonly thing: string
  /** The resource that is made, changed or deleted: `/apps/blog/restarts`. */
  readonly href: string
  readonly method?: 'post' | 'put' | 'patch' | 'delete'
  /** As it would be typed; null where it depends on what is filled in. */
  readonly command: string | null
  /** What is sent besides. */
  readonly fields?: Readonly<Record<string, string>>
  /** What somebody fills in first. */
  readonly form?: Html
  /** Asked before: what is lost. `type` must be typed, word for word. */
  readonly confirm?: {
    readonly text: Html | string
    readonly type?: string
    /** Words of its two buttons, where the usual ones could be taken for each other. */
    readonly yes?: string
    readonly no?: string
  }
  readonly tone?: 'primary' | 'bad'
  /** Words on the button, where verb and thing are said by what stands around it. */
  readonly label?: Html | string
  /** Classes of the button. */
  readonly look?: string
  /** In a dialog: what will run is told while it is filled in. Never where a secret is typed. */
  readonly previewed?: boolean
  /** It brings a file, which may take its time. */
  readonly upload?: boolean
}

/** Nothing where who looks may only look. The command stands folded beside a button, and open in a dialog. */
export function action(frame: Frame, act: Action): Html | '' {
  if (frame.account?.role !== 'admin') return ''
  return asksFirst(act) ? asked(act) : direct(act)
}

const asksFirst = ({ confirm, form }: Action): boolean => confirm !== undefined || form !== undefined

/**
 * The same where it stands: a form that is filled in often. What will run follows what is filled in
 * (ui/web/browser/preview.ts); who may only look sees it and cannot change it.
 */
export const inline = (frame: Frame, act: Action & { readonly form: Html }): Html =>
  frame.account?.role === 'admin'
    ? html`<form ${sending(act)}${act.upload === true ? '' : raw(' data-previewed')}${setsValues(act) ? WARNS_UNSAVED : ''}>${hidden(act)}${act.form}
<div class="flex flex-wrap items-end justify-between gap-x-4 gap-y-3 border-t px-4 py-3">
<div class="min-w-0 flex-1 basis-64 space-y-1" data-preview>${act.command === null ? '' : command(act.command)}</div>
<p class="form-error w-full text-[0.8125rem] text-bad empty:hidden" role="alert"></p>
${setsValues(act) ? unsavedNote : ''}
<button class="button ml-auto ${tones(act)}"${named(act)}>${words(act)}</button></div></form>`
    : html`<fieldset disabled>${act.form}</fieldset>`

/** A form that replaces values, as opposed to one that starts something. */
const setsValues = ({ method }: Pick<Action, 'method'>): boolean => method === 'put' || method === 'patch'

/** On a form whose values are not to be lost without a word (ui/web/browser/unsaved.ts). */
export const WARNS_UNSAVED = raw(' data-warns-unsaved')

/** Seen while such a form has values that were not submitted. */
const unsavedNote = html`<p class="while-unsaved ml-auto self-center text-[0.8125rem] text-warn" role="status">Not saved yet</p>`

/** Several side by side, with one button behind them that tells their commands. */
export function actionRow(frame: Frame, acts: readonly Action[]): Html | '' {
  if (frame.account?.role !== 'admin') return ''
  return html`${acts.map((act) => (asksFirst(act) ? asked(act) : sent(act)))}
<details class="static sm:relative" data-menu>
${commandSign('Commands of these buttons', 'What each button runs')}
<dl class="menu right-0 max-w-full space-y-2 p-2 sm:max-w-[32rem]">${acts.map(commandOf)}</dl>
</details>`
}

const commandOf = (act: Action): Html | '' =>
  act.command === null
    ? ''
    : html`<div>
<dt class="mb-1 text-xs text-muted-foreground">${words(act)}</dt>
<dd>${command(act.command)}</dd>
</div>`

const sent = (act: Action): Html =>
  html`<form ${sending(act)}>${hidden(act)}<button class="${looks(act)}"${named(act)}>${words(act)}</button></form>`

const direct = (act: Action): Html => html`<div class="action">${sent(act)}${folded(act)}</div>`

/** What opens the command of a button, or those of several. */
export const commandSign = (name: string, title: string): Html =>
  html`<summary class="button-icon size-8 text-muted-foreground" aria-label="${name}" title="${title}"><span aria-hidden="true" class="font-mono text-xs">$_</span></summary>`

const folded = ({ command: typed, verb, thing }: Action): Html | '' =>
  typed === null
    ? ''
    : html`<details class="relative max-sm:static" data-menu>
${commandSign(`Command of ${verb} ${thing}`, 'Show the command that this button runs')}
<div class="menu right-0 max-w-[calc(100vw-2rem)] p-2 max-sm:inset-x-4">
<p class="mb-1.5 text-xs text-muted-foreground">“${nameOf({ verb, thing })}” runs</p>
${command(typed)}
</div>
</details>`

/** Several in one menu: `label` stands on its button. What is asked before is asked beside the menu, not within it. */
export function actionMenu(frame: Frame, label: Html, name: string, acts: readonly Action[]): Html | '' {
  if (frame.account?.role !== 'admin') return ''
  const item = (act: Action) => {
    const look = { ...act, look: `menu-item ${act.tone === 'bad' ? 'text-bad' : ''}` }
    return asksFirst(act)
      ? opener(look)
      : html`<form ${sending(act)}>${hidden(act)}<button class="${look.look}"${named(act)} title="${act.command ?? ''}">${words(act)}</button></form>`
  }
  return html`<details class="relative" data-menu><summary class="button" aria-label="${name}">${label}</summary><div class="menu left-0 max-sm:min-w-36">${acts.map(item)}</div></details>${acts.filter(asksFirst).map(dialogOf)}`
}

const asked = (act: Action): Html => html`${opener(act)}
${dialogOf(act)}`

/** By the browser's own means where it has them, so also without script. */
export const opener = (act: Action): Html => {
  const id = dialogId(act)
  return html`<button type="button" class="${looks(act)}" command="show-modal" commandfor="${id}" data-open-dialog="${id}"${named(act)}>${isIcon(act) ? words(act) : withDots(words(act))}</button>`
}

const isIcon = ({ look = '' }: Action): boolean => look.startsWith('button-icon')

/** The dots say that a button asks first; what will run stands in its dialog, and so not beside the button. */
const withDots = (label: Html | string): Html | string =>
  typeof label === 'string' && label.endsWith('…') ? label : html`${label}${DOTS}`

/** As an entity: a letter beyond Latin-1 doubles a page in memory, and the time it takes to be sent. */
export const DOTS = raw('&#8230;')

const dialogOf = (act: Action): Html => {
  const id = dialogId(act)
  return html`<dialog id="${id}" class="panel w-[min(32rem,calc(100vw-2rem))] p-0 shadow-xl" aria-labelledby="${id}-title">
<form ${sending(act)} class="p-5"${act.previewed ? raw(' data-previewed') : ''}>${hidden(act)}
<h2 id="${id}-title" class="break-words text-base font-semibold">${act.verb} <span class="typed text-base">${act.thing}</span></h2>
${act.confirm === undefined ? '' : html`<div class="mt-2 text-muted-foreground-2">${act.confirm.text}</div>`}
${act.form === undefined ? '' : html`<div class="mt-4 space-y-4">${act.form}</div>`}
${act.confirm?.type === undefined ? '' : html`<label class="mt-4 block text-[0.8125rem]">Type <span class="typed select-all font-medium">${act.confirm.type}</span> to go on<input class="field typed mt-1.5" name="confirmed" autocomplete="off" autocapitalize="none" spellcheck="false" required pattern="${escaped(act.confirm.type)}" title="${act.confirm.type}"></label>`}
${willRun(act)}
<p class="form-error mt-3 text-[0.8125rem] text-bad empty:hidden" role="alert"></p>
<div class="mt-5 flex flex-wrap justify-end gap-2"><button type="button" class="button" command="close" commandfor="${id}" data-close-dialog>${act.confirm === undefined ? 'Cancel' : (act.confirm.no ?? 'Keep it as it is')}</button><button class="button ${tones(act)}">${act.confirm?.yes ?? nameOf(act)}</button></div>
</form></dialog>`
}

const willRun = ({ command: typed, previewed }: Action): Html | '' =>
  typed === null && !previewed
    ? ''
    : html`<div class="mt-4 has-[[data-preview]:empty]:hidden"><p class="mb-1 text-xs text-muted-foreground">What will run</p>${typed === null ? html`<div data-preview></div>` : command(typed)}</div>`

/**
 * Always a POST, for a form without script knows nothing else; `?method=` says which verb it stands for. With script
 * the answer is a card in the corner, or JSON that says why not (ui/web/browser/actions.ts).
 */
export const sending = ({
  href,
  method = 'post',
  upload = false,
}: Pick<Action, 'href' | 'method' | 'upload'>): Html => {
  const to = method === 'post' ? href : `${href}?method=${method.toUpperCase()}`
  return html`method="post" action="${to}" hx-post="${to}" hx-headers='{"Accept":"application/json"}' hx-target="#asked" hx-swap="afterbegin" hx-status:4xx="swap:none" hx-status:5xx="swap:none" hx-sync="this:drop" data-action${upload ? raw(` enctype="multipart/form-data" hx-config='{"timeout":0}'`) : ''}`
}

const hidden = ({ fields = {} }: Action): Html =>
  html`${Object.entries(fields).map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`)}`

/** Who speaks to a page says the words they see, so these stand in the name too. */
const named = (act: Action): Html => {
  const name = nameOf(act)
  const seen = typeof act.label === 'string' && !name.includes(act.label) ? `${act.label}: ${name}` : name
  return html` aria-label="${seen}"`
}
const nameOf = ({ verb, thing }: Pick<Action, 'verb' | 'thing'>): string => `${verb} ${thing}`.trim()
const words = ({ label, verb, thing }: Action): Html | string => label ?? nameOf({ verb, thing })
const tones = ({ tone }: Action): string =>
  tone === 'primary' ? 'button-primary' : tone === 'bad' ? 'button-bad' : ''
const looks = (act: Action): string => act.look ?? `button ${act.confirm === undefined ? tones(act) : ''}`

/** Two names never have one id: the wrong thing would be removed. */
const dialogId = ({ verb, href }: Action): string =>
  `${verb}-${href}`
    .toLowerCase()
    .replaceAll(/[^a-z0-9/ -]/g, (sign) => `_${sign.codePointAt(0)?.toString(16)}`)
    .replaceAll(/[/ -]+/g, '-')
/** As a pattern of a field, in which browsers take no escape but what is needed. */
const escaped = (text: string): string => text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, '\\$&')
