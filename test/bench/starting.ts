import { beginPanel, newServer } from './panel.ts'
import { past } from './past.ts'
import type { Place } from './place.ts'
import { beginBare, firstAnswer } from './started.ts'
import { milliseconds, type Row, row } from './table.ts'
import { median } from './times.ts'

const RUNS = 11

/** From the start of the program to its first answers. The first run of each warms the disk's cache. */
export async function starting(place: Place): Promise<readonly Row[]> {
  const hello: number[] = []
  const health: number[] = []
  const signIn: number[] = []
  const server = newServer(place)
  for (let run = 0; run <= RUNS; run += 1) {
    const bareFrom = performance.now()
    const bare = await beginBare(place)
    hello.push(await firstAnswer(bare, '/', bareFrom))
    await bare.stop()
    const from = performance.now()
    const panel = await beginPanel(place, past(place, 1000), server)
    health.push(await firstAnswer(panel, '/healthz', from))
    signIn.push(await firstAnswer(panel, '/sign-in', from))
    await panel.stop()
  }
  const [floor, first, page] = [hello, health, signIn].map((times) => median(times.slice(1)))
  const against = floor === undefined ? {} : { floor }
  return [
    row('start → first answer', milliseconds, { ...against, ours: first ?? Number.NaN, aim: { times: 2 } }),
    row('  → first page (sign-in)', milliseconds, {
      ...against,
      ours: page ?? Number.NaN,
      aim: { times: 2 },
    }),
  ]
}
