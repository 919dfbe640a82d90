import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { App } from './app.ts'
import type { Commands } from './dispatch.ts'
import { parseOptions } from './options.ts'
import { buildProxyConfig } from './proxy.ts'
import { report } from './report.ts'
import { columns, quietInfo } from './speech.ts'
import { appNamed, refuse, type World } from './world.ts'

export const commands: Commands = {
  ports: list,
  'ports:list': list,
  async 'ports:add'(world, args) {
    const { app, maps } = named(world, 'ports:add', args)
    refuseReuse(maps, 'new port mappings')
    refuseReuse([...app.ports, ...maps], 'all port mappings')
    await setPorts(world, app, [...app.ports, ...maps], 'add')
  },
  async 'ports:set'(world, args) {
    const { app, maps } = named(world, 'ports:set', args)
    refuseReuse(maps, 'port mappings')
    await setPorts(world, app, maps, 'set')
  },
  async 'ports:remove'(world, args) {
    const { app, maps } = named(world, 'ports:remove', args)
    const bare = maps.filter((map) => map.startsWith('__internal__:')).map((map) => map.split(':')[1])
    const rest = app.ports.filter((map) => !maps.includes(map) && !bare.includes(map.split(':')[1]))
    await setPorts(world, app, rest, 'remove')
  },
  async 'ports:clear'(world, args) {
    const app = appNamed(world, args[0])
    world.state.change(app.name, (changed) => {
      changed.detectedPorts = []
    })
    await setPorts(world, app, [], 'clear')
  },
  'ports:report': report('ports'),
}

async function setPorts(world: World, app: App, maps: readonly string[], action: string): Promise<void> {
  world.state.change(app.name, (changed) => {
    changed.ports = maps.filter((map) => !map.startsWith('__internal__:')).sort()
  })
  writeMap(world, app.name)
  world.fire('post-proxy-ports-update', app.name, action)
  await buildProxyConfig(world, appNamed(world, app.name))
}

/** Dokku keeps a list as a file of lines, and none where it is empty. Hooks read it. */
function writeMap(world: World, name: string): void {
  const folder = join(world.place.lib, 'config/ports', name)
  const { ports } = appNamed(world, name)
  rmSync(folder, { recursive: true, force: true })
  if (ports.length === 0) return
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'map'), `${ports.join('\n')}\n`)
}

function list(world: World, args: readonly string[]): void {
  const app = appNamed(world, parseOptions('ports:list', args).rest[0])
  if (app.ports.length === 0) throw refuse('No port mappings configured for app')
  quietInfo(world, `Port mappings for ${app.name}`)
  const rows = [...app.ports].sort().map((map) => map.split(':'))
  const header = ['-----> scheme', 'host port', 'container port']
  world.out(columns(world.flags.quiet ? rows : [header, ...rows], '    '))
}

function named(world: World, command: string, args: readonly string[]): { app: App; maps: string[] } {
  const { rest } = parseOptions(command, args)
  const app = appNamed(world, rest[0])
  if (rest.length < 2) throw refuse('No port mapping specified')
  return { app, maps: rest.slice(1).map(checked) }
}

/** Any scheme will do, as Dokku takes `foo:80:5000`; a number alone means every mapping of that host port. */
function checked(map: string): string {
  const parts = map.split(':')
  if (parts.length === 2 || parts.length > 3) throw refuse(`Invalid port map ${map} [len=${parts.length}]`)
  const ports = parts.length === 1 ? parts : parts.slice(1)
  for (const [i, port] of ports.entries()) {
    const what = i === 0 ? 'hostPort' : 'containerPort'
    if (!/^[+-]?\d+$/.test(port))
      throw refuse(`Invalid port map ${map} [err=strconv.Atoi: parsing "${port}": invalid syntax]`)
    if (Number(port) <= 0 || Number(port) >= 65536)
      throw refuse(`Invalid port map ${map} [${what}=${Number(port)}]`)
  }
  return parts.length === 1 ? `__internal__:${map}:0` : map
}

function refuseReuse(maps: readonly string[], what: string): void {
  const found = new Set<string>()
  for (const map of maps) {
    const key = map.split(':').slice(0, 2).join(':')
    if (found.has(key))
      throw refuse(`Error validating ${what}: The same scheme:host-port is being reused: ${key}`)
    found.add(key)
  }
}
