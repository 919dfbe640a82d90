/**
 * What a shell on a Dokku server, a git hook or sudo put into the environment: the panel, the hooks and the gate obey
 * such variables. With SUDO_UID set, the gate's tests would reach the machine's own Dokku. The names, one a line, `*` at
 * the end for any, are in `caller-variables`.
 */
import { readFileSync } from 'node:fs'

const patterns = readFileSync(new URL('caller-variables', import.meta.url), 'utf8')
  .trim()
  .split('\n')

const isCallers = (name: string): boolean =>
  patterns.some((pattern) =>
    pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern,
  )

/** Deletes them from an environment, `process.env` as a rule. */
export function forgetCaller(env: NodeJS.ProcessEnv): void {
  for (const name of Object.keys(env)) if (isCallers(name)) delete env[name]
}
