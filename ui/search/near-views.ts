/** On the page of an address at which nothing is: what may have been meant, or the app that could be created. */
import { html } from 'hono/html'
import { createNamed } from '../apps/action-views.ts'
import { appHref } from '../web/app-page.ts'
import type { Frame } from '../web/frame.ts'
import type { Html } from '../web/layout.ts'
import { PLACES } from '../web/navigation.ts'
import { nearNames } from './near.ts'

interface Near {
  readonly name: string
  readonly href: string
}

export const nearTo = ({ appNames }: { readonly appNames: () => readonly string[] }) =>
  function near(frame: Frame): Html {
    const [first = '', second] = frame.path.split('/').slice(1).map(decoded)
    const wanted = first === 'apps' && second !== undefined ? second : first
    // What is missing is a page of this app.
    if (first === 'apps' && appNames().includes(wanted)) return html``
    const found = [
      ...nearNames(wanted, appNames()).map((name): Near => ({ name, href: appHref(name) })),
      ...(first === 'apps' ? [] : placesLike(wanted)),
    ]
    return html`${found.length === 0 ? '' : suggestions(found)}
${first === 'apps' ? html`<div class="mt-4 empty:hidden">${createNamed(frame, wanted)}</div>` : ''}`
  }

const suggestions = (found: readonly Near[]): Html =>
  html`<p class="mt-4 flex flex-wrap gap-x-3 gap-y-1">
<span class="text-muted-foreground">Did you mean</span>
${found.map(({ name, href }) => html`<a href="${href}" class="typed underline underline-offset-2">${name}</a>`)}
</p>`

const placesLike = (wanted: string): readonly Near[] => {
  const near = nearNames(
    wanted,
    PLACES.map(({ href }) => href.slice(1)),
  )
  return PLACES.filter(({ href }) => near.includes(href.slice(1)))
}

/** Text that is no address of anything is taken as it is. */
const decoded = (part: string): string => {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}
