/** A pasted .env as changes: all of it or nothing, but for what needs no change. Pure. */
import * as z from 'zod'
import { NO_CONFIG } from './config.ts'
import { type Pair, parseDotenv } from './dotenv.ts'
import type { Change, Values } from './draft.ts'
import { MOST, SetForm } from './entry.ts'
import { NOTHING_RESERVED, type Reserved, whyAllReserved } from './reserved.ts'

export interface Pasted {
  readonly changes: readonly Change[]
  /** Dokku's own keys, which a downloaded .env has in it and Dokku sets itself. */
  readonly leftOut: readonly string[]
}

/** Whether what Dokku has now decides what becomes of a pasted text. */
export const asksForValues = (text: string, refuses: Reserved): boolean =>
  parseDotenv(text).pairs.some(({ key }) => refuses(key) !== null)

/** `now`: what Dokku has. A reserved key with the value it has already is no change. */
export const PasteForm = (refuses: Reserved, now: Values) =>
  z.object({ text: z.string() }).transform(({ text }, { addIssue }): Pasted => {
    const wrong = (message: string) => addIssue({ code: 'custom', message })
    const { pairs, problems } = parseDotenv(text)
    for (const { line, text: message } of problems) wrong(`line ${line}: ${message}`)
    if (pairs.length === 0 && problems.length === 0) wrong('there is no KEY=value in this')
    if (pairs.length > MOST) wrong(`these are more than ${MOST} keys`)
    const { set, leftOut, reserved } = sorted(pairs, refuses, now)
    if (reserved.length > 0) wrong(whyAllReserved(reserved.map(({ key, line }) => `${key} (line ${line})`)))
    else if (set.length === 0 && pairs.length > 0)
      wrong('there is nothing to change: Dokku has all of this so already, or sets it itself')
    const form = SetForm(NOTHING_RESERVED)
    for (const { key, value, line } of set)
      for (const { message } of form.safeParse({ key, value }).error?.issues ?? [])
        wrong(`line ${line}: ${message}`)
    return { changes: set.map(({ key, value }) => [key, value]), leftOut }
  })

function sorted(pairs: readonly Pair[], refuses: Reserved, now: Values) {
  const set: Pair[] = []
  const reserved: Pair[] = []
  const leftOut: string[] = []
  for (const pair of pairs) {
    const reason = refuses(pair.key)
    if (NO_CONFIG.has(pair.key)) leftOut.push(pair.key)
    else if (reason === null) set.push(pair)
    else if (now.get(pair.key) === pair.value) continue
    else if (reason === 'dokku') leftOut.push(pair.key)
    else reserved.push(pair)
  }
  return { set, leftOut, reserved }
}
