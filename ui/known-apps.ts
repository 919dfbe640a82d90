/** What our rows say of the apps that are there, as the comparison with Dokku wants it. */
import { appStates } from './apps/states.ts'
import { certificateOf } from './certificates/projection.ts'
import { configKeysOf } from './config/projection.ts'
import type { Database } from './database/database.ts'
import { buildRows } from './deployments/watched.ts'
import { domainsOf } from './domains/projection.ts'
import { formationOf } from './processes/projection.ts'
import { type KnownApp, sameSet } from './reconcile/compare.ts'
import { SERVER } from './reports/table.ts'

export function knownApps(db: Database) {
  const apps = appStates(db)
  const builds = buildRows(db)
  const domains = domainsOf(db)
  const certificate = certificateOf(db)
  const formation = formationOf(db)
  const configKeys = configKeysOf(db)
  return {
    names: (): readonly string[] => apps.every().map(({ name }) => name),
    find(name: string): KnownApp | undefined {
      const app = apps.find(name)
      return (
        app && {
          name,
          front: app.front,
          locked: app.locked,
          lastDeployFailed: /[fc]$/.test(app.recent),
          looked: app.lookedAt !== null,
          domains: domains(app.id),
          certificate: certificate(app.id),
          formation: formation(app.id),
          configKeys: configKeys(app.id),
          // Nothing of the panel's own app is a deploy.
          knowsBuild: (id, startedAt) => app.front || builds.known(app.id, id, startedAt),
        }
      )
    },
    /** Whether these are the keys of the server's config that we know. */
    hasGlobalKeys: (keys: readonly string[]): boolean => sameSet(configKeys(SERVER), keys),
  }
}
