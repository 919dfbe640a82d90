/** What somebody types or pastes, as changes; each refusal says why, and never what the value was. Pure. */
import * as z from 'zod'
import { ConfigKey } from '../dokku/names.ts'
import { ConfigValue, MAX_CONFIG, toInput } from './command.ts'
import { parseDotenv } from './dotenv.ts'
import type { Change, Draft } from './draft.ts'
import { whyReserved } from './reserved.ts'

/** Whether a key is root's alone to set, as things stand. */
export type Refuses = (key: string) => boolean

export const keyFor = (refuses: Refuses) =>
  z
    .string()
    .trim()
    .pipe(ConfigKey)
    .superRefine((key, { addIssue }) => {
      if (refuses(key)) addIssue({ code: 'custom', message: whyReserved(key) })
    })

export const SetForm = (refuses: Refuses) => z.object({ key: keyFor(refuses), value: ConfigValue })

const MOST = 1000

/** All of a pasted .env or nothing of it. */
export const PasteForm = (refuses: Refuses) =>
  z.object({ text: z.string() }).transform(({ text }, { addIssue }): readonly Change[] => {
    const { pairs, problems } = parseDotenv(text)
    for (const { line, text: message } of problems)
      addIssue({ code: 'custom', message: `line ${line}: ${message}` })
    if (pairs.length === 0 && problems.length === 0)
      addIssue({ code: 'custom', message: 'there is no KEY=value in this' })
    if (pairs.length > MOST) addIssue({ code: 'custom', message: `these are more than ${MOST} keys` })
    const checked = SetForm(refuses)
    return pairs.map(({ key, value, line }) => {
      for (const { message } of checked.safeParse({ key, value }).error?.issues ?? [])
        addIssue({ code: 'custom', message: `line ${line}: ${message}` })
      return [key, value]
    })
  })

/** Throws a ZodError for more than the gate would take at once. */
export function checkSize({ edits }: Draft): void {
  const set = edits.flatMap(({ key, value }) => (value === null ? [] : [[key, value] as const]))
  z.literal(true, 'the values are 1 MB at most, all together').parse(
    Buffer.byteLength(toInput(set)) <= MAX_CONFIG && edits.length <= MOST,
  )
}
