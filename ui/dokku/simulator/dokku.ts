/**
 * The simulator's command line: Dokku 0.38.27 as far as the panel can see it, without a server and without Docker.
 *
 *   DOKKU_SIMULATOR_ROOT    the simulated server; default: dokkubase/simulator in the user's state folder
 *   DOKKU_SIMULATOR_SPEED   1 takes the recorded time (default), 10 a tenth of it, 0 none
 *   DOKKU_SIMULATOR_FAULT   what shall go wrong, comma-separated (fault.ts)
 *   DOKKU_SIMULATOR_AT      milliseconds since 1970: the command happened then (past.ts)
 *
 * Callers are told apart as by Dokku: NAME and FINGERPRINT as sshd sets them, SUDO_USER as sudo does.
 * `dokku simulator:help` lists what the simulator has beyond Dokku.
 */
import { dispatch } from './dispatch.ts'
import { hostWorld } from './host.ts'
import { settle } from './retire.ts'

export async function main(): Promise<void> {
  const argv = process.argv.slice(2)
  process.exitCode = process.env.DOKKU_SIMULATOR_AT === undefined ? await now(argv) : await then(argv)
}

async function now(argv: readonly string[]): Promise<number> {
  const world = hostWorld(process.env, argv)
  settle(world)
  const exitCode = await dispatch(world, argv)
  world.tee.end()
  world.state.close()
  return exitCode
}

async function then(argv: readonly string[]): Promise<number> {
  const { mainThen } = await import('./past.ts')
  return await mainThen(process.env, argv)
}
