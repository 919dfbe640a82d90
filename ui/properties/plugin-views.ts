/** What plugins that Dokku does not ship do with the visitors of an app. */
import { html } from 'hono/html'
import { type AppReport, type Facts, reported } from '../reports/report.ts'
import { action } from '../web/action.ts'
import { appHref } from '../web/app-page.ts'
import { command, panel } from '../web/components.ts'
import { inputField } from '../web/form.ts'
import type { Frame } from '../web/frame.ts'
import type { Html } from '../web/layout.ts'
import { type HttpAuth, httpAuthOf, usersOf } from './http-auth.ts'

interface PluginsShown {
  facts(name: Exclude<AppReport, 'cron'>): Facts | undefined
  /** Names; undefined: not read from Dokku yet. */
  readonly plugins: readonly string[] | undefined
  /** `redirect 0.9.1` */
  readonly pluginVersions: readonly string[]
}

export function pluginsPanel(frame: Frame, app: string, shown: PluginsShown): Html | '' {
  const there = (name: string) => shown.plugins?.includes(name) === true
  const parts = [
    there('maintenance') ? maintenance(frame, app, shown) : '',
    there('http-auth') ? httpAuth(frame, app, shown) : '',
    there('redirect') ? redirects(frame, app, shown) : '',
  ].filter((part) => part !== '')
  return parts.length === 0 ? '' : panel('From plugins', html`<ul class="divide-y">${parts}</ul>`)
}

/** "Unknown: redirect 0.7.0 could not be read (…)". */
const unknown = ({ pluginVersions }: PluginsShown, plugin: string, reason: string): string => {
  const version = pluginVersions.find((each) => each.startsWith(`${plugin} `)) ?? plugin
  return `Unknown: ${version} could not be read (${reason}).`
}

const unreadable = (shown: PluginsShown, plugin: 'maintenance' | 'redirect'): string => {
  const facts = shown.facts(plugin)
  if (facts === undefined) return 'Unknown: not read from Dokku yet.'
  const reason = reported(facts, 'unreadable')
  return reason === '' ? '' : unknown(shown, plugin, reason)
}

interface Row {
  readonly name: string
  readonly text: Html | string
  readonly buttons: Html | ''
}

const row = ({ name, text, buttons }: Row): Html =>
  html`<li class="flex flex-wrap items-center justify-between gap-3 px-4 py-3">
<div class="min-w-0 flex-1 basis-56">
<p class="font-medium">${name}</p>
<div class="text-[0.8125rem] text-muted-foreground">${text}</div>
</div>
${buttons}
</li>`

interface Switch {
  readonly plugin: 'maintenance' | 'http-auth'
  readonly name: string
  readonly isOn: boolean
  /** What enabling means for visitors. */
  readonly cost: string
}

const button = (frame: Frame, app: string, { plugin, name, isOn, cost }: Switch): Html | '' => {
  const verb = isOn ? 'Disable' : 'Enable'
  return action(frame, {
    verb,
    thing: `${name.toLowerCase()} of ${app}`,
    label: verb,
    href: appHref(app, plugin),
    method: isOn ? 'delete' : 'post',
    command: `dokku ${plugin}:${verb.toLowerCase()} ${app}`,
    ...(!isOn && { confirm: { text: cost } }),
  })
}

function maintenance(frame: Frame, app: string, shown: PluginsShown): Html {
  const name = 'Maintenance'
  const isOn = reported(shown.facts('maintenance'), 'enabled') === 'true'
  const cost = 'Visitors see the maintenance page instead of the app.'
  return row({
    name,
    text:
      unreadable(shown, 'maintenance') ||
      (isOn ? 'Visitors see the maintenance page.' : 'Visitors reach the app.'),
    buttons: button(frame, app, { plugin: 'maintenance', name, isOn, cost }),
  })
}

function httpAuth(frame: Frame, app: string, shown: PluginsShown): Html {
  const name = 'Password protection'
  const facts = shown.facts('http-auth')
  const auth = httpAuthOf(facts)
  const users = usersOf(facts)
  const isOn = auth.state !== 'off' && auth.state !== 'unknown'
  const cost = `Visitors are asked for a name and a password. Users: ${users.join(', ')}.`
  return row({
    name,
    text: httpAuthText(app, auth, users, shown),
    // Without a user nothing would be protected.
    buttons: isOn || users.length > 0 ? button(frame, app, { plugin: 'http-auth', name, isOn, cost }) : '',
  })
}

function httpAuthText(
  app: string,
  auth: HttpAuth,
  users: readonly string[],
  shown: PluginsShown,
): Html | string {
  const addUser = command(`dokku http-auth:add-user ${app} <name> <password>`)
  switch (auth.state) {
    case 'unknown':
      return shown.facts('http-auth') === undefined
        ? 'Unknown: not read from Dokku yet.'
        : unknown(shown, 'http-auth', auth.reason)
    case 'asks':
      return `Visitors are asked for a name and a password. Users: ${users.join(', ')}.`
    case 'addresses':
      return 'Only visitors from the allowed addresses reach the app; no password is asked for.'
    case 'closed':
      return html`<p>Enabled without a user: no visitor can sign in. Add a user on the server:</p>${addUser}`
    case 'open':
      return html`<p>Enabled without a user: the app is open to everyone. Add a user on the server:</p>${addUser}`
    case 'off':
      return users.length > 0
        ? 'No password is asked for.'
        : html`<p>No password is asked for. Enable it on the server, with its first user:</p>
${command(`dokku http-auth:enable ${app} <name> <password>`)}`
  }
}

const redirects = (frame: Frame, app: string, shown: PluginsShown): Html =>
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
  })}</div></div>${redirectList(shown)}</li>`

function redirectList(shown: PluginsShown): Html {
  const facts = shown.facts('redirect')
  const why = unreadable(shown, 'redirect')
  const list = reported(facts, 'text').trim()
  if (why !== '' || list === '')
    return html`<p class="text-[0.8125rem] text-muted-foreground">${why || 'No domain is redirected.'}</p>`
  return html`<pre class="typed overflow-x-auto whitespace-pre-wrap text-xs text-muted-foreground-2">${list}</pre>`
}
