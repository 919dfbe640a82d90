/** What pages read of running code: containers with their images, and the deployments those images are of. */
import type { Database } from '../database/database.ts'
import type { Observed } from './running.ts'

export type KnownOfApp = Pick<Observed, 'containers' | 'codes' | 'isRead' | 'nextImageId'>

export interface RunningReads {
  ofApp(appId: number): KnownOfApp
  /** By app, of all there are. */
  all(): ReadonlyMap<number, KnownOfApp>
}

type Container = Omit<Observed['containers'][number], 'inService'> & {
  readonly appId: number
  readonly inService: number | null
}
interface Row {
  readonly appId: number
  readonly isRead: number
  readonly nextImageId: string | null
}
interface Code {
  readonly appId: number
  readonly imageId: string
  readonly codeId: number
}

const APPS = `select id as appId, upstreams is not null as isRead, next_image_id as nextImageId from apps`
const CONTAINERS = `select app_id as appId, process_type as processType, number, state, in_service as inService, image_id as imageId from containers`
/** `cross join`: SQLite begins with the few images there are, and not with every deployment there ever was. */
const CODES = `select d.app_id as appId, d.image_id as imageId, d.code_id as codeId from (
    select app_id, image_id from containers where image_id is not null
    union select id, next_image_id from apps where next_image_id is not null
  ) as image cross join deployments as d on d.app_id = image.app_id and d.image_id = image.image_id`

export function runningReads({ $client }: Database): RunningReads {
  const one = {
    apps: $client.prepare<[number], Row>(`${APPS} where id = ?`),
    containers: $client.prepare<[number], Container>(
      `${CONTAINERS} where app_id = ? order by process_type, number`,
    ),
    codes: $client.prepare<[number], Code>(
      `${CODES} where d.code_id is not null and d.app_id = ? order by d.id`,
    ),
  }
  const every = {
    apps: $client.prepare<[], Row>(`${APPS} where destroyed_at is null`),
    containers: $client.prepare<[], Container>(`${CONTAINERS} order by process_type, number`),
    codes: $client.prepare<[], Code>(`${CODES} where d.code_id is not null order by d.id`),
  }
  return {
    ofApp: (appId) =>
      known(one.apps.all(appId), one.containers.all(appId), one.codes.all(appId)).get(appId) ?? NOTHING_KNOWN,
    all: () => known(every.apps.all(), every.containers.all(), every.codes.all()),
  }
}

export const NOTHING_KNOWN: KnownOfApp = {
  containers: [],
  codes: new Map(),
  isRead: false,
  nextImageId: null,
}

function known(
  apps: readonly Row[],
  containers: readonly Container[],
  codes: readonly Code[],
): ReadonlyMap<number, KnownOfApp> {
  const containersOf = Map.groupBy(containers, ({ appId }) => appId)
  const codesOf = Map.groupBy(codes, ({ appId }) => appId)
  return new Map(
    apps.map(({ appId, isRead, nextImageId }) => [
      appId,
      {
        containers: (containersOf.get(appId) ?? []).map((container) => ({
          ...container,
          inService: container.inService === null ? null : container.inService === 1,
        })),
        codes: new Map(codesOf.get(appId)?.map(({ imageId, codeId }) => [imageId, codeId])),
        isRead: isRead === 1,
        nextImageId,
      },
    ]),
  )
}
