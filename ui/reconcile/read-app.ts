import { type Dokku, DokkuError, NO_SUCH_APP } from '../dokku/dokku.ts'
import {
  readAppReport,
  readBuildList,
  readCertificateReport,
  readConfigKeys,
  readDomainsReport,
  readFormation,
  readReport,
} from '../dokku/report.ts'
import type { DokkuApp, DokkuParts, Part } from './compare.ts'

/**
 * Parts of one app, one command after the other. `readAt`: when that began, milliseconds since 1970. `allBuilds`:
 * without a kind Dokku lists no more records than it keeps, though more may lie there. Null: Dokku has no such app (any
 * more).
 */
export async function readApp(
  dokku: Dokku,
  app: string,
  parts: readonly Part[],
  readAt: number,
  { allBuilds = false }: { readonly allBuilds?: boolean } = {},
): Promise<DokkuApp | null> {
  const report = async (plugin: string) =>
    readReport(await dokku.run([`${plugin}:report`, app, '--format', 'json']))
  const buildsOf = async (...kind: readonly string[]) =>
    readBuildList(await dokku.run(['builds:list', app, ...kind, '--format', 'json']))
  const reads: { readonly [P in Part]: () => Promise<Pick<DokkuParts, P>> } = {
    locked: async () => ({ locked: readAppReport(await report('apps')).locked }),
    domains: async () => ({ domains: readDomainsReport(await report('domains')) }),
    certificate: async () => ({ certificate: readCertificateReport(await report('certs')) }),
    formation: async () => ({
      formation: readFormation(await dokku.run(['ps:scale', app, '--format', 'json'])),
    }),
    configKeys: async () => ({ configKeys: readConfigKeys(await dokku.run(['config:keys', app])) }),
    builds: async () => ({
      builds: allBuilds
        ? [...(await buildsOf('--kind', 'build')), ...(await buildsOf('--kind', 'deploy'))].sort(
            (one, other) => Date.parse(other.started_at) - Date.parse(one.started_at),
          )
        : await buildsOf(),
    }),
  }
  try {
    let read: DokkuApp = { readAt }
    for (const part of parts) read = { ...read, ...(await reads[part]()) }
    return read
  } catch (error) {
    if (error instanceof DokkuError && error.exitCode === NO_SUCH_APP) return null
    throw error
  }
}
