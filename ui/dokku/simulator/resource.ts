import type { Commands, Handler } from './dispatch.ts'
import { parseOptions } from './options.ts'
import { report } from './report.ts'
import { quietHeadline, verbose } from './speech.ts'
import { appNamed, Refused } from './world.ts'

const KINDS = ['cpu', 'memory', 'memory-swap', 'network', 'network-ingress', 'network-egress', 'nvidia-gpu']

export const commands: Commands = {
  'resource:limit': setter('limit', 'limits'),
  'resource:reserve': setter('reserve', 'reservation'),
  'resource:report': report('resource'),
}

/** Without a value it shows what is set. Any value will do: `--memory abc` is taken. */
function setter(type: 'limit' | 'reserve', noun: string): Handler {
  return (world, args) => {
    const { values, rest } = parse(`resource:${type}`, type, args)
    const app = appNamed(world, rest[0])
    const process = values['process-type'] ?? '_default_'
    const key = (kind: string) => `${process}.${type}.${kind}`
    const given = KINDS.filter((kind) => values[kind] !== undefined)
    const whose = process === '_default_' ? '' : ` (${process})`
    if (given.length === 0) {
      quietHeadline(world, `resource ${noun} ${app.name} information${whose || ' [defaults]'}`)
      for (const kind of KINDS) verbose(world, `${kind}: ${app.resources[key(kind)] ?? ''}`)
      return
    }
    quietHeadline(world, `Setting resource ${noun} for ${app.name}${whose}`)
    for (const kind of given) {
      const value = values[kind] ?? ''
      verbose(world, `${kind}: ${value === 'clear' ? 'cleared' : value}`)
      world.state.change(app.name, ({ resources }) => {
        if (value === 'clear') delete resources[key(kind)]
        else resources[key(kind)] = value
      })
    }
  }
}

function parse(command: string, type: string, args: readonly string[]) {
  try {
    return parseOptions(command, args, { values: [...KINDS, 'process-type'] })
  } catch (error) {
    if (!(error instanceof Refused)) throw error
    const [usage = '', unknown = ''] = error.lines
    throw new Refused(2, usage, ...helpLines(type), unknown)
  }
}

const WHAT: Readonly<Record<string, string>> = {
  cpu: 'amount of cpu',
  memory: 'amount of memory',
  'memory-swap': 'amount of swap memory',
  network: 'amount of network bandwidth',
  'network-egress': 'amount of egress network bandwidth',
  'network-ingress': 'amount of ingress network bandwidth',
  'nvidia-gpu': 'number of Nvidia GPUs',
}

/** pflag's own list of the flags there are. */
function helpLines(type: string): string[] {
  const flags = Object.entries(WHAT).map(([flag, what]) => [
    flag,
    `The ${what} to ${type} ${flag === 'nvidia-gpu' ? 'a process to' : 'processes by'}`,
  ])
  return [...flags, ['process-type', 'A process type to manage']].map(
    ([flag = '', text = '']) => `      --${`${flag} string`.padEnd(23)}  ${flag}: ${text}`,
  )
}
