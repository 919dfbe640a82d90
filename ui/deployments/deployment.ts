/** A deployment is our row for one of Dokku's build records. */
import { lookup } from '../web/lookup.ts'

/**
 * `built`: an image was made and is not deployed, as the app's owner set it. `skipped`: there was nothing to deploy.
 * `refused`: another deploy of the app was running.
 */
export const STATUSES = ['running', 'succeeded', 'failed', 'canceled', 'built', 'skipped', 'refused'] as const
export type DeploymentStatus = (typeof STATUSES)[number]

/** Nothing was begun and nothing failed: not the app's latest deployment, in no statistic, no need for attention. */
export const changedNothing = (status: DeploymentStatus): boolean =>
  status === 'skipped' || status === 'refused'

/** Which step of a deploy broke it. */
export type FailedStep =
  | 'build'
  | 'release'
  | 'predeploy'
  | 'checks'
  | 'proxy'
  | 'crash at start'
  | 'canceled'
  | 'received'

/** The rail of a deployment page, in the order Dokku goes. */
export const STEPS = [
  'received',
  'build',
  'release',
  'predeploy',
  'checks',
  'proxy',
  'live',
  'retired',
] as const
export type Step = (typeof STEPS)[number]

/**
 * When a step began, in milliseconds since 1970, and the log line (from 1) it begins at. `at` is null where the
 * log was read after the fact and no trigger told; `line` is 0 where only a trigger told.
 */
export interface StepTime {
  readonly step: Step
  readonly at: number | null
  readonly line: number
}

/** What a deploy that broke in a step of the rail failed at; null: the new code was live by then. */
export const FAILS_AT: Readonly<Record<Step, FailedStep | null>> = {
  received: 'received',
  build: 'build',
  release: 'release',
  predeploy: 'predeploy',
  checks: 'checks',
  proxy: 'proxy',
  live: null,
  retired: null,
}

/** Why a deployment ended of which nothing is known but that its process is gone. */
export const UNJUDGED = 'Its process is gone; how it ended is not known'
/** Why a deployment ended whose app is no more. */
export const APP_DESTROYED = 'The app was destroyed'

/** Dokku's own kind for a source: a deploy reuses the image, a build makes one. */
export const kindOf = (source: string): 'build' | 'deploy' =>
  source === 'ps:restart' || source === 'deploy' || source === 'config-redeploy' ? 'deploy' : 'build'

/** How it went, in as far as its code was live before it failed. */
export type Outcome = DeploymentStatus | 'failed after it was live'
export const outcomeOf = ({ status, liveAt }: Pick<Deployment, 'status' | 'liveAt'>): Outcome =>
  status === 'failed' && liveAt !== null ? 'failed after it was live' : status

/** One letter an outcome, for the row of the last ten on an app's card; empty where it is not part of that row. */
export const outcomeLetter = (status: DeploymentStatus): string =>
  changedNothing(status) ? '' : status.slice(0, 1)

/**
 * Whether it has a number and a page. A git:sync that found nothing to build has neither: a timer may run one every
 * few minutes.
 */
export const isListed = ({ number }: Pick<Deployment, 'number'>): boolean => number > 0

/** What a deployment changes on its app's row; the apps feature offers it. */
export interface AppSummary {
  /** The number the app's next deployment gets; counts up. */
  takeNumber(appId: number): number
  /** The next deployment gets this number after all; nothing where another was given out since. */
  returnNumber(appId: number, number: number): void
  /** Null: the app has none. */
  latest(appId: number, deploymentId: number | null): void
  /** Nothing where one that began later is live. */
  live(appId: number, deploymentId: number): void
  /** Outcomes of the last ten deployments that changed something, oldest first. */
  recent(appId: number, outcomes: string): void
}

/** One deployment as pages show it. */
export interface Deployment {
  /** In the order of their ids deployments began. */
  readonly id: number
  readonly appId: number
  /** app #42 */
  readonly number: number
  readonly buildId: string
  readonly kind: 'build' | 'deploy'
  readonly source: string
  readonly status: DeploymentStatus
  readonly actor: string
  readonly door: string
  readonly fingerprint: string
  readonly command: string
  readonly revision: string
  readonly author: string
  readonly subject: string
  readonly image: string
  /** `sha256:…` of the image there was once it had ended; null: not read. */
  readonly imageId: string | null
  /** The deployment whose code that image holds. */
  readonly codeId: number | null
  readonly builder: string
  readonly sourceType: string
  readonly sourceMetadata: string
  readonly startedAt: number
  readonly liveAt: number | null
  /** Null while it runs, and of one that ended when nobody knows. */
  readonly endedAt: number | null
  /** When its process was found gone and its log read to the end. */
  readonly judgedAt: number | null
  readonly exitCode: number | null
  readonly failedStep: FailedStep | null
  readonly reason: string
  readonly reasonLines: readonly number[]
  readonly steps: readonly StepTime[]
}

/** As much of it as a card or a cell shows. */
export type DeploymentInBrief = Pick<
  Deployment,
  | 'id'
  | 'appId'
  | 'number'
  | 'buildId'
  | 'kind'
  | 'source'
  | 'status'
  | 'actor'
  | 'door'
  | 'revision'
  | 'subject'
  | 'sourceType'
  | 'sourceMetadata'
  | 'startedAt'
  | 'liveAt'
  | 'endedAt'
  | 'failedStep'
  | 'reason'
>

/** What a list of deployments is narrowed to; what is left out does not narrow. */
export interface DeploymentFilter {
  readonly appId?: number
  readonly statuses?: readonly DeploymentStatus[]
  readonly door?: string
  readonly actor?: string
  /** Began at or after `from` and before `to`. */
  readonly from?: number
  readonly to?: number
}

/** Deployments that began on one day (UTC), without those that changed nothing. */
export interface DayOfDeployments {
  readonly day: number
  readonly running: number
  readonly succeeded: number
  readonly failed: number
  readonly canceled: number
  readonly built: number
}

export interface DeploymentReads {
  /** Newest first: those before id `before`, or all down to id `downTo`. Running ones are left out. */
  page(
    filter: DeploymentFilter,
    range: { before?: number; downTo?: number; limit: number },
  ): readonly DeploymentInBrief[]
  running(filter: DeploymentFilter): readonly DeploymentInBrief[]
  countRunning(): number
  byIds(ids: readonly number[]): ReadonlyMap<number, Deployment>
  inBrief(ids: readonly number[]): ReadonlyMap<number, DeploymentInBrief>
  /** By app: its newest deployment that failed, where none after it went well or went live. */
  failing(appIds: readonly number[]): ReadonlyMap<number, DeploymentInBrief>
  /** By build id and app id, with a blank between; asked for by host, build id and app id. */
  byBuilds(
    builds: readonly (readonly [host: string, buildId: string, appId: number])[],
  ): ReadonlyMap<string, DeploymentInBrief>
  numbered(appId: number, number: number): Deployment | undefined
  /** The one that was live before `id`: what it is compared with. */
  liveBefore(appId: number, id: number): Deployment | undefined
  /**
   * The one that brought the code that runs since `id`, which is one that went live. A restart or a change of config brings
   * none: Dokku starts the image built last with it, also where the deploy of that image had failed or was canceled.
   */
  codeOf(appId: number, id: number): Deployment | undefined
  /** How long this app's deployments of this kind usually take; null where too few ended well. */
  usual(appId: number, kind: Deployment['kind']): number | null
  /** One entry a day since `from`, days without deployments left out. */
  days(from: number): readonly DayOfDeployments[]
  /** Who started some, of one app or of all; `doors` likewise. */
  actors(appId?: number): readonly string[]
  doors(appId?: number): readonly string[]
}

/** Dokku's word for what started it, as a person says it. */
export function sourceWords({ source, kind, door }: Pick<Deployment, 'source' | 'kind' | 'door'>): string {
  // Dokku deploys a clone and a renamed app as if they were pushed.
  if (source === 'git-hook' && door === 'panel') return 'Deploy'
  return SOURCES.get(source) ?? (kind === 'build' ? 'Build' : 'Deploy')
}

const SOURCES = lookup<string>({
  'git-hook': 'Git push',
  'ps:rebuild': 'Rebuild',
  'ps:restart': 'Restart',
  'config-redeploy': 'Config change',
  'git:sync': 'Git sync',
  'git:from-archive': 'Archive',
  'git:from-image': 'Image',
  'git:load-image': 'Image',
  deploy: 'Start',
})

/** What is deployed, in one line: the image, the commit's subject, else what was done. */
export function titleOf(
  deployment: Pick<Deployment, 'subject' | 'source' | 'kind' | 'door' | 'sourceMetadata' | 'sourceType'>,
): string {
  const { subject, sourceType, sourceMetadata } = deployment
  if (sourceType === 'docker-image' && sourceMetadata !== '') return sourceMetadata
  return subject === '' || AUTOMATED.test(subject) ? sourceWords(deployment) : subject
}

/** Dokku commits archives and images itself; what it says then says nothing. */
const AUTOMATED = /^Automated commit @ \d+$/
