/** What pages say of an app: its state, the code that runs and that starts next, and what its visitors meet. */
import type { DeploymentInBrief } from '../deployments/deployment.ts'
import type { Access } from '../properties/access.ts'

/** The code of a deployment, or the image it is not known of. */
export interface Code {
  readonly deployment: DeploymentInBrief | null
  readonly imageId: string | null
  /** web.1, worker.1; none where nothing runs. */
  readonly processes: readonly string[]
}

/** What is said below "What runs". */
export type Running =
  | { readonly kind: 'nothing'; readonly because: string }
  /** The panel's own app: it leads to a service beside Dokku. */
  | { readonly kind: 'panel' }
  | {
      readonly kind: 'code'
      /** More than one where processes run different code. */
      readonly codes: readonly Code[]
      /** Why this is not certain; empty where it is. */
      readonly unsure: string
    }

/** What the next restart, scaling or change of config does that would not be expected. */
export interface Warning {
  readonly kind: 'other code' | 'unknown image' | 'no image'
  readonly deployment: DeploymentInBrief | null
  /** A sentence; `#7` in it is the deployment. */
  readonly text: string
  /** In two words, for a badge. */
  readonly brief: string
}

export interface Status {
  readonly state: string
  readonly needsAttention: boolean
  readonly running: Running
  readonly warning: Warning | null
  /** What stands between it and its visitors. */
  readonly access: Access
}

/** "sha256:1a2b3c4d5e6f…" */
export const shortImage = (imageId: string): string => `${imageId.slice(0, 19)}…`

/** Why nothing is said of an image. */
export const UNKNOWN_IMAGE = 'It was built before Dokkubase listened, or by no deployment that it knows.'

/** What became of a deployment, after its number. */
export const fate = ({ status, failedStep, liveAt }: DeploymentInBrief): string => {
  if (status === 'canceled') return ', which was canceled'
  if (status === 'built') return ', which was built and not deployed'
  if (status !== 'failed') return ''
  if (failedStep === null) return liveAt === null ? ', which failed' : ', which failed after it was live'
  return `, which failed: ${failedStep}`
}
