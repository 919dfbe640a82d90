import { and, eq, sql } from 'drizzle-orm'
import type { Database } from '../database/database.ts'
import { actorOf } from '../events/actor.ts'
import type { RecordedEvent } from '../events/event.ts'
import type { Projection } from '../journal/journal.ts'
import { domains } from './table.ts'

/**
 * An app's domains as `domains:*` told them. `reset`, `enable` and `disable` do not say which domains there
 * are afterwards; the reconciler asks Dokku after every change and `domains-seen` puts the whole list right.
 */
export function domainProjection(db: Database): Projection {
  const ofApp = eq(domains.appId, sql.placeholder('appId'))
  const add = db
    .insert(domains)
    .values({
      appId: sql.placeholder('appId'),
      domain: sql.placeholder('domain'),
      since: sql.placeholder('since'),
      addedBy: sql.placeholder('addedBy'),
      position: sql`(select coalesce(max(${domains.position}), 0) + 1 from ${domains} where ${ofApp})`,
    })
    .onConflictDoNothing()
    .prepare()
  const remove = db
    .delete(domains)
    .where(and(ofApp, eq(domains.domain, sql.placeholder('domain'))))
    .prepare()
  const place = db
    .update(domains)
    .set({ position: sql`${sql.placeholder('position')}` })
    .where(and(ofApp, eq(domains.domain, sql.placeholder('domain'))))
    .prepare()
  const clear = db.delete(domains).where(ofApp).prepare()
  const list = db.select().from(domains).where(ofApp).orderBy(domains.position).prepare()

  const addAll = (event: RecordedEvent, appId: number, names: readonly string[]) => {
    for (const domain of names) add.run({ appId, domain, since: event.at, addedBy: actorOf(event).actor })
  }
  const replace = (event: RecordedEvent, appId: number, names: readonly string[]) => {
    for (const { domain } of list.all({ appId })) if (!names.includes(domain)) remove.run({ appId, domain })
    addAll(event, appId, names)
  }

  /** Dokku's own list is right about the order too. */
  const seen = (event: RecordedEvent, appId: number, names: readonly string[]) => {
    replace(event, appId, names)
    for (const [index, domain] of names.entries()) place.run({ appId, domain, position: index + 1 })
  }

  return {
    project(event, appId) {
      if (appId === null) return []
      const [, action = '', ...names] = event.args
      if (event.trigger === 'domains-seen') seen(event, appId, event.args.slice(1))
      else if (event.trigger !== 'post-domains-update') return []
      else if (action === 'add') addAll(event, appId, names)
      else if (action === 'set') replace(event, appId, names)
      else if (action === 'remove') for (const domain of names) remove.run({ appId, domain })
      else if (action === 'clear') clear.run({ appId })
      return ['domains']
    },
    rekey(from, into) {
      for (const row of list.all({ appId: from })) add.run({ ...row, appId: into })
      clear.run({ appId: from })
    },
  }
}

/** Domains of one app, in Dokku's order. */
export function domainsOf(db: Database): (appId: number) => readonly string[] {
  const ofApp = db
    .select({ domain: domains.domain })
    .from(domains)
    .where(eq(domains.appId, sql.placeholder('appId')))
    .orderBy(domains.position)
    .prepare()
  return (appId) => ofApp.all({ appId }).map(({ domain }) => domain)
}
