import { cpSync, existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { type App, newApp } from './app.ts'
import type { Commands } from './dispatch.ts'
import { parseOptions } from './options.ts'
import { buildsOf, lockOf } from './place.ts'
import { buildProxyConfig } from './proxy.ts'
import { receiveApp } from './receive.ts'
import { report } from './report.ts'
import { removeAll } from './retire.ts'
import { info, quietHeadline, quietInfo, warn } from './speech.ts'
import { appNamed, Refused, refuse, type World } from './world.ts'

export const commands: Commands = {
  apps: list,
  'apps:list': list,
  'apps:create': async (world, args) => {
    const { rest } = parseOptions('apps:create', args)
    await createApp(world, validName(rest[0]))
  },
  'apps:destroy': async (world, args) => {
    const app = appNamed(world, args[0])
    if (!world.flags.force) confirm(world, app.name)
    await destroyApp(world, app)
  },
  'apps:exists': (world, args) => void appNamed(world, args[0]),
  'apps:clone': clone,
  'apps:rename': renameApp,
  'apps:lock'(world, args) {
    const file = lockOf(world.place, appNamed(world, args[0]).name)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, '')
    info(world, 'Deploy lock created')
  },
  'apps:locked'(world, args) {
    if (!isLocked(world, appNamed(world, args[0]))) throw refuse('Deploy lock does not exist')
    world.out('Deploy lock exists\n')
  },
  'apps:unlock'(world, args) {
    const file = lockOf(world.place, appNamed(world, args[0]).name)
    if (!existsSync(file)) throw refuse('Unable to remove deploy lock')
    warn(world, 'A deploy may be in progress.')
    warn(world, 'Removing the app lock will not stop in progress deploys.')
    rmSync(file)
    info(world, 'Deploy lock removed')
  },
  'apps:report': report('apps'),
}

/** The lock file counts, held or left behind; that the kernel's lock is what blocks is another matter. */
export const isLocked = (world: World, app: App): boolean => existsSync(lockOf(world.place, app.name))

function list(world: World, args: readonly string[]) {
  const { values } = parseOptions('apps:list', args, { values: ['format'] })
  const names = world.state.apps()
  if (values.format === 'json') return world.out(`${JSON.stringify(names)}\n`)
  quietHeadline(world, 'My Apps')
  if (names.length === 0) warn(world, "You haven't deployed any applications yet")
  for (const name of names) world.out(`${name}\n`)
}

const NAME = /^[a-z0-9][a-z0-9.-]*$/
const NAME_RULE =
  'App name must begin with lowercase alphanumeric character, and may only contain lowercase alphanumerics, dots, and hyphens'

function validName(name: string | undefined): string {
  if (name === undefined || name === '') throw refuse('Please specify an app to run the command on')
  if (!NAME.test(name)) throw refuse(NAME_RULE)
  return name
}

/** Also what a push to an unknown name does, silently. */
export async function createApp(world: World, name: string): Promise<void> {
  if (world.state.app(name) !== null) throw refuse('Name is already taken')
  quietInfo(world, `Creating ${name}...`)
  const app = newApp(name, Math.floor(world.clock.now() / 1000))
  mkdirSync(join(world.place.home, name), { recursive: true })
  mkdirSync(join(world.place.lib, 'data/apps', name), { recursive: true })
  world.state.addApp(app)
  world.fire('post-create', name)
  await setUpDomains(world, app)
}

async function setUpDomains(world: World, app: App): Promise<void> {
  const hosts = world.state.host().domains
  if (hosts.length === 0) info(world, 'Global server virtual host not set, disabling app vhost...')
  else quietInfo(world, 'Creating new app virtual host file...')
  world.state.change(app.name, (changed) => {
    if (hosts.length === 0) changed.config.NO_VHOST = '1'
    else changed.domains = defaultDomains(app.name, hosts)
    app.domains = changed.domains
    app.config = changed.config
  })
  await buildProxyConfig(world, app)
}

/** APP.HOST for each of the server's domains; a name with a dot in it stands alone. */
export const defaultDomains = (app: string, hosts: readonly string[]): string[] =>
  hosts.map((host) => (app.includes('.') ? app : `${app}.${host}`))

function confirm(world: World, name: string): void {
  warn(world, 'WARNING: Potentially Destructive Action')
  warn(world, `This command will destroy app ${name}.`)
  warn(world, `To proceed, type "${name}"`)
  world.out('> ')
  const typed = world.stdin().toString().split('\n')[0] ?? ''
  if (typed === '') throw refuse('EOF')
  // "test" is Dokku's own slip.
  if (typed !== name) throw new Refused(1, 'Confirmation did not match test. Aborted.')
}

async function destroyApp(world: World, app: App): Promise<void> {
  const { name } = app
  info(world, `Destroying ${name} (including all add-ons)`)
  world.fire('pre-delete', name, 'latest')
  world.fire('scheduler-stop', 'docker-local', name, 'true')
  removeAll(world, app)
  world.fire('scheduler-cron-write', 'docker-local', name)
  await world.clock.wait(1.6)
  info(world, 'Updated schedule file')
  world.fire('scheduler-post-delete', 'docker-local', name, 'latest')
  if (world.forgets) rmSync(buildsOf(world.place, name), { recursive: true, force: true })
  world.fire('post-delete', name, 'latest')
  await world.clock.wait(0.4)
  world.fire('scheduler-cron-write', 'docker-local', name)
  info(world, 'Updated schedule file')
  info(world, 'Cleaning up...')
  await world.clock.wait(1.5)
  info(world, 'Retiring old containers and images')
  world.fire('scheduler-retire', 'docker-local', name)
  for (const folder of [join(world.place.home, name), dirname(lockOf(world.place, name))])
    rmSync(folder, { recursive: true, force: true })
  world.state.removeApp(name)
}

interface Pair {
  readonly from: App
  readonly to: string
  readonly skipDeploy: boolean
}

function pair(world: World, command: string, args: readonly string[]): Pair {
  const { flags, rest } = parseOptions(command, args, { flags: ['skip-deploy', 'ignore-existing'] })
  if (rest[0] === undefined) throw refuse('Please specify an app to run the command on')
  if (rest[1] === undefined) throw refuse('Please specify an new app name')
  const from = appNamed(world, rest[0])
  const to = validName(rest[1])
  if (world.state.app(to) !== null) throw refuse('Name is already taken')
  return { from, to, skipDeploy: flags.has('skip-deploy') }
}

async function clone(world: World, args: readonly string[]): Promise<void> {
  const { from, to, skipDeploy } = pair(world, 'apps:clone', args)
  quietInfo(world, `Cloning ${from.name} to ${to}`)
  await createApp(world, to)
  world.fire('post-app-clone-setup', from.name, to)
  takeOver(world, from, to, false)
  copyRepository(world, from.name, to)
  world.fire('post-certs-remove', to)
  world.fire('post-app-clone', from.name, to)
  if (!skipDeploy && from.revision !== '') await receiveApp(world, to)
}

/** A new app, the old one's things into it, the old one destroyed, and then a complete rebuild. */
async function renameApp(world: World, args: readonly string[]): Promise<void> {
  const { from, to, skipDeploy } = pair(world, 'apps:rename', args)
  quietInfo(world, `Renaming ${from.name} to ${to}`)
  await createApp(world, to)
  if (existsSync(buildsOf(world.place, from.name)))
    renameSync(buildsOf(world.place, from.name), buildsOf(world.place, to))
  world.fire('post-app-rename-setup', from.name, to)
  takeOver(world, from, to, true)
  copyRepository(world, from.name, to)
  for (const trigger of [
    'proxy-clear-config',
    'network-clear-config',
    'proxy-clear-config',
    'network-clear-config',
  ])
    world.fire(trigger, to)
  await destroyApp(world, appNamed(world, from.name))
  world.fire('post-app-rename', from.name, to)
  if (!skipDeploy && from.revision !== '') await receiveApp(world, to)
}

/** What the new app gets of the old one; its own name's domains and its birth stay. */
function takeOver(world: World, from: App, to: string, rename: boolean): void {
  world.state.change(to, (app) => {
    const own = { name: app.name, createdAt: app.createdAt, domains: app.domains, upstreams: [] }
    Object.assign(app, from, own)
    if (!rename) Object.assign(app, { certificate: null, dynos: {}, deployed: false, image: '', builds: 0 })
  })
}

function copyRepository(world: World, from: string, to: string): void {
  const old = join(world.place.home, from)
  if (existsSync(old)) cpSync(old, join(world.place.home, to), { recursive: true })
}
