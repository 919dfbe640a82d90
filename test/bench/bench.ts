/**
 * `npm run bench`: what the panel costs, and the least the same work can cost, in one table. Words choose sections:
 * `npm run bench -- hook ingest`.
 */
import { cpus, loadavg } from 'node:os'
import { build } from '../../ui/web/build.ts'
import { ending } from './ending.ts'
import { ingest } from './ingest.ts'
import { jobs } from './jobs.ts'
import { live } from './live.ts'
import { memory } from './memory.ts'
import { opening } from './opening.ts'
import { pages } from './pages.ts'
import { newPlace, type Place } from './place.ts'
import { requests } from './requests.ts'
import { starting } from './starting.ts'
import { type Row, table } from './table.ts'
import { trigger } from './trigger.ts'
import { viewers } from './viewers.ts'

const SECTIONS: Readonly<Record<string, (place: Place) => readonly Row[] | Promise<readonly Row[]>>> = {
  hook: trigger,
  ingest,
  jobs,
  live,
  requests,
  start: starting,
  open: opening,
  viewers,
  end: ending,
  pages,
  memory,
}

const words = process.argv.slice(2)
const unknown = words.filter((word) => !(word in SECTIONS))
if (unknown.length > 0) {
  console.error(`${unknown.join(', ')}: not known. Sections: ${Object.keys(SECTIONS).join(', ')}`)
  process.exit(2)
}
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130))

await build()
const place = newPlace()
const rows: Row[] = []
const began = performance.now()
for (const [name, section] of Object.entries(SECTIONS)) {
  if (words.length > 0 && !words.includes(name)) continue
  const from = performance.now()
  try {
    rows.push(...(await section(place)))
    console.error(`${name}: ${seconds(from)}`)
  } catch (error) {
    process.exitCode = 1
    console.error(`${name} could not be measured:`, error)
  }
}
const [{ model = '' } = {}] = cpus()
console.log(
  `\n${cpus().length} cores ${model} · Node ${process.version} · load ${loadavg()[0]?.toFixed(1)} · ${seconds(began)}\n`,
)
console.log(table(rows))
process.exit()

function seconds(from: number): string {
  return `${((performance.now() - from) / 1000).toFixed(0)} s`
}
