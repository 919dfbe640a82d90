/** Storage and Docker's options. */
import { html } from 'hono/html'
import { typed } from '../jobs/job.ts'
import type { AppReport, Facts } from '../reports/report.ts'
import { action } from '../web/action.ts'
import { appHref } from '../web/app-page.ts'
import { command } from '../web/components.ts'
import { inputField, problem } from '../web/form.ts'
import type { Frame } from '../web/frame.ts'
import type { Html } from '../web/layout.ts'
import { isOwn, isUnmountable, type Mount, mountsIn, OWN_STORAGE, optionsIn, PHASES } from './mounts.ts'
import { howToAllow } from './property.ts'

interface HostShown {
  facts(name: Exclude<AppReport, 'cron'>): Facts | undefined
  readonly allowed: readonly string[]
}

const none = (text: string): Html => html`<p class="px-4 py-4 text-muted-foreground">${text}</p>`

/** What the server's root has to say first, and how. */
export const rootOnly = (what: string, name: string): Html =>
  html`<div class="space-y-2 border-t px-4 py-3 text-[0.8125rem] text-muted-foreground"><p>${what} The server’s root may allow it:</p>${command(howToAllow(name))}</div>`

export function mountsPanel(frame: Frame, app: string, { facts, allowed }: HostShown): Html {
  const mounts = mountsIn(facts('storage'))
  const mayHost = allowed.includes('allow-host-mounts')
  return html`${mounts.length === 0 ? none('No folder of the server is mounted.') : html`<ul class="divide-y">${mounts.map((mount) => mountRow(frame, app, mount, mayHost))}</ul>`}
<div class="flex justify-end border-t px-4 py-3 empty:hidden">${action(frame, {
    verb: 'Mount',
    thing: `a folder into ${app}`,
    label: 'Mount a folder',
    href: appHref(app, 'mounts'),
    command: null,
    previewed: true,
    form: html`${inputField({ name: 'host', label: 'Folder of the server', value: `${OWN_STORAGE}${app}`, hint: mayHost ? 'Any folder: the server’s root allowed it.' : html`One folder below <span class="typed text-xs">${OWN_STORAGE}</span>. Any other is as good as root: ${howToAllow('allow-host-mounts')}` })}${inputField({ name: 'container', label: 'Folder within the container', value: '', placeholder: '/data', hint: 'It counts from the next deploy on.' })}`,
  })}</div>`
}

const mountRow = (frame: Frame, app: string, mount: Mount, mayHost: boolean): Html =>
  html`<li class="flex flex-wrap items-center justify-between gap-x-4 gap-y-2 px-4 py-2.5"><div class="min-w-0 flex-1 basis-56"><p class="typed wrap-anywhere font-medium">${mount.container}</p><p class="typed wrap-anywhere text-xs text-muted-foreground">${mount.host}</p><p class="text-xs text-muted-foreground">${mount.phases.replaceAll(',', ', ')}${mount.readonly ? ' · cannot be written' : ''}</p></div>${
    isUnmountable(mount) && (isOwn(mount.host) || mayHost)
      ? action(frame, {
          verb: 'Unmount',
          thing: `${mount.container} of ${app}`,
          label: 'Unmount',
          href: appHref(app, 'mounts'),
          method: 'delete',
          fields: { host: mount.host, container: mount.container },
          command: `dokku ${typed(['storage:unmount', app, `${mount.host}:${mount.container}`])}`,
          confirm: {
            text: 'The files stay on the server; from the next deploy on the app does not see them.',
          },
        })
      : ''
  }</li>`

export function optionsPanel(frame: Frame, app: string, { facts, allowed }: HostShown): Html {
  const report = facts('docker-options')
  const may = allowed.includes('allow-docker-options')
  const all = PHASES.flatMap((phase) => optionsIn(report, phase).map((option) => ({ phase, option })))
  const list =
    all.length === 0
      ? none('Docker is given no options besides Dokku’s own.')
      : html`<ul class="divide-y">${all.map(
          ({ phase, option }) =>
            html`<li class="flex flex-wrap items-center justify-between gap-x-4 gap-y-2 px-4 py-2.5"><div class="min-w-0 flex-1 basis-56"><p class="typed wrap-anywhere font-medium">${option}</p><p class="text-xs text-muted-foreground">${phase}</p></div>${
              may
                ? action(frame, {
                    verb: 'Remove',
                    thing: `${option} (${phase})`,
                    label: 'Remove',
                    href: appHref(app, 'docker-options'),
                    method: 'delete',
                    fields: { phase, option },
                    command: `dokku docker-options:remove ${app} ${phase} '${option}'`,
                  })
                : ''
            }</li>`,
        )}</ul>`
  return html`${list}${
    may
      ? html`<div class="flex justify-end border-t px-4 py-3 empty:hidden">${action(frame, { verb: 'Add', thing: `a Docker option to ${app}`, label: 'Add an option', href: appHref(app, 'docker-options'), command: null, previewed: true, form: optionFields })}</div>`
      : rootOnly(
          'An option of Docker is as good as root on this server, so nothing of this is changed from here.',
          'allow-docker-options',
        )
  }`
}

const optionFields = html`${inputField({ name: 'option', label: 'Option', value: '', placeholder: '--shm-size 256m', hint: 'As docker run has it. It counts from the next deploy on.' })}<fieldset><legend class="text-[0.8125rem] font-medium">When it counts</legend><div class="mt-1.5 flex flex-wrap gap-4">${PHASES.map((phase) => html`<label class="flex items-center gap-2"><input type="checkbox" name="phase" value="${phase}">${phase}</label>`)}</div>${problem('phase')}</fieldset>`
