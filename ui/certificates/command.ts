/** What can be asked about an app's certificate. Pure. */
import * as z from 'zod'
import { AppName, Email } from '../dokku/names.ts'
import { type Kind, kind, type TextInput } from '../jobs/kind.ts'
import { unpacked } from './pair.ts'

const App = z.object({ app: AppName })
const SAFE = { times: 1, backoffMs: 0 }

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
  kind({
    name: 'certs:add',
    payload: App,
    app: ({ app }) => app,
    command: ({ app }) => ['certs:add', app],
    input: pair,
  }),
  kind({
    name: 'certs:update',
    payload: App,
    app: ({ app }) => app,
    command: ({ app }) => ['certs:update', app],
    input: pair,
  }),
  kind({
    name: 'certs:remove',
    payload: App,
    app: ({ app }) => app,
    command: ({ app }) => ['certs:remove', app],
  }),
  // Each try counts against the limits of Let's Encrypt: never again by itself.
  kind({
    name: 'letsencrypt:enable',
    payload: App,
    app: ({ app }) => app,
    command: ({ app }) => ['letsencrypt:enable', app],
    repeat: SAFE,
  }),
  kind({
    name: 'letsencrypt:auto-renew',
    payload: App,
    app: ({ app }) => app,
    command: ({ app }) => ['letsencrypt:auto-renew', app],
    repeat: SAFE,
  }),
  kind({
    name: 'letsencrypt:disable',
    payload: App,
    app: ({ app }) => app,
    command: ({ app }) => ['letsencrypt:disable', app],
  }),
  kind({
    name: 'letsencrypt:set',
    payload: App.extend({ email: Address }),
    app: ({ app }) => app,
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

const given = (value: string): readonly string[] => (value === '' ? [] : [value])
