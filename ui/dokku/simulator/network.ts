import type { Commands } from './dispatch.ts'
import { report } from './report.ts'
import { info, quietHeadline, verbose, warn } from './speech.ts'
import { Refused, refuse } from './world.ts'

/** Docker's own three networks; others aren't played. */
const NETWORKS = [
  ['bridge', 'ce59a232211a', 'bridge'],
  ['host', '4d532eb51c60', 'host'],
  ['none', '639342083c1c', 'null'],
] as const

export const commands: Commands = {
  'network:list'(world, args) {
    if (args.includes('json')) {
      const networks = NETWORKS.map(([Name, ID, Driver]) => ({
        CreatedAt: '2024-02-25T01:55:24.275184461Z',
        DokkuManaged: false,
        Driver,
        ID,
        Internal: false,
        IPv6: false,
        Labels: {},
        Name,
        Scope: 'local',
      }))
      return world.out(`${JSON.stringify(networks)}\n`)
    }
    quietHeadline(world, 'Networks')
    for (const [name] of NETWORKS) world.out(`${name}\n`)
  },
  'network:exists'(world, [name]) {
    if (!NETWORKS.some(([known]) => known === name)) throw refuse('Network does not exist')
    info(world, 'Network exists')
  },
  'network:info'(world, [name]) {
    const found = NETWORKS.find(([known]) => known === name)
    if (found === undefined) throw refuse('Network does not exist')
    quietHeadline(world, `${found[0]} network information`)
    const rows = { ID: found[1], Name: found[0], Driver: found[2], Scope: 'local', 'Dokku managed': 'false' }
    for (const [label, value] of Object.entries(rows)) verbose(world, `${`${label}:`.padEnd(16)}${value}`)
  },
  'network:create'(world, [name = '']) {
    info(world, `Creating network ${name}`)
    const daemon = `operation is not permitted on predefined ${name} network`
    warn(world, `Unable to create network: Error response from daemon: ${daemon}`)
    throw new Refused(1, '')
  },
  'network:destroy'(world, [name = '']) {
    info(world, `Destroying network ${name}`)
    warn(world, `Unable to destroy network: Error response from daemon: network ${name} not found`)
    throw new Refused(1, 'exit status 1', '')
  },
  'network:report': report('network'),
}
