/** Fields of forms that change something: each with room for what is wrong with it, and what Dokku has now. */
import { html, raw } from 'hono/html'
import type { Html } from './layout.ts'

export interface Field {
  /** As it is sent; what is wrong with it is told under the field of this name (ui/web/browser/actions.ts). */
  readonly name: string
  readonly label: Html | string
  readonly value: string
  /** What it means, or what is so without it. */
  readonly hint?: Html | string
  readonly placeholder?: string
  /** Said to those who listen, where the label is a column's. */
  readonly said?: string
}

/** Room for what is wrong with the field of this name. */
export const problem = (name: string): Html =>
  html`<p id="problem-${name}" data-problem="${name}" class="mt-1 text-xs text-bad empty:hidden" role="alert"></p>`

/** With what it was when the page was made, so that only what somebody changed is asked for. */
const was = (name: string, value: string): Html =>
  html`<input type="hidden" name="was.${name}" value="${value}">`

const labelled = ({ name, label, hint }: Field, control: Html): Html =>
  html`<div class="min-w-0"><label class="block text-[0.8125rem] font-medium" for="field-${name}">${label}</label>${control}${problem(name)}${hint === undefined || hint === '' ? '' : html`<p class="mt-1 text-xs text-muted-foreground">${hint}</p>`}</div>`

const plain = (): Html => raw(' autocomplete="off" autocapitalize="none" spellcheck="false"')

export const input = ({ name, value, placeholder = '', said }: Field, classes = ''): Html =>
  html`${was(name, value)}<input id="field-${name}" name="${name}" value="${value}" placeholder="${placeholder}" class="field typed ${classes}" aria-describedby="problem-${name}"${said === undefined ? '' : html` aria-label="${said}"`}${plain()}>`

export type Option = readonly [value: string, text: string]

export const select = ({ name, value, said }: Field, options: readonly Option[], classes = ''): Html => {
  const known = options.some(([option]) => option === value)
  const all: readonly Option[] = known ? options : [...options, [value, value]]
  return html`${was(name, value)}<select id="field-${name}" name="${name}" class="picker w-full max-w-full ${classes}" aria-describedby="problem-${name}"${said === undefined ? '' : html` aria-label="${said}"`}>${all.map(([option, text]) => html`<option value="${option}"${option === value ? raw(' selected') : ''}>${text}</option>`)}</select>`
}

export const inputField = (field: Field): Html =>
  labelled(field, html`<div class="mt-1.5">${input(field)}</div>`)

export const selectField = (field: Field, options: readonly Option[]): Html =>
  labelled(field, html`<div class="mt-1.5">${select(field, options, 'min-h-9')}</div>`)
