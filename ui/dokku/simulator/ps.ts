import { type App, isDeployed, isScheduled, processTypes, quantity } from './app.ts'
import { startBuild } from './capture.ts'
import type { Commands } from './dispatch.ts'
import { goJson } from './go.ts'
import { parseOptions } from './options.ts'
import { clearProxyConfig, proxyBuildConfig } from './proxy.ts'
import { receiveApp } from './receive.ts'
import { releaseAndDeploy } from './release.ts'
import { report } from './report.ts'
import { settle, stopAll } from './retire.ts'
import { scheduleDeploy } from './schedule.ts'
import { info, quietInfo, warn } from './speech.ts'
import { appNamed, Refused, refuse, type World } from './world.ts'

const ALL = { flags: ['all', 'skip-deploy'], values: ['parallel', 'format'] } as const

export const commands: Commands = {
  // Dokku opens these two records before it looks whether there is such an app: `--all` gets one too.
  'ps:rebuild'(world, args) {
    startBuild(world, args[0] ?? '', 'ps:rebuild')
    return each(world, 'ps:rebuild', args, (name) => receiveApp(world, name))
  },
  'ps:restart'(world, args) {
    startBuild(world, args[0] ?? '', 'ps:restart')
    return each(world, 'ps:restart', args, (name, type) => restart(world, name, type))
  },
  'ps:start': (world, args) => each(world, 'ps:start', args, (name) => start(world, name)),
  'ps:stop': (world, args) => each(world, 'ps:stop', args, (name) => stop(world, name)),
  'ps:restore'(world, args) {
    world.fire('pre-restore')
    return each(world, 'ps:restore', args[0] === undefined ? ['--all'] : args, (name) => restore(world, name))
  },
  'ps:scale': scale,
  'ps:retire'(world, args) {
    info(world, 'Retiring old containers and images')
    world.fire('scheduler-retire', 'docker-local', args[0] ?? '')
    settle(world)
    info(world, 'Retiring expired run and cron containers')
    world.fire('scheduler-run-retire')
  },
  'ps:report': report('ps'),
}

/** One app or, with --all, every app in turn; then failures are counted and the rest goes on. */
async function each(
  world: World,
  command: string,
  args: readonly string[],
  work: (name: string, type: string) => Promise<void>,
): Promise<void> {
  const { flags, rest } = parseOptions(command, args, ALL)
  if (!flags.has('all')) return await work(appNamed(world, rest[0]).name, rest[1] ?? '')
  const verb = command.slice(3)
  let failures = 0
  warn(world, `Running ${verb} in serial mode`)
  for (const name of world.state.apps()) {
    info(world, `Running ${verb} against app ${name}`)
    try {
      await work(name, '')
    } catch (error) {
      if (!(error instanceof Refused)) throw error
      warn(world, `Error running ${verb} against app ${name}: exit status ${error.exitCode}`)
      failures += 1
    }
  }
  if (failures > 0) throw refuse(`${verb} command returned ${failures} errors`)
}

async function restart(world: World, name: string, type: string): Promise<void> {
  const app = appNamed(world, name)
  if (!isDeployed(app)) return notDeployed(world, app)
  await deploy(world, name, type)
}

/** The `deploy` trigger of ps:restart and ps:scale: no release, no record's end. */
async function deploy(world: World, name: string, type: string): Promise<void> {
  world.fire('deploy', name, 'latest', ...(type === '' ? [] : [type]))
  if (!isScheduled(appNamed(world, name))) return
  await world.clock.wait(0.35)
  await scheduleDeploy(world, name, type)
}

async function start(world: World, name: string): Promise<void> {
  const app = appNamed(world, name)
  if (!isDeployed(app)) return notDeployed(world, app)
  world.fire('pre-start', name)
  const running = runningState(world, app)
  if (running === 'true') warn(world, `App ${name} already running`)
  else {
    const how = running === 'mixed' ? 'App is running in mixed mode' : 'App has been detected as not running'
    warn(world, `${how}, releasing`)
    await releaseAndDeploy(world, name, ['latest'])
  }
  await proxyBuildConfig(world, appNamed(world, name))
}

async function stop(world: World, name: string): Promise<void> {
  const app = appNamed(world, name)
  if (!isDeployed(app)) return notDeployed(world, app)
  quietInfo(world, `Stopping ${name}`)
  world.fire('scheduler-stop', 'docker-local', name)
  stopAll(world, app)
  world.fire('scheduler-cron-write', 'docker-local', name)
  await world.clock.wait(0.9)
  info(world, 'Updated schedule file')
  world.fire('post-stop', name)
}

async function restore(world: World, name: string): Promise<void> {
  world.fire('scheduler-pre-restore', 'docker-local', name)
  info(world, 'Clearing potentially invalid proxy configuration')
  world.fire('proxy-clear-config', name)
  world.fire('network-clear-config', name)
  const app = appNamed(world, name)
  clearProxyConfig(world, app)
  if (!isDeployed(app)) return notDeployed(world, app)
  if (app.properties['ps.restore'] === 'false')
    return warn(world, `Skipping ps:restore for ${name} as restore property is false`)
  info(world, 'Starting app')
  await start(world, name)
}

const notDeployed = (world: World, app: App): void => warn(world, `App ${app.name} has not been deployed`)

function runningState(world: World, app: App): 'true' | 'false' | 'mixed' {
  if (!isScheduled(app)) return 'true'
  const states = Object.values(app.dynos).map((id) => world.state.container(id)?.status === 'running')
  if (!states.includes(true)) return 'false'
  return states.includes(false) ? 'mixed' : 'true'
}

async function scale(world: World, args: readonly string[]): Promise<void> {
  // pflag takes `web=-1` as it stands: only a leading dash makes a flag.
  const { flags, values, rest } = parseOptions('ps:scale', args, ALL)
  const app = appNamed(world, rest[0])
  const pairs = rest.slice(1)
  if (pairs.length === 0) return showScale(world, app, values.format)
  if (app.properties['ps.can-scale'] === 'false')
    throw refuse(
      `App ${app.name} contains an app.json file with a formations key and cannot be manually scaled`,
    )
  info(world, `Scaling ${app.name} processes: ${pairs.join(' ')}`)
  const wanted = parsePairs(pairs)
  for (const [type, count] of wanted) checkType(app, type, count)
  world.state.change(app.name, (changed) => Object.assign(changed.formation, Object.fromEntries(wanted)))
  if (flags.has('skip-deploy') || !app.deployed) return
  for (const [type, count] of wanted) if (quantity(app, type) !== count) await deploy(world, app.name, type)
}

function parsePairs(pairs: readonly string[]): Map<string, number> {
  const wanted = new Map<string, number>()
  for (const pair of pairs) {
    const [type = '', count] = pair.split(/=(.*)/s)
    if (count === undefined) throw refuse(`Missing count for process type ${pair}`)
    if (!/^[+-]?\d+$/.test(count.trim())) throw refuse(`Invalid count for process type ${type}`)
    if (!wanted.has(type.trim())) wanted.set(type.trim(), Number(count))
  }
  return wanted
}

function checkType(app: App, type: string, count: number): void {
  const known = Object.keys(app.source?.processes ?? {})
  if (known.length > 0 && !known.includes(type) && count !== 0)
    throw refuse(`${type} is not a valid process name to scale up`)
}

function showScale(world: World, app: App, format: string | undefined) {
  const types = processTypes(app).sort()
  if (format === 'json')
    return world.out(
      `${goJson(types.map((type) => ({ process_type: type, quantity: quantity(app, type) })))}\n`,
    )
  quietInfo(world, `Scaling for ${app.name}`)
  if (!world.flags.quiet) world.out('proctype: qty\n--------: ---\n')
  for (const type of types) world.out(`${`${type}:`.padEnd(5)} ${quantity(app, type)}\n`)
}
