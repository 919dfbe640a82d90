import { html } from 'hono/html'
import { type DeploymentInBrief, isListed, outcomeOf } from '../deployments/deployment.ts'
import type { Piece } from '../events/phrases.ts'
import { isUntold, type TimelineEvent } from '../events/timeline.ts'
import { sentence } from '../events/words.ts'
import { appHref } from './app-page.ts'
import { moment } from './components.ts'
import { deploymentHref, deploymentState } from './deployment-row.ts'
import { type IconName, icon } from './icons.ts'
import type { Html } from './layout.ts'
import { lookup } from './lookup.ts'
import { badge, stateMark } from './states.ts'

/** What an event is about, for its mark. */
const DRAWINGS: readonly (readonly [RegExp, IconName])[] = [
  [/^post-config/, 'list'],
  [/domains/, 'domains'],
  [/cert/, 'certificates'],
  [/^scheduler-post-run/, 'terminal'],
  [/died|retire|oom|loop-began|proxy-stale/, 'warning'],
  [/lock/, 'lock'],
]

/** The mark of an event: of a deploy how it went, of anything else what it is about. */
export const eventMark = (event: TimelineEvent, deployment: DeploymentInBrief | undefined): Html =>
  deployment === undefined
    ? html`<span class="grid size-4.5 place-items-center text-muted-foreground">${icon(DRAWINGS.find(([trigger]) => trigger.test(event.trigger))?.[1] ?? 'events', 'size-4')}</span>`
    : stateMark(deploymentState(deployment), 'size-4.5')

/** The sentence with its names set as they are typed; an app leads to its page. */
export const sentenceOf = (event: TimelineEvent, deployment?: DeploymentInBrief): Html =>
  html`${sentence({ ...event, outcome: deployment && outcomeOf(deployment) }).map(piece)}`

/** Which way it came, after the sentence. */
export const doorOf = ({ door }: Pick<TimelineEvent, 'door'>): string => DOORS.get(door) ?? ''

const DOORS = lookup<string>({
  'git push': 'by git push',
  ssh: 'over ssh',
  terminal: 'from a terminal',
  cron: 'by cron',
  panel: 'from this panel',
})

const piece = (piece: Piece): Html | string => {
  if (typeof piece === 'string') return piece
  if ('app' in piece)
    return html`<a href="${appHref(piece.app)}" class="above typed rounded font-medium hover:underline hover:underline-offset-2">${piece.app}</a>`
  if ('typed' in piece) return html`<code class="typed">${piece.typed}</code>`
  return html`<bdi class="font-medium">${piece.who}</bdi>`
}

/** "Seen, not told": we noticed, no trigger said so. */
export const untold = (event: TimelineEvent): Html | '' =>
  isUntold(event) ? badge('Seen, not told', 'warn') : ''

/** One line of an overview: mark, sentence, when. A deploy leads to its page. */
export const eventLine = (
  event: TimelineEvent,
  deployment: DeploymentInBrief | undefined,
  now: number,
): Html =>
  html`<li class="flex items-start gap-3 px-4 py-2.5">${eventMark(event, deployment)}<p class="min-w-0 flex-1">${sentenceOf(event, deployment)}${deployment === undefined || !isListed(deployment) ? '' : html` <a href="${deploymentHref(event.app ?? '', deployment)}" class="rounded text-muted-foreground underline decoration-line-strong underline-offset-2 hover:text-foreground hover:decoration-current">#${deployment.number}</a>`} ${untold(event)}</p>${moment(event.at, now, 'shrink-0 pt-px text-xs text-muted-foreground')}</li>`
