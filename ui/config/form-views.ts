/** Forms for what is to be set: in a dialog, and on a page of their own where there is no script. */
import { html, raw } from 'hono/html'
import { WARNS_UNSAVED } from '../web/action.ts'
import { problem } from '../web/form.ts'
import type { Frame } from '../web/frame.ts'
import type { Html } from '../web/layout.ts'
import { ALLOW_BLANK } from './entry.ts'
import { appOf, type Owner } from './owner.ts'
import { configHref, ownersPage } from './owner-views.ts'

export type FormName = 'set' | 'paste'

/** Opens the form in the dialog of the page; without script it is a link to it. */
export const dialogLink = (
  app: string | null,
  form: FormName,
  words: Html | string,
  look: string,
  key?: string,
): Html => {
  const href = `${configHref(app, form)}${key === undefined ? '' : `?key=${key}`}`
  const named = key === undefined ? '' : html` aria-label="Edit ${key}" title="Edit"`
  return html`<a href="${href}" class="${look}"${named} hx-get="${href}" hx-select="#config-form" hx-target="#config-dialog" hx-swap="innerHTML" hx-status:4xx="swap:none" hx-status:5xx="swap:none" data-config-dialog>${words}</a>`
}

/** Empty until somebody wants a form; a live page leaves it alone. */
export const formDialog = html`<dialog id="config-dialog" class="panel w-[min(40rem,calc(100vw-2rem))] p-0 shadow-xl" hx-morph-skip aria-labelledby="config-form-title"></dialog>`

export interface FormPage {
  /** What was typed, and what is wrong with it; nothing typed is lost. */
  readonly typed?: Readonly<Record<string, string>>
  readonly wrong?: readonly string[]
}

interface Form {
  readonly title: string
  readonly fields: Html
  readonly verb: string
  readonly href: string
}

export const setPage = (frame: Frame, owner: Owner, key: string | null, shown: FormPage = {}): Html =>
  formPage(frame, owner, shown, setForm(appOf(owner), key, shown.typed ?? {}))

export const pastePage = (frame: Frame, owner: Owner, shown: FormPage = {}): Html =>
  formPage(frame, owner, shown, pasteForm(appOf(owner), shown.typed ?? {}))

const formPage = (frame: Frame, owner: Owner, { wrong = [] }: FormPage, form: Form): Html =>
  ownersPage(
    frame,
    owner,
    { scripts: ['config.js'] },
    html`<div class="panel max-w-2xl">${body(appOf(owner), form, wrong)}</div>`,
  )

const body = (app: string | null, { title, fields, verb, href }: Form, wrong: readonly string[]): Html =>
  html`<form id="config-form" class="p-5" method="post" action="${href}" hx-post="${href}" hx-headers='{"Accept":"application/json"}' hx-target="#asked" hx-swap="afterbegin" hx-status:4xx="swap:none" hx-status:5xx="swap:none" hx-sync="this:drop" data-action${WARNS_UNSAVED} autocomplete="off">
<h2 id="config-form-title" class="break-words text-base font-semibold">${title}</h2>
<div class="mt-4 space-y-4">${fields}</div>
<p class="form-error mt-3 whitespace-pre-line text-[0.8125rem] text-bad empty:hidden" role="alert">${wrong.join('\n')}</p>
<p class="mt-3 text-[0.8125rem] text-muted-foreground">Nothing changes yet: it waits with your other changes until you apply them.</p>
<div class="mt-5 flex flex-wrap justify-end gap-2"><a href="${configHref(app)}" class="button" data-close-dialog>Keep it as it is</a><button class="button button-primary">${verb}</button></div>
</form>`

const setForm = (app: string | null, key: string | null, typed: Readonly<Record<string, string>>): Form => ({
  title: key === null ? 'Add a key' : `Change ${key}`,
  verb: key === null ? 'Add to the changes' : 'Change',
  href: configHref(app, 'changes'),
  fields: html`<label class="block text-[0.8125rem] font-medium">Key<input class="field typed mt-1.5" name="key" value="${key ?? typed.key ?? ''}" required maxlength="255" pattern="\\s*[A-Za-z_][A-Za-z0-9_]*\\s*" title="Letters, digits and _, not beginning with a digit" autocapitalize="characters" spellcheck="false"${key === null ? ' autofocus' : ' readonly'}></label>${problem('key')}
<div><div class="mb-1.5 flex items-end justify-between gap-3"><label for="config-value" class="text-[0.8125rem] font-medium">Value</label>${key === null ? '' : fromNow(app, key)}</div>${valueField(typed.value ?? '', key !== null)}${problem('value')}<p class="mt-1.5 text-xs text-muted-foreground">As it is to be, without quotes; several lines are fine. Nothing in it is expanded.</p><label class="mt-2.5 flex items-start gap-2 text-[0.8125rem]"><input type="checkbox" class="tick mt-0.5" name="blank" value="yes"${typed.blank === 'yes' ? raw(' checked') : ''}>${ALLOW_BLANK}</label></div>`,
})

/** What Dokku has now, into the field; asked for by a person, and noted. */
const fromNow = (app: string | null, key: string): Html =>
  html`<button type="button" class="rounded text-xs text-muted-foreground underline underline-offset-2 hover:text-foreground" hx-post="${configHref(app, 'reveals')}" hx-vals='{"key":"${key}","into":"field"}' hx-target="#config-value" hx-swap="outerHTML" hx-status:4xx="swap:none" hx-status:5xx="swap:none">Load current value</button>`

export const valueField = (value: string, autofocus = true): Html =>
  // A newline right after the tag is not part of the value.
  html`<textarea id="config-value" name="value" rows="4" class="field typed min-h-24 whitespace-pre-wrap break-all" autocapitalize="none" spellcheck="false"${autofocus ? ' autofocus' : ''}>
${value}</textarea>`

const pasteForm = (app: string | null, typed: Readonly<Record<string, string>>): Form => ({
  title: 'Paste a .env',
  verb: 'Add to the changes',
  href: configHref(app, 'changes/pasted'),
  fields: html`<div><label for="config-text" class="mb-1.5 block text-[0.8125rem] font-medium">Content</label><textarea id="config-text" name="text" rows="12" class="field typed whitespace-pre" data-lines required autofocus autocapitalize="none" spellcheck="false" placeholder="${EXAMPLE}">
${typed.text ?? ''}</textarea><p class="mt-1.5 text-xs text-muted-foreground">Quotes, several lines within quotes, comments and <code class="typed text-xs">export</code> are understood; <code class="typed text-xs">\${…}</code> stays as it is written. Keys that are not in it stay as they are.</p></div>`,
})

const EXAMPLE = `# comments are left out
export LOG_LEVEL=info
GREETING="Hello, world"`
