import { html } from 'hono/html'
import { type App, type AppHead, isFormationRead } from '../apps/app.ts'
import type { ConfigNotApplied } from '../config/config.ts'
import type { Facts } from '../reports/report.ts'
import { action } from '../web/action.ts'
import { appHref, appPage } from '../web/app-page.ts'
import { empty, panel } from '../web/components.ts'
import type { Frame } from '../web/frame.ts'
import type { Html } from '../web/layout.ts'
import { type Looked, looked, unasked } from '../web/looked.ts'
import { configNote, notAppliedNote } from '../web/not-applied.ts'
import { notApplied } from './applied.ts'
import { wantedOf } from './count.ts'
import { checksForm, endingForm, limitsForm, scaleForm } from './form-views.ts'
import { attention, countOf, leftOverNote, processMarks, typesOf } from './marks.ts'
import type { Container, Deaths, ProcessType } from './process.ts'

export interface ProcessesPage {
  readonly formation: readonly ProcessType[]
  readonly containers: readonly Container[]
  readonly deaths: ReadonlyMap<string, Deaths>
  /** app.json says how many there are, and Dokku takes no other word. */
  readonly held: boolean
  readonly ps: Facts | undefined
  readonly checks: Facts | undefined
  readonly resource: Facts | undefined
  /** Config that running containers were created without. */
  readonly config: ConfigNotApplied | null
  readonly looked: Looked
}

export function processesPage(frame: Frame, head: AppHead, shown: ProcessesPage): Html {
  const { app } = head
  const isGone = app.destroyedAt !== null || app.front
  const one = (title: string, facts: Facts | undefined, content: () => Html, id?: string): Html =>
    panel(
      title,
      facts === undefined ? unasked(shown.looked.isLooking) : content(),
      id === undefined ? {} : { id },
    )
  const lacks = notApplied(shown.containers, shown)
  const lacking = (types: readonly string[]): Html | '' =>
    types.length === 0 ? '' : html`<div class="border-b">${notAppliedNote(frame, app.name, { types })}</div>`
  const deploying = shown.looked.deploying === true
  const config = isGone ? '' : configNote(frame, { name: app.name, deploying }, shown.config)
  return appPage(
    frame,
    head,
    { tab: 'processes', topics: [] },
    html`${isGone ? '' : html`${attention(frame, app)}${looked(frame, shown.looked)}`}
<div class="grid items-start gap-4 xl:grid-cols-2">${panel('What runs', html`${running(frame, app, shown)}${config === '' ? '' : html`<div class="border-t">${config}</div>`}`)}${
      isGone
        ? ''
        : html`${panel('How many', scaleForm(frame, app, shown))}${one('Limits', shown.resource, () => html`${lacking(lacks.limits)}${limitsForm(frame, app.name, shown)}`, 'limits')}<div class="grid gap-4">${one('Zero downtime', shown.checks, () => checksForm(frame, app.name, shown))}${one('When a process ends', shown.ps, () => html`${lacking(lacks.restartPolicy)}${endingForm(frame, app.name, shown)}`)}</div>`
    }</div>`,
  )
}

function running(frame: Frame, app: App, shown: ProcessesPage): Html {
  const types = typesOf(shown)
  if (types.length > 0)
    return html`<ul class="divide-y">${types.map((type) => row(frame, app, type, shown))}</ul>${leftOverNote(frame, app, shown)}`
  return !isFormationRead(app)
    ? unasked(shown.looked.isLooking)
    : empty({
        title: 'No processes yet',
        text: 'A deploy says which process types there are: by its Procfile, else one named web.',
        drawing: 'jobs',
      })
}

const row = (frame: Frame, app: App, type: string, shown: ProcessesPage): Html => {
  const wanted = wantedOf(type, shown)
  return html`<li class="grid min-h-15 grid-cols-[minmax(0,1fr)_auto] items-center gap-x-4 gap-y-2.5 px-4 py-3 sm:grid-cols-[7rem_minmax(0,1fr)_auto]"><div class="min-w-0"><span class="typed font-medium">${type}</span><p class="text-xs text-muted-foreground">${countOf(frame, app, type, shown)}</p></div>
<ul class="order-last col-span-2 flex min-w-0 flex-wrap gap-1.5 empty:hidden sm:order-none sm:col-auto">${processMarks(frame, app, type, shown)}</ul>
${
  wanted === 0
    ? ''
    : action(frame, {
        verb: 'Restart',
        thing: `${type} of ${app.name}`,
        label: 'Restart',
        href: appHref(app.name, 'restarts'),
        fields: { process: type },
        command: `dokku ps:restart ${app.name} ${type}`,
      })
}</li>`
}
