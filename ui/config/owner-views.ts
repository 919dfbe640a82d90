/** What stands around the config of an app, and around the server's. */
import { html } from 'hono/html'
import { howToAllow } from '../properties/property.ts'
import { appHref, appPage } from '../web/app-page.ts'
import { appTopic, empty, heading, someOf } from '../web/components.ts'
import type { Frame } from '../web/frame.ts'
import { icon } from '../web/icons.ts'
import { type Html, type Page, page } from '../web/layout.ts'
import { GLOBAL_SWITCH, GLOBAL_TOPIC, type Owner } from './owner.ts'

export const topicOf = (app: string | null): string => (app === null ? GLOBAL_TOPIC : appTopic(app))

export const configHref = (app: string | null, rest = ''): string =>
  app === null ? `/config${rest && `/${rest}`}` : appHref(app, `config${rest && `/${rest}`}`)

/** `topics`: the whole page is shown anew by these and by what is told of its owner. */
export const ownersPage = (
  frame: Frame,
  owner: Owner,
  { topics, scripts = [] }: Pick<Page, 'topics' | 'scripts'>,
  content: Html,
): Html =>
  owner === null
    ? page(
        frame,
        {
          title: 'Global config',
          at: 'config',
          trail: [{ name: 'Global config' }],
          scripts,
          ...(topics && { topics: [...topics, GLOBAL_TOPIC] }),
        },
        html`${heading('Global config', { text: 'Every app finds these in its environment, from its next deploy or restart on. Where it has a key of the same name, its own counts.' })}${content}`,
      )
    : appPage(frame, owner, { tab: 'config', scripts, ...(topics && { topics }) }, content)

/** Nothing of it is shown before the server's root allowed that. */
export const notAllowedPage = (frame: Frame, isLooking: boolean): Html =>
  ownersPage(
    frame,
    null,
    // The page shows itself anew once it may, and then wants it.
    { topics: [], scripts: ['config.js'] },
    html`<div class="panel">${empty({
      title: 'Neither shown nor changed from here',
      text: 'Dokku’s own programs on the server obey some of these too, so whoever may change them is as good as root. The server’s root may allow it:',
      command: howToAllow(GLOBAL_SWITCH),
      drawing: 'lock',
    })}<div class="flex min-h-16 items-center justify-center border-t px-4 py-3 text-[0.8125rem] text-muted-foreground empty:hidden">${isLooking ? html`<p role="status">The server is being asked what its root allows.</p>` : again(frame)}</div></div>`,
  )

const again = (frame: Frame): Html | '' =>
  frame.account?.role === 'admin'
    ? html`<form method="post" action="/config/looks" hx-post="/config/looks" hx-headers='{"Accept":"application/json"}' hx-swap="none" hx-sync="this:drop" data-action><button class="button">${icon('refresh', 'size-3.5')}Look again</button></form>`
    : ''

const MOST_NAMED = 8

/** Below an app's own: what it finds besides. `keys` null: root has not allowed to show them. */
export const besides = (keys: readonly string[] | null): Html =>
  html`<p class="mt-4 text-[0.8125rem] text-muted-foreground">${
    keys === null
      ? html`Besides these, the app finds the server’s`
      : keys.length === 0
        ? html`The server has no config for all apps:`
        : html`Besides these, the app finds ${someOf(keys, MOST_NAMED, (key) => html`<code class="typed wrap-anywhere text-xs">${key}</code>`)} of the server’s`
  } <a href="/config" class="underline underline-offset-2 hover:text-foreground">global config</a>${keys !== null && keys.length > 0 ? ', where it has none of its own.' : '.'}</p>`
