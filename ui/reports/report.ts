/** What Dokku said of an app or the server when it was last asked: dated, and no part of the history. */
import { lookup } from '../web/lookup.ts'

/** One `X:report` each, but for `cron`, which is the list of entries. */
export const APP_REPORTS = [
  'ps',
  'checks',
  'resource',
  'builder',
  'builder-dockerfile',
  'app-json',
  'git',
  'network',
  'nginx',
  'ports',
  'proxy',
  'storage',
  'docker-options',
  'cron',
  'domains',
  'letsencrypt',
  'maintenance',
  'http-auth',
  'redirect',
] as const
export type AppReport = (typeof APP_REPORTS)[number]

/** Those of plugins that need not be there. */
const PLUGIN_REPORTS = ['letsencrypt', 'maintenance', 'http-auth', 'redirect'] as const
export type PluginReport = (typeof PLUGIN_REPORTS)[number]

export const isPluginReport = (name: AppReport): name is PluginReport =>
  PLUGIN_REPORTS.some((each) => each === name)

/** What can be asked where these plugins are enabled. */
export const reportsThere = (plugins: readonly string[]): readonly AppReport[] =>
  APP_REPORTS.filter((name) => !isPluginReport(name) || plugins.includes(name))

/**
 * Of the server: plugins that are enabled, the versions of those that Dokku does not ship (`http-auth 0.10.0`), global
 * domains, Docker's networks, what its root allowed the panel, which keys of config only root may set.
 */
export type ServerReport =
  | 'plugins'
  | 'plugin-versions'
  | 'global-domains'
  | 'networks'
  | 'allowed'
  | 'reserved'
export type ReportName = AppReport | ServerReport

/** A report's values by property; what `--format json` has as a list is one. */
export type Facts = Readonly<Record<string, string | readonly string[]>>

/** An entry of `cron:list`. */
export interface CronEntry {
  readonly id: string
  readonly command: string
  readonly schedule: string
  /** Nothing of the app is run by the clock. */
  readonly appSuspended: boolean
  readonly suspended: boolean
}

export interface Dated<Body> {
  readonly body: Body
  /** When Dokku said so, milliseconds since 1970. */
  readonly at: number
}

/** What pages read of reports; undefined: Dokku was not asked yet. */
export interface ReportReads {
  facts(appId: number, name: Exclude<AppReport, 'cron'>): Dated<Facts> | undefined
  /** One report of every app that has it. */
  every(name: Exclude<AppReport, 'cron'>): ReadonlyMap<number, Facts>
  cron(appId: number): Dated<readonly CronEntry[]> | undefined
  /** The oldest of these; null where one of them was never read. */
  oldest(appId: number, names: readonly AppReport[]): number | null
  /** Names. */
  server(name: ServerReport): Dated<readonly string[]> | undefined
}

/** How pages have Dokku looked at, without waiting for it. */
export interface Looks {
  /** Asks about this app again, soon; null: about the server. */
  look(app: string | null, names?: readonly AppReport[]): void
  isLooking(app: string | null): boolean
  /** A page shows what was read then: it is looked at again where that is old, but not at each visit. */
  shown(app: string, at: number | null): void
}

export const NO_LOOKS: Looks = { look() {}, isLooking: () => false, shown() {} }

/** One value of a report; Dokku names some twice, with and without the plugin before. */
export const reported = (facts: Facts | undefined, key: string): string => {
  const value = facts?.[key]
  return typeof value === 'string' ? value : (value ?? []).join(' ')
}

/** What of an app a job of this kind may have changed. */
export const changedBy = (kind: string): readonly AppReport[] => {
  const [plugin = ''] = kind.split(':')
  return CHANGES.get(plugin) ?? []
}

const CHANGES = lookup<readonly AppReport[]>({
  'app-json': ['app-json'],
  builder: ['builder'],
  'builder-dockerfile': ['builder-dockerfile'],
  checks: ['checks'],
  cron: ['cron'],
  'docker-options': ['docker-options'],
  domains: ['domains'],
  git: ['git'],
  'http-auth': ['http-auth'],
  letsencrypt: ['letsencrypt'],
  maintenance: ['maintenance'],
  network: ['network'],
  nginx: ['nginx'],
  ports: ['ports', 'proxy'],
  proxy: ['proxy', 'ports'],
  ps: ['ps'],
  redirect: ['redirect'],
  resource: ['resource'],
  storage: ['storage'],
})

/** What of an app may be another after a deploy: what its code says of itself. */
export const CHANGED_BY_DEPLOY: readonly AppReport[] = ['ps', 'builder', 'ports', 'cron']
