import { html } from 'hono/html'
import type { DayOfDeployments } from '../deployments/deployment.ts'
import { counted, day as dayOf } from '../web/format.ts'
import type { Html } from '../web/layout.ts'
import { totalOf } from './overview.ts'

const HEIGHT = 72

/** A bar a day: how many deployments, the failed part at its foot. A bar leads to that day. On a phone a row is a week. */
export function strip(days: readonly DayOfDeployments[], now: number): Html {
  const most = Math.max(4, ...days.map(totalOf))
  const all = days.reduce((sum, day) => sum + totalOf(day), 0)
  const failed = days.reduce((sum, day) => sum + day.failed, 0)
  return html`<div class="p-4"><p class="mb-3 flex flex-wrap items-baseline gap-x-3"><span class="text-xl font-semibold tracking-tight">${all}</span><span class="text-muted-foreground">${all === 1 ? 'deployment' : 'deployments'}</span>${failed === 0 ? '' : html`<span class="text-bad">${failed} failed</span>`}</p>
<ol class="grid grid-cols-7 items-end gap-x-1 gap-y-3 sm:grid-cols-14">${days.map((day) => bar(day, most, now))}</ol></div>`
}

function bar(day: DayOfDeployments, most: number, now: number): Html {
  const total = totalOf(day)
  const scale = HEIGHT / most
  const failed = Math.round(day.failed * scale)
  const tall = Math.round(total * scale)
  const date = dayOf(day.day, now)
  const said =
    total === 0
      ? 'none'
      : `${counted(total, 'deployment')}${day.failed === 0 ? '' : `, ${day.failed} failed`}`
  return html`<li class="min-w-0"><a href="/deployments?day=${new Date(day.day).toISOString().slice(0, 10)}" title="${date}: ${said}" aria-label="${date}: ${said}" class="group block rounded"><svg class="mx-auto block w-full max-w-5" height="${HEIGHT}" aria-hidden="true">
<rect y="${HEIGHT - 2}" width="100%" height="2" rx="1" class="fill-line"/>
<rect y="${HEIGHT - tall}" width="100%" height="${tall}" rx="3" class="fill-off-fill transition-colors group-hover:fill-muted-foreground"/>
<rect y="${HEIGHT - failed}" width="100%" height="${failed}" rx="3" class="fill-bad-fill"/></svg><span class="mt-1.5 block truncate text-center text-2xs text-muted-foreground">${date.split(' ')[0]}</span></a></li>`
}
