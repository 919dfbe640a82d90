import { html } from 'hono/html'
import type { AppHead } from '../apps/app.ts'
import { address } from '../web/address.ts'
import { appHref, appPage } from '../web/app-page.ts'
import { chips, empty, gitPush, heading, live, older, panel, picker } from '../web/components.ts'
import { deploymentList, type RowOfDeployment } from '../web/deployment-row.ts'
import { day as dayOf } from '../web/format.ts'
import type { Frame } from '../web/frame.ts'
import { type Html, page } from '../web/layout.ts'
import { CHOICES, type DeploymentsQuery, type Outcome } from './list.ts'

export interface DeploymentsPage {
  /** Of one app, or of all. */
  readonly head?: AppHead
  readonly query: DeploymentsQuery
  readonly running: readonly RowOfDeployment[]
  readonly rows: readonly RowOfDeployment[]
  /** Whether there are older ones. */
  readonly more: boolean
  readonly apps: readonly string[]
  readonly actors: readonly string[]
  readonly doors: readonly string[]
}

export function deploymentsPage(frame: Frame, shown: DeploymentsPage): Html {
  const { head } = shown
  const content = html`${filters(frame, shown)}${lists(frame, shown)}`
  return head === undefined
    ? page(
        frame,
        { title: 'Deployments', at: 'deployments', trail: [{ name: 'Deployments' }] },
        html`${heading('Deployments')}${content}`,
      )
    : appPage(frame, head, { tab: 'deployments' }, content)
}

const pathOf = ({ head }: DeploymentsPage): string =>
  head === undefined ? '/deployments' : appHref(head.app.name, 'deployments')

const asked = ({ query }: DeploymentsPage) => {
  const { before, downTo, ...rest } = query
  return rest
}

function filters(frame: Frame, shown: DeploymentsPage): Html {
  const { query, running, head, apps, actors, doors } = shown
  const path = pathOf(shown)
  const of = (status: string) => address(path, { ...asked(shown), status })
  return html`<div class="mb-4 flex flex-wrap items-center gap-2">
${chips('Status', [
  { name: 'All', href: of(''), chosen: query.status === undefined },
  ...CHOICES.map((status) => ({
    name: NAMES[status],
    href: of(status),
    chosen: query.status === status,
    ...(status === 'running' && running.length > 0 && { count: running.length }),
  })),
])}
<form action="${path}" data-applies class="flex flex-wrap gap-2 md:ml-auto">
${query.status === undefined ? '' : html`<input type="hidden" name="status" value="${query.status}">`}${query.day === undefined ? '' : html`<input type="hidden" name="day" value="${query.day}">`}
${head === undefined ? picker({ name: 'app', label: 'Any app', value: query.app }, apps.map(same)) : ''}
${picker({ name: 'actor', label: 'Anybody', value: query.actor }, actors.map(same))}
${picker({ name: 'door', label: 'Any door', value: query.door }, doors.map(same))}
<noscript><button class="button">Apply</button></noscript>
</form>
${query.day === undefined ? '' : html`<a href="${address(path, { ...asked(shown), day: '' })}" class="button">${dayOf(Date.parse(query.day), frame.now)}<span class="text-muted-foreground" aria-hidden="true">×</span><span class="sr-only">Show every day</span></a>`}
</div>`
}

const NAMES: Readonly<Record<Outcome, string>> = {
  running: 'Running',
  failed: 'Failed',
  succeeded: 'Succeeded',
  canceled: 'Canceled',
  'not-deployed': 'Not deployed',
}

const same = (value: string): readonly [string, string] => [value, value]

/**
 * The newest rows change by themselves and ask down to the oldest of them, so that nothing is lost between them and
 * the older ones, which are added below as somebody scrolls and change no more.
 */
function lists(frame: Frame, shown: DeploymentsPage): Html {
  const { query, running, rows, more, head } = shown
  const path = pathOf(shown)
  const oldest = rows.at(-1)?.deployment.id
  const again = address(path, { ...asked(shown), downTo: oldest })
  const list = (all: readonly RowOfDeployment[]) =>
    deploymentList(all, frame.now, { plain: head !== undefined })
  const now =
    running.length === 0 || query.before !== undefined
      ? ''
      : html`<div class="mb-5">${panel('Now', list(running))}</div>`
  const changing = live({ id: 'deployments', address: again, topics: ['deployments'], beside: ['now'] })
  return html`<div id="now">${now}</div>
<div class="panel overflow-clip">
<div id="deployments"${query.before === undefined ? changing : ''}>${rows.length > 0 ? list(rows) : running.length > 0 ? '' : nothing(frame, shown)}</div>
<div id="older" class="border-t empty:hidden">${more ? older(address(path, { ...asked(shown), before: oldest }), '#deployments > ul, #older > *') : ''}</div>
</div>`
}

const nothing = (frame: Frame, shown: DeploymentsPage): Html => {
  const { query, head } = shown
  const narrowed = Object.values(asked(shown)).some((value) => value !== undefined && value !== '')
  if (narrowed)
    return empty({
      title: query.status === 'running' ? 'Nothing is being deployed now' : 'No deployment like that',
      text: html`<a href="${pathOf(shown)}" class="underline underline-offset-2 hover:text-foreground">Show all deployments</a>`,
      drawing: 'deployments',
    })
  if (head !== undefined && head.app.destroyedAt !== null)
    return empty({ title: 'No deployments', text: 'The app was destroyed.', drawing: 'deployments' })
  return empty({
    title: 'No deployments yet',
    text: 'Whatever deploys an app, from whichever door, appears here while it runs.',
    command: gitPush(frame, head?.app.name ?? 'blog'),
    drawing: 'deployments',
  })
}
