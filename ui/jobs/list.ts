/** The list of jobs as somebody asked for it. Pure. */
import * as z from 'zod'
import type { JobState } from './job.ts'

/** What one can choose; a job that is delayed waits too. */
export const CHOICES = ['running', 'waiting', 'failed', 'succeeded', 'canceled', 'interrupted'] as const

/** What stands in the address; anything else there is ignored. */
export const JobsQuery = z.object({
  state: z.enum(CHOICES).optional().catch(undefined),
  app: z.string().max(200).catch(''),
  who: z.string().max(200).catch(''),
  /** Only what is older than this id. */
  before: z.coerce.number().int().positive().optional().catch(undefined),
  /** So many of the jobs that were just requested were there already. */
  already: z.coerce.number().int().positive().max(1000).optional().catch(undefined),
  /** Everything down to this id: what a page that already shows more asks for to stay whole. */
  downTo: z.coerce.number().int().positive().optional().catch(undefined),
})
export type JobsQuery = z.infer<typeof JobsQuery>

export const PAGE = 50
/** However much a page shows, it asks again for no more than this. */
export const MOST = 500

interface Narrowing {
  readonly states?: readonly JobState[]
  readonly app?: string
  readonly who?: string
}

export const filterOf = ({ state, app, who }: JobsQuery): Narrowing => ({
  ...(state && { states: state === 'waiting' ? ['waiting', 'delayed'] : [state] }),
  ...(app !== '' && { app }),
  ...(who !== '' && { who }),
})
