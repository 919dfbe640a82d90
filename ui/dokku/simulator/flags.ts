import type { Flags } from './world.ts'

export interface CommandLine {
  readonly name: string
  readonly args: readonly string[]
  readonly flags: Flags
}

/**
 * Dokku's own flags stand before the command, and are obeyed after it as well: a later --force or --quiet in the
 * arguments counts for the whole command. `--app NAME` puts the app first.
 */
export function parseFlags(argv: readonly string[]): CommandLine {
  const rest = [...argv]
  let app: string | undefined
  while (rest[0]?.startsWith('--') && rest[0] !== '--version') {
    if (rest.shift() === '--app') app = rest.shift()
  }
  const [name = 'help', ...args] = rest
  return {
    name,
    args: [...(app === undefined ? [] : [app]), ...args].filter(
      (arg) => !GLOBAL.includes(arg) || keeps(name, arg),
    ),
    flags: { quiet: argv.includes('--quiet'), force: argv.includes('--force') },
  }
}

const GLOBAL = ['--force', '--quiet', '--trace']

/** `logs --quiet` is the logs' own. */
const keeps = (name: string, arg: string): boolean => name === 'logs' && arg === '--quiet'
