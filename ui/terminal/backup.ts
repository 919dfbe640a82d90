/** `backup`: the whole database on stdout, as it was at one moment, while the panel goes on writing. */
import { createReadStream, mkdirSync, readdirSync, rmSync } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import { Refusal, type Verb } from './terminal.ts'

const UNFINISHED = /^unfinished-\d+\.db/

export const backup: Verb = async ({ settings, open, clock, stdout }, args) => {
  if (args.length > 0) throw new Refusal(`Not understood: ${args.join(' ')}`)
  const folder = `${settings.data}/backups`
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  // What a copy that was killed left behind
  for (const name of readdirSync(folder)) if (UNFINISHED.test(name)) rmSync(`${folder}/${name}`)
  const copy = `${folder}/unfinished-${clock()}.db`
  try {
    // One read transaction: what is committed meanwhile waits in the WAL and is not part of it.
    open().$client.prepare('vacuum into ?').run(copy)
    await pipeline(createReadStream(copy), stdout, { end: false })
  } finally {
    rmSync(copy, { force: true })
  }
}
