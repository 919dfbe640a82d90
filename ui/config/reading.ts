/** What of the config of an app or the server is read from Dokku itself: asked for by a person, and never kept. */
import type { Dokku } from '../dokku/dokku.ts'
import { AppName, ConfigKey } from '../dokku/names.ts'
import { readPairs } from './command.ts'
import type { Values } from './draft.ts'
import { named } from './owner.ts'

export const readValue = (dokku: Dokku, app: string | null, key: string): Promise<string> =>
  dokku.run(['config:get', checked(app), ConfigKey.parse(key)])

export const readValues = async (dokku: Dokku, app: string | null): Promise<Values> =>
  new Map(readPairs(await dokku.run(['config:export', checked(app), '--format', 'json'])))

const checked = (app: string | null): string => named(AppName.nullable().parse(app))
