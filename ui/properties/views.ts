import { html } from 'hono/html'
import type { AppHead } from '../apps/app.ts'
import { type AppReport, type Facts, reported } from '../reports/report.ts'
import { action, inline } from '../web/action.ts'
import { appHref, appPage } from '../web/app-page.ts'
import { empty, fact, panel } from '../web/components.ts'
import { inputField, selectField } from '../web/form.ts'
import type { Frame } from '../web/frame.ts'
import { icon } from '../web/icons.ts'
import type { Html } from '../web/layout.ts'
import { type Looked, looked, unasked } from '../web/looked.ts'
import { mountsPanel, optionsPanel, rootOnly } from './host-views.ts'
import { DIRECTIVES, DIRECTIVES_SWITCH, UNUSUAL, USUAL } from './nginx.ts'
import { pluginsPanel } from './plugin-views.ts'
import { portsForm } from './port-views.ts'
import { PROPERTIES } from './properties.ts'
import { choicesThere, namesNetwork, type Property } from './property.ts'

export interface SettingsPage {
  facts(name: Exclude<AppReport, 'cron'>): Facts | undefined
  /** Undefined: the server was not asked yet. */
  readonly plugins: readonly string[] | undefined
  readonly pluginVersions: readonly string[]
  readonly networks: readonly string[] | undefined
  readonly allowed: readonly string[]
  readonly proxied: boolean
  readonly looked: Looked
}

export function settingsPage(frame: Frame, head: AppHead, shown: SettingsPage): Html {
  const { name, destroyedAt, front } = head.app
  const one = (title: string, report: Exclude<AppReport, 'cron'>, content: () => Html): Html =>
    panel(title, shown.facts(report) === undefined ? unasked(shown.looked.isLooking) : content())
  const content =
    front || destroyedAt !== null
      ? html`<div class="panel">${empty({ title: front ? 'This is the panel itself' : 'Nothing is left to set', text: front ? 'It is set on the server, by dokku dokkubase:set.' : 'Its settings went with it.', drawing: 'apps' })}</div>`
      : html`${looked(frame, shown.looked)}<div class="grid items-start gap-4 xl:grid-cols-2">
<div class="grid gap-4">${one('Ports', 'ports', () => portsForm(frame, head.app, shown.facts('ports')))}${one('Proxy', 'proxy', () => proxy(frame, name, shown))}${one('Build and deploy', 'git', () => form(frame, name, 'build', fields(BUILD, shown)))}${one('Network', 'network', () => form(frame, name, 'network', fields(of('network'), shown)))}</div>
<div class="grid gap-4">${one('nginx', 'nginx', () => nginx(frame, name, shown))}${one('Storage', 'storage', () => mountsPanel(frame, name, shown))}${one('Docker options', 'docker-options', () => optionsPanel(frame, name, shown))}${pluginsPanel(frame, name, shown)}</div></div>`
  return appPage(frame, head, { tab: 'settings', topics: [] }, content)
}

const of = (plugin: string): readonly Property[] => PROPERTIES.filter((one) => one.plugin === plugin)
const BUILD = ['builder', 'builder-dockerfile', 'ps', 'app-json', 'git'].flatMap(of)

const form = (frame: Frame, app: string, thing: string, content: Html): Html =>
  inline(frame, {
    verb: 'Set',
    thing: `${thing} of ${app}`,
    label: `Set ${thing}`,
    href: appHref(app, 'properties'),
    method: 'patch',
    command: null,
    form: content,
  })

const fields = (properties: readonly Property[], shown: SettingsPage): Html =>
  html`<div class="grid gap-x-4 gap-y-3.5 p-4 sm:grid-cols-2">${properties.map((property) => field(property, shown))}</div>`

function field(property: Property, { facts, plugins, networks, allowed }: SettingsPage): Html {
  const { plugin, key, label, hint = '' } = property
  const report = facts(plugin)
  const [own, server, goesBy] = [key, `global-${key}`, `computed-${key}`].map((each) =>
    reported(report, each),
  )
  const said = fallback(property, {
    server: server ?? '',
    goesBy: goesBy ?? '',
    detected: reported(report, 'detected'),
  })
  const choices = namesNetwork(property)
    ? networks?.filter(
        (name) =>
          name !== 'none' &&
          (name !== 'host' || (key === 'initial-network' && allowed.includes('allow-host-network'))),
      )
    : choicesThere(property, plugins)
  const one = {
    name: `${plugin}.${key}`,
    label,
    value: own ?? '',
    hint: html`<span class="typed text-xs">${key}</span>${hint === '' ? '' : html` · ${hint}`}${server ? html` · for all apps: <span class="typed text-xs">${server}</span>` : ''}`,
  }
  return choices === undefined
    ? inputField({ ...one, placeholder: said })
    : selectField(one, [
        ['', said === '' ? 'not set' : `not set: ${said}`],
        ...choices.map((choice) => [choice, choice] as const),
      ])
}

/** What is so where the app has none of its own. */
const fallback = (
  { plugin, key }: Property,
  {
    server,
    goesBy,
    detected,
  }: { readonly server: string; readonly goesBy: string; readonly detected: string },
): string =>
  server ||
  goesBy ||
  (plugin === 'builder' && key === 'selected' && detected !== '' ? `${detected}, as the code says` : '')

const proxy = (frame: Frame, app: string, shown: SettingsPage): Html =>
  html`<div class="flex flex-wrap items-center justify-between gap-3 border-b px-4 py-3"><p class="min-w-0 flex-1 basis-56 text-muted-foreground-2">${shown.proxied ? 'The proxy leads to this app.' : 'No proxy leads to this app: nobody reaches it by its domains.'}</p><div class="flex flex-wrap gap-2">${
    shown.proxied
      ? html`${action(frame, { verb: 'Build', thing: `proxy config of ${app}`, label: 'Build config', href: appHref(app, 'proxy-configs'), command: `dokku proxy:build-config ${app}` })}${action(
          frame,
          {
            verb: 'Disable',
            thing: `proxy of ${app}`,
            label: 'Disable',
            href: appHref(app, 'proxy'),
            method: 'delete',
            command: `dokku proxy:disable ${app}`,
            tone: 'bad',
            confirm: {
              text: 'Its domains lead nowhere until it is enabled again, and its processes are restarted.',
            },
          },
        )}`
      : action(frame, {
          verb: 'Enable',
          thing: `proxy of ${app}`,
          label: 'Enable',
          href: appHref(app, 'proxy'),
          command: `dokku proxy:enable ${app}`,
          tone: 'primary',
        })
  }</div></div>${form(frame, app, 'proxy', fields(of('proxy'), shown))}`

const nginx = (frame: Frame, app: string, shown: SettingsPage): Html => {
  const used = reported(shown.facts('proxy'), 'computed-type') || 'nginx'
  const may = shown.allowed.includes(DIRECTIVES_SWITCH)
  return html`<p class="border-b px-4 py-3 text-[0.8125rem] text-muted-foreground">${used === 'nginx' ? html`Counts from the next deploy on, or once the <span class="whitespace-nowrap">proxy’s config</span> is built.` : html`The proxy of this app is <span class="typed">${used}</span>: nothing of this counts.`}</p>${form(
    frame,
    app,
    'nginx',
    html`${fields(USUAL, shown)}${folded('Buffers, headers and the template', UNUSUAL, shown)}${may ? folded('Logs and addresses, as good as root', DIRECTIVES, shown) : ''}`,
  )}${may ? '' : html`<dl class="grid gap-x-4 gap-y-3 border-t p-4 sm:grid-cols-2">${DIRECTIVES.map((property) => said(property, shown))}</dl>${rootOnly('These could write any file of the server and run programs there, so they are as good as root and are not set from here.', DIRECTIVES_SWITCH)}`}`
}

const folded = (title: string, properties: readonly Property[], shown: SettingsPage): Html =>
  html`<details class="group border-t"><summary class="flex items-center gap-2 px-4 py-3 text-[0.8125rem] font-medium hover:bg-layer-hover"><span class="turns text-muted-foreground transition-transform">${icon('right', 'size-3.5')}</span>${title}</summary>${fields(properties, shown)}</details>`

/** What it is set to, or what is so without that. */
const said = ({ plugin, key, label }: Property, { facts }: SettingsPage): Html => {
  const [own, server, goesBy] = [key, `global-${key}`, `computed-${key}`].map((each) =>
    reported(facts(plugin), each),
  )
  const whose = own ? 'set' : server ? 'for all apps' : 'not set'
  return fact(
    label,
    html`${goesBy ? html`<p class="typed wrap-anywhere text-[0.8125rem]">${goesBy}</p>` : ''}<p class="text-xs text-muted-foreground"><span class="typed text-xs">${key}</span> · ${whose}</p>`,
  )
}
