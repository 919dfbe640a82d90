import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { App } from './app.ts'
import { startBuild } from './capture.ts'
import { setBranch, writeCommit } from './commit.ts'
import type { Commands } from './dispatch.ts'
import { hex } from './docker.ts'
import {
  deployBranch,
  noteUpdate,
  receive,
  receiveCommitted,
  repositoryOf,
  setDeploySource,
  setRevision,
} from './receive.ts'
import { report } from './report.ts'
import { sourceOfArchive } from './repository.ts'
import { imageSource, recordedSource, type Source } from './source.ts'
import { info, quietInfo, verbose, warn } from './speech.ts'
import { appNamed, Refused, refuse, type World } from './world.ts'

export const commands: Commands = {
  'git:from-image': fromImage,
  'git:from-archive': fromArchive,
  'git:sync': sync,
  'git:report': report('git'),
  'git:public-key'() {
    throw refuse(
      'There is no deploy key associated with the dokku user.',
      'Generate an ssh key with the following command:',
      '  dokku git:generate-deploy-key',
      'As an alternative, configure the netrc authentication via the git:auth command',
    )
  },
  'git:status'(world, args) {
    appNamed(world, args[0])
    throw new Refused(128, 'fatal: this operation must be run in a work tree')
  },
}

async function fromImage(world: World, args: readonly string[]): Promise<void> {
  const [name, image, user, email] = args.filter((arg) => !arg.startsWith('--'))
  const app = appNamed(world, name)
  if (image === undefined) throw refuse('Please specify a docker image')
  startBuild(world, app.name, 'git:from-image')
  world.fire('git-from-image', app.name, image, '', user ?? '', email ?? '')
  info(world, 'Generating build context')
  if (isHere(world, image)) info(world, 'Image exists on host, skipping pull')
  else await pull(world, image)
  world.state.change(app.name, (changed) => {
    changed.properties['git.source-image'] = image
  })
  const source = world.state.host().sources[app.name] ?? imageSource(image)
  await fromDirectory(world, app, source, `image ${image}`, 'git-from-image')
  setDeploySource(world, app.name, 'docker-image', image)
}

/** An image is on the server since an app was built from it. */
const isHere = (world: World, image: string): boolean =>
  world.state.apps().some((name) => {
    const { source, properties } = appNamed(world, name)
    return source?.build.from === `docker.io/library/${image}` || properties['git.source-image'] === image
  })

async function pull(world: World, image: string): Promise<void> {
  info(world, 'Pulling image')
  await world.clock.wait(2)
  const registry = image.split('/')[0] ?? ''
  if (!registry.endsWith('.invalid')) return
  const lookup = `dial tcp: lookup ${registry} on 10.255.255.53:53: no such host`
  world.out(`Error response from daemon: Get "https://${registry}/v2/": ${lookup}\n`)
  throw refuse(`Failed to pull image: ${image}`)
}

async function fromArchive(world: World, args: readonly string[]): Promise<void> {
  const at = args.indexOf('--archive-type')
  const type = at === -1 ? 'tar' : (args[at + 1] ?? 'tar')
  const [name, url, user, email] = at === -1 ? args : args.toSpliced(at, 2)
  const app = appNamed(world, name)
  if (url === undefined || url === '')
    throw refuse('Please specify an archive url or -- to fetch the archive from stdin')
  startBuild(world, app.name, 'git:from-archive')
  world.fire('git-from-archive', app.name, url, type, user ?? '', email ?? '')
  const bytes = url === '--' ? world.stdin() : Buffer.from(url)
  if (url === '--') {
    info(world, `Fetching ${type} file from stdin`)
    world.out(`${bytes.length}\n`)
  } else info(world, `Downloading ${type} file from ${url}`)
  info(world, 'Generating build context')
  verbose(world, 'Striping 0 worth of directories from tarball')
  verbose(world, 'Moving unarchived files and folders into place')
  const content = createHash('sha1').update(bytes).digest('hex')
  const source = world.state.host().sources[app.name] ?? sourceOfArchive(bytes, app.source)
  await fromDirectory(world, app, source, content, 'git-from-archive')
  setDeploySource(world, app.name, type, url)
}

/** Commits a directory's content as Dokku itself and deploys it; the same content again is refused. */
async function fromDirectory(
  world: World,
  app: App,
  source: Source,
  content: string,
  by: string,
): Promise<void> {
  const folder = `/tmp/dokku-${world.pid()}-trigger-git-${by}.XXXXXX`
  world.fire('git-from-directory', app.name, folder, 'Dokku', 'automated@dokku.sh')
  info(world, 'Updating git repository with specified build context')
  await world.clock.wait(0.25)
  if (app.content === content) {
    warn(world, 'No changes detected, skipping git commit')
    warn(world, "Call 'ps:rebuild' on app to rebuild the app from existing source")
    throw new Refused(1)
  }
  const at = Math.floor(world.clock.now() / 1000)
  const branch = deployBranch(world, app)
  const subject = app.revision === '' ? 'Initial commit' : `Automated commit @ ${at}`
  if (app.revision === '') verbose(world, `Detected branch, setting deploy-branch to ${branch}`)
  const who = { author: 'Dokku', email: 'automated@dokku.sh' }
  const revision = writeCommit(repositoryOf(world, app.name), branch, {
    ...who,
    at,
    subject,
    parent: app.revision,
  })
  noteUpdate(world, app.name, { 'git.deploy-branch': branch })
  await receiveCommitted(world, app, { revision, source })
  world.state.change(app.name, (changed) => {
    changed.content = content
  })
}

async function sync(world: World, args: readonly string[]): Promise<void> {
  const [name, remote, ref = ''] = args.filter((arg) => !arg.startsWith('--'))
  const app = appNamed(world, name)
  if (remote === undefined) throw refuse('Missing GIT_REMOTE parameter')
  startBuild(world, app.name, 'git:sync')
  if (app.revision === '') quietInfo(world, `Cloning ${app.name} from ${remote}#${ref}`)
  else verbose(world, `Fetching remote code for ${app.name} from ${remote}#${ref}`)
  await world.clock.wait(1.5)
  const revision = fetchRemote(world, app, remote, ref)
  const branch = ref === '' ? deployBranch(world, app) : ref
  if (app.revision === '' && ref !== '') verbose(world, `Detected branch, setting deploy-branch to ${ref}`)
  noteUpdate(world, app.name, { 'git.deploy-branch': branch })
  const changed = revision !== app.revision
  setRevision(world, app.name, revision)
  if (args.includes('--build-if-changes') && !changed)
    return verbose(world, 'Skipping build as no changes were detected')
  if (!args.includes('--build') && !args.includes('--build-if-changes')) return
  world.fire('receive-app', app.name, revision)
  await receive(world, app.name, {
    revision,
    source: world.state.host().sources[app.name] ?? app.source ?? recordedSource,
  })
  setDeploySource(world, app.name, 'git-sync', `${remote}#${revision}`)
}

/** A repository on this machine is really fetched; one elsewhere is taken to have a new commit. */
function fetchRemote(world: World, app: App, remote: string, ref: string): string {
  const repository = repositoryOf(world, app.name)
  const path = remote.startsWith('file://') ? remote.slice(7) : remote.startsWith('/') ? remote : null
  const branch = ref === '' ? deployBranch(world, app) : ref
  if (path === null) {
    const at = Math.floor(world.clock.now() / 1000)
    const commit = {
      author: 'Upstream',
      email: 'upstream@example.com',
      at,
      subject: `Merge into ${branch}`,
      parent: app.revision,
    }
    return writeCommit(repository, branch, commit)
  }
  if (!existsSync(path)) throw missingRemote(world, path)
  setBranch(repository, branch, hex(world, 40))
  spawnSync('git', [
    '--git-dir',
    repository,
    'fetch',
    '--quiet',
    '--force',
    '--update-head-ok',
    path,
    `${branch}:${branch}`,
  ])
  return readFileSync(join(repository, 'refs/heads', branch), 'utf8').trim()
}

function missingRemote(world: World, path: string): Refused {
  world.out(`Cloning into '/tmp/dokku-${world.pid()}-fn-git-clone.XXXXXX'...\n`)
  for (const line of [
    `fatal: '${path}' does not appear to be a git repository`,
    'fatal: Could not read from remote repository.',
    '',
    'Please make sure you have the correct access rights',
    'and the repository exists.',
  ])
    world.err(`${line}\n`)
  return new Refused(128)
}
