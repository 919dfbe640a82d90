import { Agent, get } from 'node:http'
import { startPanel } from './panel.ts'
import { past } from './past.ts'
import type { Place } from './place.ts'
import { cpuOf, type Started, startBare } from './started.ts'
import { microseconds, type Row, row } from './table.ts'
import { median } from './times.ts'

const WARMING = 5000
const ASKED = 4000
const ROUNDS = 3
const AT_ONCE = 8

/** CPU of the server for a request that asks for next to nothing: what stands in front of every page. */
export async function requests(place: Place): Promise<readonly Row[]> {
  const bare = await startBare(place)
  const panel = await startPanel(place, past(place, 1000))
  const works = [
    { server: bare, path: '/', status: 200 },
    { server: panel, path: '/healthz', status: 200 },
    // Somebody signed in who asks for the door is sent home: everything but a page was made.
    { server: panel, path: '/sign-in', status: 303 },
  ] as const
  const costs: number[][] = works.map(() => [])
  for (const work of works) await ask(work, panel.cookie, WARMING)
  for (let round = 0; round < ROUNDS; round += 1)
    for (const [index, work] of works.entries()) {
      const from = cpuOf(work.server.pid)
      await ask(work, panel.cookie, ASKED)
      costs[index]?.push((cpuOf(work.server.pid) - from) / ASKED)
    }
  await bare.stop()
  await panel.stop()
  const [floor = Number.NaN, guarded = Number.NaN, signedIn = Number.NaN] = costs.map(median)
  return [
    row('a request through every guard (/healthz)', microseconds, {
      floor,
      ours: guarded,
      aim: { times: 2 },
    }),
    row('  and through session and frame', microseconds, { floor, ours: signedIn, aim: { times: 2 } }),
  ]
}

interface Work {
  readonly server: Started
  readonly path: string
  readonly status: number
}

async function ask({ server, path, status }: Work, cookie: string, count: number): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE })
  const one = () =>
    new Promise<void>((resolve, reject) => {
      get(server.origin + path, { agent, headers: { cookie } }, (response) => {
        response.resume()
        response.once('end', resolve)
        if (response.statusCode !== status) reject(new Error(`${path} answered ${response.statusCode}`))
      }).once('error', reject)
    })
  let left = count
  const asker = async () => {
    for (; left > 0; left -= 1) await one()
  }
  await Promise.all(Array.from({ length: AT_ONCE }, asker))
  agent.destroy()
}
