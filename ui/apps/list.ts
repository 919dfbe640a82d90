/** The list of apps as somebody asked for it: filtered, sorted, in one of two shapes. Pure. */
import * as z from 'zod'
import type { DeploymentInBrief } from '../deployments/deployment.ts'
import type { ProcessType } from '../processes/process.ts'
import { compared, type Order, turned } from '../web/order.ts'
import { type App, GROUPS, type Group, groupOf } from './app.ts'
import type { Status } from './status.ts'

export interface AppRow {
  readonly app: App
  readonly status: Status
  readonly domain: string | undefined
  readonly last: DeploymentInBrief | undefined
  readonly formation: readonly ProcessType[]
}

export const VIEWS = ['grid', 'list'] as const
export type View = (typeof VIEWS)[number]

export const SORTS = ['name', '-name', 'state', '-state', 'deployed', '-deployed'] as const
export type Sort = (typeof SORTS)[number]

/** What stands in the address; anything else there is ignored. */
export const AppsQuery = z.object({
  view: z.enum(VIEWS).optional().catch(undefined),
  state: z.enum(GROUPS).optional().catch(undefined),
  q: z.string().trim().max(100).catch(''),
  sort: z.enum(SORTS).catch('name'),
  /** Several are picked to have something done to them. */
  select: z.literal('yes').optional().catch(undefined),
})
export type AppsQuery = z.infer<typeof AppsQuery>

/** The query as an address says it: what is the default is left out. */
export const asked = ({ state, q, sort, select }: AppsQuery) => ({
  state,
  q,
  sort: sort === 'name' ? '' : sort,
  select,
})

/** How many there are of each; destroyed ones are counted but not part of all. */
export function counts(rows: readonly AppRow[]): Readonly<Record<Group, number>> {
  const counted: Record<Group, number> = {
    running: 0,
    deploying: 0,
    trouble: 0,
    stopped: 0,
    undeployed: 0,
    unknown: 0,
    destroyed: 0,
  }
  for (const { app } of rows) counted[groupOf(app)] += 1
  return counted
}

export const chosen = (rows: readonly AppRow[], { state, q, sort }: AppsQuery): readonly AppRow[] => {
  const wanted = q.toLowerCase()
  return rows
    .filter(({ app }) => (state === undefined ? app.destroyedAt === null : groupOf(app) === state))
    .filter(({ app, domain = '' }) => app.name.includes(wanted) || domain.includes(wanted))
    .sort(ORDERS[sort])
}

const byName: Order<AppRow> = (one, other) => compared(one.app.name, other.app.name)
/** What wants a look comes first. */
const URGENCY: readonly Group[] = [
  'trouble',
  'unknown',
  'deploying',
  'running',
  'stopped',
  'undeployed',
  'destroyed',
]
const byState: Order<AppRow> = (one, other) =>
  URGENCY.indexOf(groupOf(one.app)) - URGENCY.indexOf(groupOf(other.app)) || byName(one, other)
const byDeployed: Order<AppRow> = (one, other) =>
  (other.last?.startedAt ?? 0) - (one.last?.startedAt ?? 0) || byName(one, other)
const ORDERS: Readonly<Record<Sort, Order<AppRow>>> = {
  name: byName,
  '-name': turned(byName),
  state: byState,
  '-state': turned(byState),
  deployed: byDeployed,
  '-deployed': turned(byDeployed),
}
