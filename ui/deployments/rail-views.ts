/** The steps of a deployment, as a rail beside its log. */
import { html } from 'hono/html'
import { tickingSince } from '../web/components.ts'
import { duration } from '../web/format.ts'
import type { Frame } from '../web/frame.ts'
import type { Html } from '../web/layout.ts'
import { stateMark } from '../web/states.ts'
import type { Deployment, Step, StepTime } from './deployment.ts'
import { type RailStep, rail } from './rail.ts'

/** How far a deployment has come that still runs. */
export interface Progress {
  readonly steps: readonly StepTime[]
  /** "4/5" and "RUN npm ci" of the image that is built. */
  readonly buildStep: string
  readonly buildCommand: string
}

/** While a deployment runs its log knows most; once it has ended its row does. */
export const railOf = (
  { deployment, progress }: { readonly deployment: Deployment; readonly progress: Progress | null },
  frame: Frame,
): Html => {
  const steps = progress?.steps ?? deployment.steps
  const building =
    progress && progress.buildStep !== '' ? `${progress.buildStep} ${progress.buildCommand}` : ''
  const [bad] = deployment.reasonLines
  const below = ({ step, state }: RailStep): Html | '' => {
    if (state === 'failed' && bad !== undefined)
      return html`<a href="#L${bad}" class="inline-flex min-h-6 items-center rounded text-xs text-bad underline decoration-bad/40 underline-offset-2">line ${bad}</a>`
    return state === 'now' && step === 'build' && building !== ''
      ? html`<p class="hidden truncate font-mono text-2xs text-muted-foreground xl:block" title="${building}">${building}</p>`
      : ''
  }
  return html`${rail({ ...deployment, steps }, frame.now).map((step) => stepOf(step, below(step), frame))}`
}

const NAMES: Readonly<Record<Step, string>> = {
  received: 'Received',
  build: 'Build',
  release: 'Release',
  predeploy: 'Predeploy',
  checks: 'Checks',
  proxy: 'Proxy',
  live: 'Live',
  retired: 'Old retired',
}

const MARKS: Readonly<Record<RailStep['state'], string>> = {
  done: 'succeeded',
  now: 'deploying',
  failed: 'failed',
  canceled: 'canceled',
  skipped: 'skipped',
  ahead: 'ahead',
}

const stepOf = ({ step, state, at, took, line }: RailStep, below: Html | '', { now }: Frame): Html => {
  const quiet = state === 'skipped' || state === 'ahead'
  const name = html`<span class="${quiet ? 'text-muted-foreground' : 'font-medium'}">${NAMES[step]}</span>`
  return html`<li class="relative flex items-start gap-1.5 xl:gap-3 xl:pb-3 xl:before:absolute xl:before:bottom-0 xl:before:left-[8.5px] xl:before:top-6 xl:before:w-px xl:before:bg-line xl:last:pb-0 xl:last:before:hidden"${state === 'now' ? html` aria-current="step"` : ''}>
<span class="flex h-6 items-center bg-background">${stateMark(MARKS[state], 'size-4.5')}</span>
<div class="min-w-0 flex-1">
<div class="flex min-h-6 items-baseline justify-between gap-2 leading-6">
${line === null ? name : html`<a href="#L${line}" class="inline-block min-h-6 rounded hover:underline hover:underline-offset-2">${name}</a>`}
<span class="text-xs leading-6 text-muted-foreground">${time(state, at, took, now)}</span>
</div>
${below}
</div>
</li>`
}

const time = (
  state: RailStep['state'],
  at: number | null,
  took: number | null,
  now: number,
): Html | string =>
  state === 'now' && at !== null ? tickingSince(at, now) : took === null ? '' : duration(took)
