/** Fields of a form in a dialog: beside each, room for what is wrong with it. No ids, for a page has many dialogs. */
import { html, raw } from 'hono/html'
import type { Html } from './layout.ts'

export interface Asked {
  readonly name: string
  readonly label: string
  readonly value?: string
  readonly hint?: Html | string
  readonly placeholder?: string
  /** May be left empty. */
  readonly optional?: boolean
  /** What fits, for browsers to say at once; `title` says it in words. */
  readonly pattern?: string
  readonly title?: string
}

export const askFor = (field: Asked): Html => {
  const { name, label, value = '', placeholder = '', optional = false, pattern, title = '' } = field
  return html`<div><label class="block text-[0.8125rem] font-medium">${label}${optional ? html` <span class="font-normal text-muted-foreground">may be left empty</span>` : ''}<input class="field typed mt-1.5 font-normal" name="${name}" value="${value}" placeholder="${placeholder}" autocomplete="off" autocapitalize="none" spellcheck="false"${optional ? '' : raw(' required')}${pattern === undefined ? '' : html` pattern="${pattern}" title="${title}"`}></label>${below(field)}</div>`
}

/** A file; one that is larger than `most` is refused before it is sent (ui/web/browser/upload.ts). */
export const askForFile = ({
  most,
  tooLarge,
  accept,
  ...field
}: Asked & { readonly most: number; readonly tooLarge: string; readonly accept: string }): Html =>
  html`<div><label class="block text-[0.8125rem] font-medium">${field.label}<input type="file" class="field mt-1.5 font-normal file:mr-3 file:rounded-md file:border-0 file:bg-surface file:px-2.5 file:py-1 file:text-xs file:font-medium file:text-foreground" name="${field.name}" accept="${accept}" data-most="${most}" data-too-large="${tooLarge}" required></label>${below(field)}</div>`

export const tick = (name: string, label: Html | string): Html =>
  html`<label class="flex items-start gap-2 text-[0.8125rem]"><input type="checkbox" class="tick mt-0.5" name="${name}">${label}</label>`

const below = ({ name, hint = '' }: Asked): Html =>
  html`<p data-problem="${name}" class="mt-1 text-xs text-bad empty:hidden" role="alert"></p>${hint === '' ? '' : html`<p class="mt-1 text-xs text-muted-foreground">${hint}</p>`}`
