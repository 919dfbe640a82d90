/** Random tokens: whoever holds one is let in, so the database keeps only a hash of it. */
import { hash, randomBytes } from 'node:crypto'

/** 256 random bits, safe in an address and a cookie. */
export const randomToken = (): string => randomBytes(32).toString('base64url')

/** No salt and no slow hash: 256 random bits cannot be guessed or looked up in a list. */
export const hashOf = (token: string): string => hash('sha256', token)
