/** What can be done to domains from the pages. */
import { Hono } from 'hono'
import * as z from 'zod'
import type { AppReads } from '../apps/app.ts'
import { AppDomain, DomainName } from '../dokku/names.ts'
import type { Ask, AskEnv } from '../jobs/asking.ts'
import type { ReportReads } from '../reports/report.ts'
import { NotFound } from '../web/errors.ts'
import { typedBeside } from './command.ts'
import { type DomainReads, isRemovable, isSameName, removedBesides } from './domain.ts'

export interface DomainActionsOptions {
  readonly ask: Ask
  readonly apps: AppReads
  readonly domains: DomainReads
  readonly reports: ReportReads
  /** Has a domain looked up next. */
  readonly lookUp?: (domain: string) => void
}

export const domainActions = ({ ask, apps, domains, reports, lookUp = () => {} }: DomainActionsOptions) => {
  const domainsOf = (name: string): readonly string[] => {
    const app = apps.named(name)
    if (app === undefined || app.destroyedAt !== null) throw new NotFound(`There is no app named ${name}.`)
    return domains.ofApp(app.id).map(({ domain }) => domain)
  }
  /** Dokku takes a domain that another app has, and nginx then sends everybody to whichever it reads first. */
  const freeFor = (name: string, list: readonly string[]): readonly string[] => {
    const there = new Map(apps.all().flatMap((app) => (app.destroyedAt === null ? [[app.id, app.name]] : [])))
    const taken = domains.all().flatMap(({ appId, domain }) => {
      const owner = there.get(appId)
      return owner === undefined || owner === name || !list.some((one) => isSameName(one, domain))
        ? []
        : [`${domain} is a domain of ${owner}: remove it there first, at /apps/${owner}/domains`]
    })
    refuse('domains', taken)
    return list
  }
  const globals = () => reports.server('global-domains')?.body ?? []
  const there = (app: string) => {
    domainsOf(app)
    return { app }
  }

  return new Hono<AskEnv>()
    .post('/apps/:app/domains', async (c) => {
      const app = c.req.param('app')
      const has = domainsOf(app)
      const list = freeFor(app, whole(listOf(await c.req.parseBody(), has, AppDomain), has))
      if (list.every((domain) => has.includes(domain))) refuse('domains', [`${app} has them already`])
      return ask(c, {
        kind: 'domains:add',
        payload: { app, domains: list.filter((domain) => !has.includes(domain)) },
      })
    })
    .put('/apps/:app/domains', async (c) => {
      const app = c.req.param('app')
      const has = domainsOf(app)
      const list = freeFor(app, whole(listOf(await c.req.parseBody(), has, AppDomain), has))
      return ask(c, { kind: 'domains:set', payload: { app, domains: list } })
    })
    .delete('/apps/:app/domains', (c) =>
      ask(c, { kind: 'domains:clear', payload: there(c.req.param('app')) }),
    )
    .delete('/apps/:app/domains/:domain', (c) => {
      const { app, domain } = c.req.param()
      refuse('domains', tooMuch(domain, domainsOf(app)))
      return ask(c, { kind: 'domains:remove', payload: { app, domains: domain } })
    })
    .post('/apps/:app/domains-enabled', (c) =>
      ask(c, { kind: 'domains:enable', payload: there(c.req.param('app')) }),
    )
    .post('/apps/:app/domains-disabled', (c) =>
      ask(c, { kind: 'domains:disable', payload: there(c.req.param('app')) }),
    )
    .post('/apps/:app/domain-lookups', (c) => {
      const app = c.req.param('app')
      for (const domain of domainsOf(app)) lookUp(domain)
      return c.req.header('hx-request') === 'true'
        ? c.body(null, 204)
        : c.redirect(`/apps/${encodeURIComponent(app)}/domains`, 303)
    })
    .post('/domains', async (c) => {
      const has = globals()
      const list = whole(listOf(await c.req.parseBody(), has, DomainName), has)
      if (list.every((domain) => has.includes(domain))) refuse('domains', ['the server has them already'])
      return ask(c, {
        kind: 'domains:add-global',
        payload: { domains: list.filter((domain) => !has.includes(domain)) },
      })
    })
    .put('/domains', async (c) => {
      const has = globals()
      const list = whole(listOf(await c.req.parseBody(), has, DomainName), has)
      return ask(c, { kind: 'domains:set-global', payload: { domains: list } })
    })
    .delete('/domains', (c) => ask(c, { kind: 'domains:clear-global', payload: {} }))
    .delete('/domains/:domain', (c) => {
      const domain = c.req.param('domain')
      refuse('domains', tooMuch(domain, globals()))
      return ask(c, { kind: 'domains:remove-global', payload: { domains: domain } })
    })
}

const listOf = (sent: unknown, has: readonly string[], rule: z.ZodType<string>): readonly string[] =>
  z.object({ domains: typedBeside(has, rule) }).parse(sent).domains

/** Dokku takes any word for a domain, so a sentence would become several. What is there already may stay. */
function whole(list: readonly string[], has: readonly string[]): readonly string[] {
  refuse(
    'domains',
    list
      .filter((name) => !name.includes('.') && name !== '_' && !has.includes(name))
      .map((name) => `“${name}” has no dot: write a whole domain, such as ${name}.example.com`),
  )
  return list
}

const tooMuch = (domain: string, all: readonly string[]): readonly string[] =>
  all.includes(domain) && !isRemovable(domain)
    ? [`Dokku cannot remove ${domain} by its name: edit the domains as a list`]
    : removedBesides(domain, all).map(
        (other) =>
          `Dokku would remove ${other} too, for it reads a dot as any letter: edit the domains as a list`,
      )

/** Told beside the field. */
function refuse(field: string, reasons: readonly string[]): void {
  if (reasons.length === 0) return
  throw new z.ZodRealError(
    reasons.map((message) => ({ code: 'custom', path: [field], message, input: undefined })),
  )
}
