/** What running containers were created without, and the restart that gives it to them. */
import { html } from 'hono/html'
import type { ConfigNotApplied } from '../config/config.ts'
import { action } from './action.ts'
import { appHref } from './app-page.ts'
import { someOf } from './components.ts'
import type { Frame } from './frame.ts'
import type { Html } from './layout.ts'

const MOST_NAMED = 4

/** "Not applied to the running containers of web yet." `what` stands before it, where it is not said by what is around. */
export const notAppliedNote = (
  frame: Frame,
  app: string,
  { types, what = '' }: { readonly types: readonly string[]; readonly what?: Html | string },
): Html | '' =>
  types.length === 0
    ? ''
    : html`<div class="flex flex-wrap items-center justify-between gap-x-4 gap-y-2 px-4 py-3">
<p class="min-w-0 flex-1 basis-56 text-[0.8125rem] text-warn">${what === '' ? 'Not' : html`${what} not`} applied to the running containers of ${types.join(', ')} yet.</p>
${action(frame, {
  verb: 'Restart',
  thing: app,
  label: 'Restart to apply',
  href: appHref(app, 'restarts'),
  command: `dokku ps:restart ${app}`,
})}
</div>`

/** The same of config; empty: there is nothing to say, or a deploy is giving it to them. */
export function configNote(
  frame: Frame,
  { name, deploying }: { readonly name: string; readonly deploying: boolean },
  known: ConfigNotApplied | null,
): Html | '' {
  if (known === null || deploying) return ''
  const { keys, global, types } = known
  const named = someOf(keys, MOST_NAMED, (key) => html`<code class="typed wrap-anywhere">${key}</code>`)
  const parts = [
    ...(keys.length > 0 ? [named] : []),
    ...(global ? [html`<a href="/config" class="underline underline-offset-2">global config</a>`] : []),
  ]
  const what = html`Changes of ${parts[0] ?? ''}${parts.length > 1 ? html` and ${parts[1] ?? ''}` : ''} are`
  return notAppliedNote(frame, name, { types, what })
}
