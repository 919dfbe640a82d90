import type { Commands } from './dispatch.ts'
import { crash, kill, stopAndStart } from './docker.ts'
import { parseFaults } from './fault.ts'
import { parseOptions } from './options.ts'
import { prepare } from './place.ts'
import { enablePlugin, playPlugin } from './plugin.ts'
import { callerWithKey, push } from './push.ts'
import { appNamed, refuse, type World } from './world.ts'

const HELP = `Usage: dokku simulator[:COMMAND]

What the simulated server can do beyond Dokku.

    simulator:init                       make the server's folders and bin/dokku, an executable bound to it
    simulator:env                        what to put into the environment to work beside it
    simulator:enable <folder> [<name>]   enable the plugin in <folder>
    simulator:play <name>                play a plugin that is not Dokku's own: letsencrypt
    simulator:push <app>                 a git push; [--branch main] [--key laptop-key] [--author "A <a@b>"] [--subject text]
                                         [--fault ${['build', 'healthcheck', '…'].join(',')}]
    simulator:fault <app> [<faults>]     what shall go wrong in the app's next deploy
    simulator:source <app>               take the app's next source from stdin, as JSON (source.ts)
    simulator:kill <app> <dyno>          docker kill: the container stays dead
    simulator:crash <app> <dyno> [code]  the process ends by itself; Docker starts it again by its restart policy
    simulator:loop <app> <dyno> <how> <seconds>
                                         it ends again and again, so long after each start; how: oom or an exit code
    simulator:move <app> <dyno>          docker stop and start: it has another address, and nginx does not know
`

export const commands: Commands = {
  simulator: help,
  'simulator:help': help,
  'simulator:init': (world) => world.out(`${prepare(world.place).dokku}\n`),
  'simulator:env'(world) {
    const { root, lib } = world.place
    world.out(`DOKKU_SIMULATOR_ROOT=${root}\nDOKKU=${prepare(world.place).dokku}\nDOKKU_LIB_ROOT=${lib}\n`)
  },
  'simulator:enable'(world, [folder, name]) {
    if (folder === undefined) throw refuse('Please name the folder of a plugin')
    enablePlugin(world.place, folder, name)
  },
  'simulator:play'(world, [name]) {
    if (name === undefined) throw refuse('Please name a plugin')
    playPlugin(world.place, name)
  },
  'simulator:push': (world, args) => pushFrom(world, args),
  'simulator:fault'(world, [name, faults = '']) {
    const app = appNamed(world, name)
    parseFaults(faults)
    world.state.changeHost((host) => {
      host.faults[app.name] = faults
    })
  },
  'simulator:source'(world, [name = '']) {
    world.state.changeHost((host) => {
      host.sources[name] = JSON.parse(world.stdin().toString())
    })
  },
  'simulator:kill'(world, [name, dyno]) {
    kill(world, containerOf(world, name, dyno), 9)
  },
  'simulator:crash'(world, [name, dyno, code = '1']) {
    crash(world, containerOf(world, name, dyno), endOf(code))
  },
  'simulator:loop'(world, [name, dyno, how = 'oom', seconds = '60']) {
    const container = containerOf(world, name, dyno)
    container.fate = { ...endOf(how), afterMs: Number(seconds) * 1000 }
    world.state.saveContainer(container)
  },
  'simulator:move'(world, [name, dyno]) {
    stopAndStart(world, containerOf(world, name, dyno))
  },
}

export function help(world: World): void {
  world.out(HELP)
}

const endOf = (how: string) =>
  how === 'oom' ? { exitCode: 137, memory: true } : { exitCode: Number(how), memory: false }

function containerOf(world: World, name: string | undefined, dyno = 'web.1') {
  const app = appNamed(world, name)
  const container = world.state.container(app.dynos[dyno] ?? '')
  if (container === null) throw refuse(`${app.name} has no container ${dyno}`)
  return container
}

async function pushFrom(world: World, args: readonly string[]): Promise<number> {
  const known = ['branch', 'key', 'author', 'subject', 'fault']
  const { values, rest } = parseOptions('simulator:push', args, { values: known })
  const [app] = rest
  if (app === undefined) throw refuse('Please specify an app to run the command on')
  const [, author = 'Jo Doe', email = 'jo@example.com'] = /^(.*) <(.*)>$/.exec(values.author ?? '') ?? []
  if (world.caller.name === '' || values.key !== undefined)
    world.caller = callerWithKey(values.key ?? 'laptop-key')
  for (const fault of parseFaults(values.fault)) world.faults.add(fault)
  if (world.pid() === process.pid) quitAsGit(world)
  const { branch = 'main', subject = 'Make it better' } = values
  return await push(world, { app, branch, author, email, subject, source: null })
}

/** builds:cancel ends the process group of the other side; this is what the pusher sees of it. */
function quitAsGit(world: World): void {
  process.once('SIGQUIT', () => {
    const shell = `/var/lib/dokku/plugins/available/git/functions: line 165: ${process.pid} Quit`
    world.terminal(2, Buffer.from(`${shell}                    git-shell -c "$args"\n`))
    process.stderr.write('send-pack: unexpected disconnect while reading sideband packet\n')
    process.exit(128)
  })
}
