/** The journal as somebody asked for it. Pure. */
import * as z from 'zod'
import type { EventFilter, Kind } from './timeline.ts'

export const KIND_NAMES: Readonly<Record<Kind, string>> = {
  deployments: 'Deployments',
  config: 'Config',
  domains: 'Domains',
  certificates: 'Certificates',
  processes: 'Processes',
  apps: 'Apps',
}

const Kinds = z.enum(['deployments', 'config', 'domains', 'certificates', 'processes', 'apps'])
const Seq = z.coerce.number().int().positive().optional().catch(undefined)

/** What stands in the address; anything else there is ignored. */
export const EventsQuery = z.object({
  kind: Kinds.optional().catch(undefined),
  app: z.string().max(200).catch(''),
  actor: z.string().max(200).catch(''),
  /** "only": what no trigger told. */
  seen: z.literal('only').optional().catch(undefined),
  before: Seq,
  downTo: Seq,
})
export type EventsQuery = z.infer<typeof EventsQuery>

export const PAGE = 50
export const MOST = 500

export const filterOf = ({ kind, actor, seen }: EventsQuery, appId: number | undefined): EventFilter => ({
  ...(appId !== undefined && { appId }),
  ...(kind && { kind }),
  ...(actor !== '' && { actor }),
  ...(seen && { seen: true }),
})
