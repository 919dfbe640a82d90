import { html } from 'hono/html'
import { type AppHead, stateOf } from '../apps/app.ts'
import type { CronEntry } from '../reports/report.ts'
import { inline } from '../web/action.ts'
import { appHref, appPage } from '../web/app-page.ts'
import { appTopic, live, panel } from '../web/components.ts'
import { inputField } from '../web/form.ts'
import type { Frame } from '../web/frame.ts'
import type { Html } from '../web/layout.ts'
import { type Looked, looked, unasked } from '../web/looked.ts'
import { type CronRow, cronList } from './cron-views.ts'
import { addressDownTo, historyPanel } from './history-views.ts'
import type { RunsQuery } from './list.ts'
import type { PageOfRuns } from './run.ts'

export interface RunPage {
  readonly query: RunsQuery
  /** The one whose runs the history is narrowed to. */
  readonly entry: CronEntry | undefined
  /** Newest first. */
  readonly history: PageOfRuns
  readonly cron: readonly CronRow[]
  /** The time zone of the server, by which its cron goes. */
  readonly zone: string
  readonly looked: Looked
}

/** What is above the history and its newest rows change by themselves; older rows, added by scrolling, do not. */
export function runPage(frame: Frame, head: AppHead, shown: RunPage): Html {
  const { app } = head
  const isThere = app.destroyedAt === null && !app.front
  const changing = live({
    id: 'running',
    address: addressDownTo(app.name, shown),
    topics: ['jobs', appTopic(app.name)],
    beside: ['runs'],
  })
  const content = html`<div class="grid items-start gap-4">
<div id="running" class="grid min-w-0 gap-4 empty:hidden"${shown.query.before === undefined ? changing : ''}>${isThere ? above(frame, head, shown) : ''}</div>
${historyPanel(frame, app.name, shown)}
</div>`
  return appPage(frame, head, { tab: 'run' }, content)
}

const above = (frame: Frame, head: AppHead, shown: RunPage): Html => {
  const entries = isUnread(shown)
    ? unasked(shown.looked.isLooking)
    : cronList(frame, head.app.name, shown.cron, shown.zone)
  return html`${panel('Run a command', runForm(frame, head))}
<div class="min-w-0">
${looked(frame, shown.looked)}
${panel('Cron', entries)}
</div>`
}

/** An empty list that a deploy may have filled since says nothing. */
const isUnread = ({ looked: { at, isLooking, deploying }, cron }: RunPage): boolean =>
  at === null || (cron.length === 0 && (isLooking || deploying === true))

function runForm(frame: Frame, { app }: AppHead): Html {
  if (stateOf(app) === 'not deployed')
    return html`<p class="px-4 py-6 text-muted-foreground">Nothing of this app was deployed yet, so there is no image to run anything in.</p>`
  return inline(frame, {
    verb: 'Run',
    thing: `a command in ${app.name}`,
    label: 'Run',
    href: appHref(app.name, 'runs'),
    command: null,
    form: html`<div class="px-4 py-3">${inputField({
      name: 'line',
      label: 'Command',
      value: '',
      placeholder: 'npm run migrate',
      hint: html`In a new container of what runs now, with the app’s config; other jobs of this app wait until it has ended. No shell reads it: quotes group words, and <span class="typed text-xs">sh -c '…'</span> is one where you need it. Every user of this panel, viewers too, can read the line and its output under Jobs, and the audit trail keeps the line: write no secret into it.`,
    })}</div>`,
  })
}
