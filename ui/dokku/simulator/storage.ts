import { createHash } from 'node:crypto'
import type { Commands } from './dispatch.ts'
import { parseOptions } from './options.ts'
import { report } from './report.ts'
import { info, quietInfo, verbose, warn } from './speech.ts'
import { appNamed, refuse, type World } from './world.ts'

const perApp = report('storage')

export const commands: Commands = {
  'storage:list'(world, args) {
    const { values, rest } = parseOptions('storage:list', args, { values: ['format'] })
    const app = appNamed(world, rest[0])
    const rows = app.mounts.map(({ entry, host, container }) => ({
      entry_name: entry,
      host_path: host,
      container_path: container,
    }))
    if (values.format === 'json') return world.out(`${JSON.stringify(rows)}\n`)
    quietInfo(world, `${app.name} volume bind-mounts:`)
    for (const { host, container } of app.mounts) verbose(world, `${host}:${container}`)
  },
  'storage:list-entries'(world, args) {
    const { values } = parseOptions('storage:list-entries', args, { values: ['format'] })
    const entries = world.state.host().entries
    if (values.format === 'json') return world.out(`${JSON.stringify(entries.map(entryJson), null, 2)}\n`)
    info(world, 'Storage entries:')
    for (const { name, hostPath } of entries) verbose(world, `${name}\tdocker-local\t${hostPath}`)
  },
  'storage:mount'(world, args) {
    const { rest } = parseOptions('storage:mount', args)
    const app = appNamed(world, rest[0])
    const { host, container } = split(rest[1] ?? '')
    const name = `legacy-${createHash('sha1').update(host).digest('hex').slice(0, 10)}`
    if (app.mounts.some((mount) => mount.host === host && mount.container === container))
      throw refuse('Mount path already exists.')
    world.state.changeHost(({ entries }) => {
      if (!entries.some((entry) => entry.name === name)) entries.push({ name, hostPath: host })
    })
    world.state.change(app.name, ({ mounts }) => mounts.push({ entry: name, host, container }))
  },
  'storage:unmount'(world, args) {
    const { rest } = parseOptions('storage:unmount', args)
    const app = appNamed(world, rest[0])
    const { host, container } = split(rest[1] ?? '')
    const left = app.mounts.filter((mount) => mount.host !== host || mount.container !== container)
    if (left.length === app.mounts.length) throw refuse('Mount path does not exist.')
    world.state.change(app.name, (changed) => {
      changed.mounts = left
    })
  },
  'storage:ensure-directory'(world, [folder = '']) {
    warn(world, "Deprecated: please use 'storage:create' instead of 'storage:ensure-directory'")
    if (!/^[A-Za-z0-9_-]+$/.test(folder))
      throw refuse('Directory can only contain the following set of characters: [A-Za-z0-9_-]')
    info(world, `Ensuring /var/lib/dokku/data/storage/${folder} exists`)
    verbose(world, 'Directory ready for mounting')
  },
  'storage:report': (world, args) =>
    args.includes('--global') ? reportServer(world, args) : perApp(world, args),
}

function reportServer(world: World, args: readonly string[]) {
  const { entries } = world.state.host()
  if (args.includes('json')) {
    const rows = entries.map((entry) => ({
      entry: entryJson(entry),
      mounted_by: mountedBy(world, entry.name),
    }))
    return world.out(`${JSON.stringify(rows, null, 2)}\n`)
  }
  info(world, 'Storage report (global):')
  for (const { name } of entries)
    verbose(world, `${name}\tdocker-local\tmounted by: ${mountedBy(world, name).join(', ')}`)
}

const entryJson = ({ name, hostPath }: { name: string; hostPath: string }) => ({
  name,
  scheduler: 'docker-local',
  host_path: hostPath,
  schema_version: 1,
})

const mountedBy = (world: World, entry: string): string[] =>
  world.state.apps().filter((name) => world.state.app(name)?.mounts.some((mount) => mount.entry === entry))

/** A volume's name may stand where a path should: `relative:/data` is taken, and the next deploy suffers. */
function split(mount: string): { host: string; container: string } {
  if (!mount.includes(':'))
    throw refuse(`storage entry "${mount}" does not exist; create it first with \`dokku storage:create\``)
  const [host = '', container = ''] = mount.split(':')
  if (host.startsWith('/') && !container.startsWith('/'))
    throw refuse('Storage path must be two valid paths divided by colon.')
  return { host, container }
}
