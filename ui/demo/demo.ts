import '../require-node.ts'
import { existsSync, mkdirSync, rmSync, watch, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { placeAt, prepare } from '../dokku/simulator/place.ts'
import { messageOf } from '../web/message-of.ts'
import { life } from './life.ts'
import { buildPanel, panelProcess } from './panel.ts'
import { children } from './process.ts'
import { seed } from './seed.ts'

/**
 * `npm run demo`: the panel on a simulated server with six weeks behind it and a life of its own.
 * `--reset` begins anew, `--watch` starts the panel again when its source changes. Everything lies in demo/, or in
 * the folder given by `--folder`.
 */
const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const PORT = Number(process.env.PORT ?? 3000)

const { values } = parseArgs({
  options: {
    reset: { type: 'boolean', default: false },
    watch: { type: 'boolean', default: false },
    folder: { type: 'string', default: join(ROOT, 'demo') },
  },
})
const FOLDER = resolve(values.folder)
const group = children()
const ending = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void end(0))

try {
  await demo()
} catch (error) {
  say(error)
  await end(1)
}

async function demo(): Promise<void> {
  if (values.reset) rmSync(FOLDER, { recursive: true, force: true })
  const place = placeAt(join(FOLDER, 'server'))
  await Promise.all([buildPanel(), seedOnce()])
  const panel = panelProcess({
    place,
    folder: FOLDER,
    port: PORT,
    children: group,
    onEnded(why) {
      if (ending.signal.aborted) return
      say(why)
      if (!values.watch) void end(1)
    },
  })
  panel.start()
  await panel.ready()
  const alive = life(prepare(place).dokku, group, Date.now())
  alive.begin()
  process.stdout.write(
    `\nThe panel is at ${panel.origin}\n${await panel.link()}\n\nCtrl-C ends it; what happened is kept in ${FOLDER}.\n`,
  )
  if (values.watch) watchSources(() => panel.restart())
  await alive.live(ending.signal)
}

/** A start that was broken off in the middle of the past begins it anew. */
async function seedOnce(): Promise<void> {
  const server = join(FOLDER, 'server')
  // Another name where an older past would not be understood.
  const done = join(server, 'seeded-2')
  if (existsSync(done)) return
  rmSync(FOLDER, { recursive: true, force: true })
  mkdirSync(FOLDER, { recursive: true })
  await seed(placeAt(server), ROOT, Date.now())
  writeFileSync(done, '')
}

/** One restart for all files that an editor saves at once, and none while another is under way. */
function watchSources(restart: () => Promise<void>): void {
  let timer: NodeJS.Timeout | undefined
  let last: Promise<void> = Promise.resolve()
  watch(join(ROOT, 'ui'), { recursive: true }, (_, file) => {
    if (file === null || !/\.(ts|css|sql)$/.test(file)) return
    clearTimeout(timer)
    timer = setTimeout(() => {
      last = last
        .then(async () => {
          await buildPanel()
          await restart()
          process.stdout.write(`Started again after a change in ${file}\n`)
        })
        .catch(say)
    }, 200)
  })
}

function say(error: unknown): void {
  process.stderr.write(`${messageOf(error)}\n`)
}

async function end(code: number): Promise<void> {
  if (ending.signal.aborted) return
  ending.abort()
  await group.endAll()
  process.exit(code)
}
