/** How the config of an app or of the server is changed. Pure. The values come by stdin and stand in no payload and no command. */
import * as z from 'zod'
import type { Command } from '../dokku/dokku.ts'
import { AppName, ConfigKey } from '../dokku/names.ts'
import { SAFE } from '../jobs/app-kind.ts'
import { type Kind, kind, type TextInput } from '../jobs/kind.ts'
import { named } from './owner.ts'
import { type Reserved, whyReserved } from './reserved.ts'

/** Of one value, in UTF-8: Linux takes twice that for one variable, and Dokku adds quotes. */
export const MAX_VALUE = 64 * 1024
/** Of all values at once, as JSON: less than the gate takes. */
export const MAX_CONFIG = 1_000_000

export const ConfigValue = z
  .string()
  .transform((typed) => typed.replaceAll('\r\n', '\n'))
  .refine((value) => !value.includes('\0'), 'a value cannot hold a NUL')
  .refine((value) => value.isWellFormed(), 'this is no text in UTF-8')
  .refine((value) => Buffer.byteLength(value) <= MAX_VALUE, 'a value is 64 KB at most')

/** What `config:import` is given. Entries, for a key may be called __proto__. */
export const toInput = (pairs: readonly (readonly [key: string, value: string])[]): string =>
  JSON.stringify(Object.fromEntries(pairs))

export function readPairs(json: string): readonly (readonly [key: string, value: string])[] {
  const read: unknown = JSON.parse(json)
  if (typeof read !== 'object' || read === null || Array.isArray(read)) throw new Error('this is no config')
  return Object.entries(read).map(([key, value]) => {
    if (typeof value !== 'string') throw new Error('a value of config is a text')
    return [key, value]
  })
}

const input: TextInput = {
  check(text) {
    if (Buffer.byteLength(text) > MAX_CONFIG) throw new Error('the values are 1 MB at most, all together')
    for (const [key, value] of readPairs(text)) {
      ConfigKey.parse(key)
      // Again as it is: the job is given what was checked, not what a check would make of it.
      if (ConfigValue.parse(value.replaceAll('\r\n', '\n')).includes('\0')) throw new Error('NUL')
    }
  },
  secrets: (text) => readPairs(text).map(([, value]) => value),
}

/** Of the server's Dokku restarts nothing. */
const restarting = (app: string | null, restart: boolean): readonly string[] =>
  restart || app === null ? [] : ['--no-restart']

const appOf = ({ app }: { readonly app: string | null }): string | null => app

/** `byRoot`: the gate said that root allowed such keys; it is asked again when it runs. */
export function configKinds(reserved: () => Reserved): readonly Kind[] {
  const Change = z
    .object({
      app: AppName.nullable(),
      keys: z.array(ConfigKey).min(1, 'nothing is to be changed').max(1000, 'these are too many at once'),
      restart: z.boolean(),
      byRoot: z.boolean().default(false),
    })
    .superRefine(({ keys, byRoot }, { addIssue }) => {
      if (byRoot) return
      const reasonOf = reserved()
      for (const key of keys) {
        const reason = reasonOf(key)
        if (reason !== null) addIssue({ code: 'custom', path: ['keys'], message: whyReserved(key, reason) })
      }
    })
  return [
    kind({
      name: 'config:import',
      payload: Change,
      app: appOf,
      command: ({ app, restart }): Command => [
        'config:import',
        ...restarting(app, restart),
        '--format',
        'json',
        named(app),
        '-',
      ],
      input,
    }),
    kind({
      name: 'config:unset',
      payload: Change,
      app: appOf,
      command: ({ app, keys, restart }): Command => [
        'config:unset',
        ...restarting(app, restart),
        named(app),
        ...keys,
      ],
      repeat: SAFE,
    }),
  ]
}
