/** Reads what the server as a whole has: plugins, networks, global domains, what its root allowed or keeps, and its config's keys. */
import { GLOBAL_SWITCH } from '../config/owner.ts'
import type { Dokku } from '../dokku/dokku.ts'
import {
  readConfigKeys,
  readGlobalDomains,
  readNetworks,
  readPlugins,
  readPluginVersions,
} from '../dokku/report.ts'
import type { ReportName } from '../reports/report.ts'

export interface ServerLookOptions {
  readonly dokku: Dokku
  /** What the server's root allowed the panel. */
  allowed(): Promise<readonly string[]>
  /** Which keys of config only its root may set. */
  reserved(): Promise<readonly string[]>
  keep(name: ReportName, body: unknown): void
  /** Keys of the server's config, where its root lets them be seen. */
  globalKeys(keys: readonly string[]): void
  /** Pages show what is there now. */
  changed(): void
  isStopped(): boolean
  onError(error: unknown): void
}

export function serverLook({
  dokku,
  allowed,
  reserved,
  keep,
  globalKeys,
  changed,
  isStopped,
  onError,
}: ServerLookOptions) {
  let reading = 0
  /** How often we were told that the config or what is allowed changed. */
  let told = 0
  let soon: NodeJS.Timeout | undefined

  /** What one server cannot say, such as an old Docker of its networks, keeps nothing else from being known. */
  const each = async (...reads: readonly (() => Promise<void>)[]): Promise<void> => {
    reading += 1
    changed()
    for (const read of reads) if (!isStopped()) await read().catch(onError)
    reading -= 1
    changed()
  }

  const plugins = async () => {
    const list = await dokku.run(['plugin:list', '--format', 'json'])
    keep('plugins', readPlugins(list))
    keep('plugin-versions', readPluginVersions(list))
  }
  const networks = async () =>
    keep('networks', readNetworks(await dokku.run(['network:list', '--format', 'json'])))
  const domains = async () =>
    keep(
      'global-domains',
      readGlobalDomains(await dokku.run(['domains:report', '--global', '--format', 'json'])),
    )
  const keys = async () => keep('reserved', await reserved())
  const config = async () => {
    const before = told
    const switches = await allowed()
    keep('allowed', switches)
    if (!switches.includes(GLOBAL_SWITCH)) return
    const names = readConfigKeys(await dokku.run(['config:keys', '--global']))
    // Told of a change meanwhile: they are read again once that has settled.
    if (told === before && !isStopped()) globalKeys(names)
  }

  return {
    read: () => each(plugins, networks, config, keys, domains),
    readDomains: () => each(domains),
    /** After a command that goes on for a moment. Milliseconds. */
    readConfigIn(ms: number) {
      told += 1
      clearTimeout(soon)
      soon = setTimeout(() => void each(config), ms)
    },
    isReading: () => reading > 0,
    stop: () => clearTimeout(soon),
  }
}
