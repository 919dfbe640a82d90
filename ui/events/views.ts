import { html } from 'hono/html'
import type { AppHead } from '../apps/app.ts'
import { type DeploymentInBrief, isListed, outcomeOf, titleOf } from '../deployments/deployment.ts'
import { address } from '../web/address.ts'
import { appHref, appPage } from '../web/app-page.ts'
import { chips, empty, heading, live, moment, older, picker } from '../web/components.ts'
import { deploymentHref, outcome } from '../web/deployment-row.ts'
import { doorOf, eventMark, sentenceOf, untold } from '../web/event-row.ts'
import { DAY_MS, day as dayOf, duration, shortRevision, startOfDay } from '../web/format.ts'
import type { Frame } from '../web/frame.ts'
import { icon } from '../web/icons.ts'
import { type Html, page } from '../web/layout.ts'
import { type EventsQuery, KIND_NAMES } from './list.ts'
import { begunBy, byDay, type TimelineEvent } from './timeline.ts'
import { sentence, spoken } from './words.ts'

export interface EventsPage {
  readonly head?: AppHead
  readonly query: EventsQuery
  readonly events: readonly TimelineEvent[]
  readonly more: boolean
  /** By build id: the deployments that some of the events began. */
  readonly deployments: ReadonlyMap<string, DeploymentInBrief>
  readonly apps: readonly string[]
  readonly actors: readonly string[]
}

export function eventsPage(frame: Frame, shown: EventsPage): Html {
  const { head } = shown
  const content = html`${filters(shown)}${timeline(frame, shown)}`
  if (head !== undefined) return appPage(frame, head, { tab: 'events' }, content)
  return page(
    frame,
    { title: 'Events', at: 'events', trail: [{ name: 'Events' }] },
    html`${heading('Events', { text: 'Whatever happened on this server, from whichever door.' })}${content}`,
  )
}

const pathOf = ({ head }: EventsPage): string =>
  head === undefined ? '/events' : appHref(head.app.name, 'events')

const asked = ({ query }: EventsPage) => {
  const { before, downTo, ...rest } = query
  return rest
}

const KINDS = Object.entries(KIND_NAMES)

function filters(shown: EventsPage): Html {
  const { query, head, apps, actors } = shown
  const path = pathOf(shown)
  const of = (changes: Readonly<Record<string, string>>) =>
    address(path, { ...asked(shown), kind: '', seen: '', ...changes })
  return html`<div class="mb-5 flex flex-wrap items-center gap-2">
${chips('Kind', [
  { name: 'All', href: of({}), chosen: query.kind === undefined && query.seen === undefined },
  ...KINDS.map(([kind, name]) => ({ name, href: of({ kind }), chosen: query.kind === kind })),
  { name: 'Seen, not told', href: of({ seen: 'only' }), chosen: query.seen !== undefined },
])}
<form action="${path}" data-applies class="flex flex-wrap gap-2 xl:ml-auto">
${query.kind === undefined ? '' : html`<input type="hidden" name="kind" value="${query.kind}">`}${query.seen === undefined ? '' : html`<input type="hidden" name="seen" value="only">`}
${head === undefined ? picker({ name: 'app', label: 'Any app', value: query.app }, apps.map(same)) : ''}
${picker({ name: 'actor', label: 'Anybody', value: query.actor }, actors.map(same))}
<noscript><button class="button">Apply</button></noscript>
</form>
</div>`
}

const same = (value: string): readonly [string, string] => [value, value]

function timeline(frame: Frame, shown: EventsPage): Html {
  const { query, events, more } = shown
  const path = pathOf(shown)
  const oldest = events.at(-1)?.seq
  const again = address(path, { ...asked(shown), downTo: oldest })
  const changing = live({ id: 'events', address: again, topics: ['events'] })
  return html`<div id="events"${query.before === undefined ? changing : ''}>${events.length === 0 ? html`<div class="panel">${nothing(shown)}</div>` : byDay(events).map(([day, some]) => dayOfEvents(frame, shown, day, some))}</div>
<div id="older" class="panel empty:hidden">${more ? older(address(path, { ...asked(shown), before: oldest }), '#events > section, #older > *') : ''}</div>`
}

const dayOfEvents = (
  { now }: Frame,
  shown: EventsPage,
  day: number,
  events: readonly TimelineEvent[],
): Html =>
  html`<section class="mb-6" aria-label="${dayOf(day, now)}"><h2 class="mb-2 text-xs font-medium text-muted-foreground">${dayName(day, now)}</h2><ul class="panel divide-y overflow-clip">${events.map((event) => row(event, shown, now))}</ul></section>`

/** Days are the server's own, in UTC, as its logs are. */
const dayName = (day: number, now: number): string => {
  const today = startOfDay(now)
  if (day === today) return 'Today'
  return day === today - DAY_MS ? 'Yesterday' : dayOf(day, now)
}

/** An event in words; a deploy leads to its page, and the rest of an event is fetched when somebody opens it. */
function row(event: TimelineEvent, { deployments, head }: EventsPage, now: number): Html {
  const deployment = begunBy(deployments, event)
  const listed = deployment && isListed(deployment) ? deployment : undefined
  const said = spoken(sentence({ ...event, outcome: deployment && outcomeOf(deployment) }))
  return html`<li id="event-${event.seq}" class="relative">
<div class="${listed === undefined ? '' : 'row '}flex items-start gap-3 py-2.5 pl-4 pr-12">${eventMark(event, deployment)}<div class="min-w-0 flex-1"><p>${sentenceOf(event, deployment)} <span class="hidden text-xs text-muted-foreground sm:inline">${doorOf(event) === '' ? '' : `· ${doorOf(event)}`}</span> ${untold(event)}</p>${listed === undefined ? '' : about(listed, event.app ?? head?.app.name ?? '')}</div>${moment(event.at, now, 'shrink-0 pt-px text-xs text-muted-foreground')}</div>
<details class="group"><summary class="button-icon absolute right-2.5 top-1.5 size-7" aria-label="Details: ${said}"><span class="turns transition-transform">${icon('right', 'size-3.5')}</span></summary>
<div class="border-t bg-background px-4 py-3" hx-get="/events/${event.seq}" hx-trigger="toggle from:'closest details' once" hx-select="#event" hx-swap="innerHTML" hx-morph-skip><p class="skeleton h-4 w-64"></p><a href="/events/${event.seq}" class="sr-only">Show the event</a></div>
</details></li>`
}

const about = (deployment: DeploymentInBrief, app: string): Html => {
  const { number, revision, startedAt, endedAt } = deployment
  return html`<p class="flex items-center gap-x-2 text-xs text-muted-foreground"><a href="${deploymentHref(app, deployment)}" class="row-link flex min-h-6 min-w-0 items-center gap-2"><span class="shrink-0 whitespace-nowrap font-medium text-muted-foreground-2">#${number}</span><span class="truncate">${titleOf(deployment)}</span></a>${revision === '' ? '' : html`<code class="typed hidden text-xs sm:inline">${shortRevision(revision)}</code>`}<span class="hidden shrink-0 sm:inline">${outcome(deployment)}${endedAt === null ? '' : ` · ${duration(endedAt - startedAt)}`}</span></p>`
}

const nothing = (shown: EventsPage): Html => {
  const { query, head } = shown
  const narrowed = Object.values(asked(shown)).some((value) => value !== undefined && value !== '')
  if (narrowed)
    return empty({
      title: query.seen ? 'Nothing happened that was not told' : 'No event like that',
      text: html`<a href="${pathOf(shown)}" class="underline underline-offset-2 hover:text-foreground">Show all events</a>`,
      drawing: 'events',
    })
  return empty({
    title: 'Nothing has happened yet',
    text: 'Dokku tells of every deploy, every change of config, domains and certificates; it is written down here.',
    command:
      head === undefined ? 'dokku apps:create blog' : `dokku config:set ${head.app.name} LOG_LEVEL=info`,
    drawing: 'events',
  })
}
