/** Times in milliseconds, and what many of them say together. */

export const quantile = (values: readonly number[], part: number): number =>
  [...values].sort((one, other) => one - other)[
    Math.min(values.length - 1, Math.floor(values.length * part))
  ] ?? Number.NaN

export const median = (values: readonly number[]): number => quantile(values, 0.5)

/** How long one piece of work took. */
export async function timed(work: () => unknown): Promise<number> {
  const from = performance.now()
  await work()
  return performance.now() - from
}

/** Each of the works so many times, taking turns, so that a busy moment of the machine meets all of them. */
export async function takingTurns(
  rounds: number,
  works: readonly ((round: number) => number | Promise<number>)[],
): Promise<readonly number[][]> {
  const times = works.map((): number[] => [])
  for (let round = 0; round < rounds; round += 1)
    for (const [index, work] of works.entries()) times[index]?.push(await work(round))
  return times
}

/** Median of what does not wait for anything: run once unmeasured for each ten measured. */
export function medianOf(rounds: number, work: () => unknown): number {
  for (let round = 0; round < Math.ceil(rounds / 10); round += 1) work()
  const times = Array.from({ length: rounds }, () => {
    const from = performance.now()
    work()
    return performance.now() - from
  })
  return median(times)
}

/** The same of what is waited for. */
export async function medianAwaited(rounds: number, work: () => Promise<unknown>): Promise<number> {
  for (let round = 0; round < Math.ceil(rounds / 10); round += 1) await work()
  const times: number[] = []
  for (let round = 0; round < rounds; round += 1) times.push(await timed(work))
  return median(times)
}

export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))
