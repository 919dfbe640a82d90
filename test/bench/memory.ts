import { newServer, startPanel } from './panel.ts'
import { past } from './past.ts'
import type { Place } from './place.ts'
import { memoryOf, type Started, startBare } from './started.ts'
import { megabytes, type Row, row } from './table.ts'
import { pause } from './times.ts'

const IDLE_MS = 20_000

/** What it costs to have it running while nobody looks. */
export async function memory(place: Place): Promise<readonly Row[]> {
  const floor = await idle(await startBare(place))
  const empty = await idle(await startPanel(place, past(place, 0), newServer(place, [])))
  const long = await idle(await startPanel(place, past(place, 1_000_000)))
  return [
    row('idle memory (RSS), no events', megabytes, {
      floor: floor.rss,
      ours: empty.rss,
      aim: { times: 1.35 },
    }),
    row('  and PSS', megabytes, { floor: floor.pss, ours: empty.pss }),
    row('idle memory (RSS), 1,000,000 events', megabytes, {
      floor: floor.rss,
      ours: long.rss,
      aim: { times: 1.35 },
    }),
    row('  and PSS', megabytes, { floor: floor.pss, ours: long.pss }),
  ]
}

async function idle(program: Started) {
  await pause(IDLE_MS)
  const used = memoryOf(program.pid)
  await program.stop()
  return used
}
