/** Domains are looked up in the background, and pages read what came of it. */
import { networkInterfaces } from 'node:os'
import type { Logger } from 'pino'
import { appReads } from './apps/table.ts'
import type { Database } from './database/database.ts'
import { ownAddresses } from './domains/pointing.ts'
import { resolving } from './domains/resolving.ts'
import { domainCheckRows, domainReads } from './domains/table.ts'
import type { Live } from './live/live.ts'
import type { Settings } from './settings.ts'

export interface LookupsOptions {
  readonly db: Database
  readonly live: Pick<Live, 'publish'>
  readonly settings: Pick<Settings, 'addresses'>
  readonly logger: Pick<Logger, 'warn'>
}

export function lookups({ db, live, settings, logger }: LookupsOptions) {
  const apps = appReads(db)
  const domains = domainReads(db)
  const rows = domainCheckRows(db)
  return resolving({
    domains() {
      const there = new Set(apps.all().flatMap(({ id, destroyedAt }) => (destroyedAt === null ? [id] : [])))
      return domains.all().flatMap(({ appId, domain }) => (there.has(appId) ? [domain] : []))
    },
    checks: domains.checks,
    keep(check) {
      rows.keep(check)
      live.publish(['domains'])
    },
    forget: rows.forget,
    own: ownAddresses(settings.addresses, networkInterfaces()),
    now: Date.now,
    onError: (error) => logger.warn({ err: error }, 'a domain could not be looked up'),
  })
}
