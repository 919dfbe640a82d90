/** What an app is made of while it runs: process types, how many of each, and their containers. */
import type { ContainerLine } from '../dokku/container.ts'

export type ContainerState = 'starting' | 'running' | 'retiring' | 'exited' | 'crashed'
export type AppState = 'running' | 'degraded' | 'stopped' | 'crashed' | 'not deployed' | 'unknown'

export interface ProcessType {
  readonly appId: number
  readonly processType: string
  readonly quantity: number
}

export interface Container {
  readonly id: string
  readonly appId: number
  readonly processType: string
  /** 1 for web.1 */
  readonly number: number
  readonly name: string
  readonly state: ContainerState
  readonly exitCode: number | null
  /** When it began to be in this state. Milliseconds since 1970, as all times here. */
  readonly since: number
  /** `sha256:…` of the image it runs; null until Docker listed it, as is what follows. */
  readonly imageId: string | null
  readonly image: string | null
  readonly startedAt: number | null
  readonly finishedAt: number | null
  readonly oomKilled: boolean
  readonly restarts: number
  readonly restartPolicy: string
  readonly maxRestarts: number
  /** Bytes. */
  readonly memoryLimit: number | null
  readonly addresses: readonly string[]
}

/** What pages read of processes. */
export interface ProcessReads {
  formations(): ReadonlyMap<number, readonly ProcessType[]>
  formation(appId: number): readonly ProcessType[]
  containers(appId: number): readonly Container[]
}

/**
 * A container after one more line about it; null when it is gone. Dokku starts new ones as
 * `blog.web.1.upcoming-4698`, renames the old ones to `blog.web.1.1795402339` and stops them later: only a
 * death under the plain name that nobody asked for is a crash.
 */
export function follow(appId: number, before: Container | undefined, line: ContainerLine): Container | null {
  if (line.action === 'destroy') return null
  const name = line.name === '' ? (before?.name ?? '') : line.name
  const { id, processType, number } = line
  const state = nextState(before, line, name)
  const since = state === before?.state && !tellsSince(line, state) ? before.since : line.at
  const exitCode =
    state === 'exited' || state === 'crashed' ? (line.exitCode ?? before?.exitCode ?? null) : null
  return { id, appId, processType, number, name, state, exitCode, since, ...factsAfter(before, line) }
}

/** A list and a start name the time itself: a container may have ended and begun again unnoticed. */
const tellsSince = ({ action, facts }: ContainerLine, state: ContainerState): boolean =>
  action === 'start' || (facts !== null && state !== 'starting' && state !== 'retiring')

type Facts = Pick<
  Container,
  | 'imageId'
  | 'image'
  | 'startedAt'
  | 'finishedAt'
  | 'oomKilled'
  | 'restarts'
  | 'restartPolicy'
  | 'maxRestarts'
  | 'memoryLimit'
  | 'addresses'
>

const UNKNOWN: Facts = {
  imageId: null,
  image: null,
  startedAt: null,
  finishedAt: null,
  oomKilled: false,
  restarts: 0,
  restartPolicy: '',
  maxRestarts: 0,
  memoryLimit: null,
  addresses: [],
}

const factsAfter = (before: Container | undefined, { action, facts, at }: ContainerLine): Facts => {
  if (facts !== null) {
    const { createdAt: _, ...told } = facts
    return told
  }
  const known: Facts = { ...UNKNOWN, ...(before && pickFacts(before)) }
  // Its next address is in the next list.
  if (action === 'start') return { ...known, startedAt: at, oomKilled: false, addresses: [] }
  return action === 'die' ? { ...known, finishedAt: at, addresses: [] } : known
}

const pickFacts = ({
  id: _id,
  appId: _app,
  processType: _type,
  number: _number,
  name: _name,
  state: _state,
  exitCode: _exit,
  since: _since,
  ...facts
}: Container): Facts => facts

const nextState = (before: Container | undefined, line: ContainerLine, name: string): ContainerState => {
  const alive = liveState(name)
  if (line.action === 'listed') return line.state === 'running' ? alive : endState(alive, line.exitCode)
  if (line.action === 'start') return alive
  if (line.action === 'kill') return line.signal === 9 ? (before?.state ?? alive) : 'retiring'
  if (line.action === 'die') return before?.state === 'retiring' ? 'exited' : endState(alive, line.exitCode)
  if (before?.state === 'exited' || before?.state === 'crashed') return before.state
  return alive
}

const liveState = (name: string): 'starting' | 'retiring' | 'running' => {
  if (/\.upcoming-\d+$/.test(name)) return 'starting'
  return /\.\d{9,}$/.test(name) ? 'retiring' : 'running'
}

const endState = (alive: 'starting' | 'retiring' | 'running', exitCode: number | null): ContainerState =>
  alive === 'running' && exitCode !== 0 ? 'crashed' : 'exited'

/** What an app's page says first, from its containers against its formation. */
export function stateOf(app: {
  readonly containers: readonly Pick<Container, 'state'>[]
  readonly formation: readonly Pick<ProcessType, 'quantity'>[]
  readonly stopped: boolean
  readonly deployed: boolean
}): AppState {
  const current = app.containers.filter(({ state }) => state !== 'starting' && state !== 'retiring')
  const running = current.filter(({ state }) => state === 'running')
  const wanted = app.formation.reduce((sum, { quantity }) => sum + Math.max(0, quantity), 0)
  if (running.length > 0) return running.length < wanted ? 'degraded' : 'running'
  if (app.containers.some(({ state }) => state === 'starting'))
    return app.deployed ? 'stopped' : 'not deployed'
  if (!app.deployed && current.length === 0) return 'not deployed'
  if (app.stopped || (wanted === 0 && app.formation.length > 0)) return 'stopped'
  return current.some(({ state }) => state === 'crashed') ? 'crashed' : 'stopped'
}
