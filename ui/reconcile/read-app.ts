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
 * Parts of one app, one command after the other. `readAt`: when that began, milliseconds since 1970. Null: Dokku has no
 * such app (any more).
 */
export async function readApp(
  dokku: Dokku,
  app: string,
  parts: readonly Part[],
  readAt: number,
): Promise<DokkuApp | null> {
  const report = async (plugin: string) =>
    readReport(await dokku.run([`${plugin}:report`, app, '--format', 'json']))
  const reads: { readonly [P in Part]: () => Promise<Pick<DokkuParts, P>> } = {
    locked: async () => ({ locked: readAppReport(await report('apps')).locked }),
    domains: async () => ({ domains: readDomainsReport(await report('domains')) }),
    certificate: async () => ({ certificate: readCertificateReport(await report('certs')) }),
    formation: async () => ({
      formation: readFormation(await dokku.run(['ps:scale', app, '--format', 'json'])),
    }),
    configKeys: async () => ({ configKeys: readConfigKeys(await dokku.run(['config:keys', app])) }),
    builds: async () => ({
      builds: readBuildList(await dokku.run(['builds:list', app, '--format', 'json'])),
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
