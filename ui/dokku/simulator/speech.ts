import type { World } from './world.ts'

/** Dokku's ways of saying something. `info` with its arrow, `verbose` indented, `warn` on stderr. */
export const info = (world: World, text: string): void => world.out(`-----> ${text}\n`)
export const headline = (world: World, text: string): void => world.out(`=====> ${text}\n`)
export const verbose = (world: World, text: string): void => world.out(`       ${text}\n`)
export const warn = (world: World, text: string): void => world.err(` !     ${text}\n`)

/** Left out under --quiet. */
export function quietInfo(world: World, text: string): void {
  if (!world.flags.quiet) info(world, text)
}

export function quietHeadline(world: World, text: string): void {
  if (!world.flags.quiet) headline(world, text)
}

/** Columns as columnize makes them: two spaces apart, nothing after the last. */
export function columns(rows: readonly (readonly string[])[], prefix = ''): string {
  const widths: number[] = []
  for (const row of rows)
    for (const [i, cell] of row.entries()) widths[i] = Math.max(widths[i] ?? 0, cell.length)
  return rows
    .map((row) => {
      const cells = row.map((cell, i) => (i === row.length - 1 ? cell : cell.padEnd((widths[i] ?? 0) + 2)))
      return `${prefix}${cells.join('')}\n`
    })
    .join('')
}
