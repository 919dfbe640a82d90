import { writeFileSync } from 'node:fs'
import { newServer, startPanel } from './panel.ts'
import { appName, past } from './past.ts'
import type { Place } from './place.ts'
import { startBare } from './started.ts'
import { openStreams } from './streams.ts'
import { milliseconds, type Row, row } from './table.ts'
import { median, takingTurns } from './times.ts'

const RUNS = 5
const STREAMS = 50

/** From SIGTERM until the process is gone, while pages and logs are open. */
export async function ending(place: Place): Promise<readonly Row[]> {
  const server = newServer(place)
  writeFileSync(server.logOf(appName(7)), '')
  const [floor = [], ours = []] = await takingTurns(RUNS, [
    async () => {
      const bare = await startBare(place)
      const open = await openStreams(bare.origin, '/stream', [''], STREAMS)
      const time = await bare.stop()
      open.close()
      return time
    },
    async () => {
      const panel = await startPanel(place, past(place, 1000), server)
      const { origin, cookies } = panel
      const pages = await openStreams(origin, '/live', cookies, STREAMS / 2)
      const logs = await openStreams(origin, `/apps/${appName(7)}/logs/stream`, cookies, STREAMS / 2)
      const time = await panel.stop()
      pages.close()
      logs.close()
      return time
    },
  ])
  return [
    row(`SIGTERM → gone, ${STREAMS} streams open`, milliseconds, {
      floor: median(floor),
      ours: median(ours),
    }),
  ]
}
