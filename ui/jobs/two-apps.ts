/** Jobs about two apps: which is the other one. Such a job waits for both of them, and holds both while it runs. */
import { type SQL, sql } from 'drizzle-orm'
import * as z from 'zod'
import type { JobRow } from './table.ts'

/** The other app is the `name` of what was asked for. */
const KINDS: readonly string[] = ['apps:clone', 'apps:rename']
const Named = z.object({ name: z.string().trim() })

/** All apps a job holds; null among them: the server. */
export function appsOf({ kind, app, payload }: Pick<JobRow, 'kind' | 'app' | 'payload'>): (string | null)[] {
  const other = KINDS.includes(kind) ? Named.safeParse(payload).data : undefined
  return other === undefined ? [app] : [app, other.name]
}

export const isAboutTwo = (job: SQL): SQL =>
  sql`${job}.kind in (${sql.raw(KINDS.map((name) => `'${name}'`).join(', '))})`

/** The same within a query; null for a job about one app or the server. */
const other = (job: SQL): SQL =>
  sql`case when ${isAboutTwo(job)} then trim(json_extract(${job}.payload, '$.name')) end`

export const isAbout = (job: SQL, app: SQL | ReturnType<typeof sql.placeholder>): SQL =>
  sql`(${job}.app is ${app} or ${other(job)} = ${app})`

/** Whether the app of the one is among those of the other. */
export const holds = (one: SQL, two: SQL): SQL =>
  sql`(${one}.app is ${two}.app or ${one}.app = ${other(two)})`

/** Whether both are about one app, the one being about two. */
export const meet = (one: SQL, two: SQL): SQL =>
  sql`(${holds(one, two)} or ${other(one)} = ${two}.app or ${other(one)} = ${other(two)})`
