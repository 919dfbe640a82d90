import type { App } from './app.ts'
import { type Container, dynoOf } from './container.ts'
import type { Commands } from './dispatch.ts'
import { parseOptions } from './options.ts'
import { report } from './report.ts'
import { headline, warn } from './speech.ts'
import { voiceOf } from './voices.ts'
import { appNamed, refuse, type World } from './world.ts'

/** Dokku colours a process by its place among the app's containers, also into a pipe. */
const COLOURS = [36, 33, 32, 35, 31]
/** No voice is silent for longer, so this many for each line asked for reach far enough back. */
const LONGEST_SILENCE_MS = 15_000
const BEAT_MS = 250

const FLAGS = ['tail', 't', 'quiet', 'q']
const VALUES = ['num', 'n', 'ps', 'p']

export const commands: Commands = {
  async logs(world, args) {
    const { flags, values, rest } = parseOptions('logs', args, { flags: FLAGS, values: VALUES })
    const app = appNamed(world, rest[0])
    if (!app.deployed) throw refuse(`App ${app.name} has not been deployed`)
    const num = Number(values.num ?? values.n ?? 100)
    const quiet = flags.has('quiet') || flags.has('q')
    const speakers = speakersOf(world, app, values.ps ?? values.p ?? '', quiet)
    const now = world.clock.now()
    print(
      world,
      speakers.flatMap((speaker) =>
        speaker(now - num * LONGEST_SILENCE_MS, now).slice(num === 0 ? Infinity : -num),
      ),
    )
    if (flags.has('tail') || flags.has('t')) await follow(world, app, speakers, now)
  },
  'logs:failed'(world, args) {
    headline(world, `${appNamed(world, args[0]).name} failed deploy logs`)
    warn(world, 'No failed containers found')
  },
  'logs:report': report('logs'),
}

interface Line {
  readonly at: number
  readonly text: string
}

type Speaker = (from: number, to: number) => Line[]

function speakersOf(world: World, app: App, type: string, quiet: boolean): Speaker[] {
  const containers = Object.entries(app.dynos)
    .filter(([dyno]) => type === '' || dyno.startsWith(`${type}.`))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([, id]) => world.state.container(id) ?? [])
  return containers.map(
    (container, i) => (from, to) => lines(container, COLOURS[i % COLOURS.length] ?? 36, quiet, from, to),
  )
}

function lines(container: Container, colour: number, quiet: boolean, from: number, to: number): Line[] {
  const end = Math.min(to, container.endedAt ?? to)
  return voiceOf(container.voice)
    .speak(container, from, end)
    .map(({ at, text }) => {
      const time = `${new Date(at).toISOString().slice(0, -1)}${String(at % 997).padStart(3, '0')}000Z`
      const head = quiet ? '' : `\u001b[${colour}m${time} app[${dynoOf(container)}]:\u001b[0m `
      return { at, text: `${head}${text}\n` }
    })
}

function print(world: World, said: readonly Line[]): void {
  const sorted = [...said].sort((a, b) => a.at - b.at)
  world.out(sorted.map(({ text }) => text).join(''))
}

/** Goes on until the containers it began with are gone, as `docker logs --follow` does: a deploy ends a tail. */
async function follow(world: World, app: App, speakers: readonly Speaker[], since: number): Promise<void> {
  const ids = Object.values(app.dynos)
  for (let from = since; ; ) {
    await new Promise((resolve) => setTimeout(resolve, BEAT_MS))
    const to = world.clock.now()
    print(
      world,
      speakers.flatMap((speaker) => speaker(from, to)),
    )
    from = to
    if (!ids.some((id) => world.state.container(id)?.status === 'running')) return
  }
}
