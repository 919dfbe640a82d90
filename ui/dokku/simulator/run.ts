import type { App } from './app.ts'
import { hex } from './docker.ts'
import { warn } from './speech.ts'
import { appNamed, refuse, type World } from './world.ts'

/** `dokku run`, with Dokku's own options before the app. */
export function run(world: World, args: readonly string[]): Promise<number> {
  const { cronId, rest } = optionsOf(args)
  return runOnce(world, appNamed(world, rest[0]), rest.slice(1), cronId)
}

/** A one-off container. Nothing is really run: `sh -c "exit 42"` ends with 42, under a fault all with 1, else with 0. */
export async function runOnce(
  world: World,
  app: App,
  command: readonly string[],
  cronId: string,
): Promise<number> {
  if (!app.deployed) {
    world.err(` !     App image (dokku/${app.name}:latest) not found\nError: No such image: \n`)
    warn(world, "Invalid image stage detected: expected 'release', got ''")
    throw refuse('Successfully deploy your app to fix dokku run calls')
  }
  world.cronId = cronId
  world.fire('scheduler-run', 'docker-local', app.name, '0', '--', ...command)
  const id = hex(world, 64)
  world.fire('post-container-create', 'app', id, app.name, 'run')
  await world.clock.wait(0.5)
  const exitCode = world.faults.has('run') ? 1 : Number(/exit (\d+)/.exec(command.join(' '))?.[1] ?? 0)
  world.fire('scheduler-post-run', 'docker-local', app.name, id, String(exitCode))
  return exitCode
}

const FLAGS: ReadonlySet<string> = new Set(['--no-tty', '--force-tty'])
const VALUES: ReadonlySet<string> = new Set([
  '--cron-id',
  '--concurrency-policy',
  '--ttl-seconds',
  '--env',
  '-e',
])

/** What follows the app is the command's own, whatever it looks like. */
function optionsOf(args: readonly string[]) {
  const rest = [...args]
  let cronId = ''
  for (;;) {
    const [name = '', inline] = (rest[0] ?? '').split(/=(.*)/s)
    if (!FLAGS.has(name) && !VALUES.has(name)) return { cronId, rest }
    rest.shift()
    const value = VALUES.has(name) ? (inline ?? rest.shift() ?? '') : ''
    if (name === '--cron-id') cronId = value
  }
}
