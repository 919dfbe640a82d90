import { Refused } from './world.ts'

export interface Options {
  readonly flags: ReadonlySet<string>
  readonly values: Readonly<Record<string, string>>
  readonly rest: readonly string[]
}

/**
 * Splits arguments as Dokku's Go plugins do. An unknown flag is exit 2 with its name on stderr.
 * `flags` stand alone, `values` take the next argument or one after `=`.
 */
export function parseOptions(
  command: string,
  args: readonly string[],
  known: { readonly flags?: readonly string[]; readonly values?: readonly string[] } = {},
): Options {
  const flags = new Set<string>()
  const values: Record<string, string> = {}
  const rest: string[] = []
  for (let i = 0; i < args.length; i += 1) {
    const arg = args[i] ?? ''
    if (arg === '--') {
      rest.push(...args.slice(i + 1))
      break
    }
    const [name = '', inline] = arg.replace(/^--?/, '').split(/=(.*)/s)
    if (!arg.startsWith('-') || arg === '-') rest.push(arg)
    else if (known.flags?.includes(name)) flags.add(name)
    else if (known.values?.includes(name)) {
      values[name] = inline ?? args[i + 1] ?? ''
      if (inline === undefined) i += 1
    } else throw new Refused(2, `Usage of ${command}:`, `unknown flag: ${arg}`)
  }
  return { flags, values, rest }
}
