import { html } from 'hono/html'
import { failure, heading, live, moment, panel } from '../web/components.ts'
import type { Frame } from '../web/frame.ts'
import { icon } from '../web/icons.ts'
import type { Html } from '../web/layout.ts'
import { WHY_WAIT, waitWords } from '../web/throttle.ts'
import type { Account } from './account.ts'
import { missingFrom } from './password.ts'
import { passwordField, refusedBecause } from './password-field.ts'
import { device } from './session.ts'
import type { SessionRow } from './sessions.ts'

export interface AccountView {
  readonly account: Account
  readonly mine: readonly SessionRow[]
  /** The session that looks. */
  readonly sessionId: number
  readonly frame: Frame
  readonly outcome?: PasswordOutcome | undefined
}

type PasswordOutcome =
  | { readonly kind: 'changed' }
  | { readonly kind: 'wrong' }
  | { readonly kind: 'paused'; readonly waitSeconds: number }
  | { readonly kind: 'refused'; readonly refused: string }

export const accountView = ({ account, mine, sessionId, frame, outcome }: AccountView): Html =>
  html`${heading(account.name, { text: account.role === 'admin' ? 'Admin: may see and do everything here.' : 'Viewer: may see, but change nothing.' })}
<div class="grid items-start gap-6 xl:grid-cols-[minmax(0,1fr)_24rem]">
${sessionsPanel(mine, sessionId, frame)}
${panel('Password', passwordForm(account, outcome))}
</div>`

const sessionsPanel = (mine: readonly SessionRow[], sessionId: number, frame: Frame): Html =>
  html`<section id="sessions" class="panel min-w-0 overflow-clip" aria-label="Sessions"${live({ id: 'sessions', address: frame.address, topics: ['audit'] })}>
<header class="flex min-h-11 items-center justify-between gap-3 border-b px-4"><h2 class="text-[0.8125rem] font-medium">Sessions</h2>${mine.length > 1 ? endOthers : ''}</header>
<ul class="divide-y">${mine.map((session) => sessionRow(session, session.id === sessionId, frame.now))}</ul>
</section>`

const endOthers = html`<form method="post" action="/account/revocations"><input type="hidden" name="session" value="others"><button class="button">Sign out all others</button></form>`

const sessionRow = (session: SessionRow, isThis: boolean, now: number): Html =>
  html`<li class="flex flex-wrap items-center gap-x-4 gap-y-2 px-4 py-3">
<span class="text-muted-foreground">${icon('account')}</span>
<div class="min-w-0 flex-1 basis-48">
<p class="font-medium">${device(session.userAgent)}${isThis ? THIS_ONE : ''}</p>
<p class="text-[0.8125rem] text-muted-foreground"><span class="typed">${session.ip || 'unknown address'}</span> · signed in ${moment(session.createdAt, now)} · last seen ${moment(session.lastSeenAt, now)}</p>
</div>
<form method="post" action="/account/revocations"><input type="hidden" name="session" value="${session.id}"><button class="button" aria-label="Sign out ${device(session.userAgent)}, ${session.ip}">Sign out</button></form>
</li>`

const THIS_ONE = html` <span class="ml-1 rounded-full border px-2 py-0.5 text-2xs font-medium text-muted-foreground-2">This one</span>`

const passwordForm = (account: Account, outcome: PasswordOutcome | undefined): Html =>
  html`<form method="post" action="/account/password" class="space-y-4 p-4">
${outcome === undefined ? '' : said(outcome)}
<input type="text" name="username" value="${account.name}" autocomplete="username" hidden>
${passwordField({ label: 'Current password', name: 'current' })}
${passwordField({ label: 'New password', choosing: true, refused: outcome?.kind === 'refused' ? outcome.refused : undefined })}
<button class="button">Change password</button>
<p class="text-[0.8125rem] text-muted-foreground">This signs out your other sessions.</p>
</form>`

function said(outcome: PasswordOutcome): Html {
  switch (outcome.kind) {
    case 'changed':
      return html`<p role="status" class="flex items-center gap-2 text-good">${icon('check')}Password changed.</p>`
    case 'wrong':
      return failure('The current password is wrong', 'Type both passwords again.')
    case 'paused':
      return failure(waitWords(outcome.waitSeconds), WHY_WAIT)
    case 'refused':
      return failure('This password cannot be used', refusedBecause(missingFrom(outcome.refused)))
  }
}
