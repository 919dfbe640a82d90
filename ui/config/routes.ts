/** The pages about the config of an app or of the server, wherever they are mounted. Only the comparison asks Dokku; all else is read from what is known. */
import { type Context, Hono } from 'hono'
import type { SignedIn } from '../accounts/account.ts'
import { requireRole } from '../accounts/guard.ts'
import type { Dokku } from '../dokku/dokku.ts'
import { AppName } from '../dokku/names.ts'
import type { ProcessReads } from '../processes/process.ts'
import type { PageEnv } from '../web/frame.ts'
import type { Applier } from './applying.ts'
import { comparedView, comparePage } from './compare-views.ts'
import { type ConfigChange, type ConfigReads, configNotApplied, SERVER } from './config.ts'
import { type Compared, comparedWith, type Draft, type Values, withBases } from './draft.ts'
import type { Drafts } from './drafts.ts'
import { pastePage, setPage } from './form-views.ts'
import { appOf, idOf, type Owner } from './owner.ts'
import { readValues } from './reading.ts'
import type { Reserved } from './reserved.ts'
import { rowsOf } from './row.ts'
import { type ConfigPage, configPage } from './views.ts'

export interface ConfigRoutesOptions {
  readonly config: ConfigReads
  readonly processes: Pick<ProcessReads, 'containers'>
  readonly dokku: Dokku
  readonly drafts: Drafts
  readonly applier: Pick<Applier, 'settle'>
  /** Which keys are reserved on this server, and which of them its root has not allowed; each for one request. */
  readonly reserved: () => Reserved
  readonly refuses: () => Reserved
  /** Whether root lets the server's be shown and changed. */
  readonly mayGlobal: () => boolean
}

/** Whoever mounts them says whose config it is. */
export type ConfigEnv = { Variables: PageEnv['Variables'] & SignedIn['Variables'] & { owner: Owner } }

export const configRoutes = (options: ConfigRoutesOptions) => {
  return new Hono<ConfigEnv>()
    .get('/', (c) => {
      const { frame, owner } = c.var
      const draft = mayChange(c) ? options.applier.settle(appOf(owner), c.var.account) : null
      return c.html(configPage(frame, owner, shownOf(owner, draft, options)))
    })
    .use('/*', requireRole('admin'))
    .get('/set', (c) => {
      const { frame, owner } = c.var
      return c.html(setPage(frame, owner, c.req.query('key')?.slice(0, 255) ?? null))
    })
    .get('/paste', (c) => c.html(pastePage(c.var.frame, c.var.owner)))
    .get('/changes', (c) => c.html(comparePage(c.var.frame, c.var.owner, null)))
    .get('/changes/compared', async (c) => {
      const { frame, owner } = c.var
      const view = comparedView(frame, owner, await comparison(c, options))
      return c.html(c.req.header('hx-request') === 'true' ? view : comparePage(frame, owner, view))
    })
}

export const shownOf = (
  owner: Owner,
  draft: Draft | null,
  {
    config,
    processes,
    reserved,
    refuses,
    mayGlobal,
  }: Pick<ConfigRoutesOptions, 'config' | 'processes' | 'reserved' | 'refuses' | 'mayGlobal'>,
): ConfigPage => {
  const own = config.ofApp(idOf(owner))
  const servers = config.ofApp(SERVER)
  const global = mayGlobal() ? servers.filter(({ change }) => change === 'set') : null
  return {
    rows: rowsOf(own, draft),
    notApplied:
      owner === null ? null : configNotApplied({ own, global: servers }, processes.containers(owner.app.id)),
    draft,
    reserved: reserved(),
    refuses: refuses(),
    global: global?.map(({ key }) => key) ?? null,
  }
}

/** An admin; of an app, where it is there and not the panel itself. */
export const mayChange = ({ var: { account, owner } }: Context<ConfigEnv>): boolean =>
  account.role === 'admin' &&
  (owner === null || (owner.app.destroyedAt === null && AppName.safeParse(owner.app.name).success))

export interface Comparison {
  readonly draft: Draft
  readonly values: Values
  readonly all: readonly Compared[]
}

/** What Dokku has is read; as a fingerprint it is what the changes start from, from now on. */
export async function comparison(
  { var: { account, owner } }: Context<ConfigEnv>,
  { applier, config, dokku, drafts }: Pick<ConfigRoutesOptions, 'applier' | 'config' | 'dokku' | 'drafts'>,
): Promise<Comparison> {
  const app = appOf(owner)
  if (applier.settle(app, account).edits.length === 0)
    return { draft: drafts.find(account, app), values: new Map(), all: [] }
  const values = await readValues(dokku, app)
  // Read after Dokku answered: it may have been changed from another tab meanwhile.
  const draft = withBases(drafts.find(account, app), values)
  if (draft.edits.length > 0) drafts.put(app, draft)
  return { draft, values, all: comparedWith(draft, values, byKey(config.ofApp(idOf(owner)))) }
}

const byKey = (rows: readonly ConfigChange[]): ReadonlyMap<string, ConfigChange> =>
  new Map(rows.map((row) => [row.key, row]))
