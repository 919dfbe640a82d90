import { isDeployed, proxyEnabled } from './app.ts'
import type { Commands } from './dispatch.ts'
import { proxyBuildConfig, urls } from './proxy.ts'
import { settle } from './retire.ts'
import { run } from './run.ts'
import { help } from './simulator.ts'
import { info } from './speech.ts'
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
  'proxy:enable': (world, args) => turnProxy(world, args[0], true),
  'proxy:disable': (world, args) => turnProxy(world, args[0], false),
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
  'docker-options:remove'(world, [name, phases = '', ...option]) {
    const app = appNamed(world, name)
    world.state.change(app.name, ({ options }) => {
      for (const phase of phases.split(','))
        options[phase] = (options[phase] ?? []).filter((one) => one !== option.join(' '))
    })
  },
  run,
}

/** nginx's domains go and come with it, and the app is deployed anew. */
async function turnProxy(world: World, name: string | undefined, on: boolean): Promise<void> {
  const app = appNamed(world, name)
  if (proxyEnabled(app) === on) return info(world, `Proxy is already ${on ? 'enabled' : 'disable'} for app`)
  info(world, `${on ? 'Enabling' : 'Disabling'} proxy for app`)
  world.state.change(app.name, (changed) => {
    if (on) delete changed.properties['proxy.disabled']
    else changed.properties['proxy.disabled'] = 'true'
  })
  if (!isDeployed(app)) return
  const { commands } = await import('./ps.ts')
  await commands['ps:restart']?.(world, [app.name])
}

function version(world: World): void {
  world.out(`dokku version ${VERSION}\n`)
}
