/** Lines of `dokkubase:containers`: a list of what Docker has now, closed by its end, then Docker's events. */
import * as z from 'zod'

/** A container of an app's process, by Dokku's labels. */
export interface ContainerLine {
  readonly id: string
  readonly app: string
  readonly processType: string
  /** 1 for web.1; 0 where Docker did not say. */
  readonly number: number
  readonly name: string
  readonly action: 'listed' | 'start' | 'die' | 'rename' | 'destroy' | 'kill' | 'oom' | 'stop'
  /** Docker's word for it: running, exited … ; empty in an event. */
  readonly state: string
  readonly exitCode: number | null
  /** Of a kill: 15 is a stop that was requested. */
  readonly signal: number | null
  /** When that happened; of a listed one, when it began to be as it is. Milliseconds since 1970. */
  readonly at: number
  /** Null in an event: Docker tells them in a list only. */
  readonly facts: ContainerFacts | null
}

/** What `docker inspect` says of a container. Times are milliseconds since 1970, null where it never happened. */
export interface ContainerFacts {
  /** The image it runs, `sha256:…`; `image` is the name it was started by. */
  readonly imageId: string
  readonly image: string
  readonly createdAt: number
  readonly startedAt: number | null
  readonly finishedAt: number | null
  readonly oomKilled: boolean
  /** How often Docker started it again by its restart policy. */
  readonly restarts: number
  /** no, always, unless-stopped, on-failure */
  readonly restartPolicy: string
  /** Of `on-failure`; 0: without end. */
  readonly maxRestarts: number
  /** Bytes; null: no limit. */
  readonly memoryLimit: number | null
  /** In each of its networks; none while it does not run. */
  readonly addresses: readonly string[]
}

/** What is known of an app beside its containers. */
export interface AppLine {
  readonly app: string
  /** What `dokku/APP:latest` names: the image that Dokku starts next. Null: none. */
  readonly nextImageId: string | null
  /** Dokku's scheduler for it: docker-local, k3s, null. Only of the first Docker lists the containers. */
  readonly scheduler: string
  /** Dokku's proxy for it: nginx, traefik … */
  readonly proxy: string
  /** Dokku's `static-web-listener`: requests go there, to no container. '': not set. */
  readonly webListener: string
  /** Addresses with ports that nginx's configuration of the app sends requests to; none: no such configuration. */
  readonly upstreams: readonly string[]
  /** Ids of the containers that Dokku counts as the app's own: what its CONTAINER.web.1 … name. */
  readonly current: readonly string[]
  /** Plugins of which there are files for nginx: maintenance, http-auth, redirect. */
  readonly access: readonly string[]
}

/** What `dokkubase:containers` lists, whole. */
export interface ContainerList {
  readonly containers: readonly ContainerLine[]
  readonly apps: readonly AppLine[]
  /** What happened before is in it. Milliseconds since 1970. */
  readonly readAt: number
}

export type Line =
  | { readonly kind: 'container'; readonly container: ContainerLine }
  | { readonly kind: 'app'; readonly app: AppLine }
  /** The list was whole. It holds everything that happened before `readAt`, milliseconds since 1970. */
  | { readonly kind: 'end'; readonly readAt: number }
  /** Events follow: read from Docker's socket, or by its command. */
  | { readonly kind: 'following'; readonly by: 'socket' | 'docker' }

const Time = z.string().transform((text) => {
  const time = Date.parse(text)
  // Docker's zero time is in the year 1.
  return Number.isNaN(time) || time < 0 ? null : time
})
const List = <Of extends z.ZodType>(of: Of) => z.array(of.nullable()).transform((all) => all.filter(isThere))
const isThere = <Of>(value: Of): value is NonNullable<Of> => value !== null && value !== ''

const Listed = z.object({
  kind: z.literal('container'),
  app: z.string(),
  container_type: z.string(),
  process: z.string(),
  dyno: z.string(),
  id: z.string(),
  name: z.string(),
  image_id: z.string(),
  image: z.string(),
  created_at: Time,
  started_at: Time,
  finished_at: Time,
  status: z.string(),
  exit_code: z.number(),
  oom_killed: z.boolean(),
  restarts: z.number(),
  restart_policy: z.string(),
  max_restarts: z.number(),
  memory_limit: z.number(),
  addresses: List(z.string()),
})
const App = z.object({
  kind: z.literal('app'),
  app: z.string(),
  next_image_id: z.string().nullable(),
  scheduler: z.string(),
  proxy: z.string(),
  web_listener: z.string(),
  upstreams: List(z.string()),
  current: List(z.string()),
  access: List(z.string()),
})
/** Seconds since 1970. */
const End = z.object({ kind: z.literal('end'), read_at: z.number() })
const Following = z.object({ kind: z.literal('following'), by: z.enum(['socket', 'docker']) })
/** What `dokkubase:containers` says itself; Docker's events go through as they are. */
const Own = z.discriminatedUnion('kind', [Listed, App, End, Following])
const Happened = z.object({
  Type: z.literal('container'),
  Action: z.string(),
  Actor: z.object({ ID: z.string(), Attributes: z.record(z.string(), z.string()) }),
  timeNano: z.number().optional(),
  time: z.number().optional(),
})
const Action = z.enum(['start', 'die', 'rename', 'destroy', 'kill', 'oom', 'stop'])

/** Null for containers that are no process of an app (one-off runs, deployment tasks) and for other actions. */
export function readLine(text: string): Line | null {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    return null
  }
  const own = Own.safeParse(json).data
  switch (own?.kind) {
    case 'container':
      return ofContainer(fromList(own))
    case 'app':
      return { kind: 'app', app: fromApp(own) }
    case 'end':
      return { kind: 'end', readAt: Math.floor(own.read_at * 1000) }
    case 'following':
      return own
  }
  const happened = Happened.safeParse(json).data
  return happened === undefined ? null : ofContainer(fromEvent(happened))
}

const ofContainer = (container: ContainerLine | null): Line | null =>
  container && { kind: 'container', container }

const fromApp = (row: z.infer<typeof App>): AppLine => ({
  app: row.app,
  nextImageId: row.next_image_id,
  // Empty is what Dokku has by default.
  scheduler: row.scheduler || 'docker-local',
  proxy: row.proxy || 'nginx',
  webListener: row.web_listener,
  upstreams: row.upstreams,
  current: row.current,
  access: row.access,
})

const fromList = (row: z.infer<typeof Listed>): ContainerLine | null => {
  const createdAt = row.created_at ?? 0
  const ended = !LIVES.has(row.status)
  return container(row.app, row.process, row.container_type, row.dyno, {
    id: row.id,
    name: row.name.replace(/^\//, ''),
    action: 'listed',
    state: row.status,
    exitCode: ended && row.status !== 'created' ? row.exit_code : null,
    signal: null,
    at: (ended ? row.finished_at : row.started_at) ?? createdAt,
    facts: {
      imageId: row.image_id,
      image: row.image,
      createdAt,
      startedAt: row.started_at,
      finishedAt: row.finished_at,
      oomKilled: row.oom_killed,
      restarts: row.restarts,
      restartPolicy: row.restart_policy,
      maxRestarts: row.max_restarts,
      memoryLimit: row.memory_limit > 0 ? row.memory_limit : null,
      addresses: row.addresses,
    },
  })
}

const LIVES: ReadonlySet<string> = new Set(['running', 'paused'])

const fromEvent = ({
  Action: happened,
  Actor,
  timeNano,
  time,
}: z.infer<typeof Happened>): ContainerLine | null => {
  const action = Action.safeParse(happened)
  if (!action.success) return null
  const { exitCode: exit, signal, name = '', ...labels } = Actor.Attributes
  const of = (label: string) => labels[`com.dokku.${label}`]
  return container(of('app-name'), of('process-type'), of('container-type'), of('dyno'), {
    id: Actor.ID,
    name,
    action: action.data,
    state: '',
    exitCode: exit === undefined ? null : Number(exit),
    signal: signal === undefined ? null : Number(signal),
    at: timeNano ? Math.floor(timeNano / 1e6) : (time ?? 0) * 1000,
    facts: null,
  })
}

const container = (
  app: string | undefined,
  processType: string | undefined,
  type: string | undefined,
  dyno: string | undefined,
  rest: Omit<ContainerLine, 'app' | 'processType' | 'number'>,
): ContainerLine | null => {
  if (!app || !processType || type !== 'deploy') return null
  const number = Number(dyno?.split('.').at(-1) ?? 0)
  return { app, processType, number: Number.isInteger(number) ? number : 0, ...rest }
}
