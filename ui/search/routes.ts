import { Hono } from 'hono'
import * as z from 'zod'
import type { PageEnv } from '../web/frame.ts'
import { MOST_TYPED } from '../web/topbar.ts'
import { onlyOf, wantedOf } from './search.ts'
import type { SearchReads } from './table.ts'
import { hitList, searchPage } from './views.ts'

const Query = z.object({
  q: z
    .string()
    .transform((q) => q.trim().slice(0, MOST_TYPED))
    .catch(''),
})

/** Enter leads to the page; what fits only one thing leads there at once. The suggestions are a part of that page. */
export const search = ({ search }: { readonly search: SearchReads }) =>
  new Hono<PageEnv>()
    .get('/search', (c) => {
      const { q } = Query.parse(c.req.query())
      const hits = search.find(wantedOf(q))
      const only = onlyOf(hits)
      return only === undefined ? c.html(searchPage(c.get('frame'), { q, hits })) : c.redirect(only.href, 302)
    })
    .get('/search/suggestions', (c) => {
      const { q } = Query.parse(c.req.query())
      return c.html(hitList(c.get('frame'), { q, hits: search.find(wantedOf(q)) }) || '')
    })
