/** The list of deployments as somebody asked for it. Pure. */
import * as z from 'zod'
import type { DeploymentFilter, DeploymentStatus } from './deployment.ts'

/** What the list is narrowed to, and which outcomes that means. */
const OUTCOMES = {
  running: ['running'],
  failed: ['failed'],
  succeeded: ['succeeded'],
  canceled: ['canceled'],
  'not-deployed': ['built', 'skipped', 'refused'],
} as const satisfies Readonly<Record<string, readonly DeploymentStatus[]>>
export type Outcome = keyof typeof OUTCOMES
export const CHOICES = [
  'running',
  'failed',
  'succeeded',
  'canceled',
  'not-deployed',
] as const satisfies readonly Outcome[]

/** What stands in the address; anything else there is ignored. */
export const DeploymentsQuery = z.object({
  status: z.enum(CHOICES).optional().catch(undefined),
  app: z.string().max(200).catch(''),
  door: z.string().max(50).catch(''),
  actor: z.string().max(200).catch(''),
  /** Only what is older than this id. */
  before: z.coerce.number().int().positive().optional().catch(undefined),
  /** Everything down to this id: what a page that already shows more asks for to stay whole. */
  downTo: z.coerce.number().int().positive().optional().catch(undefined),
  /** One day (UTC), as 2026-11-03. */
  day: z.iso.date().optional().catch(undefined),
})
export type DeploymentsQuery = z.infer<typeof DeploymentsQuery>

export const PAGE = 50
/** However much a page shows, it asks again for no more than this. */
export const MOST = 500

const DAY = 24 * 3600 * 1000

export const filterOf = (
  { status, door, actor, day }: DeploymentsQuery,
  appId: number | undefined,
): DeploymentFilter => ({
  ...(appId !== undefined && { appId }),
  ...(status && { statuses: OUTCOMES[status] }),
  ...(door !== '' && { door }),
  ...(actor !== '' && { actor }),
  ...(day && { from: Date.parse(day), to: Date.parse(day) + DAY }),
})
