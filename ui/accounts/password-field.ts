import { html } from 'hono/html'
import { icon, shape } from '../web/icons.ts'
import type { Html } from '../web/layout.ts'
import { isTooLong, passwordRules, TOO_LONG } from './password.ts'

export interface PasswordField {
  readonly label: string
  /** With rules and meter, for a password that is being chosen. */
  readonly choosing?: boolean
  readonly name?: string
  readonly required?: boolean
  readonly autofocus?: boolean
  /**
   * What was typed and refused: never sent back, so that the field is empty. Rules that it broke are marked; those that
   * it kept are not, for what is in the field keeps none.
   */
  readonly refused?: string | undefined
}

/** ui/web/browser/password.ts adds the toggle, the rules that turn green as one types, and the meter. */
export function passwordField(field: PasswordField): Html {
  const { label, choosing = false, name = 'password', required = true, autofocus = false, refused } = field
  return html`<div data-password>
<label for="${name}" class="mb-1.5 block text-[0.8125rem] font-medium">${label}</label>
<div class="relative">
<input id="${name}" name="${name}" type="password" class="field pr-10"${required ? REQUIRED : ''}${autofocus ? AUTOFOCUS : ''}${refused === undefined ? '' : INVALID} autocomplete="${choosing ? 'new-password' : 'current-password'}" autocapitalize="none" spellcheck="false"${choosing ? html` aria-describedby="${name}-rules"` : ''}>
<button type="button" hidden data-password-toggle class="button-icon absolute right-0.5 top-0.5" aria-label="Show password" aria-pressed="false">${icon('eye')}</button>
</div>
${choosing ? html`${METER}${rules(`${name}-rules`, refused)}` : ''}
</div>`
}

const REQUIRED = html` required`
const AUTOFOCUS = html` autofocus`
const INVALID = html` aria-invalid="true"`
const HIDDEN = html` hidden`

const BAR =
  'h-1 flex-1 rounded-full bg-surface group-data-[strength=1]:first:bg-bad-fill group-data-[strength=2]:nth-[-n+2]:bg-warn-fill group-data-[strength=3]:nth-[-n+3]:bg-good-fill group-data-[strength=4]:bg-good-fill'

const METER = html`<div hidden data-password-strength data-strength="0" class="group mt-2 flex items-center gap-3">
<div class="flex flex-1 gap-1" aria-hidden="true">${[1, 2, 3, 4].map(() => html`<span class="${BAR}"></span>`)}</div>
<span class="w-12 text-right text-xs text-muted-foreground" aria-live="polite"><span class="sr-only">Strength: </span><span data-password-word></span></span>
</div>`

const rules = (id: string, refused: string | undefined): Html =>
  html`<ul id="${id}" class="mt-3 space-y-1 text-[0.8125rem]" aria-label="The password needs">
${passwordRules.map((rule) => ruleOf(rule.id, rule.says, refused === undefined || rule.holds(refused) ? '' : 'no'))}
${ruleOf('bytes', TOO_LONG, refused !== undefined && isTooLong(refused) ? 'no' : '', refused === undefined || !isTooLong(refused))}
</ul>`

const ruleOf = (id: string, says: string, holds: 'no' | '', hidden = false): Html =>
  html`<li data-rule="${id}" data-holds="${holds}"${hidden ? HIDDEN : ''} class="group flex gap-2 text-muted-foreground-2 data-[holds=no]:text-bad data-[holds=yes]:text-good"><span class="mt-0.5">${icon('check', 'hidden size-4 group-data-[holds=yes]:block')}${shape('hollow', 'block size-4 group-data-[holds=yes]:hidden')}</span><span>${says}<span class="sr-only" data-says>${holds === 'no' ? ': not met' : ''}</span></span></li>`

/** The refused password's own words for an alert: "Use a digit, …". */
export const refusedBecause = (missing: readonly string[]): string => `Use ${missing.join(', ')}.`
