import { join } from 'node:path'
import { type App, isBuilt } from './app.ts'
import { endBuild, ignoringRefusals, lockDeploy, startBuild } from './capture.ts'
import { setBranch } from './commit.ts'
import { setMany } from './config.ts'
import { buildImage, workDir } from './image.ts'
import { releaseAndDeploy } from './release.ts'
import { recordedSource, type Source } from './source.ts'
import { info } from './speech.ts'
import { appNamed, Refused, refuse, type World } from './world.ts'

/** From a commit to a running app: lock, build, release, deploy. Every way of deploying code ends here. */

/** The folder of an app's bare repository. */
export const repositoryOf = (world: World, app: string): string => join(world.place.home, app)

export const deployBranch = (world: World, app: App): string =>
  app.properties['git.deploy-branch'] || world.state.host().properties['git.deploy-branch'] || 'master'

/** Dokku's receive-app: builds the newest commit there is, as ps:rebuild, apps:rename and apps:clone do. */
export async function receiveApp(world: World, name: string): Promise<void> {
  world.fire('receive-app', name)
  startBuild(world, name, 'git-hook')
  await receive(world, name, null)
}

export interface Incoming {
  readonly revision: string
  readonly source: Source
}

/** Takes the lock, builds, releases and deploys. Without `incoming` it builds what is there. */
export async function receive(world: World, name: string, incoming: Incoming | null): Promise<void> {
  const lock = lockDeploy(world, name)
  const revision = incoming?.revision ?? appNamed(world, name).revision
  if (incoming !== null)
    await setMany(world, name, { GIT_REV: incoming.revision }, { restart: false, silent: true })
  try {
    if (revision === '') throw noCommits(world, name)
    await extract(world, name, revision)
    await build(world, name, incoming)
    if (isBuilt(appNamed(world, name))) await releaseAndDeploy(world, name)
  } catch (error) {
    // A build that fails ends the whole process: no record is closed, the lock file stays behind.
    if (!isTold(error)) throw error
    endBuild(world, name, 1)
    lock.release()
    throw error
  }
  endBuild(world, name, 0)
  lock.release()
}

/** Whether whoever asked for the deploy lives to hear how it failed. */
const isTold = (error: unknown): error is Refused =>
  error instanceof Refused && !error.lines.some((line) => line.includes('App build failed'))

/** As `receive`, of a commit that is the branch's already: where that is told of a failure it puts the branch back. */
export async function receiveCommitted(world: World, app: App, incoming: Incoming): Promise<void> {
  setRevision(world, app.name, incoming.revision)
  try {
    await receive(world, app.name, incoming)
  } catch (error) {
    if (isTold(error)) setRevision(world, app.name, app.revision)
    throw error
  }
}

/** Moves the app's branch. */
export function setRevision(world: World, name: string, revision: string): void {
  setBranch(repositoryOf(world, name), deployBranch(world, appNamed(world, name)), revision)
  world.state.change(name, (app) => {
    app.revision = revision
  })
}

function noCommits(world: World, name: string): Refused {
  const branch = deployBranch(world, appNamed(world, name))
  const warning = `-----> WARNING: Cannot build from '${branch}' as there are no commits stored at that branch.`
  world.out(`\u001b[1G\u001b[K${warning}\n`)
  return new Refused(1)
}

async function extract(world: World, name: string, revision: string): Promise<void> {
  await world.clock.wait(0.25)
  const folder = workDir(world)
  world.fire('core-post-extract', name, folder, revision)
  await world.clock.wait(1)
  if (world.faults.has('bad-app-json')) {
    const words = 'Cannot parse app.json as jsonc: hujson: line 1, column 3: invalid literal: not'
    throw refuse(words, `!     ${words}`)
  }
  ignoringRefusals(() => world.fire('post-extract', name, folder, revision))
  await world.clock.wait(0.17)
  world.fire('builder-detect', name, folder)
  await world.clock.wait(0.15)
  ignoringRefusals(() => world.fire('pre-receive-app', name, 'dockerfile', folder, revision))
}

async function build(world: World, name: string, incoming: Incoming | null): Promise<void> {
  const app = appNamed(world, name)
  const source = incoming?.source ?? app.source ?? recordedSource
  info(world, 'Cleaning up...')
  await world.clock.wait(0.2)
  if (!isBuilt(app)) {
    world.fire('builder-set-property', name, 'detected', 'null')
    return world.fire('builder-build', 'null', name, workDir(world))
  }
  world.fire('builder-set-property', name, 'detected', 'dockerfile')
  world.fire('builder-build', 'dockerfile', name, workDir(world))
  await buildImage(world, app, source, incoming !== null)
  const detected =
    source.build.exposes === null ? [] : [`http:${source.build.exposes}:${source.build.exposes}`]
  world.state.change(name, (changed) => {
    changed.source = source
    changed.detectedPorts = detected
  })
  world.fire('ports-set-detected', name, detected.join(' '))
  world.fire('post-build', 'dockerfile', name, workDir(world))
  await world.clock.wait(0.2)
}

/** What a successful deploy came from, as apps:report tells it. */
export function setDeploySource(world: World, name: string, type: string, metadata: string): void {
  world.state.change(name, (app) => {
    app.deploySource = type
    app.deploySourceMetadata = metadata
  })
  world.fire('deploy-source-set', name, type, metadata)
}

export function noteUpdate(world: World, name: string, properties: Readonly<Record<string, string>>): void {
  world.state.change(name, (app) => {
    Object.assign(app.properties, properties)
    app.updatedAt = Math.floor(world.clock.now() / 1000)
  })
}
