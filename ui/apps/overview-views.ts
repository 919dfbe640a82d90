import { html } from 'hono/html'
import { type Certificate, certificateState } from '../certificates/certificate.ts'
import type { ConfigChange } from '../config/config.ts'
import type { DeploymentInBrief } from '../deployments/deployment.ts'
import { type Domain, isAddress, isCovered } from '../domains/domain.ts'
import { begunBy, type TimelineEvent } from '../events/timeline.ts'
import { attention, countOf, leftOverNote, processMarks, typesOf } from '../processes/marks.ts'
import type { Container, Deaths, ProcessType } from '../processes/process.ts'
import { appHref, appPage } from '../web/app-page.ts'
import { left } from '../web/certificate-mark.ts'
import { empty, moment, more, panel } from '../web/components.ts'
import { deploymentList } from '../web/deployment-row.ts'
import { eventLine } from '../web/event-row.ts'
import type { Frame } from '../web/frame.ts'
import type { Html } from '../web/layout.ts'
import { state } from '../web/states.ts'
import { type App, type AppHead, isFormationRead, isRead } from './app.ts'
import { type Running, runningPanel } from './running-views.ts'

export interface AppOverview extends Running {
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
    html`${attention(frame, head.app)}<div class="grid gap-5 xl:grid-cols-3">
<div class="min-w-0 space-y-5 xl:col-span-2">${latest(frame, head, shown)}${runningPanel(frame, head, shown)}${processes(frame, head, shown)}${events(frame, head, shown)}</div>
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

const processes = (frame: Frame, { app }: AppHead, shown: AppOverview): Html => {
  const types = typesOf(shown)
  return panel(
    'Processes',
    types.length > 0
      ? html`<ul class="divide-y">${types.map((type) => processType(frame, app, type, shown))}</ul>${leftOverNote(frame, app, shown)}`
      : !isFormationRead(app)
        ? empty({ title: 'Not read yet', text: 'Dokku was not asked for them yet.', drawing: 'terminal' })
        : empty({
            title: 'No processes',
            text: app.destroyedAt === null ? 'They come with the first deploy.' : '',
            drawing: 'terminal',
          }),
  )
}

const processType = (frame: Frame, app: App, type: string, shown: AppOverview): Html =>
  html`<li class="flex flex-wrap items-start gap-x-4 gap-y-2 px-4 py-3"><div class="w-28 shrink-0"><span class="typed font-medium">${type}</span><div class="text-xs text-muted-foreground">${countOf(frame, app, type, shown)}</div></div>
<ul class="flex min-w-0 flex-1 flex-wrap gap-2">${processMarks(frame, app, type, shown)}</ul></li>`

const events = ({ now }: Frame, { app }: AppHead, { events, deploymentsOfEvents }: AppOverview): Html =>
  panel(
    'What changed',
    events.length === 0
      ? empty({ title: 'Nothing yet', text: 'Whatever happens to this app is told here.', drawing: 'events' })
      : html`<ul class="divide-y">${events.map((event) => eventLine(event, begunBy(deploymentsOfEvents, event), now))}</ul>`,
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
<div class="flex flex-wrap items-center justify-between gap-x-3 gap-y-1 border-t px-4 py-2.5 text-[0.8125rem]">${certificateLine(app, domains, certificate, now)}</div>`,
    {
      action: more(
        domains.length > 6 ? `All ${domains.length}` : 'All domains',
        appHref(app.name, 'domains'),
      ),
    },
  )

const certificateLine = (
  app: App,
  domains: readonly Pick<Domain, 'domain'>[],
  certificate: Certificate | undefined,
  now: number,
): Html => {
  if (certificate === undefined)
    return isRead(app) ? state('none', 'No certificate') : state('unknown', 'Certificate not read yet')
  const word = certificateState(certificate, now)
  const { expiresAt } = certificate
  const ends = expiresAt === null ? '' : left(expiresAt, now)
  return word === 'expired'
    ? state(word, `Certificate ${ends}`)
    : html`${state(word, `Certificate ${word}`)}${coverage(certificate, domains)}<span class="shrink-0 whitespace-nowrap text-muted-foreground">${ends}</span>`
}

/** Where it leaves domains without https. */
const coverage = ({ hostnames }: Certificate, domains: readonly Pick<Domain, 'domain'>[]): Html | '' => {
  const covered = domains.filter(({ domain }) => isCovered(domain, hostnames))
  return hostnames.length === 0 || covered.length === domains.length
    ? ''
    : html`<span class="text-warn">for ${covered.length} of ${domains.length} domains</span>`
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
