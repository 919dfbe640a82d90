import { html, raw } from 'hono/html'
import { type Deployment, type DeploymentInBrief, titleOf } from '../deployments/deployment.ts'
import { appHref } from './app-page.ts'
import { moment, tickingSince } from './components.ts'
import { duration, shortRevision } from './format.ts'
import { icon } from './icons.ts'
import type { Html } from './layout.ts'
import { stateMark } from './states.ts'

/** A deployment with what a row says beside it. */
export interface RowOfDeployment {
  readonly deployment: DeploymentInBrief
  readonly app: string
  /** How long this app usually takes; null: not known. */
  readonly usual: number | null
}

export const deploymentHref = (app: string, { number }: Pick<Deployment, 'number'>): string =>
  appHref(app, `deployments/${number}`)

/** A deployment that runs is in progress, where an app that runs is well. */
export const deploymentState = ({ status }: Pick<Deployment, 'status'>): string =>
  status === 'running' ? 'deploying' : status

/** Deployments in a list; as wide as its place allows, not as the window does. `plain`: all of one app. */
export const deploymentList = (
  rows: readonly RowOfDeployment[],
  now: number,
  options: { plain?: boolean } = {},
): Html => html`<ul class="@container divide-y">${rows.map((row) => deploymentRow(row, now, options))}</ul>`

/** Two lines, the whole row a link. */
const deploymentRow = (row: RowOfDeployment, now: number, { plain = false }: { plain?: boolean }): Html => {
  const { deployment, app } = row
  const number = `#${deployment.number}`
  const name = plain
    ? number
    : html`<span class="typed truncate">${app}</span><span class="shrink-0 text-muted-foreground">${number}</span>`
  return html`<li id="deployment-${deployment.id}" class="row grid grid-cols-[auto_minmax(0,1fr)_auto] items-start gap-x-3 px-4 py-3 @2xl:grid-cols-[auto_minmax(6rem,10rem)_minmax(0,1fr)_5.5rem_5rem] @2xl:items-center @2xl:gap-x-4 @4xl:grid-cols-[auto_minmax(6rem,11rem)_minmax(0,1fr)_minmax(0,12rem)_5.5rem_5.5rem]">
<span class="flex pt-px @2xl:pt-0">${stateMark(deploymentState(deployment), 'size-4.5')}</span>
<div class="min-w-0"><a class="row-link flex min-w-0 items-baseline gap-1.5 font-medium" href="${deploymentHref(app, deployment)}">${name}</a><span class="hidden truncate text-xs text-muted-foreground @2xl:block">${outcome(deployment)}</span></div>
<div class="col-span-2 col-start-2 row-start-2 min-w-0 @2xl:col-auto @2xl:row-auto"><div class="truncate">${titleOf(deployment)}</div><div class="flex min-w-0 items-center gap-3 text-xs text-muted-foreground">${what(deployment)}<span class="truncate @4xl:hidden">${who(deployment)}</span></div></div>
<div class="hidden min-w-0 truncate text-[0.8125rem] text-muted-foreground-2 @4xl:block">${who(deployment)}</div>
<div class="hidden @2xl:block">${length(row, now)}</div>
<div class="whitespace-nowrap text-right text-xs text-muted-foreground">${moment(deployment.startedAt, now)}</div>
</li>`
}

/** "Failed: build", "Deploying", "Succeeded". */
export function outcome({
  status,
  failedStep,
  liveAt,
}: Pick<Deployment, 'status' | 'failedStep' | 'liveAt'>): string {
  if (status !== 'failed') return OUTCOMES[status]
  if (failedStep !== null) return `Failed: ${failedStep}`
  return liveAt === null ? 'Failed' : 'Failed after it was live'
}

const OUTCOMES: Readonly<Record<Exclude<Deployment['status'], 'failed'>, string>> = {
  running: 'Deploying',
  succeeded: 'Succeeded',
  canceled: 'Canceled',
  built: 'Built, not deployed',
  skipped: 'Nothing to deploy',
  refused: 'Refused',
}

/** "laptop-key · git push" */
export const who = ({ actor, door }: Pick<Deployment, 'actor' | 'door'>): string =>
  door === 'unknown' || actor === door ? actor : `${actor} · ${door}`

const what = ({ revision }: Pick<Deployment, 'revision'>): Html | '' =>
  revision === ''
    ? ''
    : html`<span class="flex shrink-0 items-center gap-1">${icon('commit', 'size-3')}<code class="typed text-xs">${shortRevision(revision)}</code></span>`

const WIDTH = 72

/** How long it took, against how long this app usually takes: the notch in the middle. */
function length({ deployment, usual }: RowOfDeployment, now: number): Html {
  const { startedAt, endedAt, status } = deployment
  if (endedAt === null && status !== 'running')
    return html`<span class="text-xs text-muted-foreground" title="No log and no record says when it ended">not known</span>`
  const took = Math.max(0, (endedAt ?? now) - startedAt)
  const text = status === 'running' ? tickingSince(startedAt, now) : duration(took)
  if (usual === null) return html`<span class="text-xs text-muted-foreground">${text}</span>`
  const part = Math.min(1, took / (2 * usual))
  const fill = status === 'running' ? 'fill-busy-fill running-bar' : 'fill-off-fill'
  const grows = status === 'running' ? ` data-grows="${startedAt} ${usual}"` : ''
  return html`<div class="text-xs text-muted-foreground" title="usually ${duration(usual)}">${text}<svg class="mt-1 block" width="${WIDTH}" height="6" aria-hidden="true"><rect y="1" width="${WIDTH}" height="4" rx="2" class="fill-surface"/><rect y="1" width="${Math.max(3, Math.round(part * WIDTH))}" height="4" rx="2" class="${fill}"${raw(grows)}/><rect x="${WIDTH / 2}" width="1" height="6" class="fill-muted-foreground"/></svg></div>`
}
