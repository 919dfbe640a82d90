/** Who may use the panel, and what a sign-in form may hold. */
import * as z from 'zod'
import type { Visitor } from '../web/security.ts'
import { missingFrom, normalized } from './password.ts'

export type Role = 'admin' | 'viewer'

export interface Account {
  readonly id: number
  readonly name: string
  readonly role: Role
}

/** The Hono environment of every route behind `requireSession`. */
export interface SignedIn {
  Variables: {
    visitor: Visitor
    account: Account
    /** Ask `isOpen(sessionId)` again while a stream stays open: the session may be revoked meanwhile. */
    sessionId: number
  }
}

const NAME = /^[a-z][a-z0-9._-]{0,31}$/

/** As the page tells it beforehand, and as a pattern for browsers: what is typed is trimmed and made small. */
export const NAME_RULE = '1 to 32 letters, digits, dots, dashes or underscores, beginning with a letter'
export const NAME_PATTERN = '\\s*[A-Za-z][A-Za-z0-9._\\-]{0,31}\\s*'

const AccountName = z.string().trim().toLowerCase().regex(NAME, `Use ${NAME_RULE}.`)

/** Every rule that does not hold is its own message. */
export const Password = z
  .string()
  .transform(normalized)
  .superRefine((password, context) => {
    for (const rule of missingFrom(password)) context.addIssue({ code: 'custom', message: rule })
  })

export const NewAccount = z.object({ name: AccountName, password: Password })

export const NewPassword = NewAccount.pick({ password: true })

/** Behind a sign-in link a new password may be set, or none. */
export const OptionalPassword = z.object({ password: z.literal('').or(Password).default('') })

/** What was typed at sign-in. Never refused for its shape: a wrong name and a wrong password look the same. */
export type Credentials = z.infer<typeof Credentials>
export const Credentials = z.object({
  name: z.string().max(200).catch(''),
  password: z.string().max(1000).catch('').transform(normalized),
})

const NOT_A_NAME = '(not an account name)'

/**
 * The tried name as the audit trail may keep it. People type their password into the name field by mistake;
 * a good password never has the shape of an account name, so what has not that shape is not kept.
 */
export const triedName = (typed: string): string => (NAME.test(typed.trim()) ? typed.trim() : NOT_A_NAME)
