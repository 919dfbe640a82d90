/**
 * What a password must be, as plain data: the server builds its schema from these rules and the page shows
 * them turning green, so both say the same words. Nothing is imported here; the browser loads this file too.
 */

export interface PasswordRule {
  readonly id: string
  /** Completes "Use …". */
  readonly says: string
  readonly holds: (password: string) => boolean
}

export const passwordRules: readonly PasswordRule[] = [
  { id: 'length', says: 'at least 12 characters', holds: (password) => [...password].length >= 12 },
  { id: 'upper', says: 'an upper case letter', holds: (password) => /\p{Lu}/u.test(password) },
  { id: 'lower', says: 'a lower case letter', holds: (password) => /\p{Ll}/u.test(password) },
  { id: 'digit', says: 'a digit', holds: (password) => /\p{Nd}/u.test(password) },
  {
    id: 'special',
    says: 'a special character, such as ! ? - or a space',
    holds: (password) => /[^\p{L}\p{M}\p{N}]/u.test(password),
  },
]

/** bcrypt ignores what comes after 72 bytes, so a longer password would be weaker than it looks. */
const MAX_PASSWORD_BYTES = 72
export const TOO_LONG = `at most ${MAX_PASSWORD_BYTES} bytes (letters with accents and emoji count for more than one)`

export const isTooLong = (password: string): boolean =>
  new TextEncoder().encode(password).length > MAX_PASSWORD_BYTES

/** The same text typed on a Mac and on Windows may differ in bytes; both must open the same door. */
export const normalized = (password: string): string => password.normalize('NFC')

/** What is still missing, in the words the page shows; empty when the password is good. */
export function missingFrom(password: string): readonly string[] {
  const typed = normalized(password)
  const missing = passwordRules.filter((rule) => !rule.holds(typed)).map((rule) => rule.says)
  return isTooLong(typed) ? [...missing, TOO_LONG] : missing
}

export type Strength = 0 | 1 | 2 | 3 | 4
export const strengthWords = ['empty', 'weak', 'fair', 'good', 'strong'] as const

/** A rough measure for the meter: how many guesses, judged by length and variety; repeats and runs count little. */
export function strengthOf(password: string): Strength {
  const characters = [...normalized(password)]
  if (characters.length === 0) return 0
  const bits = surprising(characters) * Math.log2(alphabetOf(password))
  const rulesHold = missingFrom(password).length === 0
  if (!rulesHold || bits < 60) return bits < 40 ? 1 : 2
  return bits < 80 ? 3 : 4
}

/** Characters that do not merely repeat or continue the one before: "aaaa" and "1234" surprise once. */
function surprising(characters: readonly string[]): number {
  const codes = characters.map((character) => character.codePointAt(0) ?? 0)
  const steps = codes.map((code, index) => (index === 0 ? Number.NaN : code - (codes[index - 1] ?? code)))
  const fresh = steps.filter((step) => !(Math.abs(step) <= 1)).length
  return fresh * (0.5 + new Set(characters).size / characters.length / 2)
}

function alphabetOf(password: string): number {
  const sizes: readonly (readonly [RegExp, number])[] = [
    [/[a-z]/, 26],
    [/[A-Z]/, 26],
    [/\d/, 10],
    [/[ -/:-@[-`{-~]/, 33],
    [/[^\x20-\x7e]/, 100],
  ]
  return sizes.reduce((sum, [pattern, size]) => (pattern.test(password) ? sum + size : sum), 1)
}
