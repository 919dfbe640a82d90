/** What the next restart of an app does that would not be expected: a note on its pages, and a badge where it is listed. */
import { html } from 'hono/html'
import type { Status, Warning } from '../apps/status.ts'
import { deploymentHref } from './deployment-row.ts'
import { icon } from './icons.ts'
import type { Html } from './layout.ts'
import { badge } from './states.ts'

export const warningNote = (app: string, { warning }: Status): Html | '' =>
  warning === null
    ? ''
    : html`<p role="note" aria-label="What starts next" class="panel mb-5 flex gap-3 border-warn/40 p-4 text-[0.8125rem]">${icon('warning', 'mt-0.5 size-4 shrink-0 text-warn')}<span>${linked(app, warning)}</span></p>`

/** Its deployment is a link. */
function linked(app: string, { text, deployment }: Warning): Html {
  const number = deployment === null ? '' : `#${deployment.number}`
  const [before = '', ...after] = number === '' ? [text] : text.split(number)
  return deployment === null
    ? html`${text}`
    : html`${before}<a href="${deploymentHref(app, deployment)}" class="rounded font-medium underline underline-offset-2">${number}</a>${after.join(number)}`
}

export const warningBadge = ({ warning }: Status): Html | '' =>
  warning === null ? '' : html`<span title="${warning.text}">${badge(warning.brief, 'warn')}</span>`
