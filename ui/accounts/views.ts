/** Pages of somebody who is not signed in: one card each. */
import { html } from 'hono/html'
import { command, failure } from '../web/components.ts'
import type { Html } from '../web/layout.ts'
import { WHY_WAIT, waitWords } from '../web/throttle.ts'
import { NAME_PATTERN, NAME_RULE } from './account.ts'
import { missingFrom } from './password.ts'
import { passwordField, refusedBecause } from './password-field.ts'
import type { SignInOutcome } from './sign-in.ts'

export interface SignInView {
  /** How whoever owns the server lets somebody in. */
  readonly login: string
  readonly next: string
  readonly isSetUp: boolean
  readonly name?: string
  readonly outcome?: SignInOutcome
}

export const signInView = ({ next, isSetUp, login, name = '', outcome }: SignInView): Html =>
  isSetUp
    ? html`${title('Sign in')}
${outcome === undefined ? '' : refusedSignIn(outcome)}
<form method="post" action="/sign-in" class="space-y-4">
<input type="hidden" name="next" value="${next}">
${nameField({ name, autofocus: name === '' })}
${passwordField({ label: 'Password', autofocus: name !== '' })}
<button class="button button-primary w-full">Sign in</button>
</form>
<details class="mt-5 text-[0.8125rem] text-muted-foreground"><summary class="rounded hover:text-foreground">Lost the password?</summary>
<p class="mb-2 mt-2">On the server, this prints a link that signs you in once and can set a new password:</p>
${command(login)}</details>`
    : linkMissingView(login)

const refusedSignIn = (outcome: SignInOutcome): Html | '' =>
  outcome.kind === 'wrong'
    ? alert('Name or password is wrong', 'Type both again. Capital letters count in the password.')
    : outcome.kind === 'paused'
      ? alert(waitWords(outcome.waitSeconds), WHY_WAIT)
      : ''

export interface SetupView {
  readonly token: string
  readonly name: string
  readonly wrongName?: string | undefined
  readonly refused?: string | undefined
}

export const setupView = ({ token, name, wrongName, refused }: SetupView): Html =>
  html`${title('Set up Dokkubase', 'Make the first account. It may see and do everything here.')}
${wrongName === undefined ? '' : alert('This name cannot be used', refused === undefined ? `${wrongName} Then type the password again: it was not kept.` : wrongName)}
${refusedPassword(refused)}
<form method="post" action="/setup" class="space-y-4">
<input type="hidden" name="token" value="${token}">
${nameField({ name, autofocus: wrongName !== undefined || refused === undefined, choosing: true, isWrong: wrongName !== undefined })}
${passwordField({ label: 'Password', choosing: true, autofocus: wrongName === undefined && refused !== undefined, refused })}
<button class="button button-primary w-full">Create account</button>
</form>`

export interface LinkSignInView {
  readonly token: string
  readonly name: string
  readonly refused?: string | undefined
}

export const linkSignInView = ({ token, name, refused }: LinkSignInView): Html =>
  html`${title(`Sign in as ${name}`, 'This link works once.')}
${refusedPassword(refused)}
<form method="post" action="/sign-in/link" class="space-y-4">
<input type="hidden" name="token" value="${token}">
<button class="button button-primary w-full">Sign in as ${name}</button>
<details${refused === undefined ? '' : OPEN} class="text-[0.8125rem]"><summary class="rounded text-muted-foreground hover:text-foreground">Set a new password as well</summary>
<div class="mt-3 space-y-3">${passwordField({ label: 'New password', choosing: true, required: false, refused })}
<p class="text-muted-foreground">It signs out every other browser of this account.</p></div></details>
</form>`

const OPEN = html` open`

const REFUSALS = {
  used: ['This link was used already', 'A link lets one person in, once.'],
  expired: ['This link has expired', 'A link works for 24 hours.'],
  unknown: ['This link is not known here', 'Perhaps a part of it was lost on the way.'],
} as const

export function linkRefusedView({
  why,
  isSetUp,
  login,
}: Pick<SignInView, 'isSetUp' | 'login'> & { readonly why: keyof typeof REFUSALS }): Html {
  const [what, because] = REFUSALS[why]
  return html`${title(what, because)}
<p class="mb-2 text-muted-foreground-2">Whoever owns the server gets a new one with:</p>
${command(login)}
${isSetUp ? html`<p class="mt-5"><a href="/sign-in" class="rounded text-muted-foreground hover:text-foreground">Sign in with a password</a></p>` : ''}`
}

/** Somebody came without a link to a panel that has no account yet. */
export const linkMissingView = (login: string): Html =>
  html`${title('Not set up yet', 'Nobody can sign in before the first account is made.')}
<p class="mb-2 text-muted-foreground-2">Whoever owns the server gets the link for that with:</p>
${command(login)}`

export const pausedView = (waitSeconds: number): Html => title(waitWords(waitSeconds), WHY_WAIT)

const title = (text: string, below?: string): Html =>
  html`<h1 class="text-lg font-semibold tracking-tight">${text}</h1>${below === undefined ? html`<div class="mb-5"></div>` : html`<p class="mb-5 mt-1 text-muted-foreground">${below}</p>`}`

const alert = (what: string, next: string): Html => html`<div class="mb-4">${failure(what, next)}</div>`

const refusedPassword = (refused: string | undefined): Html | '' => {
  const missing = refused === undefined ? [] : missingFrom(refused)
  return missing.length === 0 ? '' : alert('This password cannot be used', refusedBecause(missing))
}

interface NameField {
  readonly name: string
  readonly autofocus: boolean
  /** With the rule, for a name that is being chosen. */
  readonly choosing?: boolean
  /** It was refused. */
  readonly isWrong?: boolean
}

const nameField = ({ name, autofocus, choosing = false, isWrong = false }: NameField): Html =>
  html`<div>
<label for="name" class="mb-1.5 block text-[0.8125rem] font-medium">Name</label>
<input id="name" name="name" class="field" required value="${name}"${autofocus ? AUTOFOCUS : ''}${choosing ? CHOOSING : ''}${isWrong ? INVALID : ''} autocomplete="username" autocapitalize="none" autocorrect="off" spellcheck="false">
${choosing ? html`<p id="name-rule" class="mt-1.5 text-xs ${isWrong ? 'text-bad' : 'text-muted-foreground'}">${NAME_RULE}</p>` : ''}
</div>`

const AUTOFOCUS = html` autofocus`
const INVALID = html` aria-invalid="true"`
const CHOOSING = html` pattern="${NAME_PATTERN}" title="${NAME_RULE}" aria-describedby="name-rule"`
