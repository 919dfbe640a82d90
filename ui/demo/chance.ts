/** A seeded source of numbers 0 ≤ x < 1 (mulberry32): the demo's past is the same on every machine. */
export type Chance = () => number

export function chance(seed: number): Chance {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}

export function pick<T>(from: readonly T[], random: Chance): T {
  const found = from[Math.floor(random() * from.length)]
  if (found === undefined) throw new Error('nothing to pick from')
  return found
}

/** The first whose weight, out of a hundred, is hit; null for the rest. */
export function hit<T>(weighted: readonly (readonly [T, number])[], random: Chance): T | null {
  let left = random() * 100
  for (const [value, weight] of weighted) {
    if (left < weight) return value
    left -= weight
  }
  return null
}
