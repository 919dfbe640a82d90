import * as z from 'zod'

/** A container by Dokku's labels, from `dokkubase:containers`: Docker's own list lines and events. */
export interface ContainerLine {
  readonly id: string
  readonly app: string
  readonly processType: string
  /** 1 for web.1; 0 where Docker did not say. */
  readonly number: number
  readonly name: string
  readonly action: 'listed' | 'start' | 'die' | 'rename' | 'destroy' | 'kill' | 'oom'
  /** Docker's word for it: running, exited … ; empty in an event. */
  readonly state: string
  readonly exitCode: number | null
  /** Of a kill: 15 is a stop somebody asked for. */
  readonly signal: number | null
  readonly at: number
}

const Listed = z.object({
  ID: z.string(),
  Names: z.string(),
  Labels: z.string(),
  State: z.string(),
  Status: z.string().default(''),
  CreatedAt: z.string().default(''),
})
const Happened = z.object({
  Type: z.literal('container'),
  Action: z.string(),
  Actor: z.object({ ID: z.string(), Attributes: z.record(z.string(), z.string()) }),
  timeNano: z.number().optional(),
  time: z.number().optional(),
})
const Action = z.enum(['start', 'die', 'rename', 'destroy', 'kill', 'oom'])

/** Null for containers that are no process of an app (one-off runs, deployment tasks) and for other actions. */
export function readContainerLine(line: string): ContainerLine | null {
  let json: unknown
  try {
    json = JSON.parse(line)
  } catch {
    return null
  }
  const listed = Listed.safeParse(json)
  if (listed.success) return fromList(listed.data)
  const happened = Happened.safeParse(json)
  return happened.success ? fromEvent(happened.data) : null
}

const fromList = (row: z.infer<typeof Listed>): ContainerLine | null => {
  const labels = Object.fromEntries(row.Labels.split(',').map((label) => splitOnce(label)))
  const exit = /Exited \((\d+)\)/.exec(row.Status)?.[1]
  return container(labels, {
    id: row.ID,
    name: row.Names,
    action: 'listed',
    state: row.State,
    exitCode: exit === undefined ? null : Number(exit),
    signal: null,
    at: Date.parse(row.CreatedAt.replace(/ [A-Z]+$/, '')) || 0,
  })
}

const fromEvent = ({
  Action: happened,
  Actor,
  timeNano,
  time,
}: z.infer<typeof Happened>): ContainerLine | null => {
  const action = Action.safeParse(happened)
  if (!action.success) return null
  const { exitCode: exit, signal, name = '' } = Actor.Attributes
  return container(Actor.Attributes, {
    id: Actor.ID,
    name,
    action: action.data,
    state: '',
    exitCode: exit === undefined ? null : Number(exit),
    signal: signal === undefined ? null : Number(signal),
    at: timeNano ? Math.floor(timeNano / 1e6) : (time ?? 0) * 1000,
  })
}

const container = (
  labels: Readonly<Record<string, string | undefined>>,
  rest: Omit<ContainerLine, 'app' | 'processType' | 'number'>,
): ContainerLine | null => {
  const app = labels['com.dokku.app-name']
  const processType = labels['com.dokku.process-type']
  if (app === undefined || processType === undefined || labels['com.dokku.container-type'] !== 'deploy')
    return null
  const number = Number(labels['com.dokku.dyno']?.split('.').at(-1) ?? 0)
  return { app, processType, number: Number.isInteger(number) ? number : 0, ...rest }
}

const splitOnce = (label: string): [string, string] => {
  const at = label.indexOf('=')
  return at < 0 ? [label, ''] : [label.slice(0, at), label.slice(at + 1)]
}
