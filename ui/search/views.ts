import { html, raw } from 'hono/html'
import { createNamed } from '../apps/action-views.ts'
import { empty, heading } from '../web/components.ts'
import type { Frame } from '../web/frame.ts'
import { type IconName, icon } from '../web/icons.ts'
import { type Html, page } from '../web/layout.ts'
import { MOST_TYPED, SEARCHED, suggesting } from '../web/topbar.ts'
import type { Hit, HitKind } from './search.ts'

export interface SearchPage {
  /** As it was typed. */
  readonly q: string
  readonly hits: readonly Hit[]
}

export const searchPage = (frame: Frame, { q, hits }: SearchPage): Html =>
  page(
    frame,
    { title: q === '' ? 'Search' : `${q} · Search`, at: null, trail: [{ name: 'Search' }], search: false },
    html`${heading('Search')}
<form action="/search" role="search" class="relative mb-4 max-w-2xl" ${suggesting('hits')}>
<span class="pointer-events-none absolute inset-y-0 left-3 grid place-items-center text-muted-foreground">${icon('search')}</span>
<input type="search" name="q" id="search" value="${q}" class="field pl-9" placeholder="shop, shop.example.com, #14, 9c31f04 …" aria-label="${SEARCHED}" autocomplete="off" autocapitalize="none" spellcheck="false" maxlength="${MOST_TYPED}"${hits.length === 0 ? raw(' autofocus') : ''}>
</form>
<div id="hits" class="panel max-w-2xl overflow-clip empty:hidden">${hitList(frame, { q, hits })}</div>`,
  )

/** What is found, or that nothing is and what to do then; nothing where nothing was typed. */
export const hitList = (frame: Frame, { q, hits }: SearchPage): Html | '' => {
  if (q === '') return ''
  return hits.length === 0
    ? html`${empty({ title: `Nothing is called “${q}”`, text: HINT, drawing: 'search' })}<div class="-mt-6 flex justify-center px-4 pb-8 empty:hidden">${createNamed(frame, q.toLowerCase())}</div>`
    : html`<ul class="divide-y" aria-label="Found">${hits.map(hitRow)}</ul>`
}

const HINT =
  'Type part of an app’s name or domain, the number or revision of a deployment, words of its commit, or the name of a page.'

const DRAWINGS: Readonly<Record<HitKind, IconName>> = {
  app: 'apps',
  page: 'right',
  domain: 'domains',
  deployment: 'deployments',
}

const WORDS: Readonly<Record<HitKind, string>> = {
  app: 'App',
  page: 'Page',
  domain: 'Domain',
  deployment: 'Deployment',
}

const hitRow = ({ kind, name, detail, href }: Hit): Html =>
  html`<li>
<a href="${href}" data-hit class="flex min-h-9 items-center gap-2.5 px-3 py-1.5 text-[0.8125rem] hover:bg-layer-hover focus-visible:bg-layer-hover">
${icon(DRAWINGS[kind], 'size-4 text-muted-foreground')}
<span class="min-w-0 flex-1">
<span class="block truncate font-medium${kind === 'page' ? '' : ' typed'}">${name}</span>
${detail === '' ? '' : html`<span class="block truncate text-xs text-muted-foreground">${detail}</span>`}
</span>
<span class="shrink-0 text-xs text-muted-foreground">${WORDS[kind]}</span>
</a>
</li>`
