/** What state an app and each of its processes are in, from what was observed. Pure. */
import { stableMs } from './deaths.ts'
import { liveState } from './following.ts'
import {
  type AppState,
  type Container,
  type Deaths,
  deathsOf,
  type Ended,
  type ProcessType,
  processOf,
  type StateDetail,
} from './process.ts'

/** Everything that an app's state is derived from. Times are milliseconds since 1970. */
export interface Observed {
  readonly containers: readonly Container[]
  readonly formation: readonly Pick<ProcessType, 'processType' | 'quantity'>[]
  /** When the formation was last read; null: never. */
  readonly formationReadAt: number | null
  /** By process (web.1). */
  readonly deaths: ReadonlyMap<string, Deaths>
  /** Its owner stopped it by ps:stop. */
  readonly stopped: boolean
  readonly deployed: boolean
  readonly deploying: boolean
  /** Null: never listed. */
  readonly scheduler: string | null
  readonly proxy: string | null
  readonly webListener: string | null
  readonly upstreams: readonly string[] | null
  /** Docker lists its containers. */
  readonly listed: boolean
  /** Something happened to its containers since they, and where nginx sends requests, were listed. */
  readonly isListOld: boolean
  /** What its state was said with before. */
  readonly stateDetail: StateDetail | null
  readonly now: number
}

export interface Verdict {
  readonly state: AppState
  readonly detail: StateDetail | null
  /** When time alone may change it; null: never. */
  readonly dueAt: number | null
  /** Another list may say otherwise, and no event would. */
  readonly wantsList: boolean
}

/** Once nothing new was made for an app for so long, no deploy of it goes on. */
const DEPLOY_MS = 900_000
/** So long ps:stop may take to tell of itself. */
const STOP_MS = 120_000
/** So long a formation is waited for that may have become smaller. */
const FORMATION_MS = 600_000

export function judge(app: Observed): Verdict {
  const due: number[] = []
  const later = (at: number): boolean => {
    if (at > app.now) due.push(at)
    return at > app.now
  }
  let wantsList = false
  const verdict = (state: AppState, detail: StateDetail | null = null): Verdict => ({
    state,
    detail,
    wantsList,
    dueAt: due.length === 0 ? null : Math.min(...due),
  })
  if (app.scheduler !== null && app.scheduler !== 'docker-local')
    return verdict('unknown', { kind: 'unknown', why: 'scheduler', scheduler: app.scheduler })
  if (!app.listed) return verdict('unknown', { kind: 'unknown', why: 'docker', scheduler: '' })

  const orphans = leftOver(app)
  for (const { createdAt, since } of app.containers.filter(isUpcoming))
    later((createdAt ?? since) + DEPLOY_MS)
  const current = app.containers.filter(isCurrent)
  const running = current.filter(isUp)
  const endings = current.flatMap((container) => endedOf(container, app.deaths) ?? [])
  const looping = endings.find(({ loop, gaveUpAfter }) => loop !== null && gaveUpAfter === null)
  for (const container of running) {
    const deaths = deathsOf(container, app.deaths)
    if (deaths?.loop != null) later(container.since + stableMs(deaths))
  }
  if (looping !== undefined) return verdict(nameOf(looping), { kind: 'ended', ended: looping })

  const wanted = app.formation.reduce((sum, { quantity }) => sum + Math.max(0, quantity), 0)
  // One that was stopped may be one more than there are to be: that is known when the formation was read since.
  const going = current.filter(({ state, stopRequestedAt, since }) => {
    if (state === 'retiring') return true
    const at = stopRequestedAt ?? since
    return state === 'exited' && (app.formationReadAt ?? 0) < at && later(at + FORMATION_MS)
  })
  const [dead] = endings
  if (running.length > 0) {
    const astray = strayRequests(app, running)
    wantsList = astray !== null
    // Where nginx sends requests is told by lists only: a deploy may have changed it since.
    if (astray !== null && (!app.isListOld || app.stateDetail?.kind === 'unreachable'))
      return verdict('unreachable', astray)
    // The others are being started: a change is under way, which is no trouble.
    const coming = comingOf(app, orphans, [...running, ...going]).filter(
      (each) => !endings.some(({ process }) => process === processOf(each)),
    )
    if (running.length + going.length + coming.length < wanted)
      return verdict('degraded', {
        ...{ kind: 'fewer', running: running.length, wanted, ended: dead ?? null },
      })
    return verdict('running')
  }
  if (app.containers.some((container) => isUpcoming(container) && !orphans.has(container.id)))
    return verdict(app.deployed ? 'starting' : 'not deployed')
  if (!app.deployed && current.length === 0) return verdict('not deployed')
  if (app.stopped) return verdict('stopped')
  if (wanted === 0 && app.formation.length > 0) return verdict('stopped', { kind: 'scaled' })
  if (dead !== undefined) return verdict(nameOf(dead), { kind: 'ended', ended: dead })
  const lastStop = Math.max(...current.map(({ stopRequestedAt }) => stopRequestedAt ?? 0), 0)
  if (lastStop > 0 && later(lastStop + STOP_MS)) return verdict('stopping')
  if (current.length === 0) return verdict('stopped')
  const byItself = current.every(
    ({ stopRequestedAt, exitCode }) => stopRequestedAt === null && exitCode === 0,
  )
  return verdict('stopped', { kind: 'stopped', by: byItself ? 'itself' : 'request' })
}

/** Containers that are started for processes that none of these is of. */
const comingOf = (
  app: Observed,
  orphans: ReadonlySet<string>,
  there: readonly Container[],
): readonly Container[] => {
  const known = new Set(there.map(processOf))
  return app.containers.filter(
    (container) => isUpcoming(container) && !orphans.has(container.id) && !known.has(processOf(container)),
  )
}

/** A process in a loop or dead, by what killed it last. */
const nameOf = ({ last, loop, gaveUpAfter }: Ended): AppState => {
  if (last.memory) return 'killed for memory'
  return loop !== null && gaveUpAfter === null ? 'crash loop' : 'crashed'
}

/** What a page calls a process: as its container is, or what became of it. */
export function processState(container: Container, deaths: ReadonlyMap<string, Deaths>): string {
  const ended = endedOf(container, deaths)
  if (ended !== null) return nameOf(ended)
  return container.state === 'exited' ? 'stopped' : container.state
}

/** How a process ended, where it is in a loop or dead; null: it is neither. */
export function endedOf(container: Container, deaths: ReadonlyMap<string, Deaths>): Ended | null {
  const process = processOf(container)
  const { state, restarts, memoryLimit, oomKilled, exitCode, since } = container
  const known = deathsOf(container, deaths)
  const isDead = state === 'crashed' || state === 'restarting'
  if (!isDead && (known?.loop == null || state === 'exited' || state === 'retiring')) return null
  const last = known?.recent.at(-1) ?? {
    ...{ at: since, from: since, exitCode, memory: oomKilled && exitCode !== 0, aliveMs: null, count: 1 },
  }
  const gaveUpAfter = state === 'crashed' && hasGivenUp(container) ? restarts : null
  return { process, last, loop: known?.loop ?? null, gaveUpAfter, memoryLimit }
}

export const hasGivenUp = ({ restartPolicy, restarts, maxRestarts }: Container): boolean =>
  restartPolicy === 'on-failure' && maxRestarts > 0 && restarts >= maxRestarts

const isUpcoming = ({ state, inService }: Container): boolean => state === 'starting' && inService !== true

/** Neither being made nor being replaced. A deploy whose proxy failed leaves the app's own ones without their names. */
const isCurrent = ({ name, inService }: Container): boolean =>
  liveState(name) === 'running' || (liveState(name) === 'starting' && inService === true)

const isUp = ({ state }: Container): boolean => state === 'running' || state === 'starting'

/**
 * Containers that a deploy made and never put in service: two `ps:scale` at once leave such ones running for ever.
 * None while a deploy may be going on, none that nginx sends requests to or that Dokku counts as the app's own.
 */
export function leftOver({
  containers,
  deploying,
  upstreams,
  now,
}: Pick<Observed, 'containers' | 'deploying' | 'upstreams' | 'now'>): ReadonlySet<string> {
  const newest = Math.max(...containers.map(({ createdAt, since }) => createdAt ?? since))
  if (deploying || now - newest < DEPLOY_MS) return new Set()
  const served = new Set((upstreams ?? []).map(hostOf))
  return new Set(
    containers
      .filter(isUpcoming)
      .filter(
        ({ inService, addresses }) => inService === false && !addresses.some((each) => served.has(each)),
      )
      .map(({ id }) => id),
  )
}

/**
 * Requests that nginx sends to where the app no longer is: a container that was started again has another address.
 * Only what is certain counts: nginx is the proxy, the app's own web containers have addresses, one of them gets no
 * requests, and an address that gets some is of the same network and of none of the app's containers.
 */
function strayRequests(app: Observed, running: readonly Container[]): StateDetail | null {
  const { proxy, webListener, upstreams, deploying } = app
  if (deploying || proxy !== 'nginx' || webListener !== '' || upstreams === null) return null
  const web = running.filter(({ processType }) => processType === 'web')
  if (web.length === 0 || web.some(({ addresses }) => addresses.length === 0)) return null
  const served = [...new Set(upstreams.map(hostOf))].filter((address) => IPV4.test(address))
  const missed = web.filter(({ addresses }) => !addresses.some((each) => served.includes(each)))
  const own = new Set(app.containers.flatMap(({ addresses }) => addresses))
  const networks = new Set(web.flatMap(({ addresses }) => addresses.map(networkOf)))
  const stray = served.filter((address) => !own.has(address) && networks.has(networkOf(address)))
  if (missed.length === 0 || stray.length === 0) return null
  return { kind: 'unreachable', addresses: stray, some: missed.length < web.length }
}

const IPV4 = /^(?!127\.)\d+\.\d+\.\d+\.\d+$/
const hostOf = (upstream: string): string => upstream.replace(/:\d+$/, '')
/** Docker makes networks of 65,536 addresses, and smaller ones within such. */
const networkOf = (address: string): string => address.split('.').slice(0, 2).join('.')
