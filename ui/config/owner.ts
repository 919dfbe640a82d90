/** Whose config it is: an app's, or the server's, which every app finds besides its own. Pure. */
import type { AppHead } from '../apps/app.ts'
import { SERVER } from './config.ts'

/** Null: the server. */
export type Owner = AppHead | null

/** As Dokku has the server in place of an app's name. */
export const GLOBAL = '--global'
/** Its root's switch for the server's config. */
export const GLOBAL_SWITCH = 'allow-global-config'

/** What the pages of the server's config and what is told of it are shown anew by. */
export const GLOBAL_TOPIC = 'config'

export const appOf = (owner: Owner): string | null => owner?.app.name ?? null
export const idOf = (owner: Owner): number => owner?.app.id ?? SERVER
export const named = (app: string | null): string => app ?? GLOBAL
