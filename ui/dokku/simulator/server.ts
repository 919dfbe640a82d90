import type { Commands } from './dispatch.ts'
import { hex } from './docker.ts'
import { proxyBuildConfig, urls } from './proxy.ts'
import { settle } from './retire.ts'
import { help } from './simulator.ts'
import { warn } from './speech.ts'
import { appNamed, refuse, type World } from './world.ts'

const VERSION = '0.38.27'

/** Commands that belong to the server, and those of one line. */
export const commands: Commands = {
  help,
  version,
  '-v': version,
  '--version': version,
  url: (world, args) => world.out(`${urls(world, appNamed(world, args[0]))[0] ?? ''}\n`),
  urls: (world, args) =>
    world.out(
      urls(world, appNamed(world, args[0]))
        .map((url) => `${url}\n`)
        .join(''),
    ),
  async 'proxy:build-config'(world, args) {
    await proxyBuildConfig(world, appNamed(world, args[0]))
  },
  cleanup: (world) => void settle(world),
  'nginx:validate-config': () => {},
  'docker-options:list'(_, args) {
    if (!args.includes('--phase')) throw refuse('--phase is required')
  },
  'docker-options:add'(world, [name, phases = '', ...option]) {
    const app = appNamed(world, name)
    const valid = ['build', 'deploy', 'run']
    const wanted = phases.split(',')
    if (!wanted.every((phase) => valid.includes(phase)))
      throw refuse('Phase(s) must be one of [build deploy run]')
    world.state.change(app.name, ({ options }) => {
      for (const phase of wanted) options[phase] = [...(options[phase] ?? []), option.join(' ')]
    })
  },
  run,
}

function version(world: World): void {
  world.out(`dokku version ${VERSION}\n`)
}

/** A one-off container. Nothing is really run: `sh -c "exit 42"` ends with 42, everything else with 0. */
async function run(world: World, args: readonly string[]): Promise<number> {
  const app = appNamed(world, args[0])
  const command = args.slice(1)
  if (!app.deployed) {
    world.err(` !     App image (dokku/${app.name}:latest) not found\nError: No such image: \n`)
    warn(world, "Invalid image stage detected: expected 'release', got ''")
    throw refuse('Successfully deploy your app to fix dokku run calls')
  }
  world.fire('scheduler-run', 'docker-local', app.name, '0', '--', ...command)
  const id = hex(world, 64)
  world.fire('post-container-create', 'app', id, app.name, 'run')
  await world.clock.wait(0.5)
  const exitCode = Number(/exit (\d+)/.exec(command.join(' '))?.[1] ?? 0)
  world.fire('scheduler-post-run', 'docker-local', app.name, id, String(exitCode))
  return exitCode
}
