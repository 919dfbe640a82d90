/** A pasted .env as changes: all of it or nothing, but for what needs no change. Pure. */
import * as z from 'zod'
import { ConfigValue } from './command.ts'
import { NO_CONFIG } from './config.ts'
import { type Pair, parseDotenv } from './dotenv.ts'
import type { Change, Values } from './draft.ts'
import { MOST } from './entry.ts'
import { type Reserved, whyAllReserved } from './reserved.ts'

export interface Pasted {
  readonly changes: readonly Change[]
  /** Keys that Dokku has with this value already. */
  readonly unchanged: readonly string[]
  /** Dokku's own keys, which a downloaded .env has in it and Dokku sets itself. */
  readonly leftOut: readonly string[]
}

/** Whether what Dokku has now decides if a pasted text is taken at all. */
export const asksForValues = (text: string, refuses: Reserved): boolean =>
  parseDotenv(text).pairs.some(({ key }) => refuses(key) !== null)

/** `now`: what Dokku has. A key with the value it has already is no change, a reserved one as any. */
export const PasteForm = (refuses: Reserved, now: Values) =>
  z.object({ text: z.string() }).transform(({ text }, { addIssue }): Pasted => {
    const wrong = (message: string) => addIssue({ code: 'custom', message })
    const { pairs, problems } = parseDotenv(text)
    for (const { line, text: message } of problems) wrong(`line ${line}: ${message}`)
    if (pairs.length === 0 && problems.length === 0) wrong('there is no KEY=value in this')
    if (pairs.length > MOST) wrong(`these are more than ${MOST} keys`)
    const { set, unchanged, leftOut, reserved } = sorted(pairs, refuses, now)
    if (reserved.length > 0) wrong(whyAllReserved(reserved.map(({ key, line }) => `${key} (line ${line})`)))
    else if (set.length === 0 && pairs.length > 0)
      wrong('there is nothing to change: Dokku has all of this so already, or sets it itself')
    for (const { value, line } of set)
      for (const { message } of ConfigValue.safeParse(value).error?.issues ?? [])
        wrong(`line ${line}: ${message}`)
    return { changes: set.map(({ key, value }) => [key, value]), unchanged, leftOut }
  })

/** What Dokku sets by itself, for herokuish, where nobody did: with these values no config of anybody's. */
const SET_BY_DOKKU: ReadonlyMap<string, string> = new Map([
  ['CURL_CONNECT_TIMEOUT', '90'],
  ['CURL_TIMEOUT', '600'],
])

function sorted(pairs: readonly Pair[], refuses: Reserved, now: Values) {
  const set: Pair[] = []
  const reserved: Pair[] = []
  const unchanged: string[] = []
  const leftOut: string[] = []
  for (const pair of pairs) {
    const { key, value } = pair
    const reason = refuses(key)
    if (NO_CONFIG.has(key)) leftOut.push(key)
    else if (now.get(key) === value) unchanged.push(key)
    else if (reason === 'dokku' || SET_BY_DOKKU.get(key) === value) leftOut.push(key)
    else if (reason === null) set.push(pair)
    else reserved.push(pair)
  }
  return { set, unchanged, leftOut, reserved }
}
