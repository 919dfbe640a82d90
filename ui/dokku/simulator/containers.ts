import { closeSync, existsSync, openSync, readSync, statSync, watch } from 'node:fs'
import { type App, property } from './app.ts'
import type { Handler } from './dispatch.ts'
import { containerLine } from './docker.ts'
import { settle } from './retire.ts'
import { refuse, type World } from './world.ts'

/** The slow timer behind the doorbell that `fs.watch` is; also what makes retired containers end in time. */
const LOOK_MS = 2_000
/** What the plugin's own subcommand asks Docker for: no containers of deployment tasks. */
const WANTED = '"com.dokku.container-type":"deploy"'

/**
 * `dokkubase:containers [--follow]`, as subcommands/containers answers it on a server: containers and apps as JSON
 * lines, then Docker's events as they come, until stdin closes.
 */
export const containers: Handler = async (world, args) => {
  if (args.length > 1 || (args.length === 1 && args[0] !== '--follow'))
    throw refuse(`Not understood: ${args.join(' ')}. Type: dokku dokkubase:containers [--follow]`)
  settle(world)
  const offset = size(world)
  const readAt = world.clock.now()
  for (const container of world.state.containers().toReversed()) world.out(`${containerLine(container)}\n`)
  for (const name of world.state.apps()) {
    const app = world.state.app(name)
    if (app !== null) world.out(`${appLine(world, app)}\n`)
  }
  world.out(`{"kind":"end","read_at":${readAt / 1000}}\n`)
  if (args[0] !== '--follow') return
  world.out('{"kind":"following","by":"socket"}\n')
  await follow(world, offset)
}

const appLine = (world: World, app: App): string =>
  JSON.stringify({
    kind: 'app',
    app: app.name,
    next_image_id: app.image === '' ? null : `sha256:${app.image}`,
    scheduler: property(app, world.state.host(), 'scheduler.selected', ''),
    proxy: property(app, world.state.host(), 'proxy.type', ''),
    web_listener: property(app, world.state.host(), 'network.static-web-listener', ''),
    upstreams: app.upstreams,
    current: Object.values(app.dynos),
    access: [],
  })

function follow(world: World, offset: number): Promise<void> {
  let at = offset
  let timer: NodeJS.Timeout | undefined
  const look = () => {
    clearTimeout(timer)
    const due = settle(world)
    at = copyFrom(world, at)
    const soon = due === null ? LOOK_MS : Math.max(20, Math.min(LOOK_MS, due - world.clock.now()))
    timer = setTimeout(look, soon)
  }
  // The folder, not the file: it may not be there yet, and it is replaced when the server is made anew.
  const watcher = watch(world.place.root, (_, file) => {
    if (file === 'docker-events.jsonl') look()
  })
  look()
  return new Promise((resolve) => {
    process.stdin.on('close', () => {
      clearTimeout(timer)
      watcher.close()
      resolve()
    })
    process.stdin.resume()
  })
}

function copyFrom(world: World, from: number): number {
  const end = size(world)
  const start = end < from ? 0 : from
  if (end === start) return end
  const bytes = Buffer.alloc(end - start)
  const fd = openSync(world.place.dockerEvents, 'r')
  readSync(fd, bytes, 0, bytes.length, start)
  closeSync(fd)
  const whole = bytes.lastIndexOf(0x0a) + 1
  for (const line of bytes.subarray(0, whole).toString().split('\n'))
    if (line.includes(WANTED)) world.out(`${line}\n`)
  return start + whole
}

const size = (world: World): number =>
  existsSync(world.place.dockerEvents) ? statSync(world.place.dockerEvents).size : 0
