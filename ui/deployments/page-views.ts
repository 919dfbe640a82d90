import { html } from 'hono/html'
import type { AppHead } from '../apps/app.ts'
import { shortImage } from '../apps/status.ts'
import type { JobInBrief } from '../jobs/job.ts'
import { appHref } from '../web/app-page.ts'
import { appTopic, copy, fact, moment, tickingSince } from '../web/components.ts'
import { deploymentHref, deploymentState, outcome, who } from '../web/deployment-row.ts'
import { duration, shortRevision } from '../web/format.ts'
import type { Frame } from '../web/frame.ts'
import { icon } from '../web/icons.ts'
import { type Html, page } from '../web/layout.ts'
import { stateMark, toneOf, toneText } from '../web/states.ts'
import { warningNote } from '../web/status-note.ts'
import { APP_DESTROYED, type Deployment, type DeploymentInBrief, sourceWords, titleOf } from './deployment.ts'
import type { HintContext } from './hint-context.ts'
import type { Neighbors } from './neighbors.ts'
import { type Progress, railOf } from './rail-views.ts'

/** Why a deployment failed, in the words of its log. */
export interface Explanation {
  readonly lines: readonly { readonly line: number; readonly text: string }[]
  /** What it usually means; empty where that is not known. */
  readonly hint: string
}

/** What the logs feature shows of a deployment. */
export interface LogOfDeployment {
  explain(deployment: Deployment, context: HintContext): Explanation
  progress(deployment: Deployment): Progress | null
  pane(frame: Frame, deployment: Deployment, app: string): Html
}

export interface DeploymentPage {
  readonly deployment: Deployment
  readonly previous: Deployment | undefined
  readonly usual: number | null
  readonly explanation: Explanation | null
  /** Its code is what runs now. */
  readonly runs: boolean
  /** The job that started it; undefined: it was started elsewhere, or the job is no longer kept. */
  readonly job: JobInBrief | undefined
  /** Of one that runs. */
  readonly progress: Progress | null
  readonly log: Html
  /** What runs instead of it, and why that is not certain; null where it runs itself, or that is not known. */
  readonly live: { readonly deployment: DeploymentInBrief; readonly unsure: string } | null
  /** Null: not canceled, or not from here. */
  readonly canceledBy: string | null
  /** What can be done to it. */
  readonly buttons: Html | ''
  /** Where another deploy's lock refused it: whose that was. */
  readonly holder: Html | ''
  /** Where it brought nothing and no button does it once more. */
  readonly nextStep: Html | ''
  readonly neighbors: Neighbors
}

export function deploymentPage(frame: Frame, head: AppHead, shown: DeploymentPage): Html {
  const { deployment, log, buttons, holder, nextStep } = shown
  const { name } = head.app
  const number = `#${deployment.number}`
  return page(
    frame,
    {
      title: `${name} ${number}`,
      at: 'apps',
      trail: [
        { name: 'Apps', href: '/apps' },
        { name, href: appHref(name), typed: true },
        { name: 'Deployments', href: appHref(name, 'deployments') },
        { name: number },
      ],
      topics: [`deployment:${deployment.id}`, appTopic(name)],
      scripts: ['log.js'],
    },
    html`<div class="mb-6 flex flex-wrap items-start gap-x-4 gap-y-3"><span class="pt-0.5">${stateMark(deploymentState(deployment), 'size-7')}</span>
<div class="min-w-0 flex-1 basis-64"><h1 class="line-clamp-3 text-xl font-semibold tracking-tight">${titleOf(deployment)}</h1>
<p class="mt-1 text-muted-foreground"><span class="${toneText(toneOf(deploymentState(deployment)))} font-medium">${outcome(deployment)}</span> · <a href="${appHref(name)}" class="typed rounded font-medium text-foreground hover:underline hover:underline-offset-2">${name}</a> ${number} · ${who(deployment)} · ${moment(deployment.startedAt, frame.now)}</p></div><div class="flex flex-wrap gap-1.5 empty:hidden">${buttons}${besides(name, shown.neighbors)}</div></div>
${why(shown)}${nextStep}${aboutIts(head, deployment) ? warningNote(name, head.status) : ''}${holder}
${facts(frame, name, shown)}
<div class="mt-5 grid gap-5 xl:grid-cols-[14rem_minmax(0,1fr)]">
<section aria-label="Steps"><h2 class="sr-only">Steps</h2><ol class="flex flex-wrap gap-x-4 gap-y-2 xl:block">${railOf(shown, frame)}</ol></section>
<section aria-label="Log" class="min-w-0"><h2 class="sr-only">Log</h2>${log}</section>
</div>`,
  )
}

/** The deployments of the app before and after this one. */
const besides = (app: string, { previous, next }: Neighbors): Html | '' =>
  previous === null && next === null
    ? ''
    : html`<nav aria-label="Deployments of ${app}" class="flex gap-1.5">
${beside(app, previous, 'Previous')}
${beside(app, next, 'Next')}
</nav>`

const beside = (app: string, number: number | null, word: 'Previous' | 'Next'): Html | '' =>
  number === null
    ? ''
    : html`<a href="${deploymentHref(app, { number })}" rel="${word === 'Next' ? 'next' : 'prev'}" class="button" aria-label="${word} deployment: #${number}">
${word === 'Next' ? '' : icon('left', 'size-3.5')}#${number}${word === 'Next' ? icon('right', 'size-3.5') : ''}
</a>`

/** What starts next is said where it is this one's code, or where this one should be what runs. */
const aboutIts = ({ app, status: { warning } }: AppHead, { id, status, codeId }: Deployment): boolean =>
  warning?.deployment?.id === id ||
  warning?.deployment?.id === codeId ||
  (app.lastDeploymentId === id && status !== 'running')

/** Whether its page says why it ended as it did. */
export const isExplained = ({ status, reason }: Deployment): boolean =>
  status === 'failed' || (reason !== '' && status !== 'canceled' && status !== 'running')

/** The reason, the lines that say so, and what it usually means. A failure is an alert, an ending without one is not. */
const why = ({ deployment, explanation, job }: DeploymentPage): Html | '' => {
  if (deployment.status === 'canceled') return whyCanceled(deployment)
  if (!isExplained(deployment)) return ''
  const text = html`<div class="min-w-0"><h2 class="font-medium">${deployment.reason || 'Reading its log for the reason'}</h2>${explanation?.hint ? html`<p class="mt-1 text-muted-foreground-2">${explanation.hint}</p>` : ''}${reasonOfJob(deployment, job)}</div>`
  return deployment.status === 'failed'
    ? html`<section role="alert" aria-label="Why it failed" class="mb-5 overflow-clip rounded-xl border border-bad/40 bg-card"><div class="flex gap-3 bg-bad-fill/8 p-4">${icon('warning', 'mt-0.5 size-4 text-bad')}${text}</div>${linesOf(explanation, 'border-bad/20')}</section>`
    : html`<section aria-label="Why nothing was deployed" class="panel mb-5 overflow-clip"><div class="p-4">${text}</div>${linesOf(explanation, '')}</section>`
}

/** Some of what Dokku prints, as when it pulls an image, reaches the output of the command but not the deploy's log. */
const reasonOfJob = ({ reason }: Deployment, job: JobInBrief | undefined): Html | '' =>
  job === undefined || job.state !== 'failed' || job.reason === '' || job.reason === reason
    ? ''
    : html`<p class="mt-1 break-words"><a href="/jobs/${job.id}" class="rounded underline underline-offset-2">Job ${job.id}</a>: ${job.reason}</p>`

/** Where it was not a person who canceled it. */
const whyCanceled = ({ reason }: Deployment): Html | '' =>
  reason === APP_DESTROYED
    ? html`<p class="panel mb-5 p-4 text-[0.8125rem]">${reason} while this deployment ran.</p>`
    : ''

const linesOf = (explanation: Explanation | null, border: string): Html | '' =>
  explanation === null || explanation.lines.length === 0
    ? ''
    : html`<ol class="border-t ${border} py-2 font-mono text-xs leading-6">${explanation.lines.map(({ line, text }) => html`<li class="flex gap-3 px-4"><a href="#L${line}" class="w-10 shrink-0 select-none rounded text-right text-muted-foreground hover:text-foreground">${line}</a><code class="min-w-0 whitespace-pre-wrap wrap-anywhere">${text}</code></li>`)}</ol>`

const facts = (
  { now }: Frame,
  app: string,
  { deployment, previous, usual, runs, live, canceledBy, job }: DeploymentPage,
): Html => {
  const { status, startedAt, endedAt, revision, author, builder, fingerprint, exitCode } = deployment
  const { image } = deployment
  // After a build that failed Dokku has the image it had before: that is none of this deployment's.
  const imageId =
    deployment.liveAt !== null || deployment.codeId === deployment.id ? deployment.imageId : null
  const code = exitCode === -1 ? job?.exitCode : exitCode
  const took =
    status === 'running'
      ? tickingSince(startedAt, now)
      : endedAt === null
        ? 'not known'
        : duration(endedAt - startedAt)
  return html`<dl class="panel grid grid-cols-2 gap-x-6 gap-y-3 px-4 py-3 sm:flex sm:flex-wrap sm:gap-x-10">
${fact('Duration', html`${took}${usual === null ? '' : html` <span class="text-xs text-muted-foreground">usually ${duration(usual)}</span>`}`)}
${fact('Started by', html`<span${fingerprint === '' ? '' : html` title="${fingerprint}"`}>${who(deployment)}</span>`)}
${fact('Kind', sourceWords(deployment))}
${revision === '' ? '' : fact('Revision', html`<span class="flex min-w-0 items-center gap-1.5">${icon('commit', 'size-3.5 text-muted-foreground')}<code class="typed truncate" title="${revision}">${shortRevision(revision)}</code>${copy(revision, 'Copy the revision')}</span>`)}
${author === '' ? '' : fact('Author', html`<span class="line-clamp-2">${author}</span>`)}
${previous === undefined ? '' : fact('Previous', compared(app, deployment, previous))}
${builder === '' ? '' : fact('Builder', builder)}
${image === '' && imageId === null ? '' : fact('Image', html`<code class="typed break-all"${imageId === null ? '' : html` title="${imageId}"`}>${imageId === null ? image : shortImage(imageId)}</code>`)}
${runs ? fact('Runs now', 'yes') : ''}
${live === null ? '' : fact('Live now', html`<a href="${deploymentHref(app, live.deployment)}" class="rounded font-medium underline underline-offset-2">#${live.deployment.number}</a>${live.unsure === '' ? '' : html` <span class="text-xs text-muted-foreground" title="${live.unsure}">not certain</span>`}`)}
${canceledBy === null ? '' : fact('Canceled by', canceledBy)}
${status !== 'failed' || exitCode === null ? '' : fact('Exit code', String(code ?? 'not known'))}
${job === undefined ? '' : fact('Job', html`<a href="/jobs/${job.id}" class="rounded hover:underline hover:underline-offset-2">${job.id}</a> <code class="typed break-all text-xs text-muted-foreground">${job.command}</code>`)}
</dl>`
}

/** What was live before, and the command that tells what lies between. */
const compared = (app: string, { revision }: Deployment, previous: Deployment): Html => {
  const between = `git log --oneline ${shortRevision(previous.revision)}..${shortRevision(revision)}`
  const same = previous.revision === revision
  return html`<span class="flex items-center gap-1.5"><a href="${deploymentHref(app, previous)}" class="rounded hover:underline hover:underline-offset-2">#${previous.number}${previous.revision === '' ? '' : html` <code class="typed">${shortRevision(previous.revision)}</code>`}</a>${previous.revision === '' || revision === '' ? '' : same ? html`<span class="text-xs text-muted-foreground">same revision</span>` : copy(between, `Copy ${between}`)}</span>`
}
