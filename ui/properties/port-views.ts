import { html, raw } from 'hono/html'
import type { App } from '../apps/app.ts'
import { type Facts, reported } from '../reports/report.ts'
import { inline } from '../web/action.ts'
import { appHref } from '../web/app-page.ts'
import { problem } from '../web/form.ts'
import type { Frame } from '../web/frame.ts'
import type { Html } from '../web/layout.ts'
import { SCHEMES } from './ports.ts'

/** One row a mapping and two empty ones; what is emptied goes. */
export function portsForm(frame: Frame, { name: app, state }: App, facts: Facts | undefined): Html {
  const mappings = reported(facts, 'map')
    .split(' ')
    .filter((mapping) => mapping !== '')
  const detected = reported(facts, 'map-detected')
  const goesBy = html`<span class="typed text-xs">${detected}</span>`
  const rows = [...mappings, '', ''].map((mapping, at) => row(mapping, String(at)))
  return inline(frame, {
    verb: 'Set',
    thing: `ports of ${app}`,
    label: 'Set ports',
    href: appHref(app, 'ports'),
    method: 'put',
    fields: { before: mappings.join(' ') },
    command: null,
    form: html`<div class="grid grid-cols-[6.5rem_minmax(0,1fr)_minmax(0,1fr)] gap-x-3 px-4 pt-3 text-xs text-muted-foreground"><span>Scheme</span><span>Port of the server</span><span>Port of the container</span></div><div class="space-y-2 px-4 py-2.5">${rows}</div><p class="px-4 pb-3 text-xs text-muted-foreground">${mappings.length === 0 ? 'None is set' : 'Without any set'}${detected === '' ? ', and no build has found any.' : html`${mappings.length === 0 ? ': ' : ', '}${state === 'not deployed' ? html`Dokku goes by ${goesBy} until a build finds others.` : html`Dokku goes by what the last build found: ${goesBy}.`}`} A row that is emptied goes. Other sites of the server may use the same ports by other domains.</p>`,
  })
}

const row = (mapping: string, at: string): Html => {
  const [scheme = '', host = '', container = ''] = mapping.split(':')
  const number = (name: string, value: string, what: string) =>
    html`<div><input id="field-${name}.${at}" name="${name}.${at}" value="${value}" class="field typed tabular-nums" inputmode="numeric" aria-label="${what}, row ${Number(at) + 1}" aria-describedby="problem-${name}.${at}" autocomplete="off">${problem(`${name}.${at}`)}</div>`
  const known = SCHEMES.some((one) => one === scheme) || scheme === '' ? SCHEMES : [...SCHEMES, scheme]
  return html`<div class="grid grid-cols-[6.5rem_minmax(0,1fr)_minmax(0,1fr)] gap-x-3"><div><select name="scheme.${at}" class="picker min-h-9 w-full max-w-full" aria-label="Scheme, row ${Number(at) + 1}">${known.map((one) => html`<option value="${one}"${one === scheme ? raw(' selected') : ''}>${one}</option>`)}</select>${problem(`scheme.${at}`)}</div>${number('host', host, 'Port of the server')}${number('container', container, 'Port of the container')}</div>`
}
