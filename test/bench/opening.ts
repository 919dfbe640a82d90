import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { openDatabase } from '../../ui/database/database.ts'
import { copies } from '../../ui/logs/copies.ts'
import { pageReads } from '../../ui/pages.ts'
import { newServer, type Panel, type Server, startPanel } from './panel.ts'
import { appName, newPast } from './past.ts'
import type { Place } from './place.ts'
import { openStream } from './streams.ts'
import { milliseconds, type Row, row } from './table.ts'
import { median, takingTurns, timed } from './times.ts'

const OPENED = 20
const LINES = 200
const FIRST = 'the first line of 200'
const PEER = { said: '568 ms is what a peer takes' }

/** From a click to the first line, without the browser: the page, then its stream where the line comes by that. */
export async function opening(place: Place): Promise<readonly Row[]> {
  const server = newServer(place)
  const made = newPast(place, 1000)
  const lines = Array.from({ length: LINES }, (_, index) => (index === 0 ? FIRST : `line ${index + 1}`))
  for (let index = 0; index < OPENED; index += 1) writeLog(server, appName(index), lines)
  const logFile = await keepLog(server, join(made.data, 'dokkubase.db'), lines)
  const panel = await startPanel(place, made, server)
  const logs = ['logs', appName(0), '--tail', '--num', String(LINES)]
  const [command = [], running = [], cat = [], kept = []] = await takingTurns(OPENED, [
    () => firstLine(server.dokku, logs),
    (round) => openRunning(panel, appName(round)),
    () => firstLine('/bin/cat', [logFile]),
    () => timed(() => page(panel, `/apps/${appName(0)}/deployments/1`, FIRST)),
  ])
  await panel.stop()
  return [
    row("open a running app's log → first line", milliseconds, {
      floor: median(command),
      ours: median(running),
      aim: PEER,
    }),
    row("open a deployment's log → first line", milliseconds, { floor: median(cat), ours: median(kept) }),
  ]
}

const writeLog = (server: Server, app: string, lines: readonly string[]) =>
  writeFileSync(
    server.logOf(app),
    lines.map((line) => `${new Date().toISOString()} app[web.1]: ${line}\n`).join(''),
  )

/** The log of a deployment, copied as the panel does. */
async function keepLog({ lib }: Server, path: string, lines: readonly string[]): Promise<string> {
  const db = openDatabase(path)
  const { apps, deployments } = pageReads(db)
  const deployment = deployments.numbered(apps.named(appName(0))?.id ?? 0, 1)
  if (deployment === undefined) throw new Error('there is no deployment to read the log of')
  const builds = join(lib, 'data/builds')
  const logFile = join(builds, appName(0), `${deployment.buildId}.log`)
  mkdirSync(dirname(logFile), { recursive: true })
  writeFileSync(logFile, `${lines.join('\n')}\n`)
  const log = copies({ db, builds })
  await log.finish({ id: deployment.id, logFile, startedAt: deployment.startedAt })
  log.close()
  db.$client.close()
  return logFile
}

async function page({ origin, cookie }: Panel, path: string, words?: string): Promise<void> {
  const answer = await fetch(origin + path, { headers: { cookie } })
  const text = await answer.text()
  if (answer.status !== 200 || (words !== undefined && !text.includes(words)))
    throw new Error(`${path} answered ${answer.status} without what was looked for`)
}

/** Each app once: what somebody looked at lately is still there. */
const openRunning = (panel: Panel, app: string): Promise<number> =>
  timed(async () => {
    await page(panel, `/apps/${app}/logs`)
    const stream = await openStream(panel.origin, `/apps/${app}/logs/stream`, panel.cookie)
    await stream.heard('data: [[')
    stream.close()
  })

/** The command itself, to its first bytes. */
async function firstLine(program: string, args: readonly string[]): Promise<number> {
  const from = performance.now()
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'ignore'] })
  await once(child.stdout, 'data')
  const time = performance.now() - from
  child.kill()
  return time
}
