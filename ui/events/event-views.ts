import { html } from 'hono/html'
import { eventMark, sentenceOf, untold } from '../web/event-row.ts'
import { duration, exact } from '../web/format.ts'
import type { Frame } from '../web/frame.ts'
import { type Html, page } from '../web/layout.ts'
import type { TimelineEvent } from './timeline.ts'
import { sentence, spoken } from './words.ts'

export interface EventPage {
  readonly event: TimelineEvent
  /** What the deploy it began fired afterwards. */
  readonly folded: readonly TimelineEvent[]
}

/** One event with everything that was recorded of it. Lists take `#event` out of this page. */
export const eventPage = (frame: Frame, { event, folded }: EventPage): Html =>
  page(
    frame,
    {
      title: spoken(sentence(event)),
      at: 'events',
      trail: [{ name: 'Events', href: '/events' }, { name: `#${event.seq}` }],
    },
    html`<h1 class="mb-4 flex items-start gap-3 text-lg font-medium tracking-tight"><span class="pt-1">${eventMark(event, undefined)}</span><span class="min-w-0">${sentenceOf(event)} ${untold(event)}</span></h1>
<div class="panel p-4"><div id="event" class="space-y-3">${folded.length === 0 ? '' : steps(folded)}${raw(event)}</div></div>`,
  )

/** What a deploy fired, each so long after it began. */
const steps = (folded: readonly TimelineEvent[]): Html => {
  const began = folded[0]?.at ?? 0
  return html`<ol class="space-y-1.5">${folded.map((event) => html`<li class="flex flex-wrap items-baseline gap-x-3 text-[0.8125rem]"><code class="typed w-48 shrink-0 text-muted-foreground">${event.trigger}</code><span class="min-w-0 flex-1 basis-48">${sentenceOf(event)}</span><time datetime="${new Date(event.at).toISOString()}" title="${exact(event.at)}" class="text-xs text-muted-foreground">+${duration(event.at - began)}</time></li>`)}</ol>`
}

/** The event as it was told, with nothing left out but what is empty. */
const raw = ({ appId, actor, door, caller, ...event }: TimelineEvent): Html => {
  const told = { ...event, at: exact(event.at), ...caller, actor, door }
  const shown = Object.fromEntries(Object.entries(told).filter(([, value]) => value !== '' && value !== null))
  return html`<details class="group/raw"><summary class="inline-flex items-center gap-1 rounded text-xs text-muted-foreground hover:text-foreground">Raw JSON</summary><pre class="mt-2 max-h-96 overflow-auto rounded-lg border bg-layer p-3 font-mono text-xs leading-5" tabindex="0" aria-label="Raw JSON">${JSON.stringify(shown, null, 2)}</pre></details>`
}
