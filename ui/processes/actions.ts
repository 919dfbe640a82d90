/** What can be done to an app's processes from its pages. */
import { Hono } from 'hono'
import * as z from 'zod'
import type { Ask, AskEnv, Wanted } from '../jobs/asking.ts'
import { type ReportReads, reported } from '../reports/report.ts'
import { changedIn } from '../web/changed.ts'
import { checkFields, refuse } from '../web/fields.ts'
import {
  CHECKS,
  CLEAR,
  Cpu,
  checkJobs,
  DEFAULT,
  Memory,
  Quantity,
  RestartPolicy,
  StopTimeout,
  WaitToRetire,
} from './formation.ts'
import type { ProcessReads } from './process.ts'

export interface ProcessActionsOptions {
  readonly ask: Ask
  readonly apps: { named(name: string): { readonly id: number } | undefined }
  readonly processes: Pick<ProcessReads, 'formation'>
  readonly reports: Pick<ReportReads, 'facts'>
}

export const processActions = (options: ProcessActionsOptions) => {
  const { ask, reports } = options
  const idOf = (app: string): number => options.apps.named(app)?.id ?? -1
  return new Hono<AskEnv>()
    .post('/apps/:app/restarts', async (c) => {
      const { process } = await c.req.parseBody()
      const payload = { app: c.req.param('app'), ...(process && { process }) }
      return ask(c, { kind: 'ps:restart', payload })
    })
    .post('/apps/:app/rebuilds', (c) => ask(c, { kind: 'ps:rebuild', payload: { app: c.req.param('app') } }))
    .post('/apps/:app/stops', (c) => ask(c, { kind: 'ps:stop', payload: { app: c.req.param('app') } }))
    .post('/apps/:app/starts', (c) => ask(c, { kind: 'ps:start', payload: { app: c.req.param('app') } }))
    .put('/apps/:app/formation', async (c) => {
      const app = c.req.param('app')
      const scale = changedIn(await c.req.parseBody({ dot: true }), 'scale')
      checkFields([...scale].map(([type, value]) => ({ path: ['scale', type], value, as: Quantity })))
      if (reported(reports.facts(idOf(app), 'ps')?.body, 'can-scale') === 'false') refuse(HELD)
      if (scale.size === 0) return ask(c)
      return ask(c, { kind: 'ps:scale', payload: { app, scale: Object.fromEntries(scale) } })
    })
    .patch('/apps/:app/limits', async (c) =>
      ask(c, ...limits(c.req.param('app'), await c.req.parseBody({ dot: true }))),
    )
    .patch('/apps/:app/checks', async (c) => {
      const app = c.req.param('app')
      const id = idOf(app)
      const facts = reports.facts(id, 'checks')?.body
      const set = { disabled: reported(facts, 'disabled-list'), skipped: reported(facts, 'skipped-list') }
      const sent = await c.req.parseBody({ dot: true })
      const wanted = new Map(
        [...changedIn(sent, 'check')].map(([type, check]) => [type, z.enum(CHECKS).parse(check)] as const),
      )
      const types = options.processes.formation(id).map(({ processType }) => processType)
      return ask(
        c,
        ...checkJobs(set, types, wanted).map(({ kind, processes }) => ({
          kind,
          payload: { app, processes },
        })),
        ...properties(sent, 'checks', { 'wait-to-retire': WaitToRetire }).map(([, seconds]) => ({
          kind: 'checks:set',
          payload: { app, seconds },
        })),
      )
    })
    .patch('/apps/:app/processes', async (c) => {
      const app = c.req.param('app')
      const as = { 'restart-policy': RestartPolicy, 'stop-timeout-seconds': StopTimeout }
      const changed = properties(await c.req.parseBody({ dot: true }), 'ps', as)
      return ask(
        c,
        ...changed.map(([property, value]) => ({ kind: 'ps:set', payload: { app, property, value } })),
      )
    })
}

const HELD = 'app.json of this app says how many run of each, so Dokku takes no other word for it'

/** One command for each process type of which anything changed. */
function limits(app: string, sent: Readonly<Record<string, unknown>>): readonly Wanted[] {
  const memory = changedIn(sent, 'memory')
  const cpu = changedIn(sent, 'cpu')
  checkFields([
    ...[...memory].map(([type, value]) => ({ path: ['memory', type], value, as: Memory })),
    ...[...cpu].map(([type, value]) => ({ path: ['cpu', type], value, as: Cpu })),
  ])
  return [...new Set([...memory.keys(), ...cpu.keys()])].map((process) => ({
    kind: 'resource:limit',
    payload: {
      app,
      ...(process !== DEFAULT && { process }),
      ...amount('memory', memory.get(process)),
      ...amount('cpu', cpu.get(process)),
    },
  }))
}

const amount = (name: 'memory' | 'cpu', value: string | undefined) =>
  value === undefined ? {} : { [name]: value === '' ? CLEAR : value }

/** Of these properties the ones that were changed; '' takes one back. */
function properties(
  sent: Readonly<Record<string, unknown>>,
  group: string,
  as: Readonly<Record<string, z.ZodType>>,
): (readonly [string, string])[] {
  const changed = [...changedIn(sent, group)].filter(([key]) => Object.hasOwn(as, key))
  checkFields(changed.map(([key, value]) => ({ path: [group, key], value, as: as[key] ?? z.never() })))
  return changed
}
