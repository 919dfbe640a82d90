/** What is done to the config of an app or of the server. Changes are gathered; applying them is the only thing that changes Dokku. */
import { type Context, Hono } from 'hono'
import { HTTPException } from 'hono/http-exception'
import * as z from 'zod'
import type { RecordAudit } from '../audit/audit.ts'
import { ConfigKey } from '../dokku/names.ts'
import type { Applier } from './applying.ts'
import { sides } from './compare-views.ts'
import { formatDotenv } from './dotenv.ts'
import { type Draft, insisted, sameAsTyped, type Values, withChanges, without } from './draft.ts'
import { checkSize, keyFor, SetForm } from './entry.ts'
import { pastePage, setPage, valueField } from './form-views.ts'
import { appOf, idOf, named } from './owner.ts'
import { configHref } from './owner-views.ts'
import { asksForValues, PasteForm } from './paste.ts'
import { readValue, readValues } from './reading.ts'
import { type ConfigEnv, type ConfigRoutesOptions, comparison, mayChange, shownOf } from './routes.ts'
import { configPage, HIDES_AFTER_MS, revealedValue } from './views.ts'

export interface ConfigActionsOptions extends ConfigRoutesOptions {
  readonly applier: Applier
  readonly audit: RecordAudit
  readonly changed: (app: string | null) => void
}

type Act = Context<ConfigEnv>

const Apply = z.object({ version: z.coerce.number().int(), restart: z.enum(['yes', 'no']) })
const Removal = z.object({ remove: z.literal('yes') })
const NO_VALUES: Values = new Map()

export const configActions = (options: ConfigActionsOptions) => {
  const { config, dokku, drafts, applier, audit, changed, reserved, refuses } = options

  const put = (c: Act, change: (draft: Draft) => Draft): Response => {
    const app = appOf(c.var.owner)
    const draft = { ...change(applier.settle(app, c.var.account)), failed: null }
    checkSize(draft)
    drafts.put(app, draft)
    changed(app)
    return back(c)
  }
  /** What Dokku has, to leave out what is so already; where it does not answer, that is found when it is applied. */
  const valuesNow = async (c: Act, key?: string): Promise<Values> => {
    const { owner } = c.var
    const known = config
      .ofApp(idOf(owner))
      .some((one) => one.change === 'set' && one.key === (key ?? one.key))
    return known ? readValues(dokku, appOf(owner)).catch(() => NO_VALUES) : NO_VALUES
  }
  const note = (c: Act, action: string, after: Readonly<Record<string, string | readonly string[]>>) =>
    audit({
      who: c.var.account.name,
      action,
      subject: named(appOf(c.var.owner)),
      by: c.var.visitor,
      after,
    })

  return new Hono<ConfigEnv>()
    .use('/*', async (c, next) => {
      if (!mayChange(c)) throw new HTTPException(403, { message: 'This config is not changed from here.' })
      await next()
    })
    .post('/changes', async (c) => {
      const typed = await textsOf(c)
      const form = Removal.safeParse(typed).success
        ? z.object({ key: keyFor(refuses()) }).transform(({ key }) => ({ key, value: null }))
        : SetForm(refuses())
      const read = form.safeParse(typed)
      if (read.success) {
        const { key, value } = read.data
        const isSame = value !== null && sameAsTyped(await valuesNow(c, key), key, value)
        return put(c, (draft) =>
          isSame ? without(draft, [key]) : withChanges(draft, [[key, value]], c.var.frame.now),
        )
      }
      return again(c, read.error, (wrong) => setPage(atConfig(c), c.var.owner, null, { typed, wrong }))
    })
    .post('/changes/pasted', async (c) => {
      const typed = await textsOf(c)
      const asks = asksForValues(typed.text ?? '', refuses())
      const now = asks ? await readValues(dokku, appOf(c.var.owner)) : await valuesNow(c)
      const read = PasteForm(refuses(), now).safeParse(typed)
      if (read.success)
        return put(c, (draft) => ({
          ...withChanges(without(draft, read.data.unchanged), read.data.changes, c.var.frame.now),
          leftOut: read.data.leftOut,
        }))
      return again(c, read.error, (wrong) => pastePage(atConfig(c), c.var.owner, { typed, wrong }))
    })
    .delete('/changes', (c) =>
      put(c, (draft) =>
        without(
          draft,
          draft.edits.map(({ key }) => key),
        ),
      ),
    )
    .delete('/changes/:key', (c) => put(c, (draft) => without(draft, [c.req.param('key')])))
    .post('/changes/:key/confirmation', async (c) => {
      const values = await readValues(dokku, appOf(c.var.owner))
      return put(c, (draft) => insisted(draft, c.req.param('key'), values, c.var.frame.now))
    })
    .post('/changes/:key/reveals', async (c) => {
      const key = ConfigKey.parse(c.req.param('key'))
      const { draft, values } = await comparison(c, options)
      note(c, 'config value shown', { key, beside: 'the change not applied' })
      const edit = draft.edits.find((one) => one.key === key)
      return c.html(sides(edit?.value ?? null, values.get(key)))
    })
    .patch('/', async (c) => {
      const { version, restart } = Apply.parse(await textsOf(c))
      const { draft, all } = await comparison(c, options)
      // Looked at in another tab, changed here meanwhile, or elsewhere: it is shown once more instead.
      const stale = draft.version !== version || draft.applying !== null
      if (stale || all.some(({ conflict }) => conflict !== null)) return to(c, 'changes')
      const [isReserved, isRefused] = [reserved(), refuses()]
      const byRoot = all.some(({ edit: { key } }) => isReserved(key) !== null && isRefused(key) === null)
      const wish = { restart: restart === 'yes', byRoot, by: c.var.visitor }
      const { ip, userAgent } = wish.by
      if (applier.apply(appOf(c.var.owner), draft, all, { ...wish, by: { ip, userAgent } }) !== null)
        note(c, 'config changed', namesOf(all))
      return to(c, '')
    })
    .post('/reveals', async (c) => {
      const typed = await textsOf(c)
      const key = ConfigKey.parse(typed.key)
      const { owner } = c.var
      note(c, 'config value shown', { key })
      const value = await readValue(dokku, appOf(owner), key)
      if (typed.into === 'field') return c.html(valueField(value))
      if (c.req.header('hx-request') === 'true') return c.html(revealedValue(value))
      c.header('Refresh', `${HIDES_AFTER_MS / 1000}; url=${configHref(appOf(owner))}`)
      const draft = applier.settle(appOf(owner), c.var.account)
      return c.html(
        configPage(atConfig(c), owner, { ...shownOf(owner, draft, options), revealed: { key, value } }),
      )
    })
    .post('/downloads', async (c) => {
      const app = appOf(c.var.owner)
      const values = await readValues(dokku, app)
      note(c, 'config downloaded', { keys: [...values.keys()] })
      return c.body(formatDotenv([...values]), 200, {
        'Content-Type': 'text/plain; charset=utf-8',
        'Content-Disposition': `attachment; filename="${app ?? 'global'}.env"`,
        'Cache-Control': 'no-store',
      })
    })
}

const namesOf = (all: Awaited<ReturnType<typeof comparison>>['all']) => {
  const of = (...kinds: readonly string[]) =>
    all.filter(({ kind }) => kinds.includes(kind)).map(({ edit }) => edit.key)
  return { set: of('added', 'changed'), removed: of('removed') }
}

async function textsOf(c: Act): Promise<Readonly<Record<string, string>>> {
  const body = await c.req.parseBody()
  return Object.fromEntries(
    Object.entries(body).flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])),
  )
}

/** With script the pages follow by themselves; without, one key's change leads back to where its button was. */
const back = (c: Act): Response =>
  c.req.header('hx-request') === 'true'
    ? c.body('', 200)
    : to(c, c.req.param('key') !== undefined && fromChanges(c) ? 'changes/compared' : '')

const fromChanges = (c: Act): boolean => /\/config\/changes(\/compared)?$/.test(c.req.header('referer') ?? '')

function to(c: Act, rest: string): Response {
  const href = configHref(appOf(c.var.owner), rest)
  if (c.req.header('hx-request') !== 'true') return c.redirect(href, 303)
  c.header('HX-Redirect', href)
  return c.body('', 200)
}

/** The form once more with the reason, nothing of it lost; with script it still stands there. */
function again(c: Act, error: z.ZodError, page: (wrong: readonly string[]) => ReturnType<typeof setPage>) {
  if (c.req.header('hx-request') === 'true') throw error
  return c.html(page(error.issues.map(({ message }) => message)), 422)
}

/** A page that answers a form is no address to ask for again. */
const atConfig = ({ var: { frame, owner } }: Act) => ({ ...frame, address: configHref(appOf(owner)) })
