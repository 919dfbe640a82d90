/** What somebody types or pastes, as changes; each refusal says why, and never what the value was. Pure. */
import * as z from 'zod'
import { ConfigKey } from '../dokku/names.ts'
import { oddInKey } from './characters.ts'
import { ConfigValue, MAX_CONFIG, toInput } from './command.ts'
import { type Draft, isBlank } from './draft.ts'
import { type Reserved, whyReserved } from './reserved.ts'

export const ALLOW_BLANK = 'Set to an empty string'

export const keyFor = (refuses: Reserved) =>
  z
    .string()
    .trim()
    .superRefine((key, { addIssue }) => {
      const message = oddInKey(key)
      if (message !== null) addIssue({ code: 'custom', message, continue: false })
    })
    .pipe(ConfigKey)
    .superRefine((key, { addIssue }) => {
      const reason = refuses(key)
      if (reason !== null) addIssue({ code: 'custom', message: whyReserved(key, reason) })
    })

/** A form opens without the value there is, so one that is sent as it was must not take that value away. */
export const SetForm = (refuses: Reserved) =>
  z
    .object({ key: keyFor(refuses), value: ConfigValue, blank: z.literal('yes').optional() })
    .refine(({ value, blank }) => blank === 'yes' || !isBlank(value), {
      path: ['value'],
      message: `type a value, or tick “${ALLOW_BLANK}”`,
    })

/** Of keys that are changed at once. */
export const MOST = 1000

/** Throws a ZodError for more than the gate would take at once. */
export function checkSize({ edits }: Draft): void {
  const set = edits.flatMap(({ key, value }) => (value === null ? [] : [[key, value] as const]))
  z.literal(true, 'the values are 1 MB at most, all together').parse(
    Buffer.byteLength(toInput(set)) <= MAX_CONFIG && edits.length <= MOST,
  )
}
