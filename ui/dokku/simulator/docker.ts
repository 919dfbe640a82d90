import { type App, property } from './app.ts'
import { type Container, dynoOf, type Fate } from './container.ts'
import type { World } from './world.ts'

/** What Docker does to containers, each with the event it tells and in the shape it lists them. */

type Labels = Readonly<Record<string, string>>

export function createContainer(world: World, app: App, processType: string, number: number): Container {
  const id = hex(world, 64)
  const now = world.clock.now()
  const container: Container = {
    id,
    name: `${app.name}.${processType}.${number}.upcoming-${Math.floor(world.random() * 32768)}`,
    app: app.name,
    processType,
    number,
    command: app.source?.processes[processType] ?? 'docker-entrypoint.sh',
    image: `dokku/${app.name}:latest`,
    imageId: `sha256:${world.state.app(app.name)?.image}`,
    port: processType === 'web' ? containerPort(app) : null,
    ip: `172.17.0.${freeAddress(world)}`,
    createdAt: now,
    startedAt: now,
    status: 'created',
    exitCode: null,
    endedAt: null,
    oomKilled: false,
    restarts: 0,
    restartPolicy: property(app, world.state.host(), 'ps.restart-policy', 'on-failure:10'),
    memoryLimit: memoryLimit(app, processType),
    diesAt: null,
    stopAt: null,
    restartsAt: null,
    backoffMs: BACKOFF_MS,
    fate: null,
    voice: app.source?.voices[processType] ?? (processType === 'web' ? 'node server' : 'node worker'),
  }
  world.state.saveContainer(container)
  tell(world, container, 'create')
  return container
}

export function start(world: World, container: Container): void {
  container.status = 'running'
  container.startedAt = world.clock.now()
  container.exitCode = null
  container.restartsAt = null
  world.state.saveContainer(container)
  tell(world, container, 'start')
}

export function rename(world: World, container: Container, name: string): void {
  const oldName = `/${container.name}`
  container.name = name
  world.state.saveContainer(container)
  tell(world, container, 'rename', { oldName })
}

/** `docker kill`: TERM lets an app go with 0 when it is ready, KILL ends it with 137. */
export function kill(world: World, container: Container, signal: 9 | 15, graceMs = 0) {
  if (container.status !== 'running') return
  tell(world, container, 'kill', { signal: String(signal) })
  if (graceMs === 0) return die(world, container, signal === 9 ? 137 : 0)
  container.diesAt = world.clock.now() + graceMs
  world.state.saveContainer(container)
}

/** Docker waits so long before it starts a container again, then twice as long, up to a minute. */
const BACKOFF_MS = 100
const LONGEST_BACKOFF_MS = 60_000
/** After it ran for so long, the wait is short again. */
const WELL_MS = 10_000

/** The process in it ended by itself: no `kill` goes before, and Docker starts it again by its restart policy. */
export function crash(world: World, container: Container, { exitCode, memory }: Omit<Fate, 'afterMs'>): void {
  if (container.status !== 'running') return
  const ran = world.clock.now() - container.startedAt
  if (memory) tell(world, container, 'oom')
  container.oomKilled = memory
  die(world, container, exitCode)
  if (!restartsAfter(container, exitCode)) return
  container.restarts += 1
  container.status = 'restarting'
  const backoff = ran >= WELL_MS ? BACKOFF_MS : container.backoffMs
  container.restartsAt = world.clock.now() + world.clock.after(backoff / 1000)
  container.backoffMs = Math.min(LONGEST_BACKOFF_MS, 2 * backoff)
  world.state.saveContainer(container)
}

const restartsAfter = ({ restartPolicy, restarts }: Container, exitCode: number): boolean => {
  const [policy, most = '0'] = restartPolicy.split(':')
  if (policy === 'always' || policy === 'unless-stopped') return true
  return policy === 'on-failure' && exitCode !== 0 && (most === '0' || restarts < Number(most))
}

/** `docker stop` and `docker start` by hand: another address, unless the old one was the last that is free. */
export function stopAndStart(world: World, container: Container): void {
  kill(world, container, 15)
  tell(world, container, 'stop')
  container.ip = `172.17.0.${freeAddress(world)}`
  container.restarts = 0
  start(world, container)
}

export function die(world: World, container: Container, exitCode: number): void {
  container.status = 'exited'
  container.exitCode = exitCode
  container.endedAt = world.clock.now()
  container.diesAt = null
  world.state.saveContainer(container)
  tell(world, container, 'die', { exitCode: String(exitCode) })
}

/** What Dokku does to stop one for good: no restart policy any more, then `docker stop`. */
export function stop(world: World, container: Container): void {
  container.restartPolicy = 'no'
  tell(world, container, 'update')
  if (container.status === 'restarting') {
    Object.assign(container, { status: 'exited', restartsAt: null })
    world.state.saveContainer(container)
  }
  if (container.status !== 'running') return
  kill(world, container, 15)
  tell(world, container, 'stop')
}

export function remove(world: World, container: Container): void {
  world.state.removeContainer(container.id)
  tell(world, container, 'destroy')
}

/** A short-lived container of a deployment task, unnamed by Dokku. */
export function runTask(world: World, app: App, phase: string): string {
  const id = hex(world, 64)
  const name = `${pick(world, MOODS)}_${pick(world, PEOPLE)}`
  const labels = { ...baseLabels(app.name), dokku_phase_script: phase }
  for (const [action, more] of [['create'], ['start'], ['die', { exitCode: '0' }], ['destroy']] as const)
    world.docker(event(world, id, `dokku/${app.name}:latest`, action, { ...labels, ...more, name }))
  return id
}

/** A container as `dokkubase:containers` lists it. */
export function containerLine(container: Container): string {
  const [policy, most = '0'] = container.restartPolicy.split(':')
  return JSON.stringify({
    kind: 'container',
    app: container.app,
    container_type: 'deploy',
    process: container.processType,
    dyno: dynoOf(container),
    id: container.id,
    name: `/${container.name}`,
    image_id: container.imageId,
    image: container.image,
    created_at: dockerTime(container.createdAt),
    started_at: dockerTime(container.status === 'created' ? null : container.startedAt),
    finished_at: dockerTime(container.endedAt),
    status: container.status,
    exit_code: container.status === 'running' ? 0 : (container.exitCode ?? 0),
    oom_killed: container.oomKilled,
    restarts: container.restarts,
    restart_policy: policy,
    max_restarts: Number(most),
    memory_limit: container.memoryLimit,
    network_mode: 'default',
    addresses: [container.status === 'running' ? container.ip : '', null],
  })
}

/** Docker's zero time is in the year 1. */
const dockerTime = (at: number | null): string =>
  at === null ? '0001-01-01T00:00:00Z' : new Date(at).toISOString()

/** A random hexadecimal number, as Docker's ids and digests are. */
export function hex(world: World, digits: number): string {
  return Array.from({ length: digits }, () => Math.floor(world.random() * 16).toString(16)).join('')
}

function tell(world: World, container: Container, action: string, more: Labels = {}): void {
  const labels = { ...labelsOf(world, container), image: container.image, name: container.name, ...more }
  world.docker(event(world, container.id, container.image, action, labels))
}

function event(world: World, id: string, from: string, action: string, labels: Labels): object {
  const now = world.clock.now()
  const sorted = Object.fromEntries(Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1)))
  return {
    status: action,
    id,
    from,
    Type: 'container',
    Action: action,
    Actor: { ID: id, Attributes: sorted },
    scope: 'local',
    time: Math.floor(now / 1000),
    timeNano: Math.floor(now) * 1_000_000,
  }
}

const baseLabels = (app: string): Labels => ({
  'com.dokku.app-name': app,
  'com.dokku.builder-type': 'dockerfile',
  'com.dokku.image-stage': 'release',
  'com.dokku.predeploy-phase': 'true',
  dokku: '',
  'org.label-schema.schema-version': '1.0',
  'org.label-schema.vendor': 'dokku',
})

function labelsOf(world: World, container: Container): Labels {
  const app = world.state.app(container.app)
  const labels = {
    ...baseLabels(container.app),
    'com.dokku.container-type': 'deploy',
    'com.dokku.dyno': dynoOf(container),
    'com.dokku.process-type': container.processType,
    dokku_phase_script: 'predeploy',
  }
  const domains = container.processType === 'web' ? { 'openresty.domains': app?.domains.join(' ') ?? '' } : {}
  return Object.fromEntries(Object.entries({ ...labels, ...domains }).sort(([a], [b]) => (a < b ? -1 : 1)))
}

const containerPort = (app: App): number => {
  const first = app.ports[0] ?? app.detectedPorts[0] ?? 'http:80:5000'
  return Number(first.split(':')[2])
}

function freeAddress(world: World): number {
  const taken = new Set(world.state.containers().map(({ ip }) => ip))
  let last = 2
  while (taken.has(`172.17.0.${last}`)) last += 1
  return last
}

const UNITS: Readonly<Record<string, number>> = { b: 1, k: 2 ** 10, m: 2 ** 20, g: 2 ** 30 }

/** Bytes; a bare number is megabytes. 0: no limit. */
function memoryLimit({ resources }: App, processType: string): number {
  const text = resources[`${processType}.limit.memory`] ?? resources['_default_.limit.memory'] ?? ''
  const [, amount = '0', unit = 'm'] = /^(\d+)([bkmg])?$/.exec(text) ?? []
  return Number(amount) * (UNITS[unit] ?? 1)
}

const MOODS = ['charming', 'upbeat', 'heuristic', 'goofy', 'focused', 'quirky', 'serene', 'vigilant']
const PEOPLE = ['benz', 'hamilton', 'kapitsa', 'lewin', 'agnesi', 'curie', 'noether', 'hopper']
const pick = (world: World, words: readonly string[]): string =>
  words[Math.floor(world.random() * words.length)] ?? ''
