import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export const REPO = new URL('../../', import.meta.url).pathname

/** Where a run keeps what it makes. Nothing of it is left after the run, however it ends. */
export interface Place {
  /** A new folder of that name, and something more where the name was used before. */
  folder(name: string): string
  remove(): void
}

export function newPlace(): Place {
  const root = mkdtempSync(join(tmpdir(), 'dokkubase-bench-'))
  const remove = () => rmSync(root, { recursive: true, force: true })
  process.once('exit', remove)
  return { folder: (name) => mkdtempSync(join(root, `${name}-`)), remove }
}

let next = 4200 + (process.pid % 300)

/** A port nobody listens on. */
export async function freePort(): Promise<number> {
  for (;;) {
    next += 1
    const port = next
    const server = createServer()
    const free = await new Promise<boolean>((resolve) => {
      server.once('error', () => resolve(false))
      server.listen(port, '127.0.0.1', () => resolve(true))
    })
    await new Promise((resolve) => server.close(resolve))
    if (free) return port
  }
}
