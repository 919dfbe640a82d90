/** What can be asked of an app's processes. Pure. */
import * as z from 'zod'
import { cancelBuild } from '../deployments/command.ts'
import { CodePath, ProcessName } from '../dokku/names.ts'
import { App, appOf, given, SAFE, wholeApp } from '../jobs/app-kind.ts'
import { type Kind, kind } from '../jobs/kind.ts'
import {
  CLEAR,
  Cpu,
  Memory,
  ProcessList,
  Quantity,
  RestartPolicy,
  StopTimeout,
  WaitToRetire,
} from './formation.ts'

/** A property set to nothing is one that is not set. */
const NOTHING = z.literal('')
const option = (name: string, value: string | undefined): readonly string[] =>
  value === undefined ? [] : [name, value]

const Scale = z
  .record(ProcessName, Quantity)
  .refine((scale) => Object.keys(scale).length > 0, 'say how many of which process type')
  .refine((scale) => Object.keys(scale).length <= 50, '50 process types at once at most')

const Limit = App.extend({
  /** Without one: of every process type that has no limit of its own. */
  process: ProcessName.optional(),
  memory: Memory.or(z.literal(CLEAR)).optional(),
  cpu: Cpu.or(z.literal(CLEAR)).optional(),
}).refine(({ memory, cpu }) => memory !== undefined || cpu !== undefined, 'say how much memory or CPU')

export const processKinds: readonly Kind[] = [
  kind({
    name: 'ps:restart',
    payload: App.extend({ process: ProcessName.optional() }),
    app: appOf,
    command: ({ app, process }) => ['ps:restart', app, ...(process === undefined ? [] : [process])],
    repeat: SAFE,
  }),
  wholeApp('ps:rebuild', { repeat: SAFE, canceling: ({ app }) => cancelBuild(app) }),
  wholeApp('ps:stop', { priority: 'now', repeat: SAFE }),
  wholeApp('ps:start', { priority: 'now', repeat: SAFE }),
  kind({
    name: 'ps:scale',
    payload: App.extend({ scale: Scale }),
    app: appOf,
    command: ({ app, scale }) => ['ps:scale', app, ...Object.entries(scale).map((pair) => pair.join('='))],
    repeat: SAFE,
  }),
  kind({
    name: 'resource:limit',
    payload: Limit,
    app: appOf,
    command: ({ app, process, memory, cpu }) => [
      'resource:limit',
      ...option('--memory', memory),
      ...option('--cpu', cpu),
      ...option('--process-type', process),
      app,
    ],
    repeat: SAFE,
  }),
  ...(['checks:enable', 'checks:skip', 'checks:disable'] as const).map((name) =>
    kind({
      name,
      payload: App.extend({ processes: ProcessList.default([]) }),
      app: appOf,
      command: ({ app, processes }) => [name, app, ...(processes.length === 0 ? [] : [processes.join(',')])],
      repeat: SAFE,
    }),
  ),
  kind({
    name: 'checks:set',
    payload: App.extend({ seconds: WaitToRetire.or(NOTHING) }),
    app: appOf,
    command: ({ app, seconds }) => ['checks:set', app, 'wait-to-retire', ...given(seconds)],
    repeat: SAFE,
  }),
  kind({
    name: 'ps:set',
    payload: z.discriminatedUnion('property', [
      App.extend({ property: z.literal('restart-policy'), value: RestartPolicy.or(NOTHING) }),
      App.extend({ property: z.literal('stop-timeout-seconds'), value: StopTimeout.or(NOTHING) }),
      App.extend({ property: z.literal('procfile-path'), value: CodePath.or(NOTHING) }),
    ]),
    app: appOf,
    command: ({ app, property, value }) => ['ps:set', app, property, ...given(value)],
    repeat: SAFE,
  }),
]
