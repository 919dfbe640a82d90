import { html } from 'hono/html'
import { type Certificate, certificateState } from '../certificates/certificate.ts'
import type { ConfigChange } from '../config/config.ts'
import { type Deployment, type DeploymentInBrief, sourceWords, titleOf } from '../deployments/deployment.ts'
import { type Domain, isAddress } from '../domains/domain.ts'
import { buildKey, type TimelineEvent } from '../events/timeline.ts'
import type { Container, ProcessType } from '../processes/process.ts'
import { appHref, appPage } from '../web/app-page.ts'
import { left } from '../web/certificate-mark.ts'
import { empty, fact, moment, more, panel } from '../web/components.ts'
import { deploymentHref, deploymentList, who } from '../web/deployment-row.ts'
import { eventLine } from '../web/event-row.ts'
import { counted, shortRevision } from '../web/format.ts'
import type { Frame } from '../web/frame.ts'
import { icon } from '../web/icons.ts'
import type { Html } from '../web/layout.ts'
import { state, stateMark } from '../web/states.ts'
import type { App, AppHead } from './app.ts'

export interface AppOverview {
  readonly live: Deployment | undefined
  /** The deployment that brought the code; the live one may only have restarted it. */
  readonly code: Deployment | undefined
  readonly last: Deployment | undefined
  readonly usual: number | null
  readonly formation: readonly ProcessType[]
  readonly containers: readonly Container[]
  readonly domains: readonly Domain[]
  readonly certificate: Certificate | undefined
  readonly events: readonly TimelineEvent[]
  readonly deploymentsOfEvents: ReadonlyMap<string, DeploymentInBrief>
  readonly config: readonly ConfigChange[]
}

/** What runs now, of what, where it answers, and what changed last. */
export const appOverview = (frame: Frame, head: AppHead, shown: AppOverview): Html =>
  appPage(
    frame,
    head,
    { tab: 'overview', topics: ['deployments', 'domains', 'certificates'] },
    html`<div class="grid gap-5 lg:grid-cols-3">
<div class="min-w-0 space-y-5 lg:col-span-2">${latest(frame, head, shown)}${runs(frame, head, shown)}${processes(frame, shown)}${events(frame, head, shown)}</div>
<div class="min-w-0 space-y-5">${domains(frame, head, shown)}${config(frame, shown)}</div>
</div>`,
  )

/** The last deployment, where it is not simply what runs. */
const latest = ({ now }: Frame, { app }: AppHead, { live, last, usual }: AppOverview): Html | '' =>
  last === undefined || last.id === live?.id
    ? ''
    : panel(
        last.status === 'running' ? 'Deploying now' : 'Last deployment',
        deploymentList([{ deployment: last, app: app.name, usual }], now, { plain: true }),
        { action: more('All deployments', appHref(app.name, 'deployments')) },
      )

const runs = ({ now }: Frame, { app }: AppHead, { live, code, last }: AppOverview): Html =>
  panel(
    app.destroyedAt === null ? 'What runs' : 'What ran',
    live === undefined
      ? app.front
        ? empty({
            title: 'The panel you look at',
            text: 'It runs beside Dokku, not in a container; this app only leads nginx to it. It is changed on the server.',
            command: 'dokku dokkubase:doctor',
            drawing: 'apps',
          })
        : nothingLive(app, last)
      : html`<div class="p-4"><p class="line-clamp-3 text-[0.9375rem] font-medium"><a href="${deploymentHref(app.name, code ?? live)}" class="rounded hover:underline hover:underline-offset-2">${titleOf(code ?? live)}</a></p>
<dl class="mt-4 grid grid-cols-2 gap-x-6 gap-y-4 sm:grid-cols-3">
${code === undefined ? '' : fact('Revision', html`<span class="flex items-center gap-1.5">${icon('commit', 'size-3.5 text-muted-foreground')}<code class="typed" title="${code.revision}">${shortRevision(code.revision)}</code></span>`)}
${code?.author ? fact('Author', html`<span class="line-clamp-2">${code.author}</span>`) : ''}
${(code ?? live).image === '' ? '' : fact('Image', html`<code class="typed break-all">${(code ?? live).image}</code>`)}
${fact('Live since', moment(live.liveAt ?? live.startedAt, now))}
${fact('By', who(live))}
${fact('Deployment', html`<a href="${deploymentHref(app.name, live)}" class="rounded hover:underline hover:underline-offset-2">#${live.number}</a> <span class="text-muted-foreground">${sourceWords(live).toLowerCase()}</span>`)}
</dl></div>`,
  )

const nothingLive = (app: App, last: Deployment | undefined): Html =>
  last?.status === 'running'
    ? empty({
        title: 'Nothing yet',
        text: 'What this deploy brings stands here once it is live.',
        drawing: 'deployments',
      })
    : empty({
        title: last === undefined ? 'Never deployed' : 'Nothing was live yet',
        text: `Push to it${last === undefined ? '' : ' again'} and the deploy appears here while it runs.`,
        command: `git push dokku@your-server:${app.name} main`,
        drawing: 'deployments',
      })

const processes = (frame: Frame, { formation, containers }: AppOverview): Html => {
  const types = new Set([
    ...formation.map(({ processType }) => processType),
    ...containers.map(({ processType }) => processType),
  ])
  return panel(
    'Processes',
    types.size === 0
      ? empty({ title: 'No processes', text: 'They come with the first deploy.', drawing: 'terminal' })
      : html`<ul class="divide-y">${[...types].map((type) => processType(frame, type, formation, containers))}</ul>`,
  )
}

const processType = (
  { now }: Frame,
  type: string,
  formation: AppOverview['formation'],
  containers: AppOverview['containers'],
): Html => {
  const wanted = formation.find(({ processType }) => processType === type)?.quantity ?? 0
  const own = containers.filter(
    (container) => container.processType === type && !isReplaced(container, containers),
  )
  return html`<li class="flex flex-wrap items-start gap-x-4 gap-y-2 px-4 py-3"><div class="w-28 shrink-0"><span class="typed font-medium">${type}</span><div class="text-xs text-muted-foreground">${wanted === 0 ? 'scaled to 0' : counted(wanted, 'process', 'processes')}</div></div>
<ul class="flex min-w-0 flex-1 flex-wrap gap-2">${own.map((container) => html`<li class="flex items-center gap-1.5 rounded-lg border px-2 py-1 text-xs" title="${container.name}"><span class="flex">${stateMark(CONTAINER_STATES[container.state], 'size-3.5')}</span><span class="typed text-xs">${type}.${container.number}</span><span class="text-muted-foreground">${container.state === 'running' ? '' : container.state === 'crashed' ? `ended with ${container.exitCode ?? '?'} ` : `${container.state} `}${moment(container.since, now)}</span></li>`)}</ul></li>`
}

/** Left over from an earlier deploy: Docker still lists it, and its successor runs. */
const isReplaced = ({ state, processType, number }: Container, all: readonly Container[]): boolean =>
  state === 'exited' &&
  all.some(
    (other) => other.state === 'running' && other.processType === processType && other.number === number,
  )

const CONTAINER_STATES: Readonly<Record<Container['state'], string>> = {
  starting: 'deploying',
  running: 'running',
  retiring: 'stopped',
  exited: 'stopped',
  crashed: 'crashed',
}

const events = ({ now }: Frame, { app }: AppHead, { events, deploymentsOfEvents }: AppOverview): Html =>
  panel(
    'What changed',
    events.length === 0
      ? empty({ title: 'Nothing yet', text: 'Whatever happens to this app is told here.', drawing: 'events' })
      : html`<ul class="divide-y">${events.map((event) => eventLine(event, deploymentsOfEvents.get(buildKey(event)), now))}</ul>`,
    { action: more('All events', appHref(app.name, 'events')) },
  )

const domains = ({ now }: Frame, { app }: AppHead, { domains, certificate }: AppOverview): Html =>
  panel(
    'Domains',
    domains.length === 0
      ? empty({
          title: 'No domains',
          command: `dokku domains:add ${app.name} ${app.name}.example.com`,
          drawing: 'domains',
        })
      : html`<ul class="divide-y">${domains.slice(0, 6).map(({ domain }) => html`<li class="flex items-center gap-2 px-4 py-2.5"><span class="typed min-w-0 truncate">${domain}</span>${isAddress(domain) ? '' : html`<span class="text-xs text-muted-foreground">pattern</span>`}</li>`)}</ul>
<div class="flex items-center justify-between gap-3 border-t px-4 py-2.5 text-[0.8125rem]">${certificateLine(certificate, now)}</div>`,
    {
      action: more(
        domains.length > 6 ? `All ${domains.length}` : 'All domains',
        appHref(app.name, 'domains'),
      ),
    },
  )

const certificateLine = (certificate: Certificate | undefined, now: number): Html => {
  if (certificate === undefined) return state('none', 'No certificate')
  const word = certificateState(certificate, now)
  const { expiresAt } = certificate
  const ends = expiresAt === null ? '' : left(expiresAt, now)
  return word === 'expired'
    ? state(word, `Certificate ${ends}`)
    : html`${state(word, `Certificate ${word}`)}<span class="text-muted-foreground">${ends}</span>`
}

const config = ({ now }: Frame, { config }: AppOverview): Html =>
  panel(
    'Config changed lately',
    config.length === 0
      ? empty({
          title: 'No changes seen',
          text: 'Keys appear here when they are set, never their values.',
          drawing: 'list',
        })
      : html`<ul class="divide-y">${config.map(({ key, change, changedAt, changedBy }) => html`<li class="flex items-center gap-3 px-4 py-2.5"><div class="min-w-0 flex-1"><code class="typed block truncate">${key}</code><span class="text-xs text-muted-foreground">${change === 'set' ? 'set' : 'removed'} by ${changedBy}</span></div>${moment(changedAt, now, 'shrink-0 text-xs text-muted-foreground')}</li>`)}</ul>`,
  )
