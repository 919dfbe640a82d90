/** What is said of keys that only the server's root may set. */
import { html } from 'hono/html'
import { howToAllow } from '../properties/property.ts'
import { icon } from '../web/icons.ts'
import type { Html } from '../web/layout.ts'
import { named } from './owner.ts'
import { type Reason, type Reserved, SWITCH } from './reserved.ts'
import type { ConfigRow } from './row.ts'

/** In place of a key's buttons. */
export const lockedView = (reason: Reason): Html =>
  reason === 'dokku'
    ? html`<span title="Set by Dokku itself: changed only on the server" class="text-xs text-muted-foreground">Dokku’s own</span>`
    : html`<span title="As good as root: changed only on the server" class="text-xs text-warn">reserved</span>`

/** Names the keys that are set already, however they were: by a terminal, or before they were known to be dangerous. */
export const reservedView = (
  app: string | null,
  rows: readonly ConfigRow[],
  { reserved, refuses }: { readonly reserved: Reserved; readonly refuses: Reserved },
): Html | '' => {
  const keys = rows
    .filter(({ key, known }) => known !== undefined && !['dokku', null].includes(reserved(key)))
    .map(({ key }) => key)
  if (keys.length === 0) return ''
  const isAllowed = keys.every((key) => refuses(key) === null)
  return html`<section id="config-reserved" class="mb-4 rounded-lg border border-warn/30 bg-warn-fill/8 px-4 py-3 text-[0.8125rem]" aria-label="Reserved keys">
<p class="flex items-start gap-2 text-warn">${icon('warning', 'mt-0.5 size-3.5 shrink-0')}<span>${keys.map((key, at) => html`${at === 0 ? '' : ', '}<code class="typed break-all text-xs">${key}</code>`)}: Dokku or programs that it runs on the server obey ${keys.length === 1 ? 'this key' : 'these keys'}. Whoever sets the value is as good as root there.</span></p>
<p class="mt-1.5 text-muted-foreground">${
    isAllowed
      ? html`The server’s root allows such keys. To have that end: <code class="typed text-xs">sudo dokku dokkubase:set ${SWITCH}</code>`
      : html`Give the value another name, and remove ${keys.length === 1 ? 'this one' : 'these'} on the server: <code class="typed break-all text-xs">dokku config:unset ${named(app)} ${keys.join(' ')}</code>. Or the server’s root allows such keys: <code class="typed text-xs">${howToAllow(SWITCH)}</code>`
  }</p>
</section>`
}

/** Beside the changes that were taken of a pasted text. */
export const leftOutView = (keys: readonly string[]): Html | '' =>
  keys.length === 0
    ? ''
    : html`<p class="mt-0.5 text-[0.8125rem] text-muted-foreground">Left out of what was pasted: ${keys.map((key, at) => html`${at === 0 ? '' : ', '}<code class="typed break-all text-xs">${key}</code>`)}. Dokku sets ${keys.length === 1 ? 'it' : 'them'} itself.</p>`
