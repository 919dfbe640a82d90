import { readdirSync, rmSync } from 'node:fs'
import { Refusal, type Verb } from './terminal.ts'

/** `erase`: everything the panel ever wrote, and what waits to be recorded. The service is stopped by then. */
export const erase: Verb = ({ settings }, args) => {
  if (args.length > 0) throw new Refusal(`Not understood: ${args.join(' ')}`)
  for (const folder of [settings.data, settings.outbox])
    for (const name of namesIn(folder)) rmSync(`${folder}/${name}`, { recursive: true, force: true })
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}
