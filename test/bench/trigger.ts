import { readdirSync } from 'node:fs'
import { newRoot, timeHook } from './hook.ts'
import type { Place } from './place.ts'
import { milliseconds, type Row, row } from './table.ts'

/** What Dokku waits for at each trigger. */
export function trigger(place: Place): readonly Row[] {
  const { root, outbox } = newRoot(place.folder('hook'))
  const { bash, hook, runs, failed, said } = timeHook({ root, runs: 400 })
  const written = readdirSync(outbox).length
  if (written !== runs || failed > 0 || said > 0)
    throw new Error(`${runs} hooks wrote ${written} events, ${failed} failed, they said ${said} bytes`)
  return [row('a hook, against `bash -c :`', milliseconds, { floor: bash, ours: hook, aim: { times: 1.3 } })]
}
