import { appendFileSync, writeFileSync } from 'node:fs'
import type { LogLine } from '../../ui/logs/log.ts'
import { linesEvent } from '../../ui/logs/message.ts'
import { newServer, startPanel } from './panel.ts'
import { appName, past } from './past.ts'
import type { Place } from './place.ts'
import { cpuOf, memoryOf, type Started, startBare } from './started.ts'
import { openStreams } from './streams.ts'
import { kilobytes, microseconds, type Row, row } from './table.ts'
import { pause } from './times.ts'

const VIEWERS = 1000
const APP = appName(7)
/** Lines that come alone, and then batches of many lines: a quiet log and a busy one. */
const ALONE = { batches: 40, lines: 1 }
const MANY = { batches: 20, lines: 50 }
/** The panel gathers lines for 100 ms. */
const APART_MS = 130

/** A running log and 1,000 people who look at it. */
export async function viewers(place: Place): Promise<readonly Row[]> {
  const floor = await crowd(await startBare(place), '/stream', [''], writeTo)
  const server = newServer(place)
  writeFileSync(server.logOf(APP), '')
  const panel = await startPanel(place, past(place, 1000), server)
  const ours = await crowd(panel, `/apps/${APP}/logs/stream`, panel.cookies, () => async (lines) => {
    appendFileSync(
      server.logOf(APP),
      lines
        .map(([, at, text, process]) => `${new Date(at).toISOString()} app[${process}]: ${text}\n`)
        .join(''),
    )
  })
  const figures = (key: keyof Cost) => ({ floor: floor[key], ours: ours[key] })
  return [
    row('1,000 viewers: a line alone, each', microseconds, { ...figures('alone'), aim: { times: 1.3 } }),
    row('  a line of 50 at once, each', microseconds, { ...figures('many'), aim: { times: 1.3 } }),
    row('  memory of a connection', kilobytes, { ...figures('memory'), aim: { most: 30 } }),
  ]
}

type Say = (lines: readonly LogLine[]) => Promise<void>

/** The same bytes as the panel sends, written to every socket. */
const writeTo =
  ({ origin }: Started): Say =>
  async (lines) => {
    const [last = 0] = lines.at(-1) ?? []
    await fetch(`${origin}/write`, { method: 'POST', body: linesEvent('mh3k2a1r1', last, lines) })
  }

interface Cost {
  /** CPU of the server for each line and viewer, µs. */
  readonly alone: number
  readonly many: number
  /** RSS for each connection, KB. */
  readonly memory: number
}

async function crowd(
  server: Started,
  path: string,
  cookies: readonly string[],
  sayer: (server: Started) => Say,
): Promise<Cost> {
  const say = sayer(server)
  const first = await openStreams(server.origin, path, cookies, 200)
  await send(say, first, { batches: 20, lines: 1 }, 'first')
  first.close()
  await pause(1000)
  const before = memoryOf(server.pid).rss
  const all = await openStreams(server.origin, path, cookies, VIEWERS)
  await pause(2000)
  const memory = ((memoryOf(server.pid).rss - before) * 1024) / VIEWERS
  const cost = async (plan: typeof ALONE, name: string) => {
    const from = cpuOf(server.pid)
    await send(say, all, plan, name)
    return (cpuOf(server.pid) - from) / (plan.batches * plan.lines * VIEWERS)
  }
  const alone = await cost(ALONE, 'alone')
  const many = await cost(MANY, 'many')
  all.close()
  await server.stop()
  return { alone, many, memory }
}

let number = 0

/** Each batch is waited for by everybody before the next. */
async function send(
  say: Say,
  streams: { heard(words: string): Promise<number> },
  { batches, lines }: typeof ALONE,
  name: string,
): Promise<void> {
  for (let batch = 0; batch < batches; batch += 1) {
    const some = Array.from({ length: lines }, (): LogLine => {
      number += 1
      return [
        number,
        Date.now(),
        `${name} ${number}. GET /orders/1234 200 in 12 ms, 5,321 bytes to 203.0.113.7`,
        'web.1',
      ]
    })
    await Promise.all([say(some), streams.heard(`${name} ${number}.`), pause(APART_MS)])
  }
}
