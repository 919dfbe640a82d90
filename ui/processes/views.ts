import { html } from 'hono/html'
import type { AppHead } from '../apps/app.ts'
import type { Facts } from '../reports/report.ts'
import { action } from '../web/action.ts'
import { appHref, appPage } from '../web/app-page.ts'
import { empty, moment, panel } from '../web/components.ts'
import type { Frame } from '../web/frame.ts'
import type { Html } from '../web/layout.ts'
import { type Looked, looked, unasked } from '../web/looked.ts'
import { stateMark } from '../web/states.ts'
import { checksForm, endingForm, limitsForm, scaleForm } from './form-views.ts'
import type { Container, ProcessType } from './process.ts'

export interface ProcessesPage {
  readonly formation: readonly ProcessType[]
  readonly containers: readonly Container[]
  /** app.json says how many there are, and Dokku takes no other word. */
  readonly held: boolean
  readonly ps: Facts | undefined
  readonly checks: Facts | undefined
  readonly resource: Facts | undefined
  readonly looked: Looked
}

export function processesPage(frame: Frame, head: AppHead, shown: ProcessesPage): Html {
  const { app } = head
  const isGone = app.destroyedAt !== null || app.front
  const one = (title: string, facts: Facts | undefined, content: () => Html): Html =>
    panel(title, facts === undefined ? unasked(shown.looked.isLooking) : content())
  return appPage(
    frame,
    head,
    { tab: 'processes', topics: [] },
    html`${isGone ? '' : looked(frame, shown.looked)}
<div class="grid items-start gap-4 lg:grid-cols-2">${panel('What runs', running(frame, app.name, shown))}${
      isGone
        ? ''
        : html`${panel('How many', scaleForm(frame, app.name, shown))}${one('Limits', shown.resource, () => limitsForm(frame, app.name, shown))}<div class="grid gap-4">${one('Zero downtime', shown.checks, () => checksForm(frame, app.name, shown))}${one('When a process ends', shown.ps, () => endingForm(frame, app.name, shown))}</div>`
    }</div>`,
  )
}

function running(frame: Frame, app: string, { formation, containers }: ProcessesPage): Html {
  const types = [...new Set([...formation, ...containers].map(({ processType }) => processType))]
  return types.length === 0
    ? empty({
        title: 'No processes yet',
        text: 'A deploy says which process types there are: by its Procfile, else one named web.',
        drawing: 'jobs',
      })
    : html`<ul class="divide-y">${types.map((type) => row(frame, app, type, { formation, containers }))}</ul>`
}

const row = (
  frame: Frame,
  app: string,
  type: string,
  { formation, containers }: Pick<ProcessesPage, 'formation' | 'containers'>,
): Html => {
  const wanted = formation.find(({ processType }) => processType === type)?.quantity ?? 0
  const own = containers.filter(({ processType, state }) => processType === type && state !== 'retiring')
  const up = own.filter(({ state }) => state === 'running').length
  return html`<li class="grid min-h-15 grid-cols-[minmax(0,1fr)_auto] items-center gap-x-4 gap-y-2.5 px-4 py-3 sm:grid-cols-[7rem_minmax(0,1fr)_auto]"><div class="min-w-0"><span class="typed font-medium">${type}</span><p class="text-xs text-muted-foreground">${wanted === 0 && up === 0 ? 'none wanted' : wanted === 0 ? `${up} running` : `${up} of ${wanted} running`}</p></div>
<ul class="order-last col-span-2 flex min-w-0 flex-wrap gap-1.5 empty:hidden sm:order-none sm:col-auto">${own.map((container) => html`<li class="flex items-center gap-1.5 whitespace-nowrap rounded-lg border px-2 py-1 text-xs" title="${container.name}"><span class="flex">${stateMark(container.state === 'starting' ? 'in progress' : container.state === 'exited' ? 'stopped' : container.state, 'size-3.5')}</span><span class="typed text-xs">${type}.${container.number}</span><span class="text-muted-foreground">${moment(container.since, frame.now)}</span></li>`)}</ul>
${
  wanted === 0
    ? ''
    : action(frame, {
        verb: 'Restart',
        thing: `${type} of ${app}`,
        label: 'Restart',
        href: appHref(app, 'restarts'),
        fields: { process: type },
        command: `dokku ps:restart ${app} ${type}`,
      })
}</li>`
}
