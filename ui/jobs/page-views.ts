import { html } from 'hono/html'
import { copy, fact, failure, moment } from '../web/components.ts'
import { deploymentHref } from '../web/deployment-row.ts'
import { duration } from '../web/format.ts'
import type { Frame } from '../web/frame.ts'
import { icon } from '../web/icons.ts'
import { type Html, page } from '../web/layout.ts'
import { stateMark, toneOf, toneText } from '../web/states.ts'
import { type DeploymentOfJob, isOver } from './job.ts'
import type { JobRow } from './table.ts'
import { appOf, lookOf, notAdded, standing, took } from './views.ts'

export interface JobPage {
  readonly job: JobRow
  /** There is a page about its app. */
  readonly appKnown: boolean
  /** Who looks may act. */
  readonly mayAct: boolean
  readonly mayRetry: boolean
  /** The same once more, where somebody asked for that. */
  readonly retriedBy: number | null
  /** For so long its command has said nothing; null while that is nothing unusual. */
  readonly silentMs: number | null
  /** Whoever looks requested the same command once more, and it was not added again. */
  readonly already: boolean
  /** The deployment that its command began. */
  readonly deployment: DeploymentOfJob | undefined
  /** What may help it: e.g. a button that takes a lock away that nobody holds any more. */
  readonly remedy: Html | ''
  readonly output: Html
}

export function jobPage(frame: Frame, shown: JobPage): Html {
  const { job, appKnown, output } = shown
  const look = lookOf(job.state)
  return page(
    frame,
    {
      title: `Job ${job.id}`,
      at: 'jobs',
      trail: [{ name: 'Jobs', href: '/jobs' }, { name: String(job.id) }],
      topics: [`job:${job.id}`],
      scripts: ['log.js'],
    },
    html`<div class="mb-6 flex flex-wrap items-start gap-x-4 gap-y-3"><span class="pt-0.5">${stateMark(look, 'size-7')}</span>
<div class="min-w-0 flex-1 basis-64"><h1 class="flex min-w-0 items-center gap-1.5 text-xl font-semibold tracking-tight"><code class="line-clamp-3 min-w-0 break-words font-mono text-lg">${job.command}</code>${copy(job.command, 'Copy the command')}</h1>
<p class="mt-1 text-muted-foreground"><span class="${toneText(toneOf(look))} font-medium">${job.reason === '' ? standing(job) : standing({ ...job, reason: '' })}</span> · ${appOf(job, appKnown)} · ${job.who} · ${moment(job.queuedAt, frame.now)}</p></div>
${actions(shown)}</div>
${shown.already ? notAdded('The same command was requested before, so it was not added again. This is the job that is there.') : ''}${why(job)}${silence(shown)}${shown.remedy}
${facts(frame, shown)}
<section aria-label="Output" class="mt-5 min-w-0"><h2 class="sr-only">Output</h2>${output}</section>`,
  )
}

const actions = ({ job, mayAct, mayRetry }: JobPage): Html | '' => {
  if (!mayAct) return ''
  if (!isOver(job.state))
    return job.canceledBy === null
      ? act(job, 'cancellation', 'Cancel this job')
      : html`<p class="text-muted-foreground" role="status">${job.canceledBy} canceled it; its command is being ended</p>`
  return mayRetry ? act(job, 'retries', 'Run it again') : ''
}

const act = ({ id }: JobRow, resource: string, words: string): Html =>
  html`<form method="post" action="/jobs/${id}/${resource}"><button class="button">${words}</button></form>`

/** Why it ended as it did, and where its output says so. */
const why = ({ state, reason, reasonLines: [line] }: JobRow): Html | '' =>
  reason === '' || (state !== 'failed' && state !== 'interrupted')
    ? ''
    : html`<section role="alert" aria-label="Why it ${state === 'failed' ? 'failed' : 'was interrupted'}" class="mb-5 flex gap-3 rounded-xl border border-bad/40 bg-bad-fill/8 p-4">${icon('warning', 'mt-0.5 size-4 text-bad')}<div class="min-w-0"><h2 class="break-words font-medium">${reason}</h2>${line === undefined ? '' : html`<a href="#L${line}" class="text-xs text-bad underline decoration-bad/40 underline-offset-2">line ${line}</a>`}</div></section>`

const silence = ({ job, silentMs, mayAct }: JobPage): Html | '' =>
  silentMs === null || job.state !== 'running'
    ? ''
    : html`<div class="mb-5">${failure(`It has said nothing for ${duration(silentMs)}`, `It may wait for something that never comes.${mayAct ? ' It can be canceled.' : ''}`)}</div>`

const facts = ({ now }: Frame, { job, retriedBy, deployment }: JobPage): Html =>
  html`<dl class="panel grid grid-cols-2 gap-x-6 gap-y-3 px-4 py-3 sm:flex sm:flex-wrap sm:gap-x-10">
${fact('Duration', took(job, now))}
${fact('Asked for by', job.schedule === null ? job.who : html`${job.who} <span class="text-xs text-muted-foreground">by the clock: ${job.schedule}</span>`)}
${fact('Asked for', moment(job.queuedAt, now))}
${job.startedAt === null ? '' : fact('Begun', moment(job.startedAt, now))}
${job.endedAt === null ? '' : fact('Ended', moment(job.endedAt, now))}
${deployment === undefined ? '' : fact('Deployment', html`<a href="${deploymentHref(deployment.app, deployment)}" class="rounded underline underline-offset-2">${deployment.app} #${deployment.number}</a>`)}
${job.exitCode === null ? '' : fact('Exit code', String(job.exitCode))}
${job.mostAttempts === 1 ? '' : fact('Tries', `${job.attempts} of ${job.mostAttempts}`)}
${job.canceledBy === null ? '' : fact('Canceled by', job.canceledBy)}
${job.retryOf === null ? '' : fact('Again after', html`<a href="/jobs/${job.retryOf}" class="rounded underline underline-offset-2">job ${job.retryOf}</a>`)}
${retriedBy === null ? '' : fact('Run again as', html`<a href="/jobs/${retriedBy}" class="rounded underline underline-offset-2">job ${retriedBy}</a>`)}
</dl>`
