/** A deployment is our row for one of Dokku's build records. */

export type DeploymentStatus = 'running' | 'succeeded' | 'failed' | 'canceled'

/** Which step of a deploy broke it. `lock`: refused because another deploy held the app's lock. */
export type FailedStep =
  | 'build'
  | 'release'
  | 'predeploy'
  | 'healthcheck'
  | 'proxy'
  | 'crash at start'
  | 'canceled'
  | 'lock'
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

/** When a step began, in milliseconds since 1970, and the log line (from 1) it begins at. */
export interface StepTime {
  readonly step: Step
  readonly at: number
  readonly line: number
}

/** How a build ended, judged from its process, Dokku's record and its log. */
export interface BuildEnd {
  readonly status: 'succeeded' | 'failed' | 'canceled'
  /** -1 where Dokku never told one. */
  readonly exitCode: number
  readonly failedStep: FailedStep | null
  /** One line for people; empty on success. */
  readonly reason: string
  /** Log lines (from 1) that say so. */
  readonly lines: readonly number[]
  readonly steps: readonly StepTime[]
}

/** Dokku's own kind for a source: a deploy reuses the image, a build makes one. */
export const kindOf = (source: string): 'build' | 'deploy' =>
  source === 'ps:restart' || source === 'deploy' || source === 'config-redeploy' ? 'deploy' : 'build'

/** One letter an outcome, for the row of the last ten on an app's card. */
export const outcomeLetter = (status: DeploymentStatus): string => status.slice(0, 1)

/** What a deployment changes on its app's row; the apps feature offers it. */
export interface AppSummary {
  /** The number the app's next deployment gets; counts up. */
  takeNumber(appId: number): number
  latest(appId: number, deploymentId: number): void
  live(appId: number, deploymentId: number): void
  /** Outcomes of the last ten deployments, oldest first. */
  recent(appId: number, outcomes: string): void
}
