import { rmSync, writeFileSync } from 'node:fs'

/** A file that only the panel's user can open, on the disk when this returns. One that was there would keep its mode. */
export function writePrivate(path: string, text: string): void {
  rmSync(path, { force: true })
  writeFileSync(path, text, { flag: 'wx', mode: 0o600, flush: true })
}
