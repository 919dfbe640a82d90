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
