/** Which settings the running containers still lack: Docker gives them to a container only when it is created. Pure. */
import { type Facts, reported } from '../reports/report.ts'
import { bytesOf, DEFAULT, limitKey } from './formation.ts'
import type { Container } from './process.ts'

export interface NotApplied {
  /** Process types, each once, whose containers have another memory limit than is set. */
  readonly limits: readonly string[]
  /** And another restart policy. */
  readonly restartPolicy: readonly string[]
}

/**
 * As far as Docker has listed the containers and Dokku was asked. Where no memory limit is set, a container's own may
 * come from an option of Docker, so that nothing is said of it.
 */
export function notApplied(
  containers: readonly Container[],
  { ps, resource }: { readonly ps: Facts | undefined; readonly resource: Facts | undefined },
): NotApplied {
  const running = containers.filter(({ state, inService }) => state === 'running' && inService !== false)
  const policy = reported(ps, 'computed-restart-policy')
  const types = (lacks: (container: Container) => boolean) => [
    ...new Set(running.filter(lacks).map(({ processType }) => processType)),
  ]
  return {
    limits: types(({ processType, memoryLimit, imageId }) => {
      const set =
        reported(resource, limitKey(processType, 'memory')) || reported(resource, limitKey(DEFAULT, 'memory'))
      return imageId !== null && set !== '' && bytesOf(set) !== (memoryLimit ?? 0)
    }),
    restartPolicy: types(
      (container) => policy !== '' && container.restartPolicy !== '' && policyOf(container) !== policy,
    ),
  }
}

/** As Dokku writes it. */
const policyOf = ({ restartPolicy, maxRestarts }: Container): string =>
  maxRestarts > 0 ? `${restartPolicy}:${maxRestarts}` : restartPolicy
