import { type App, processTypes, property, quantity } from './app.ts'
import { type Container, dynoOf, shortId } from './container.ts'
import { createContainer, rename, runTask, start } from './docker.ts'
import { runChecks } from './healthcheck.ts'
import { portsOf, proxyBuildConfig } from './proxy.ts'
import { retire } from './retire.ts'
import type { Task } from './source.ts'
import { headline, info, verbose } from './speech.ts'
import { appNamed, Refused, type World } from './world.ts'

/** The docker-local scheduler: new containers beside the old ones, checks, proxy, rename, retire. */

/** Deploys the current image: every process type, or only `type`. */
export async function scheduleDeploy(world: World, name: string, type = ''): Promise<void> {
  const app = appNamed(world, name)
  world.fire('scheduler-deploy', 'docker-local', name, 'latest', type)
  const old = dynosOf(app, type)
  await world.clock.wait(1.06)
  for (const each of processTypes(app)) if (type === '' || each === type) await deployType(world, app, each)
  info(world, 'Running post-deploy')
  world.fire('core-post-deploy', name, '', '', 'latest')
  await world.clock.wait(0.4)
  await proxyBuildConfig(world, app)
  await renameContainers(world, app)
  await postDeploy(world, app)
  const wait = waitToRetire(world, app)
  if (old.length === 0) return
  retire(world, old, wait)
  info(world, `Shutting down old containers in ${wait} seconds`)
  await world.clock.wait(0.14)
}

async function deployType(world: World, app: App, type: string): Promise<void> {
  const count = quantity(app, type)
  info(world, `Deploying ${type} (count=${count})`)
  await world.clock.wait(0.3)
  for (let number = 1; number <= count; number += 1) await deployContainer(world, app, type, number)
  world.fire('scheduler-post-deploy-process', app.name, type)
  if (type === 'web') {
    headline(world, 'Triggering early nginx proxy rebuild')
    await proxyBuildConfig(world, app, world.faults.has('proxy'))
  }
  retireOrphans(world, app, type, count)
  await world.clock.wait(0.4)
}

async function deployContainer(world: World, app: App, type: string, number: number): Promise<void> {
  await world.clock.wait(2)
  const container = createContainer(world, app, type, number)
  world.fire('post-container-create', 'app', container.id, app.name, 'deploy', type)
  await world.clock.wait(0.3)
  start(world, container)
  await world.clock.wait(0.9)
  verbose(world, `Attempting pre-flight checks (${type}.${number})`)
  const port = type === 'web' ? (portsOf(app)[0]?.split(':')[2] ?? '5000') : ''
  world.fire('check-deploy', app.name, container.id, type, port, container.ip, String(number))
  await world.clock.wait(0.7)
  if (!(await runChecks(world, app, container, port))) return await giveUp(world, app, container)
  const before = app.dynos[`${type}.${number}`]
  if (before !== undefined) {
    const wait = waitToRetire(world, app)
    verbose(world, `Scheduling old container shutdown in ${wait} seconds (${type}.${number})`)
    registerRetired(world, app.name, before, wait)
  }
  setDyno(world, app, dynoOf(container), container.id)
  await world.clock.wait(0.1)
}

/** A failed check ends the deploy; the old containers go on. */
async function giveUp(world: World, app: App, container: Container): Promise<never> {
  const wait = waitToRetire(world, app)
  const { processType: type, number } = container
  registerRetired(world, '', container.id, wait)
  await world.clock.wait(0.25)
  const script =
    '/var/lib/dokku/plugins/available/scheduler-docker-local/bin/scheduler-deploy-process-container'
  const job = [script, app.name, 'dockerfile', container.image, 'latest', type, quantity(app, type), number]
  world.err('parallel: This job failed:\n')
  world.err(`${job.join(' ')}\n`)
  throw new Refused(1)
}

/** Scaling down leaves containers without a number to go. */
function retireOrphans(world: World, app: App, type: string, count: number): void {
  const wait = waitToRetire(world, app)
  for (const [dyno, id] of Object.entries(app.dynos)) {
    const [ofType, number] = dyno.split('.')
    if (ofType !== type || Number(number) <= count) continue
    verbose(world, `Scheduling orphaned container shutdown in ${wait} seconds (${dyno})`)
    registerRetired(world, app.name, id, wait)
    setDyno(world, app, dyno, null)
  }
}

const RETIRE_EVERY_SECONDS = 300

/** Whatever becomes of the deploy, cron's ps:retire ends it when its time is over. */
function registerRetired(world: World, app: string, id: string, wait: number): void {
  world.fire('scheduler-register-retired', app, id, String(wait))
  const container = world.state.container(id)
  if (container === null) return
  container.stopAt = world.clock.now() + world.clock.later(wait + RETIRE_EVERY_SECONDS)
  world.state.saveContainer(container)
}

/** The new ones take the plain names, whoever had them gets the time as a suffix; those that stay get theirs back. */
async function renameContainers(world: World, app: App): Promise<void> {
  info(world, 'Renaming containers')
  await world.clock.wait(0.1)
  for (const dyno of Object.keys(app.dynos).sort()) {
    const current = world.state.container(app.dynos[dyno] ?? '')
    if (current === null) continue
    const name = `${app.name}.${dyno}`
    const previous = world.state.containers(app.name).find((container) => container.name === name)
    if (previous !== undefined) {
      const aside = `${name}.${Math.floor(world.clock.now() / 1000)}`
      verbose(world, `Found previous container(s) (${shortId(previous.id)}) named ${name}`)
      verbose(world, `Renaming container (${shortId(previous.id)}) ${name} to ${aside}`)
      rename(world, previous, aside)
      if (previous.id === current.id) current.name = aside
    }
    verbose(world, `Renaming container ${current.name} (${shortId(current.id)}) to ${name}`)
    rename(world, current, name)
    await world.clock.wait(0.03)
  }
}

async function postDeploy(world: World, app: App): Promise<void> {
  await world.clock.wait(0.35)
  world.fire('post-deploy', app.name, '', '', 'latest')
  info(world, 'Checking for postdeploy task')
  const task = app.source?.postdeploy ?? null
  if (task === null) verbose(world, 'No postdeploy task found, skipping')
  else {
    verbose(world, `Executing postdeploy task from app.json in ephemeral container: ${task.script}`)
    await runTaskOf(world, app, 'postdeploy', task)
  }
  world.fire('scheduler-cron-write', 'docker-local', app.name)
  await world.clock.wait(0.8)
  info(world, 'Updated schedule file')
  await world.clock.wait(0.07)
}

/** A task of app.json in a container of its own, with what it prints. */
export async function runTaskOf(world: World, app: App, phase: string, { says }: Task): Promise<void> {
  await world.clock.wait(0.6)
  const id = runTask(world, app, phase)
  world.fire('post-container-create', 'app', id, app.name, phase)
  await world.clock.wait(0.3)
  headline(world, `Start of ${app.name} ${phase} task (${id.slice(0, 9)}) output`)
  for (const line of says.split('\n')) if (line !== '') verbose(world, line)
  headline(world, `End of ${app.name} ${phase} task (${id.slice(0, 9)}) output`)
  await world.clock.wait(0.1)
}

/** Ids of the containers that a deploy of `type` will replace. */
const dynosOf = (app: App, type: string): string[] =>
  Object.entries(app.dynos)
    .filter(([dyno]) => type === '' || dyno.startsWith(`${type}.`))
    .map(([, id]) => id)

function setDyno(world: World, app: App, dyno: string, id: string | null): void {
  world.state.change(app.name, (changed) => {
    if (id === null) delete changed.dynos[dyno]
    else changed.dynos[dyno] = id
    app.dynos = changed.dynos
  })
}

const waitToRetire = (world: World, app: App): number =>
  Number(property(app, world.state.host(), 'checks.wait-to-retire', '60'))
