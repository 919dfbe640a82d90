import { html } from 'hono/html'
import { type App, hasVisitors, isRepeated, reasonFor, stateOf } from '../apps/app.ts'
import { type Certificate, certificateState } from '../certificates/certificate.ts'
import type { DayOfDeployments, DeploymentInBrief } from '../deployments/deployment.ts'
import { begunBy, type TimelineEvent } from '../events/timeline.ts'
import { type Access, conditions } from '../properties/access.ts'
import { appHref, conditionBadge } from '../web/app-page.ts'
import { left } from '../web/certificate-mark.ts'
import { command, empty, heading, moment, more, panel } from '../web/components.ts'
import { deploymentHref, deploymentList, type RowOfDeployment } from '../web/deployment-row.ts'
import { eventLine } from '../web/event-row.ts'
import { counted } from '../web/format.ts'
import type { Frame } from '../web/frame.ts'
import { icon } from '../web/icons.ts'
import { type Html, page } from '../web/layout.ts'
import { stateMark } from '../web/states.ts'
import type { Issue, PanelTrouble } from './overview.ts'
import { strip } from './strip.ts'

export interface Overview {
  readonly apps: readonly App[]
  /** What stands between an app and its visitors. */
  readonly accessOf: (app: App) => Access
  readonly issues: readonly Issue[]
  readonly running: readonly RowOfDeployment[]
  readonly days: readonly DayOfDeployments[]
  readonly events: readonly TimelineEvent[]
  /** By build id, of those events. */
  readonly deployments: ReadonlyMap<string, DeploymentInBrief>
  readonly certificates: readonly { readonly app: string; readonly certificate: Certificate }[]
}

export const overviewPage = (frame: Frame, shown: Overview): Html =>
  page(
    frame,
    {
      title: 'Overview',
      at: 'overview',
      trail: [{ name: 'Overview' }],
      topics: ['apps', 'deployments', 'events', 'certificates'],
    },
    shown.apps.length === 0
      ? welcome
      : html`${heading('Overview', { text: shown.issues.length === 0 ? '' : howMany(shown) })}<div class="space-y-5">${status(frame, shown)}
${restricted(shown)}
${shown.running.length === 0 ? '' : panel('Deploying now', deploymentList(shown.running, frame.now))}
<div class="grid gap-5 xl:grid-cols-3">
<div class="min-w-0 space-y-5 xl:col-span-2">${panel('Deployments, last 14 days', strip(shown.days, frame.now), { action: more('All deployments', '/deployments') })}${latest(frame, shown)}</div>
<div class="min-w-0">${certificates(frame, shown)}</div>
</div></div>`,
  )

const welcome = html`<div class="panel mx-auto mt-8 max-w-xl">${empty({
  title: 'This server has no apps yet',
  text: 'Dokkubase listens: whatever happens on this Dokku, from whichever door, appears here by itself. Make an app and push to it.',
  command: 'dokku apps:create blog',
  drawing: 'apps',
})}</div>`

/** Is anything wrong? One line when not, else each thing with its next step. */
function status({ now }: Frame, { apps, issues }: Overview): Html {
  if (issues.length > 0)
    return panel(
      `${counted(issues.length, 'thing wants', 'things want')} a look`,
      html`<ul class="divide-y">${issues.map((issue) => issueRow(issue, now))}</ul>`,
    )
  const { there, running } = counts(apps)
  const last = Math.max(...apps.map(({ lastEventAt }) => lastEventAt ?? 0))
  return html`<section class="panel flex items-center gap-3 p-4" aria-label="State">${stateMark('succeeded', 'size-6')}<div><p class="font-medium">${running === there ? `All ${counted(there, 'app')} running` : `${running} of ${counted(there, 'app')} running, none in trouble`}</p><p class="text-xs text-muted-foreground">last event ${moment(last, now)}</p></div></section>`
}

/** Of the apps that are there, how many run; the panel's own is none of them. */
const counts = (apps: readonly App[]) => {
  const there = apps.filter(hasVisitors)
  return { there: there.length, running: there.filter(({ state }) => state === 'running').length }
}
const howMany = ({ apps }: Overview): string => {
  const { there, running } = counts(apps)
  return `${running} of ${counted(there, 'app')} running`
}

/** Apps whose visitors are answered by something else, or asked for a password first. */
function restricted({ apps, accessOf }: Overview): Html | '' {
  const some = apps.flatMap((app) => {
    const { maintenance, password } = accessOf(app)
    const all = conditions({ maintenance, password, redirects: 'off' }).filter(({ isKnown }) => isKnown)
    return all.length === 0 ? [] : [{ app, all }]
  })
  return some.length === 0
    ? ''
    : panel(
        'Restricted for visitors',
        html`<ul class="divide-y">${some.map(
          ({ app, all }) =>
            html`<li class="row flex flex-wrap items-center gap-2 px-4 py-2.5"><a href="${appHref(app.name)}" class="row-link typed font-medium">${app.name}</a>${all.map(conditionBadge)}</li>`,
        )}</ul>`,
      )
}

const issueRow = (issue: Issue, now: number): Html => {
  if (issue.kind === 'panel')
    return html`<li class="flex flex-wrap items-center gap-3 px-4 py-3">${stateMark('degraded', 'size-4.5')}<p class="min-w-0 flex-1">${issue.text}</p>${command(issue.command)}</li>`
  const { mark, text, href, next, at, isLast = false } = told(issue, now)
  return html`<li class="row flex items-start gap-3 px-4 py-3 sm:items-center">${stateMark(mark, 'size-4.5')}<div class="min-w-0 flex-1 sm:flex sm:items-center sm:gap-3"><p class="line-clamp-3 min-w-0 flex-1"><a href="${href}" class="row-link typed font-medium">${issue.app.name}</a> ${text}</p>${at === null ? '' : html`<span class="text-xs text-muted-foreground">${isLast ? 'the last ' : ''}${moment(at, now)}</span>`}</div><span class="hidden items-center gap-1 text-[0.8125rem] text-muted-foreground-2 sm:flex">${next}${icon('right', 'size-3')}</span></li>`
}

interface Told {
  readonly mark: string
  readonly text: string
  readonly href: string
  readonly next: string
  readonly at: number | null
  /** It ended again and again; `at` is the last time. */
  readonly isLast?: boolean
}

function told(issue: Exclude<Issue, PanelTrouble>, now: number): Told {
  const { app } = issue
  if (issue.kind === 'app') {
    const { text, lastAt } = reasonFor(app)
    return { mark: stateOf(app), text, ...nextOf(app), at: lastAt ?? app.stateAt, isLast: isRepeated(app) }
  }
  if (issue.kind === 'deployment') {
    const { deployment } = issue
    return {
      mark: 'failed',
      text: `${deployment.liveAt === null ? 'was not deployed' : 'is live, but its deploy failed'}: ${deployment.reason || 'no reason was found'}`,
      href: deploymentHref(app.name, deployment),
      next: 'See what failed',
      at: deployment.endedAt,
    }
  }
  const { certificate, renewed } = issue
  const word = certificateState(certificate, now)
  const ends = left(certificate.expiresAt ?? now, now)
  const why = renewed ? 'that was not renewed' : 'that nothing renews'
  return {
    mark: word,
    text: word === 'expired' ? 'has an expired certificate' : `has a certificate ${why}: ${ends}`,
    href: appHref(app.name, 'certificate'),
    next: renewed ? 'Renew it' : 'Replace it',
    at: word === 'expired' ? certificate.expiresAt : null,
  }
}

const nextOf = ({ name, state }: App): Pick<Told, 'href' | 'next'> => {
  if (state === 'killed for memory')
    return { href: appHref(name, 'processes#limits'), next: 'Change its memory limit' }
  if (state === 'unreachable')
    return { href: appHref(name, 'processes'), next: 'Rebuild nginx configuration' }
  return { href: appHref(name, 'logs'), next: 'Read its logs' }
}

const latest = ({ now }: Frame, { events, deployments }: Overview): Html =>
  panel(
    'What happened last',
    events.length === 0
      ? empty({ title: 'Nothing yet', drawing: 'events' })
      : html`<ul class="divide-y">${events.map((event) => eventLine(event, begunBy(deployments, event), now))}</ul>`,
    { action: more('All events', '/events') },
  )

const certificates = ({ now }: Frame, { certificates }: Overview): Html =>
  panel(
    'Certificates',
    certificates.length === 0
      ? empty({ title: 'No certificates', command: 'dokku letsencrypt:enable blog', drawing: 'certificates' })
      : html`<ul class="divide-y">${certificates.map(({ app, certificate }) => html`<li class="row flex items-center gap-3 px-4 py-2.5">${stateMark(certificateState(certificate, now), 'size-4')}<a href="${appHref(app, 'certificate')}" class="row-link typed min-w-0 flex-1 truncate">${app}</a><span class="shrink-0 text-xs text-muted-foreground">${certificate.expiresAt === null ? 'not read yet' : left(certificate.expiresAt, now)}</span></li>`)}</ul>`,
    { action: more('All', '/certificates') },
  )
