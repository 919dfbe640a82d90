/** What of an app's config is read from Dokku itself: asked for by a person, and never kept. */
import type { Dokku } from '../dokku/dokku.ts'
import { AppName, ConfigKey } from '../dokku/names.ts'
import { readPairs } from './command.ts'
import type { Values } from './draft.ts'

export const readValue = (dokku: Dokku, app: string, key: string): Promise<string> =>
  dokku.run(['config:get', AppName.parse(app), ConfigKey.parse(key)])

export const readValues = async (dokku: Dokku, app: string): Promise<Values> =>
  new Map(readPairs(await dokku.run(['config:export', AppName.parse(app), '--format', 'json'])))
