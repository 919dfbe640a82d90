import type { App } from './app.ts'
import { endBuild, startBuild } from './capture.ts'
import { hex } from './docker.ts'
import { urls } from './proxy.ts'
import { runTaskOf, scheduleDeploy } from './schedule.ts'
import { recordedSource } from './source.ts'
import { headline, info, verbose, warn } from './speech.ts'
import { appNamed, Refused, refuse, type World } from './world.ts'

/**
 * Dokku's release-and-deploy: releases the image, deploys it and closes the build's record.
 * Throws when it failed; the record is closed all the same.
 */
export async function releaseAndDeploy(
  world: World,
  name: string,
  args: readonly string[] = [],
  source = 'deploy',
): Promise<void> {
  world.fire('release-and-deploy', name, ...args)
  startBuild(world, name, source)
  await world.clock.wait(0.1)
  let failure: Error | null = null
  try {
    await release(world, appNamed(world, name))
    await deploy(world, name)
  } catch (error) {
    if (!(error instanceof Refused)) throw error
    failure = error
    for (const line of error.lines) world.err(`${line}\n`)
  }
  world.out('\n')
  endBuild(world, name, failure === null ? 0 : 1)
  await world.clock.wait(0.1)
  if (failure !== null) throw new Refused(1)
}

async function release(world: World, app: App): Promise<void> {
  const image = `dokku/${app.name}:latest`
  const first = !app.deployed
  info(world, `Releasing ${app.name}...`)
  world.fire('builder-release', 'dockerfile', app.name, 'latest')
  // Each release labels the image, and is another one by that.
  tagImage(world, app)
  world.fire('pre-release-builder', 'dockerfile', app.name, image)
  await world.clock.wait(0.18)
  await predeploy(world, app)
  world.fire('post-release-builder', 'dockerfile', app.name, image)
  for (const phase of first ? ['release', 'heroku.postdeploy'] : ['release']) {
    await world.clock.wait(0.33)
    info(world, `Checking for ${phase} task`)
    verbose(world, `No ${phase} task found, skipping`)
  }
  await world.clock.wait(0.2)
  setFormation(world, app)
  await world.clock.wait(0.1)
  headline(world, 'Processing deployment checks')
  await world.clock.wait(0.25)
}

async function predeploy(world: World, app: App): Promise<void> {
  info(world, 'Checking for predeploy task')
  const breaks = world.faults.has('predeploy')
  const { predeploy = null, brokenPredeploy } = app.source ?? recordedSource
  const task = breaks ? brokenPredeploy : predeploy
  if (task === null) return verbose(world, 'No predeploy task found, skipping')
  verbose(world, `Executing predeploy task from app.json: ${task.script}`)
  await runTaskOf(world, app, 'predeploy', task)
  if (breaks) throw refuse(`Execution of predeploy task failed: ${task.script}`)
  // Dokku commits what the task left as the app's image.
  tagImage(world, app)
}

function tagImage(world: World, app: App): void {
  world.state.change(app.name, (changed) => {
    changed.image = hex(world, 64)
  })
}

/** web=1 at the first deploy, 0 of the other types; app.json's formation stands above what was scaled. */
function setFormation(world: World, app: App): void {
  const wanted = app.source?.formation ?? null
  world.fire('ps-can-scale', app.name, String(wanted === null))
  if (wanted !== null) {
    const pairs = Object.entries(wanted).map(([type, quantity]) => `${type}=${quantity}`)
    world.fire('ps-set-scale', app.name, 'true', 'true', ...pairs)
  }
  const types = Object.keys(app.source?.processes ?? {})
  world.state.change(app.name, (changed) => {
    for (const type of types.length > 0 ? types : ['web'])
      changed.formation[type] = wanted?.[type] ?? changed.formation[type] ?? (type === 'web' ? 1 : 0)
    if (types.length > 0)
      for (const type of Object.keys(changed.formation))
        if (!types.includes(type)) delete changed.formation[type]
    changed.properties['ps.can-scale'] = String(wanted === null)
  })
}

async function deploy(world: World, name: string): Promise<void> {
  info(world, `Deploying ${name} via the docker-local scheduler...`)
  await scheduleDeploy(world, name)
  world.state.change(name, (app) => {
    app.deployed = true
  })
  headline(world, 'Application deployed:')
  world.fire('app-urls', name, 'urls')
  await world.clock.wait(0.7)
  for (const url of urls(world, appNamed(world, name))) verbose(world, url)
}

/** Where a configuration change brings an app's containers up anew; a failure is only a warning. */
export async function redeployForConfig(world: World, name: string): Promise<void> {
  info(world, `Restarting app ${name}`)
  try {
    await releaseAndDeploy(world, name, ['', 'config-redeploy'], 'config-redeploy')
  } catch (error) {
    if (!(error instanceof Refused)) throw error
    warn(world, 'Failure while restarting app: exit status 1')
  }
}
