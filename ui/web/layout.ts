import { html } from 'hono/html'
import type { HtmlEscapedString } from 'hono/utils/html'
import { command, type Live, live } from './components.ts'
import type { Frame } from './frame.ts'
import { icon, mark } from './icons.ts'
import { type Place, sidebar } from './navigation.ts'
import { shortcuts } from './shortcuts.ts'
import { type Crumb, topBar } from './topbar.ts'

export type Html = HtmlEscapedString | Promise<HtmlEscapedString>

export interface Page {
  readonly title: string
  /** Where the sidebar says we are. */
  /** Null: none of them. */
  readonly at: Place | null
  /** From the outermost; the last one is this page. */
  readonly trail: readonly Crumb[]
  /** The whole page is shown anew when one of these changes. Leave out where parts of it are live themselves. */
  readonly topics?: readonly string[]
  /** False on the page that is the search. */
  readonly search?: boolean
  /** Built scripts only this page needs: `log.js`. */
  readonly scripts?: readonly string[]
}

/** A page of somebody signed in: sidebar, top bar, content. */
export const page = (
  frame: Frame,
  { title, at, trail, topics, search = true, scripts = [] }: Page,
  content: Html,
): Html =>
  document(frame, `${title} · Dokkubase`, scripts, [
    html`<body hx-sse:connect="/live?after=${frame.position}" hx-swap="none">
<a href="#main" class="sr-only focus:not-sr-only focus:fixed focus:left-3 focus:top-3 focus:z-50 focus:rounded-lg focus:bg-primary focus:px-3 focus:py-2 focus:text-primary-foreground">Skip to content</a>
${sidebar(frame, at)}
<div class="lg:pl-60">
${topBar(frame, trail, search)}
${connectionBar}
${warningBar(frame)}
<main id="main" tabindex="-1" class="mx-auto w-full max-w-[88rem] px-4 py-6 sm:px-6 lg:px-8 lg:py-8"${topics ? live(mainOf(frame, topics)) : ''}>
${content}
</main>
</div>
<div id="asked" role="region" aria-label="What you asked for">${frame.asked}</div>
${shortcuts}
</body>`,
  ])

/** A page of somebody who is not signed in: one card in the middle. */
export const card = (
  frame: Frame,
  { title, scripts = [] }: Pick<Page, 'title' | 'scripts'>,
  content: Html,
): Html =>
  document(frame, `${title} · Dokkubase`, scripts, [
    html`<body>
<div class="flex min-h-dvh flex-col items-center justify-center px-4 py-10">
<div class="mb-6 flex items-center gap-2 text-base font-semibold tracking-tight">${mark('size-6')}Dokkubase</div>
<main id="main" class="panel w-full max-w-sm p-6 shadow-sm sm:p-8">
${content}
</main>
</div>
</body>`,
  ])

const mainOf = (frame: Frame, topics: readonly string[]): Live => ({
  id: 'main',
  address: frame.address,
  topics,
})

const document = (frame: Frame, title: string, scripts: readonly string[], [body]: readonly [Html]): Html =>
  html`<!doctype html>
<html lang="en" class="${frame.theme}" data-connection="connecting" data-now="${frame.now}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="htmx-config" content='{"morphIgnore":["data-htmx-powered","open"],"history":"reload","extensions":"sse","includeIndicatorCSS":false,"defaultTimeout":20000}'>
<title>${title}</title>
<link rel="icon" type="image/svg+xml" href="${frame.asset('favicon.svg')}">
<link rel="stylesheet" href="${frame.asset('app.css')}">
<script src="${frame.asset('app.js')}" defer></script>
${scripts.map((name) => html`<script src="${frame.asset(name)}" defer></script>`)}
</head>
${body}
</html>`

/** In front of every page while what pages show may be out of date. Asked for without the query, which may hold a token. */
const warningBar = ({ path, warning }: Frame): Html =>
  html`<div id="panel-warning" role="status"${live({ id: 'panel-warning', address: path, topics: ['panel'] })}>
${
  warning === null
    ? ''
    : html`<div class="flex flex-wrap items-center gap-x-4 gap-y-2 border-b border-bad/30 bg-bad-fill/8 px-4 py-2 text-[0.8125rem] sm:px-6 lg:px-8">
<span class="flex min-w-0 flex-1 basis-72 gap-2">
<span class="text-bad">${icon('warning', 'mt-0.5 size-4 shrink-0')}</span>
<span class="min-w-0 wrap-anywhere">${warning.text}</span>
</span>
${command(warning.command)}
</div>`
}
</div>`

/** Seen only while the stream is down or a part of the page could not be brought up to date. */
const connectionBar = html`<div class="connection-bar sticky top-14 z-10 items-center justify-center gap-2 border-b border-warn/30 bg-[color-mix(in_oklab,var(--warn-fill)_14%,var(--background))] px-4 py-1 text-xs text-warn" role="status">${icon('warning', 'size-3.5')}<span>Connection lost. What you see may be old; it comes back by itself.</span></div>`
