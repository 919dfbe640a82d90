/** The forms of an app's processes. */
import { html } from 'hono/html'
import type { App } from '../apps/app.ts'
import { type Facts, reported } from '../reports/report.ts'
import { inline } from '../web/action.ts'
import { appHref } from '../web/app-page.ts'
import { input, inputField, type Option, problem, select, selectField } from '../web/form.ts'
import type { Frame } from '../web/frame.ts'
import type { Html } from '../web/layout.ts'
import { unasked } from '../web/looked.ts'
import { type Check, checkOf, DEFAULT, limitKey } from './formation.ts'
import type { ProcessType } from './process.ts'

export interface FormsShown {
  readonly formation: readonly ProcessType[]
  readonly held: boolean
  readonly ps: Facts | undefined
  readonly checks: Facts | undefined
  readonly resource: Facts | undefined
}

const NO_TYPES = html`<p class="px-4 py-6 text-muted-foreground">Once a deploy has said which process types there are.</p>`

export function scaleForm(
  frame: Frame,
  { name: app, formationReadAt }: Pick<App, 'name' | 'formationReadAt'>,
  { formation, held }: FormsShown,
): Html {
  if (formation.length === 0) return formationReadAt === null ? unasked(false) : NO_TYPES
  if (held)
    return html`<p class="px-4 pt-3 text-muted-foreground-2">The <span class="typed">app.json</span> of this app has a <span class="typed">formation</span>, so Dokku takes no other word for it. Change it there and deploy.</p>${quantities(formation, true)}`
  return inline(frame, {
    verb: 'Scale',
    thing: app,
    href: appHref(app, 'formation'),
    method: 'put',
    command: null,
    form: quantities(formation, false),
  })
}

const quantities = (formation: readonly ProcessType[], held: boolean): Html =>
  held
    ? html`<ul class="divide-y">${formation.map(({ processType, quantity }) => html`<li class="flex items-center justify-between px-4 py-2.5"><span class="typed">${processType}</span><span class="tabular-nums">${quantity}</span></li>`)}</ul>`
    : html`<div class="divide-y">${formation.map(
        ({ processType: type, quantity }) =>
          html`<div class="grid grid-cols-[minmax(0,1fr)_6rem] items-center gap-x-4 px-4 py-2.5"><label for="field-scale.${type}" class="typed truncate">${type}</label><div>${input({ name: `scale.${type}`, label: type, value: String(quantity) }, 'text-right tabular-nums')}</div><div class="col-span-2 text-right">${problem(`scale.${type}`)}</div></div>`,
      )}</div><p class="px-4 pb-3 text-xs text-muted-foreground">0 stops all of that type. Everything changed here is one command; only types whose number changed are deployed anew.</p>`

export function limitsForm(frame: Frame, app: string, { formation, resource }: FormsShown): Html {
  const types = [DEFAULT, ...limitedTypes(formation, resource)]
  return inline(frame, {
    verb: 'Set',
    thing: `limits of ${app}`,
    label: 'Set limits',
    href: appHref(app, 'limits'),
    method: 'patch',
    command: null,
    form: html`<div class="grid grid-cols-[minmax(0,1fr)_6.5rem_6.5rem] gap-x-3 px-4 pt-3 text-xs text-muted-foreground"><span>Process type</span><span>Memory</span><span>CPUs</span></div><div class="divide-y">${types.map((type) => limitRow(type, resource))}</div><p class="px-4 pb-3 text-xs text-muted-foreground">Empty is no limit of its own. Memory as 512m or 2g, CPUs as 0.5 or 2. A container that wants more memory is ended. It counts for containers that are made from now on: at the next deploy or restart.</p>`,
  })
}

/** Those that run, those that have a limit though none of them runs, and the build. */
const limitedTypes = (formation: readonly ProcessType[], resource: Facts | undefined): readonly string[] => {
  const limited = Object.keys(resource ?? {}).flatMap((key) => LIMIT.exec(key)?.[1] ?? [])
  const all = [
    ...formation.map(({ processType }) => processType),
    ...limited.filter((type) => type !== BUILD).sort(),
    BUILD,
  ]
  return [...new Set(all)].filter((type) => type !== DEFAULT)
}
const LIMIT = /^(?!resource-)([A-Za-z0-9_-]{1,63})\.limit\.(?:memory|cpu)$/
/** Dokku gives the limits of this type to the container that builds, and of no other: not those of every type. */
const BUILD = 'build'

const limitRow = (type: string, resource: Facts | undefined): Html => {
  const whole = type === DEFAULT
  const one = (name: 'memory' | 'cpu', what: string) => {
    const fallback = whole || type === BUILD ? '' : reported(resource, limitKey(DEFAULT, name))
    return html`<div>${input({ name: `${name}.${type}`, label: what, value: reported(resource, limitKey(type, name)), placeholder: fallback === '' ? 'none' : fallback, said: `${what} of ${whole ? 'every other process type' : type}` }, 'tabular-nums')}</div>`
  }
  return html`<div class="grid grid-cols-[minmax(0,1fr)_6.5rem_6.5rem] items-center gap-x-3 px-4 py-2.5">${whole ? html`<span class="text-muted-foreground-2">Every other type</span>` : html`<span class="min-w-0 truncate"><span class="typed">${type}</span>${type === BUILD ? html` <span class="text-xs text-muted-foreground">while the app is built</span>` : ''}</span>`}${one('memory', 'Memory')}${one('cpu', 'CPUs')}<div class="col-span-3 text-right">${problem(`memory.${type}`)}${problem(`cpu.${type}`)}</div></div>`
}

const CHOICES: readonly (readonly [Check, string])[] = [
  ['enabled', 'Checked first, then replaced'],
  ['skipped', 'Replaced unchecked'],
  ['disabled', 'Stopped first, with a gap'],
]

export function checksForm(frame: Frame, app: string, { formation, checks }: FormsShown): Html {
  const set = { disabled: reported(checks, 'disabled-list'), skipped: reported(checks, 'skipped-list') }
  return inline(frame, {
    verb: 'Set',
    thing: `zero downtime of ${app}`,
    label: 'Set',
    href: appHref(app, 'checks'),
    method: 'patch',
    command: null,
    form: html`<div class="divide-y">${formation.map(
      ({ processType: type }) =>
        html`<div class="grid items-center gap-x-4 gap-y-1 px-4 py-2.5 sm:grid-cols-[minmax(0,1fr)_15rem]"><label for="field-check.${type}" class="typed truncate">${type}</label>${select({ name: `check.${type}`, label: type, value: checkOf(set, type) }, CHOICES)}${problem(`check.${type}`)}</div>`,
    )}</div><div class="px-4 pb-3 pt-1">${inputField({
      name: 'checks.wait-to-retire',
      label: 'Seconds until the old ones are stopped',
      value: reported(checks, 'wait-to-retire'),
      placeholder: reported(checks, 'computed-wait-to-retire'),
      hint: 'wait-to-retire: so long the old containers answer what they began to.',
    })}</div>`,
  })
}

const POLICIES: readonly Option[] = [
  ['on-failure:10', 'Start it again after a failure, 10 times'],
  ['on-failure:3', 'Start it again after a failure, 3 times'],
  ['on-failure', 'Start it again after every failure'],
  ['always', 'Always start it again'],
  ['unless-stopped', 'Start it again unless it was stopped'],
  ['no', 'Leave it ended'],
]

export function endingForm(frame: Frame, app: string, { ps }: FormsShown): Html {
  const fallback = reported(ps, 'global-restart-policy') || 'on-failure:10'
  return inline(frame, {
    verb: 'Set',
    thing: `restart policy of ${app}`,
    label: 'Set',
    href: appHref(app, 'processes'),
    method: 'patch',
    command: null,
    form: html`<div class="grid gap-4 px-4 py-3 sm:grid-cols-2">${selectField(
      {
        name: 'ps.restart-policy',
        label: 'Restart policy',
        value: reported(ps, 'restart-policy'),
        hint: 'Counts for containers made from now on.',
      },
      [['', `As Dokku has it: ${fallback}`], ...POLICIES],
    )}${inputField({
      name: 'ps.stop-timeout-seconds',
      label: 'Seconds to end in',
      value: reported(ps, 'stop-timeout-seconds'),
      placeholder: reported(ps, 'computed-stop-timeout-seconds') || '30',
      hint: 'After so long without an end (TERM) it is ended by force (KILL).',
    })}</div>`,
  })
}
