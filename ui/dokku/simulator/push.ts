import { createHash } from 'node:crypto'
import { rmSync } from 'node:fs'
import { createApp } from './apps.ts'
import { startBuild } from './capture.ts'
import { initialize, objectFile, setBranch, writeCommit } from './commit.ts'
import { deployBranch, noteUpdate, receive, repositoryOf, setDeploySource, setRevision } from './receive.ts'
import { recordedSource, type Source } from './source.ts'
import { silence, throughGit } from './terminal.ts'
import { appNamed, type Caller, Refused, type World } from './world.ts'

export interface Push {
  readonly app: string
  readonly branch: string
  readonly author: string
  readonly email: string
  readonly subject: string
  readonly source: Source | null
}

/** The name of an SSH key as sshd hands it on, with a fingerprint that always belongs to it. */
export function callerWithKey(key: string): Caller {
  const fingerprint = `SHA256:${createHash('sha256').update(key).digest('base64').replace(/=+$/, '')}`
  return { command: 'git-receive-pack', sshUser: 'dokku', sshName: key, name: key, fingerprint, sudoUser: '' }
}

/**
 * A whole `git push`: both of Dokku's doors, the app made where there is none, the build, and what git prints.
 * Gives git's exit code.
 */
export async function push(world: World, wanted: Push): Promise<number> {
  const { app: name, branch } = wanted
  const { sshUser, sshName } = world.caller
  world.fire('user-auth', sshUser, sshName, 'git-receive-pack', `'${name}'`)
  if (world.state.app(name) === null) {
    world.fire('app-maybe-create', name)
    await silently(world, () => createApp(world, name))
  }
  await world.clock.wait(0.3)
  world.caller = { ...world.caller, command: 'git-hook' }
  world.fire('user-auth', sshUser, sshName, 'git-hook', name)
  const before = appNamed(world, name)
  const commit = commitFor(world, wanted, before.revision)
  const own = world.terminal
  const told = (text: string) => own(2, Buffer.from(text))
  world.terminal = throughGit(own)
  try {
    await gitHook(world, wanted, commit)
  } catch (error) {
    if (!(error instanceof Refused)) throw error
    for (const line of error.lines) world.err(`${line}\n`)
    forget(world, name, commit)
    told(`To 127.0.0.1:${name}\n ! [remote rejected] ${branch} -> ${branch} (pre-receive hook declined)\n`)
    told(`error: failed to push some refs to '127.0.0.1:${name}'\n`)
    return 1
  } finally {
    world.terminal = own
  }
  const from = before.revision.slice(0, 7)
  const update = from === '' ? ' * [new branch]     ' : `   ${from}..${commit.slice(0, 7)} `
  // Whoever pushes to another branch does so from the one they work on.
  const local = deployBranch(world, appNamed(world, name))
  told(`To 127.0.0.1:${name}\n${update} ${local} -> ${branch}\n`)
  return 0
}

async function silently(world: World, work: () => Promise<void>): Promise<void> {
  const own = world.terminal
  world.terminal = silence
  try {
    await work()
  } finally {
    world.terminal = own
  }
}

async function gitHook(world: World, { app: name, branch, source }: Push, revision: string): Promise<void> {
  startBuild(world, name, 'git-hook')
  const app = appNamed(world, name)
  const deployed = deployBranch(world, app)
  const set = app.properties['git.deploy-branch'] || world.state.host().properties['git.deploy-branch']
  if (!set) {
    world.out(`\u001b[1G\u001b[K-----> Set ${branch} as deploy-branch\n`)
    noteUpdate(world, name, { 'git.deploy-branch': branch })
  } else if (branch !== deployed) {
    world.out(`\u001b[1G\u001b[K-----> WARNING: deploy did not complete, you must push to ${deployed}.\n`)
    world.out(`\u001b[1G\u001b[K-----> for example, try 'git push <dokku> ${branch}:${deployed}'\n`)
    return
  }
  const brought = source ?? world.state.host().sources[name] ?? app.source ?? recordedSource
  await receive(world, name, { revision, source: brought })
  setRevision(world, name, revision)
  noteUpdate(world, name, {})
  setDeploySource(world, name, 'git-push', revision)
}

function commitFor(world: World, wanted: Push, parent: string): string {
  const { author, email, subject, branch } = wanted
  const at = Math.floor(world.clock.now() / 1000) - 60
  const repository = repositoryOf(world, wanted.app)
  // Made when the app was, before anybody knew which branch comes: HEAD keeps git's own.
  initialize(repository, 'master')
  const commit = writeCommit(repository, branch, { author, email, at, subject, parent })
  setBranch(repository, branch, parent)
  return commit
}

/** git throws away what a refused push brought. */
function forget(world: World, app: string, commit: string): void {
  rmSync(objectFile(repositoryOf(world, app), commit), { force: true })
}
