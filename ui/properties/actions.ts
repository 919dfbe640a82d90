/** What can be set of an app from its page of settings. What Dokku wrongly takes is refused here with the reason. */
import { Hono } from 'hono'
import * as z from 'zod'
import type { Ask, AskEnv, Wanted } from '../jobs/asking.ts'
import { type Dated, type Facts, type ReportReads, reported } from '../reports/report.ts'
import { changedIn } from '../web/changed.ts'
import { checkFields, refuse } from '../web/fields.ts'
import { usersOf } from './http-auth.ts'
import {
  ContainerPath,
  DockerOption,
  HostPath,
  isOwn,
  MountedFrom,
  MountedTo,
  mountsIn,
  OWN_STORAGE,
  PHASES,
} from './mounts.ts'
import { buffersRefusal, isBuffer } from './nginx.ts'
import { mappedTwice, Port, rowsIn, Scheme } from './ports.ts'
import { PROPERTIES } from './properties.ts'
import { choicesThere, howToAllow, namesNetwork, networkRefusal, type Property } from './property.ts'

export interface PropertyActionsOptions {
  readonly ask: Ask
  readonly apps: { named(name: string): { readonly id: number } | undefined }
  readonly reports: Pick<ReportReads, 'facts' | 'server'>
}

type Sent = Readonly<Record<string, unknown>>
const text = (sent: Sent, name: string): string => {
  const value = sent[name]
  return typeof value === 'string' ? value.trim() : ''
}

export const propertyActions = ({ ask, apps, reports }: PropertyActionsOptions) => {
  const body = (dated: Dated<readonly string[]> | undefined): readonly string[] => dated?.body ?? []
  const need = (name: string, why: string, path: readonly string[] = []): void => {
    if (!body(reports.server('allowed')).includes(name))
      refuse(`${why}; its root may allow it: ${howToAllow(name)}`, path)
  }
  const facts = (app: string, name: 'storage' | 'nginx' | 'http-auth'): Facts | undefined =>
    reports.facts(apps.named(app)?.id ?? -1, name)?.body
  const plugged = (plugin: string): void => {
    if (!body(reports.server('plugins')).includes(plugin)) refuse(`this server has no plugin ${plugin}`)
  }
  const ofPlugin = (plugin: string, verb: string) => (app: string) => {
    plugged(plugin)
    return { kind: `${plugin}:${verb}`, payload: { app } }
  }

  return new Hono<AskEnv>()
    .patch('/apps/:app/properties', async (c) => {
      const changed = changedProperties(await c.req.parseBody({ dot: true }))
      checkFields(changed.map(({ property, value }) => fieldOf(property, value, reports)))
      for (const { property, value } of changed) {
        const { allow, plugin, key } = property
        if (allow !== undefined) need(allow, 'this is as good as root on this server', [plugin, key])
        checkNetwork(property, value, reports)
      }
      const app = c.req.param('app')
      checkBuffers(changed, facts(app, 'nginx'))
      return ask(c, ...changed.map(({ property, value }) => setting(app, property, value)))
    })
    .put('/apps/:app/ports', async (c) => {
      const app = c.req.param('app')
      const sent = await c.req.parseBody({ dot: true })
      const rows = rowsIn(sent)
      checkFields(
        rows.flatMap(({ at, scheme, host, container }) => [
          { path: ['scheme', at], value: scheme, as: Scheme },
          { path: ['host', at], value: host || '?', as: Port },
          { path: ['container', at], value: container || '?', as: Port },
        ]),
      )
      const twice = mappedTwice(rows)
      if (twice) refuse(`port ${twice.host} of the server is mapped above already`, ['host', twice.at])
      const mappings = rows.map(({ scheme, host, container }) => `${scheme}:${host}:${container}`)
      if (mappings.join(' ') === text(sent, 'before')) return ask(c)
      return ask(
        c,
        mappings.length === 0
          ? { kind: 'ports:clear', payload: { app } }
          : { kind: 'ports:set', payload: { app, mappings } },
      )
    })
    .post('/apps/:app/proxy', (c) => ask(c, { kind: 'proxy:enable', payload: { app: c.req.param('app') } }))
    .delete('/apps/:app/proxy', (c) =>
      ask(c, { kind: 'proxy:disable', payload: { app: c.req.param('app') } }),
    )
    .post('/apps/:app/proxy-configs', (c) =>
      ask(c, { kind: 'proxy:build-config', payload: { app: c.req.param('app') } }),
    )
    .post('/apps/:app/mounts', async (c) => {
      const app = c.req.param('app')
      const sent = await c.req.parseBody()
      const { host, container } = mountOf(text(sent, 'host'), text(sent, 'container'))
      if (mountsIn(facts(app, 'storage')).some((mount) => mount.container === container))
        refuse('something is mounted there already: with two, every later deploy fails', ['container'])
      if (!isOwn(host)) need('allow-host-mounts', whyRoots(host))
      return ask(c, { kind: 'storage:mount', payload: { app, host, container } })
    })
    .delete('/apps/:app/mounts', async (c) => {
      const { host, container } = z
        .object({ host: MountedFrom, container: MountedTo })
        .parse(await c.req.parseBody())
      if (!isOwn(host)) need('allow-host-mounts', whyRoots(host))
      return ask(c, { kind: 'storage:unmount', payload: { app: c.req.param('app'), host, container } })
    })
    .post('/apps/:app/docker-options', async (c) => {
      need('allow-docker-options', OPTIONS_ARE_ROOT)
      return ask(
        c,
        dockerOption('docker-options:add', c.req.param('app'), await c.req.parseBody({ all: true })),
      )
    })
    .delete('/apps/:app/docker-options', async (c) => {
      need('allow-docker-options', OPTIONS_ARE_ROOT)
      return ask(
        c,
        dockerOption('docker-options:remove', c.req.param('app'), await c.req.parseBody({ all: true })),
      )
    })
    .post('/apps/:app/maintenance', (c) => ask(c, ofPlugin('maintenance', 'enable')(c.req.param('app'))))
    .delete('/apps/:app/maintenance', (c) => ask(c, ofPlugin('maintenance', 'disable')(c.req.param('app'))))
    .post('/apps/:app/http-auth', (c) => {
      const app = c.req.param('app')
      if (usersOf(facts(app, 'http-auth')).length === 0)
        refuse(
          `without a user nothing is protected; enable it on the server: dokku http-auth:enable ${app} <name> <password>`,
        )
      return ask(c, ofPlugin('http-auth', 'enable')(app))
    })
    .delete('/apps/:app/http-auth', (c) => ask(c, ofPlugin('http-auth', 'disable')(c.req.param('app'))))
    .post('/apps/:app/redirects', async (c) => {
      plugged('redirect')
      const { from, to } = await c.req.parseBody()
      return ask(c, { kind: 'redirect:set', payload: { app: c.req.param('app'), from, to } })
    })
    .delete('/apps/:app/redirects', async (c) => {
      plugged('redirect')
      const { from } = await c.req.parseBody()
      return ask(c, { kind: 'redirect:unset', payload: { app: c.req.param('app'), from } })
    })
}

const OPTIONS_ARE_ROOT = 'an option of Docker is as good as root on this server'

interface Changed {
  readonly property: Property
  readonly value: string
}

const changedProperties = (sent: Sent): readonly Changed[] => {
  const plugins = [...new Set(PROPERTIES.map(({ plugin }) => plugin))]
  const changed = new Map(plugins.map((plugin) => [plugin, changedIn(sent, plugin)]))
  return PROPERTIES.flatMap((property) => {
    const value = changed.get(property.plugin)?.get(property.key)
    return value === undefined ? [] : [{ property, value }]
  })
}

/** What this server's plugins cannot do is no choice. */
const fieldOf = (property: Property, value: string, { server }: Pick<ReportReads, 'server'>) => {
  const { plugin, key, as } = property
  const there = choicesThere(property, server('plugins')?.body)
  const checked = as.refine(
    (one) => there === undefined || there.includes(one),
    'this server has no plugin for it',
  )
  return { path: [plugin, key], value, as: checked }
}

function checkNetwork(property: Property, value: string, { server }: Pick<ReportReads, 'server'>): void {
  const { plugin, key } = property
  if (!namesNetwork(property) || value === '') return
  // Only a container begins in the server's own network; none is attached to it.
  const allowed = key === 'initial-network' ? (server('allowed')?.body ?? []) : []
  const refusal = networkRefusal(value, server('networks')?.body, allowed)
  if (refusal !== null) refuse(refusal, [plugin, key])
}

/** As they will be, with what is so already. */
function checkBuffers(changed: readonly Changed[], report: Facts | undefined): void {
  const buffers = changed.filter(({ property: { plugin, key } }) => plugin === 'nginx' && isBuffer(key))
  const [first] = buffers
  if (first === undefined) return
  const will = new Map(buffers.map(({ property, value }) => [property.key, value]))
  const refusal = buffersRefusal(
    (key) => (will.get(key) ?? reported(report, key)) || reported(report, `global-${key}`),
  )
  if (refusal !== null) refuse(refusal, ['nginx', first.property.key])
}

const setting = (app: string, { plugin, key }: Property, value: string): Wanted => ({
  kind: `${plugin}:set`,
  payload: { app, property: key, value },
})

/** As the command has them. */
function mountOf(host: string, container: string) {
  checkFields([
    { path: ['host'], value: host || '?', as: HostPath },
    { path: ['container'], value: container || '?', as: ContainerPath },
  ])
  return { host: HostPath.parse(host), container: ContainerPath.parse(container) }
}

/** Deeper than the first folder, the app could put a link to / where the mount goes. */
const whyRoots = (host: string): string =>
  host.startsWith(OWN_STORAGE)
    ? `only a folder right below ${OWN_STORAGE} is an app’s own: mount ${OWN_STORAGE}${host.slice(OWN_STORAGE.length).split('/')[0]} and use the folder within it; a deeper one is as good as root on this server`
    : `a folder outside ${OWN_STORAGE} is as good as root on this server`

const dockerOption = (kind: string, app: string, sent: Sent): Wanted => {
  const option = text(sent, 'option')
  checkFields([{ path: ['option'], value: option || '?', as: DockerOption }])
  const phases = PHASES.filter((phase) => [sent.phase].flat().includes(phase))
  if (phases.length === 0) refuse('choose when it counts', ['phase'])
  return { kind, payload: { app, phases, option } }
}
