/** Names that were perhaps meant by one that is not there. Pure. */

/** Letters that may differ: one in a short name, two in a longer one. */
const mayDiffer = (name: string): number => (name.length < 5 ? 1 : 2)

const MOST_LETTERS = 64

/** The nearest first, at most `most`: those that begin alike, and those that differ by a typing error or two. */
export function nearNames(wanted: string, names: readonly string[], most = 3): readonly string[] {
  const typed = wanted.toLowerCase().slice(0, MOST_LETTERS)
  if (typed === '') return []
  return names
    .filter((name) => name.length <= MOST_LETTERS)
    .map((name) => ({ name, apart: apart(typed, name.toLowerCase()) }))
    .filter(({ name, apart }) => apart <= mayDiffer(typed) || isPartOf(typed, name.toLowerCase()))
    .sort((one, other) => one.apart - other.apart || (one.name < other.name ? -1 : 1))
    .slice(0, most)
    .map(({ name }) => name)
}

const isPartOf = (typed: string, name: string): boolean =>
  Math.min(typed.length, name.length) > 2 && (name.startsWith(typed) || typed.startsWith(name))

/** How many letters are put in, left out, changed or swapped with the next (the optimal string alignment distance). */
function apart(one: string, other: string): number {
  let [before, last]: [number[], number[]] = [[], Array.from({ length: other.length + 1 }, (_, at) => at)]
  for (let i = 1; i <= one.length; i += 1) {
    const row = [i]
    for (let j = 1; j <= other.length; j += 1) {
      const isSame = one[i - 1] === other[j - 1]
      const isSwapped = i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1]
      row[j] = Math.min(
        (last[j] ?? 0) + 1,
        (row[j - 1] ?? 0) + 1,
        (last[j - 1] ?? 0) + (isSame ? 0 : 1),
        isSwapped ? (before[j - 2] ?? 0) + 1 : Number.POSITIVE_INFINITY,
      )
    }
    before = last
    last = row
  }
  return last[other.length] ?? 0
}
