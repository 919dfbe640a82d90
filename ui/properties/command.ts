/** What can be asked of an app's properties, ports, storage and of plugins that may be there. Pure. */
import * as z from 'zod'
import { DomainName } from '../dokku/names.ts'
import { App, appOf, given, SAFE, wholeApp } from '../jobs/app-kind.ts'
import { type Kind, kind } from '../jobs/kind.ts'
import { ContainerPath, DockerOption, HostPath, MountedFrom, MountedTo, PHASES } from './mounts.ts'
import { Mappings } from './ports.ts'
import { propertyOf } from './properties.ts'
import type { PropertyPlugin } from './property.ts'

/** Set to nothing it is Dokku's own again. */
const Setting = (plugin: PropertyPlugin) =>
  App.extend({ property: z.string(), value: z.string() }).transform(({ app, property, value }, c) => {
    const known = propertyOf(plugin, property)
    if (known !== undefined && value === '') return { app, property, value }
    const read = known?.as.safeParse(value)
    if (read?.success) return { app, property, value: read.data }
    const message = read?.error.issues[0]?.message ?? 'there is no such property here'
    c.addIssue({ code: 'custom', message, path: ['value'] })
    return z.NEVER
  })

/** `ps:set` is among the processes' own. */
const SET: readonly Exclude<PropertyPlugin, 'ps'>[] = [
  'builder',
  'builder-dockerfile',
  'app-json',
  'git',
  'network',
  'nginx',
  'proxy',
]

const settings = SET.map((plugin) =>
  kind({
    name: `${plugin}:set`,
    payload: Setting(plugin),
    app: appOf,
    command: ({ app, property, value }) => [`${plugin}:set`, app, property, ...given(value)],
    repeat: SAFE,
  }),
)

/** Commands that need the app's name and nothing else. */
const plain = (
  [
    'ports:clear',
    'proxy:enable',
    'proxy:disable',
    'proxy:build-config',
    'maintenance:enable',
    'maintenance:disable',
    'http-auth:enable',
    'http-auth:disable',
  ] as const
).map((name) => wholeApp(name, { repeat: SAFE }))

const mount = (
  name: 'storage:mount' | 'storage:unmount',
  host: z.ZodType<string>,
  container: z.ZodType<string>,
) =>
  kind({
    name,
    payload: App.extend({ host, container }),
    app: appOf,
    command: ({ app, host, container }) => [name, app, `${host}:${container}`],
  })
const mounts = [
  mount('storage:mount', HostPath, ContainerPath),
  mount('storage:unmount', MountedFrom, MountedTo),
]

const Option = App.extend({
  phases: z.array(z.enum(PHASES)).min(1, 'choose when it counts'),
  option: DockerOption,
})
const options = (['docker-options:add', 'docker-options:remove'] as const).map((name) =>
  kind({
    name,
    payload: Option,
    app: appOf,
    command: ({ app, phases, option }) => [name, app, [...new Set(phases)].join(','), option],
  }),
)

export const propertyKinds: readonly Kind[] = [
  ...settings,
  ...plain,
  ...mounts,
  ...options,
  kind({
    name: 'ports:set',
    payload: App.extend({ mappings: Mappings }),
    app: appOf,
    command: ({ app, mappings }) => ['ports:set', app, ...mappings],
    repeat: SAFE,
  }),
  kind({
    name: 'redirect:set',
    payload: App.extend({ from: DomainName, to: DomainName }),
    app: appOf,
    command: ({ app, from, to }) => ['redirect:set', app, from, to],
    repeat: SAFE,
  }),
  kind({
    name: 'redirect:unset',
    payload: App.extend({ from: DomainName }),
    app: appOf,
    command: ({ app, from }) => ['redirect:unset', app, from],
    repeat: SAFE,
  }),
]
