/** The pages about an app's config. Only the comparison asks Dokku; all else is read from what is known. */
import { type Context, Hono } from 'hono'
import type { SignedIn } from '../accounts/account.ts'
import { requireRole } from '../accounts/guard.ts'
import type { AppHeads } from '../apps/head.ts'
import type { Dokku } from '../dokku/dokku.ts'
import { AppName } from '../dokku/names.ts'
import { type AppEnv, knownApp } from '../web/app-page.ts'
import type { Applier } from './applying.ts'
import { comparedView, comparePage } from './compare-views.ts'
import type { ConfigChange, ConfigReads } from './config.ts'
import { type Compared, comparedWith, type Draft, type Values, withBases } from './draft.ts'
import type { Drafts } from './drafts.ts'
import type { Refuses } from './entry.ts'
import { pastePage, setPage } from './form-views.ts'
import { readValues } from './reading.ts'
import { rowsOf } from './row.ts'
import { configPage } from './views.ts'

export interface ConfigRoutesOptions {
  readonly heads: AppHeads
  readonly config: ConfigReads
  readonly dokku: Dokku
  readonly drafts: Drafts
  readonly applier: Pick<Applier, 'settle'>
  readonly refuses: Refuses
}

export type ConfigEnv = { Variables: AppEnv['Variables'] & SignedIn['Variables'] }

export const configRoutes = (options: ConfigRoutesOptions) => {
  const { heads, config, applier, refuses } = options
  const admin = requireRole('admin')
  return new Hono<ConfigEnv>()
    .get('/apps/:app/config', knownApp(heads), (c) => {
      const { frame, head } = c.var
      const draft = mayChange(c) ? applier.settle(head.app.name, c.var.account) : null
      const rows = rowsOf(config.ofApp(head.app.id), draft)
      return c.html(configPage(frame, head, { rows, draft, refuses }))
    })
    .use('/apps/:app/config/*', admin, knownApp(heads))
    .get('/apps/:app/config/set', (c) => {
      const { frame, head } = c.var
      return c.html(setPage(frame, head, c.req.query('key')?.slice(0, 255) ?? null))
    })
    .get('/apps/:app/config/paste', (c) => c.html(pastePage(c.var.frame, c.var.head)))
    .get('/apps/:app/config/changes', (c) => c.html(comparePage(c.var.frame, c.var.head, null)))
    .get('/apps/:app/config/changes/compared', async (c) => {
      const { frame, head } = c.var
      const view = comparedView(frame, head, await comparison(c, options))
      return c.html(c.req.header('hx-request') === 'true' ? view : comparePage(frame, head, view))
    })
}

/** An admin, and an app that is there and not the panel itself. */
export const mayChange = ({ var: { account, head } }: Context<ConfigEnv>): boolean =>
  account.role === 'admin' && head.app.destroyedAt === null && AppName.safeParse(head.app.name).success

export interface Comparison {
  readonly draft: Draft
  readonly values: Values
  readonly all: readonly Compared[]
}

/** What Dokku has is read; as a fingerprint it is what the changes start from, from now on. */
export async function comparison(
  { var: { account, head } }: Context<ConfigEnv>,
  { applier, config, dokku, drafts }: Pick<ConfigRoutesOptions, 'applier' | 'config' | 'dokku' | 'drafts'>,
): Promise<Comparison> {
  const { name, id } = head.app
  if (applier.settle(name, account).edits.length === 0)
    return { draft: drafts.find(account, name), values: new Map(), all: [] }
  const values = await readValues(dokku, name)
  // Read after Dokku answered: it may have been changed from another tab meanwhile.
  const draft = withBases(drafts.find(account, name), values)
  if (draft.edits.length > 0) drafts.put(name, draft)
  return { draft, values, all: comparedWith(draft, values, byKey(config.ofApp(id))) }
}

const byKey = (rows: readonly ConfigChange[]): ReadonlyMap<string, ConfigChange> =>
  new Map(rows.map((row) => [row.key, row]))
