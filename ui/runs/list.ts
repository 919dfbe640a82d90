/** The history of runs as a person wants to see it. Pure. */
import * as z from 'zod'
import { BY } from './run.ts'

export const PAGE = 50
/** However much a page shows, it asks again for no more than this. */
export const MOST = 500

const Time = z.coerce.number().int().positive().optional().catch(undefined)

/** What stands in the address; anything else there is ignored. */
export const RunsQuery = z.object({
  by: z.enum(BY).optional().catch(undefined),
  /** Only the runs of this cron entry. */
  entry: z.string().max(2000).optional().catch(undefined),
  /** Only what is older than this time, in milliseconds since 1970. */
  before: Time,
  /** Everything down to this time: what a page that already shows more asks for to stay whole. */
  downTo: Time,
})
export type RunsQuery = z.infer<typeof RunsQuery>
