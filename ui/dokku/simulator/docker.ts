import type { App } from './app.ts'
import { type Container, dynoOf } from './container.ts'
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
    port: processType === 'web' ? containerPort(app) : null,
    ip: `172.17.0.${freeAddress(world)}`,
    createdAt: now,
    startedAt: now,
    status: 'created',
    exitCode: null,
    endedAt: null,
    diesAt: null,
    stopAt: null,
    voice: app.source?.voices[processType] ?? (processType === 'web' ? 'node server' : 'node worker'),
  }
  world.state.saveContainer(container)
  tell(world, container, 'create')
  return container
}

export function start(world: World, container: Container): void {
  container.status = 'running'
  container.startedAt = world.clock.now()
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

/** The process in it ended by itself: no `kill` goes before. */
export function crash(world: World, container: Container, exitCode: number): void {
  if (container.status === 'running') die(world, container, exitCode)
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
  tell(world, container, 'update')
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

/** One line of `docker ps --format '{{json .}}'`. */
export function psLine(world: World, container: Container): string {
  const labels = labelsOf(world, container)
  const running = container.status === 'running'
  const since = ago(world.clock.now() - (running ? container.startedAt : (container.endedAt ?? 0)))
  return JSON.stringify({
    Command: `"${container.command}"`,
    CreatedAt: `${new Date(container.createdAt).toISOString().slice(0, 19).replace('T', ' ')} +0000 UTC`,
    ID: container.id,
    Image: container.image,
    Labels: Object.entries(labels)
      .map(([key, value]) => `${key}=${value}`)
      .join(','),
    LocalVolumes: '0',
    Mounts:
      world.state
        .app(container.app)
        ?.mounts.map(({ host }) => host)
        .join(',') ?? '',
    Names: container.name,
    Networks: 'bridge',
    Platform: null,
    Ports: container.port === null ? '5000/tcp' : `0.0.0.0:32768->${container.port}/tcp`,
    RunningFor: `${ago(world.clock.now() - container.createdAt)} ago`,
    Size: '0B (virtual 360MB)',
    State: container.status,
    Status: running ? `Up ${since}` : `Exited (${container.exitCode ?? 0}) ${since} ago`,
  })
}

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

function ago(ms: number): string {
  const seconds = Math.floor(ms / 1000)
  if (seconds < 1) return 'Less than a second'
  if (seconds < 60) return `${seconds} seconds`
  if (seconds < 120) return 'About a minute'
  if (seconds < 3600) return `${Math.floor(seconds / 60)} minutes`
  if (seconds < 7200) return 'About an hour'
  if (seconds < 172_800) return `${Math.floor(seconds / 3600)} hours`
  return `${Math.floor(seconds / 86_400)} days`
}

const MOODS = ['charming', 'upbeat', 'heuristic', 'goofy', 'focused', 'quirky', 'serene', 'vigilant']
const PEOPLE = ['benz', 'hamilton', 'kapitsa', 'lewin', 'agnesi', 'curie', 'noether', 'hopper']
const pick = (world: World, words: readonly string[]): string =>
  words[Math.floor(world.random() * words.length)] ?? ''
