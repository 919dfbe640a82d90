/** How a deployment is done once more. Pure. */
import * as z from 'zod'
import { GitUrl, ImageName } from '../dokku/names.ts'
import { changedNothing, type DeploymentInBrief } from './deployment.ts'

/** A kind of job and its payload; the command as it would be typed. */
export interface Again {
  readonly kind: 'ps:rebuild' | 'ps:restart' | 'ps:start' | 'git:sync' | 'git:from-image'
  readonly payload: Readonly<Record<string, unknown>>
  readonly command: string
}

type Known = Pick<
  DeploymentInBrief,
  'id' | 'kind' | 'status' | 'source' | 'door' | 'revision' | 'failedStep' | 'sourceType' | 'sourceMetadata'
>

/** The job that began it, where the panel did. Its payload is read by its kind again before anything runs. */
export interface JobThatBegan {
  readonly kind: string
  readonly payload: unknown
  readonly command: string
}

/** Ended, and brought nothing. */
const NOT_LIVE: ReadonlySet<Known['status']> = new Set(['failed', 'canceled', 'refused'])
export const isNotLive = ({ status }: Pick<Known, 'status'>): boolean => NOT_LIVE.has(status)

/**
 * The newest code is built again from what Dokku has. Older code is fetched anew from where it came, if that was a git
 * repository or an image: a push that was refused and an archive that failed are not kept by Dokku, so null. A restart
 * that failed is tried again where nothing was deployed since. `lately`: of the same app, newest first.
 */
export function redeployOf(
  app: string,
  deployment: Known,
  lately: readonly Known[],
  job?: JobThatBegan,
): Again | null {
  if (deployment.status === 'running') return null
  if (deployment.kind === 'deploy') {
    const isLast = lately[0] === undefined || lately[0].id <= deployment.id
    return isNotLive(deployment) && isLast ? startedAgain(app, deployment) : null
  }
  if (isNewest(deployment, lately.find(isKept)))
    return { kind: 'ps:rebuild', payload: { app }, command: `dokku ps:rebuild ${app}` }
  return fetchedAgain(app, deployment) ?? requestedAgain(app, deployment, job)
}

/** Whether a build of what Dokku's repository holds is a build of its code. */
function isNewest(deployment: Known, kept: Known | undefined): boolean {
  if (kept?.id === deployment.id || (kept?.revision && kept.revision === deployment.revision)) return true
  return (kept === undefined || kept.id < deployment.id) && buildsRepository(deployment)
}

/** A rebuild brings no code of its own; nor does the deploy of a clone or a renamed app, which Dokku records as a push. */
const buildsRepository = ({ source, door }: Known): boolean =>
  source === 'ps:rebuild' || (source === 'git-hook' && door !== 'git push' && door !== 'unknown')

function startedAgain(app: string, { source }: Known): Again {
  const kind = source === 'deploy' ? 'ps:start' : 'ps:restart'
  return { kind, payload: { app }, command: `dokku ${kind} ${app}` }
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

/** Dokku says where code came from only after a deploy that went well; the job knows it from the beginning. */
function requestedAgain(app: string, { source }: Known, job: JobThatBegan | undefined): Again | null {
  if (job === undefined || job.kind !== source) return null
  if (job.kind !== 'git:sync' && job.kind !== 'git:from-image') return null
  const read = PAYLOADS[job.kind].safeParse(job.payload)
  return read.success ? { kind: job.kind, payload: { ...read.data, app }, command: job.command } : null
}

/** No repository on the server's own disk: whether that is allowed is asked where one is named. */
const PAYLOADS = {
  'git:sync': z.looseObject({ url: GitUrl }),
  'git:from-image': z.looseObject({ image: ImageName }),
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
