import type { Source } from './source.ts'

/** One app as Dokku knows it. `null` where Dokku has nothing. */
export interface App {
  name: string
  /** Seconds since 1970. */
  createdAt: number
  config: Record<string, string>
  domains: string[]
  certificate: Certificate | null
  /** Process type → quantity. */
  formation: Record<string, number>
  ports: string[]
  detectedPorts: string[]
  /** Properties of every plugin: `checks.wait-to-retire` → `5`. */
  properties: Record<string, string>
  /** docker-options by phase. */
  options: Record<string, string[]>
  mounts: Mount[]
  /** `_default_.limit.memory` → `256` */
  resources: Record<string, string>
  suspendedCron: string[]
  /** The newest commit of the deploy branch, what it holds, and when it came (seconds). */
  revision: string
  source: Source | null
  updatedAt: number | null
  /** What the last archive or image was: the same again is no change. */
  content: string
  /** How often it was built; the first build fills the cache. */
  builds: number
  /** The image that was built or released last, without `sha256:`. */
  image: string
  deployed: boolean
  deploySource: string
  deploySourceMetadata: string
  /** Dokku's CONTAINER.web.1 files: dyno → container id. */
  dynos: Record<string, string>
  /** Where nginx's configuration sends requests to; none: there is no such configuration. */
  upstreams: string[]
}

export interface Certificate {
  readonly crt: string
  readonly key: string
}

export interface Mount {
  readonly entry: string
  readonly host: string
  readonly container: string
}

export const newApp = (name: string, createdAt: number): App => ({
  name,
  createdAt,
  config: {},
  domains: [],
  certificate: null,
  formation: {},
  ports: [],
  detectedPorts: [],
  properties: {},
  options: {},
  mounts: [],
  resources: {},
  suspendedCron: [],
  revision: '',
  source: null,
  updatedAt: null,
  content: '',
  builds: 0,
  image: '',
  deployed: false,
  deploySource: '',
  deploySourceMetadata: '',
  dynos: {},
  upstreams: [],
})

/** What belongs to the server and to no app. */
export interface Host {
  domains: string[]
  config: Record<string, string>
  properties: Record<string, string>
  entries: { name: string; hostPath: string }[]
  /** SSH keys by name. */
  keys: Record<string, string>
  /** Faults waiting for an app's next deploy. */
  faults: Record<string, string>
  /** Source the next push of an app brings, where it isn't the recorded one. */
  sources: Record<string, Source>
}

export const newHost = (): Host => ({
  domains: ['dokku.test'],
  config: {},
  properties: {},
  entries: [],
  keys: {},
  faults: {},
  sources: {},
})

export const domainsEnabled = (app: App): boolean => app.config.NO_VHOST !== '1'
export const proxyEnabled = (app: App): boolean => app.properties['proxy.disabled'] !== 'true'
export const quantity = (app: App, type: string): number => app.formation[type] ?? 0

/** Process types in the order Dokku deploys them: web before the others, the others by name. */
export const processTypes = (app: App): string[] =>
  Object.keys(app.formation).sort((a, b) => Number(b === 'web') - Number(a === 'web') || (a < b ? -1 : 1))

/** An app's own value of a property, else the server's, else `fallback`. */
export const property = (app: App, host: Host, name: string, fallback: string): string =>
  app.properties[name] || host.properties[name] || fallback

/** With the null builder nothing is built, so there is no image to release either. */
export const isBuilt = (app: App): boolean => app.properties['builder.selected'] !== 'null'

/** With the null scheduler no container runs; Dokku takes such an app for deployed and running. */
export const isScheduled = (app: App): boolean => app.properties['scheduler.selected'] !== 'null'

export const isDeployed = (app: App): boolean => app.deployed || !isScheduled(app)
