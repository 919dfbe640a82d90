/** What can be asked about an app's certificate. Pure. */
import * as z from 'zod'
import { Email } from '../dokku/names.ts'
import { App, appOf, given, SAFE, wholeApp } from '../jobs/app-kind.ts'
import { type Kind, kind, type TextInput } from '../jobs/kind.ts'
import { unpacked } from './pair.ts'

/** The key is in what is given by stdin, and nowhere else. */
const pair: TextInput = {
  check: (text) => void unpacked(text),
  secrets: (text) => [unpacked(text).key],
}

/** Empty: none any more. */
const NoEmail = z.literal('')
const Address = z
  .string()
  .trim()
  .toLowerCase()
  .pipe(z.union([NoEmail, Email], 'this is no e-mail address'))

export const certificateKinds: readonly Kind[] = [
  wholeApp('certs:add', { input: pair }),
  wholeApp('certs:update', { input: pair }),
  wholeApp('certs:remove'),
  // Each try counts against the limits of Let's Encrypt: never again by itself.
  wholeApp('letsencrypt:enable', { repeat: SAFE }),
  wholeApp('letsencrypt:auto-renew', { repeat: SAFE }),
  wholeApp('letsencrypt:disable'),
  kind({
    name: 'letsencrypt:set',
    payload: App.extend({ email: Address }),
    app: appOf,
    command: ({ app, email }) => ['letsencrypt:set', app, 'email', ...given(email)],
    repeat: SAFE,
  }),
  kind({
    name: 'letsencrypt:set-global',
    payload: z.object({ email: Address }),
    app: () => null,
    command: ({ email }) => ['letsencrypt:set', '--global', 'email', ...given(email)],
    repeat: SAFE,
  }),
]
