import { html } from 'hono/html'
import { type Certificate, certificateState } from '../certificates/certificate.ts'
import type { ConfigChange } from '../config/config.ts'
import { type Deployment, type DeploymentInBrief, sourceWords, titleOf } from '../deployments/deployment.ts'
import { type Domain, isAddress } from '../domains/domain.ts'
import { buildOf, type TimelineEvent } from '../events/timeline.ts'
import { attention, leftOverNote, processMarks, wantedOf, wantedWords } from '../processes/marks.ts'
import type { Container, Deaths, ProcessType } from '../processes/process.ts'
import { appHref, appPage } from '../web/app-page.ts'
import { left } from '../web/certificate-mark.ts'
import { empty, fact, moment, more, panel } from '../web/components.ts'
import { deploymentHref, deploymentList, who } from '../web/deployment-row.ts'
import { eventLine } from '../web/event-row.ts'
import { counted, shortRevision } from '../web/format.ts'
import type { Frame } from '../web/frame.ts'
import { icon } from '../web/icons.ts'
import type { Html } from '../web/layout.ts'
import { state } from '../web/states.ts'
import { type App, type AppHead, isRead } from './app.ts'

export interface AppOverview {
  readonly live: Deployment | undefined
  /** The deployment that brought the code; the live one may only have restarted it. */
  readonly code: Deployment | undefined
  readonly last: Deployment | undefined
  readonly usual: number | null
  readonly formation: readonly ProcessType[]
  readonly containers: readonly Container[]
  readonly deaths: ReadonlyMap<string, Deaths>
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
    html`${attention(frame, head.app)}<div class="grid gap-5 lg:grid-cols-3">
<div class="min-w-0 space-y-5 lg:col-span-2">${latest(frame, head, shown)}${runs(frame, head, shown)}${processes(frame, head, shown)}${events(frame, head, shown)}</div>
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

const processes = (frame: Frame, { app }: AppHead, shown: AppOverview): Html => {
  const types = new Set([...shown.formation, ...shown.containers].map(({ processType }) => processType))
  return panel(
    'Processes',
    types.size > 0
      ? html`<ul class="divide-y">${[...types].map((type) => processType(frame, app, type, shown))}</ul>${leftOverNote(frame, app, shown)}`
      : app.formationReadAt === null && app.destroyedAt === null && !app.front
        ? empty({ title: 'Not read yet', text: 'Dokku was not asked for them yet.', drawing: 'terminal' })
        : empty({ title: 'No processes', text: 'They come with the first deploy.', drawing: 'terminal' }),
  )
}

const processType = (frame: Frame, app: App, type: string, shown: AppOverview): Html =>
  html`<li class="flex flex-wrap items-start gap-x-4 gap-y-2 px-4 py-3"><div class="w-28 shrink-0"><span class="typed font-medium">${type}</span><div class="text-xs text-muted-foreground">${wantedWords(wantedOf(type, shown), (count) => counted(count, 'process', 'processes'))}</div></div>
<ul class="flex min-w-0 flex-1 flex-wrap gap-2">${processMarks(frame, app, type, shown)}</ul></li>`

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
    domains.length === 0 && !isRead(app)
      ? empty({ title: 'Not read yet', text: 'Dokku was not asked for them yet.', drawing: 'domains' })
      : domains.length === 0
        ? empty({
            title: 'No domains',
            command: `dokku domains:add ${app.name} ${app.name}.example.com`,
            drawing: 'domains',
          })
        : html`<ul class="divide-y">${domains.slice(0, 6).map(({ domain }) => html`<li class="flex items-center gap-2 px-4 py-2.5"><span class="typed min-w-0 truncate">${domain}</span>${isAddress(domain) ? '' : html`<span class="text-xs text-muted-foreground">pattern</span>`}</li>`)}</ul>
<div class="flex items-center justify-between gap-3 border-t px-4 py-2.5 text-[0.8125rem]">${certificateLine(app, certificate, now)}</div>`,
    {
      action: more(
        domains.length > 6 ? `All ${domains.length}` : 'All domains',
        appHref(app.name, 'domains'),
      ),
    },
  )

const certificateLine = (app: App, certificate: Certificate | undefined, now: number): Html => {
  if (certificate === undefined)
    return isRead(app) ? state('none', 'No certificate') : state('unknown', 'Certificate not read yet')
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
