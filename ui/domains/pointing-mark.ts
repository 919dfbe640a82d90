import { html } from 'hono/html'
import { ago, exact } from '../web/format.ts'
import type { Html } from '../web/layout.ts'
import { lookup } from '../web/lookup.ts'
import { state, stateMark } from '../web/states.ts'
import type { DomainCheck } from './domain.ts'
import { isLookedUp } from './resolving.ts'

/** Where a domain points, in words, and since when that is known. What is well is said quietly. */
export function pointingMark(domain: string, check: DomainCheck | undefined, now: number): Html {
  if (check === undefined)
    return html`<span class="text-muted-foreground">${isLookedUp(domain) ? 'DNS not looked up yet' : /^\*?\./.test(domain) ? 'a pattern' : 'no public name'}</span>`
  const title = `DNS looked up ${ago(check.checkedAt, now)}, ${exact(check.checkedAt)}`
  return check.where === 'here' || !AMISS.has(check.where)
    ? html`<span class="flex items-center gap-1.5 text-muted-foreground-2" title="${title}">${stateMark(check.where === 'here' ? 'here' : 'none')}<span class="min-w-0 wrap-anywhere">${said(check)}</span></span>`
    : html`<span class="inline-flex flex-wrap items-baseline gap-x-1.5" title="${title}">${state('elsewhere', AMISS.get(check.where) ?? '')}<span class="typed wrap-anywhere text-muted-foreground-2">${addresses(check)}</span></span>`
}

const AMISS = lookup<string>({
  elsewhere: 'points elsewhere:',
  partly: 'points elsewhere too:',
  nowhere: 'points nowhere',
})

const said = (check: DomainCheck): string =>
  check.where === 'here'
    ? 'points here'
    : check.where === 'unanswered'
      ? 'DNS gave no answer'
      : `points to ${addresses(check)}`

const SHOWN = 2
const addresses = ({ addresses: all }: DomainCheck): string =>
  `${all.slice(0, SHOWN).join(', ')}${all.length > SHOWN ? ` and ${all.length - SHOWN} more` : ''}`
