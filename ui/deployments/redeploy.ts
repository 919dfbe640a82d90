/** How a deployment is done once more. Pure. */
import { GitUrl, ImageName } from '../dokku/names.ts'
import { changedNothing, type DeploymentInBrief } from './deployment.ts'

/** A kind of job and what it is asked with; the command as it would be typed. */
export interface Again {
  readonly kind: 'ps:rebuild' | 'git:sync' | 'git:from-image'
  readonly payload: Readonly<Record<string, string>>
  readonly command: string
}

type Known = Pick<
  DeploymentInBrief,
  'id' | 'kind' | 'status' | 'source' | 'revision' | 'failedStep' | 'sourceType' | 'sourceMetadata'
>

/**
 * The newest code is built again from what Dokku has. Older code is fetched anew from where it came, if that was a git
 * repository or an image: what was pushed or uploaded is not kept by Dokku, so null. `lately`: of the same app, newest first.
 */
export function redeployOf(app: string, deployment: Known, lately: readonly Known[]): Again | null {
  if (deployment.kind !== 'build' || deployment.status === 'running') return null
  const newest = lately.find(isKept)
  const isNewest =
    newest !== undefined &&
    (newest.id === deployment.id || (newest.revision !== '' && newest.revision === deployment.revision))
  if (isNewest) return { kind: 'ps:rebuild', payload: { app }, command: `dokku ps:rebuild ${app}` }
  return fetchedAgain(app, deployment)
}

function fetchedAgain(app: string, { sourceType, sourceMetadata }: Known): Again | null {
  if (sourceType === 'docker-image' && ImageName.safeParse(sourceMetadata).success) {
    const payload = { app, image: sourceMetadata }
    return { kind: 'git:from-image', payload, command: `dokku git:from-image ${app} ${sourceMetadata}` }
  }
  const [, url = '', ref = ''] = /^(.+)#([0-9a-f]{7,64})$/.exec(sourceMetadata) ?? []
  if (sourceType !== 'git-sync' || !GitUrl.safeParse(url).success) return null
  return {
    kind: 'git:sync',
    payload: { app, url, ref },
    command: `dokku git:sync --build ${app} ${url} ${ref}`,
  }
}

/**
 * Whether Dokku's repository still has its code. A push that fails is thrown away; what Dokku committed itself stays
 * when it is not built, and is taken back when it fails later.
 */
const isKept = ({ kind, status, source, failedStep }: Known): boolean =>
  kind === 'build' &&
  (status === 'succeeded' ||
    status === 'built' ||
    (source === 'git:sync' && status !== 'running' && !changedNothing(status) && failedStep !== 'received') ||
    (source.startsWith('git:from-') && failedStep === 'build'))
