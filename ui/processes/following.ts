/** A container as Docker's lines tell of it, one after the other. Pure. */
import type { AppLine, ContainerLine } from '../dokku/container.ts'
import type { Container, ContainerState, Death } from './process.ts'

/** An app may take up to an hour to end after a stop was requested; whatever ends it later is another matter. */
const STOP_MS = 3_600_000
/** Docker tells of a kill for memory some hundredths of a second before the death it leads to. */
export const OOM_MS = 5000
/** After a stop was requested a container that runs is going, unless it goes on for this long. */
const GOING_MS = 600_000
/**
 * What `docker stop` sends: SIGTERM, or by the image SIGINT, SIGQUIT (nginx), SIGWINCH (httpd), SIGRTMIN+3 (systemd).
 * Other signals may mean anything.
 */
const STOPS: ReadonlySet<number> = new Set([2, 3, 15, 28, 37])
/** Exit codes of a process that was asked to end: by itself, by SIGTERM or SIGINT, by SIGKILL after its time. */
const ORDERLY: ReadonlySet<number> = new Set([0, 130, 137, 143])

/** `listedAt`: when the list was read that it is of. */
export type ToldLine = ContainerLine & { readonly listedAt?: number }

/** What one line changed: the container now (null: it is gone), and its death where that was not requested. */
export interface Step {
  readonly after: Container | null
  readonly death: Death | null
  /** It ended, or begins to, by request. */
  readonly stopped: boolean
}

/**
 * Dokku starts containers as `blog.web.1.upcoming-4698`, renames the old ones to `blog.web.1.1795402339` and stops them
 * later: only an end under the plain name that was not requested is a death.
 */
export function follow(
  appId: number,
  before: Container | undefined,
  line: ToldLine,
  app?: Pick<AppLine, 'current'>,
): Step {
  if (line.action === 'destroy') return { after: null, death: null, stopped: false }
  if (before !== undefined && line.at < before.toldAt && line.action !== 'listed')
    return { after: before, death: null, stopped: false }
  const known = before ?? unknown(appId, line)
  const named = line.name === '' ? known : { ...known, name: line.name }
  return line.action === 'listed' ? listed(before, named, line, app) : happened(named, line)
}

function listed(
  before: Container | undefined,
  known: Container,
  { state: docker, exitCode, at, facts, listedAt = 0 }: ToldLine,
  app: Pick<AppLine, 'current'> | undefined,
): Step {
  if (facts === null) return { after: known, death: null, stopped: false }
  const { id } = known
  const inService = app === undefined ? known.inService : app.current.some((each) => id.startsWith(each))
  // Since it was listed it did something that was told: the list is older in that.
  if (before !== undefined && before.toldAt > listedAt)
    return {
      after: { ...before, imageId: facts.imageId, image: facts.image, createdAt: facts.createdAt, inService },
      death: null,
      stopped: false,
    }
  const wasStopped = docker === 'running' && facts.startedAt !== before?.startedAt
  const stopRequestedAt = wasStopped ? null : known.stopRequestedAt
  const state = listedState(
    { ...known, stopRequestedAt },
    { docker, exitCode, policy: facts.restartPolicy, listedAt },
  )
  const isUp = state === 'running' || state === 'starting' || state === 'retiring'
  const after: Container = {
    ...known,
    ...facts,
    inService,
    state,
    exitCode: isUp ? null : exitCode,
    since: state === 'starting' || state === 'retiring' ? (state === before?.state ? before.since : at) : at,
    toldAt: listedAt,
    oomAt: isUp ? known.oomAt : null,
    stopRequestedAt,
  }
  return { after, death: unseen(before, after), stopped: false }
}

interface Listed {
  /** Docker's word. */
  readonly docker: string
  readonly exitCode: number | null
  readonly policy: string
  readonly listedAt: number
}

const listedState = (
  { name, stopRequestedAt }: Container,
  { docker, exitCode, policy, listedAt }: Listed,
): ContainerState => {
  const alive =
    stopRequestedAt !== null && listedAt - stopRequestedAt < GOING_MS ? 'retiring' : liveState(name)
  if (docker === 'restarting') return alive === 'retiring' ? 'retiring' : 'restarting'
  if (docker === 'created') return 'starting'
  if (exitCode === null) return alive
  if (liveState(name) !== 'running' || exitCode === 0 || stopRequestedAt !== null) return 'exited'
  // Dokku takes the restart policy away before it stops a container for good.
  if (exitCode === 143 || (policy === 'no' && ORDERLY.has(exitCode))) return 'exited'
  return 'crashed'
}

/** Deaths that no event told of: before the first list, or between two. Docker counts its restarts. */
function unseen(before: Container | undefined, after: Container): Death | null {
  if (after.state === 'retiring' || after.state === 'starting') return null
  const known = before === undefined || after.restarts < before.restarts ? 0 : before.restarts
  const ended = after.state === 'crashed' && before?.state !== 'crashed' ? 1 : 0
  const count = after.restarts - known + ended
  if (count === 0) return null
  const { finishedAt, exitCode, oomKilled: memory, createdAt } = after
  const at = finishedAt ?? after.toldAt
  const from = Math.min(at, before?.toldAt ?? createdAt ?? at)
  return { at, from, exitCode: ended ? exitCode : null, memory, aliveMs: null, count }
}

function happened(known: Container, line: ContainerLine): Step {
  const { action, at, signal, exitCode } = line
  const alive = liveState(known.name)
  const step = (changes: Partial<Container>, rest: Partial<Step> = {}): Step => ({
    after: { ...known, toldAt: at, ...changes },
    death: null,
    stopped: false,
    ...rest,
  })
  const isAlso = (state: ContainerState) => ({ state, since: state === known.state ? known.since : at })
  switch (action) {
    case 'start':
      return step({
        ...{ state: alive, since: at, startedAt: at, exitCode: null, addresses: [] },
        ...{ stopRequestedAt: null, oomAt: null, oomKilled: false },
        restarts: restartsAfter(known),
      })
    case 'kill':
      // Whatever `docker kill` ends is not started again by Docker.
      if (signal === 9) return step({ restartPolicy: 'no' })
      if (!STOPS.has(signal ?? 0)) return step({})
      return step({ ...isAlso('retiring'), stopRequestedAt: at }, { stopped: alive === 'running' })
    case 'oom':
      return step({ oomAt: at })
    case 'die':
      return died(known, at, exitCode, step)
    // The end of `docker stop`: where its beginning was missed, the death before was none.
    case 'stop':
      return known.state === 'crashed' || known.state === 'restarting'
        ? step({ state: 'exited', stopRequestedAt: at }, { stopped: alive === 'running' })
        : step({})
    case 'rename':
      return ENDED.has(known.state) || known.stopRequestedAt !== null ? step({}) : step(isAlso(alive))
    default:
      return step({})
  }
}

const ENDED: ReadonlySet<ContainerState> = new Set(['exited', 'crashed', 'restarting'])

function died(
  known: Container,
  at: number,
  exitCode: number | null,
  step: (changes: Partial<Container>, rest?: Partial<Step>) => Step,
): Step {
  const memory = exitCode !== 0 && known.oomAt !== null && at - known.oomAt <= OOM_MS
  const isRequested = known.stopRequestedAt !== null && at - known.stopRequestedAt <= STOP_MS
  const ended = { since: at, finishedAt: at, exitCode, addresses: [], oomKilled: memory, oomAt: null }
  if (isRequested)
    return step({ ...ended, state: 'exited' }, { stopped: liveState(known.name) === 'running' })
  if (liveState(known.name) === 'retiring') return step({ ...ended, state: 'exited' })
  const again = restartsAgain(known, exitCode)
  const restarts = known.restarts + (again ? 1 : 0)
  // Not in service yet: Dokku's checks say what becomes of the deploy.
  if (liveState(known.name) === 'starting')
    return step({ ...ended, state: again ? 'restarting' : 'exited', restarts })
  const state = again ? 'restarting' : exitCode === 0 ? 'exited' : 'crashed'
  const aliveMs = known.startedAt === null ? null : Math.max(0, at - known.startedAt)
  return step({ ...ended, state, restarts }, { death: { at, from: at, exitCode, memory, aliveMs, count: 1 } })
}

/** As Docker counts: one more at a death that it restarts after, none again once somebody else started it. */
const restartsAfter = ({ state, restarts, restartPolicy }: Container): number => {
  if (state === 'restarting') return restarts
  return state === 'crashed' && restartPolicy === '' ? restarts + 1 : 0
}

/** Whether Docker starts it again by its restart policy; a policy that is not known yet starts nothing. */
function restartsAgain(
  { restartPolicy, restarts, maxRestarts }: Container,
  exitCode: number | null,
): boolean {
  if (restartPolicy === 'always' || restartPolicy === 'unless-stopped') return true
  return restartPolicy === 'on-failure' && exitCode !== 0 && (maxRestarts === 0 || restarts < maxRestarts)
}

export const liveState = (name: string): 'starting' | 'retiring' | 'running' => {
  if (/\.upcoming-\d+$/.test(name)) return 'starting'
  return /\.\d{9,}$/.test(name) ? 'retiring' : 'running'
}

const unknown = (appId: number, { id, processType, number, name, at }: ContainerLine): Container => ({
  ...{ id, appId, processType, number, name, state: liveState(name), exitCode: null, since: at, toldAt: 0 },
  ...{ stopRequestedAt: null, oomAt: null, imageId: null, image: null, createdAt: null, startedAt: null },
  ...{
    finishedAt: null,
    oomKilled: false,
    restarts: 0,
    restartPolicy: '',
    maxRestarts: 0,
    memoryLimit: null,
  },
  ...{ addresses: [], inService: null },
})
