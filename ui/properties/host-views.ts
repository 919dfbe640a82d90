/** Storage, Docker's options and the plugins that may be there. */
import { html } from 'hono/html'
import { type AppReport, type Facts, reported } from '../reports/report.ts'
import { action } from '../web/action.ts'
import { appHref } from '../web/app-page.ts'
import { command, panel } from '../web/components.ts'
import { inputField, problem } from '../web/form.ts'
import type { Frame } from '../web/frame.ts'
import type { Html } from '../web/layout.ts'
import { isOwn, type Mount, mountsIn, OWN_STORAGE, optionsIn, PHASES } from './mounts.ts'
import { howToAllow } from './property.ts'

interface HostShown {
  facts(name: Exclude<AppReport, 'cron'>): Facts | undefined
  readonly plugins: readonly string[] | undefined
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
    isOwn(mount.host) || mayHost
      ? action(frame, {
          verb: 'Unmount',
          thing: `${mount.container} of ${app}`,
          label: 'Unmount',
          href: appHref(app, 'mounts'),
          method: 'delete',
          fields: { host: mount.host, container: mount.container },
          command: `dokku storage:unmount ${app} ${mount.host}:${mount.container}`,
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

export function pluginsPanel(frame: Frame, app: string, shown: HostShown): Html | '' {
  const there = (name: string) => shown.plugins?.includes(name) === true
  const parts = [
    there('maintenance') ? turned(frame, app, shown.facts('maintenance'), MAINTENANCE) : '',
    there('http-auth') ? turned(frame, app, shown.facts('http-auth'), HTTP_AUTH) : '',
    there('redirect') ? redirects(frame, app, shown.facts('redirect')) : '',
  ].filter((part) => part !== '')
  return parts.length === 0 ? '' : panel('From plugins', html`<ul class="divide-y">${parts}</ul>`)
}

interface Switch {
  readonly plugin: 'maintenance' | 'http-auth'
  readonly name: string
  readonly on: string
  readonly off: string
  readonly cost: string
}

const MAINTENANCE: Switch = {
  plugin: 'maintenance',
  name: 'Maintenance',
  on: 'Visitors see the maintenance page.',
  off: 'Visitors reach the app.',
  cost: 'Every visitor sees the maintenance page instead of the app.',
}
const HTTP_AUTH: Switch = {
  plugin: 'http-auth',
  name: 'Password in front',
  on: 'Visitors are asked for a name and a password.',
  off: 'Nobody is asked for a password.',
  cost: 'Every visitor is asked for a name and a password. They are set on the server, by dokku http-auth:add-user.',
}

const turned = (
  frame: Frame,
  app: string,
  facts: Facts | undefined,
  { plugin, name, on, off, cost }: Switch,
): Html => {
  const isOn = reported(facts, 'enabled') === 'true'
  const verb = isOn ? 'Disable' : 'Enable'
  return html`<li class="flex flex-wrap items-center justify-between gap-3 px-4 py-3"><div class="min-w-0 flex-1 basis-56"><p class="font-medium">${name}</p><p class="text-[0.8125rem] text-muted-foreground">${isOn ? on : off}</p></div>${action(
    frame,
    {
      verb,
      thing: `${name.toLowerCase()} of ${app}`,
      label: verb,
      href: appHref(app, plugin),
      method: isOn ? 'delete' : 'post',
      command: `dokku ${plugin}:${verb.toLowerCase()} ${app}`,
      ...(!isOn && { confirm: { text: cost } }),
    },
  )}</li>`
}

const redirects = (frame: Frame, app: string, facts: Facts | undefined): Html =>
  html`<li class="space-y-3 px-4 py-3"><div class="flex flex-wrap items-center justify-between gap-3"><p class="font-medium">Redirects</p><div class="flex flex-wrap gap-2">${action(
    frame,
    {
      verb: 'Redirect',
      thing: `a domain of ${app}`,
      label: 'Add',
      href: appHref(app, 'redirects'),
      command: null,
      previewed: true,
      form: html`${inputField({ name: 'from', label: 'Who asks for', value: '', placeholder: 'example.com' })}${inputField({ name: 'to', label: 'is led to', value: '', placeholder: 'www.example.com' })}`,
    },
  )}${action(frame, {
    verb: 'Remove',
    thing: `a redirect of ${app}`,
    label: 'Remove',
    href: appHref(app, 'redirects'),
    method: 'delete',
    command: null,
    previewed: true,
    form: inputField({
      name: 'from',
      label: 'The domain it leads away from',
      value: '',
      placeholder: 'example.com',
    }),
  })}</div></div>${reported(facts, 'text').trim() === '' ? html`<p class="text-[0.8125rem] text-muted-foreground">Each domain answers by itself.</p>` : html`<pre class="typed overflow-x-auto whitespace-pre-wrap text-xs text-muted-foreground-2">${reported(facts, 'text').trim()}</pre>`}</li>`
