/**
 * `npm run torture`: whatever happens to the service or the outbox, no event is lost, doubled or out of order, and
 * Dokku feels nothing. `-- --events 4000` makes it short, `-- --seed N` repeats its random moments.
 */
import { parseArgs } from 'node:util'
import { tortureHook } from './hook.ts'
import { table } from './table.ts'
import { trials } from './trials.ts'
import { untold } from './untold.ts'

const { values } = parseArgs({
  options: {
    events: { type: 'string', default: '100000' },
    seed: { type: 'string', default: String(Date.now() % 100_000) },
  },
})
let wrong = 0

console.log(`seed ${values.seed}\n`)
hookTable()
await serviceTable(Number(values.events), randomFrom(Number(values.seed)))
await untoldTable()
if (wrong > 0) {
  console.log(`${wrong} wrong`)
  process.exitCode = 1
}

function hookTable() {
  const rows = tortureHook().map(({ name, times, right }) => [
    name,
    `${times.hook.toFixed(2)} ms`,
    `${times.bash.toFixed(2)} ms`,
    times.ratio.toFixed(2),
    times.failed,
    times.said,
    times.stdinLeftWhole ? 'whole' : 'eaten',
    verdict(right),
  ])
  console.log(table(['hook', 'median', 'bash -c :', 'ratio', 'exit ≠ 0', 'bytes said', 'stdin', ''], rows))
}

async function serviceTable(events: number, random: () => number) {
  const rows = []
  for (const trial of trials) {
    const began = performance.now()
    const got = await trial.run({ events, random })
    const took = `${((performance.now() - began) / 1000).toFixed(0)} s`
    const bad = got.lost + got.doubled + got.outOfOrder + got.setAside + got.felt
    const said = verdict(bad === 0 && got.integrity === 'ok')
    const counts = [got.events, got.lost, got.doubled, got.outOfOrder, got.setAside, got.felt, got.integrity]
    rows.push([trial.name, ...counts, took, got.note, said])
    console.error(`${trial.name}: ${said} after ${took}`)
  }
  const head = [
    'service',
    'events',
    'lost',
    'doubled',
    'out of order',
    'set aside',
    'felt',
    'database',
    'took',
  ]
  console.log(`\n${table([...head, '', ''], rows)}`)
}

async function untoldTable() {
  const rows = (await untold()).map(({ what, right }) => [what, verdict(right)])
  console.log(table(['what could not be written', ''], rows))
}

function verdict(right: boolean): string {
  if (!right) wrong += 1
  return right ? 'ok' : 'WRONG'
}

/** A small generator (mulberry32), so that a run can be repeated. */
function randomFrom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
