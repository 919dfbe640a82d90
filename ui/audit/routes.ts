import { Hono } from 'hono'
import * as z from 'zod'
import type { Database } from '../database/database.ts'
import type { PageEnv } from '../web/frame.ts'
import { page } from '../web/layout.ts'
import { type AuditFilter, auditChoices, auditRows } from './table.ts'
import { auditView, NOBODY } from './views.ts'

const PER_PAGE = 50

/** An address somebody typed or an old one: what does not fit filters nothing. */
const Query = z.object({
  who: z.string().max(100).catch(''),
  action: z.string().max(100).catch(''),
  before: z.coerce.number().int().positive().nullable().catch(null),
})

/** `GET /audit`: behind `requireRole('admin')`, since it names addresses and failures. */
export const audit = ({ db, days }: { readonly db: Database; readonly days: number }) =>
  new Hono<PageEnv>().get('/audit', (c) => {
    const frame = c.get('frame')
    const query = Query.parse(c.req.query())
    const found = auditRows(db, filterOf(query), PER_PAGE)
    const rows = found.slice(0, PER_PAGE)
    const last = rows.at(-1)
    const olderHref = found.length > PER_PAGE && last !== undefined ? hrefOf(query, last.id) : null
    const content = auditView({
      frame,
      days,
      rows,
      olderHref,
      newestHref: hrefOf(query, null),
      isNewest: query.before === null,
      filter: query,
      choices: auditChoices(db),
    })
    return c.html(page(frame, { title: 'Audit', at: 'audit', trail: [{ name: 'Audit' }] }, content))
  })

const filterOf = ({ who, action, before }: z.infer<typeof Query>): AuditFilter => ({
  who: who === '' ? null : who === NOBODY ? '' : who,
  action: action === '' ? null : action,
  before,
})

function hrefOf({ who, action }: z.infer<typeof Query>, before: number | null): string {
  const query = new URLSearchParams({
    ...(who && { who }),
    ...(action && { action }),
    ...(before !== null && { before: String(before) }),
  })
  return query.size === 0 ? '/audit' : `/audit?${query}`
}
