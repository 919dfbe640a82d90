import { makeOneTimeLink } from '../accounts/links.ts'
import { Refusal, stamp, type Verb } from './terminal.ts'

/** Prints a one-time link, once: to set the panel up, or later to sign in when the password is lost. */
export const login: Verb = ({ settings, open, audit, clock, print }, args) => {
  if (args.length > 0) throw new Refusal(`Not understood: ${args.join(' ')}`)
  const db = open()
  const { url, purpose, expiresAt } = makeOneTimeLink({ db, audit: audit(db), clock }, settings.origin)
  const what = purpose === 'setup' ? 'Set the panel up' : 'Sign in'
  print(
    `${what} (once, until ${stamp(expiresAt)}), for the panel whose data is in ${settings.data}:\n${url}\n`,
  )
}
