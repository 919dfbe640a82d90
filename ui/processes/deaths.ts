/** When deaths of a process are a crash loop, and when that is over. Pure. */
import type { Death, Deaths, Loop } from './process.ts'

/** Three deaths within an hour are a loop. */
const LOOP_DEATHS = 3
const LOOP_MS = 3_600_000
/** A loop is over once the process ran twice as long as it ever did between two of its deaths, and this at least. */
const STABLE_MS = 300_000
const KEPT = 10

/** `died`: a death by itself. `loop`: with this one they are a loop; while that goes on, no death is news. */
export type News = 'died' | 'loop' | null

export const noDeaths = (containerId: string): Deaths => ({
  containerId,
  recent: [],
  loop: null,
  ooms: null,
})

export function afterDeath(known: Deaths, death: Death): { readonly deaths: Deaths; readonly news: News } {
  const recent = [...known.recent, death].slice(-KEPT)
  if (known.loop !== null) return { deaths: { ...known, recent, loop: more(known.loop, death) }, news: null }
  const loop = loopOf(recent)
  return { deaths: { ...known, recent, loop }, news: loop === null ? 'died' : 'loop' }
}

const more = (loop: Loop, { count, memory }: Death): Loop => ({
  ...loop,
  deaths: loop.deaths + count,
  memory: loop.memory + (memory ? count : 0),
})

/** The newest deaths of which none lies more than an hour before the next, if the last three came within one. */
function loopOf(recent: readonly Death[]): Loop | null {
  const times = timesOf(recent)
  const [third] = times.slice(-LOOP_DEATHS)
  const last = times.at(-1)
  if (times.length < LOOP_DEATHS || third === undefined || last === undefined || last - third > LOOP_MS)
    return null
  const since = times.reduceRight((first, at) => (first - at <= LOOP_MS ? at : first), last)
  const chained = recent.filter(({ at }) => at >= since)
  return chained.reduce<Loop>(more, { since, deaths: 0, memory: 0 })
}

/** When each was; of several of which only the last one's time is known, evenly from the first time there can be. */
const timesOf = (recent: readonly Death[]): readonly number[] =>
  recent.flatMap(({ at, from, count }) =>
    Array.from({ length: Math.min(count, 100) }, (_, index) =>
      Math.round(at - ((at - from) / count) * index),
    ).reverse(),
  )

/** How long a process must run for its loop to be over, milliseconds. */
export function stableMs({ recent }: Pick<Deaths, 'recent'>): number {
  const times = timesOf(recent)
  const gaps = times.slice(1).map((at, index) => at - (times[index] ?? at))
  return Math.max(STABLE_MS, 2 * Math.max(0, ...gaps.filter((gap) => gap <= LOOP_MS)))
}

/** An event a process may cause an hour at most: kills for memory that it survives. */
const OOM_NEWS_MS = 3_600_000

/** The kernel killed a process within for memory, and the container goes on. `isNews`: worth an event of its own. */
export function afterOom(known: Deaths, at: number): { readonly deaths: Deaths; readonly isNews: boolean } {
  const isNews = known.ooms === null || at - known.ooms.recordedAt >= OOM_NEWS_MS
  const ooms = {
    count: (known.ooms?.count ?? 0) + 1,
    lastAt: at,
    recordedAt: isNews ? at : (known.ooms?.recordedAt ?? at),
  }
  return { deaths: { ...known, ooms }, isNews }
}
