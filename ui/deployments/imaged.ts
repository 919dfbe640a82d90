/** Deployments as far as they tell whose code an image holds. */
import { and, asc, desc, eq, sql } from 'drizzle-orm'
import type { Database } from '../database/database.ts'
import type { ContainerList } from '../dokku/container.ts'
import { type Event, eventId, LOCAL, seenEvent } from '../events/event.ts'
import { areDone, type Imaged, type ImageReading, imagesSeen } from './images.ts'
import { deployments } from './table.ts'

const value = sql.placeholder

/** More deployments in a row without a known image than any app has. */
const MOST = 200

interface AppOfImages {
  readonly id: number
  readonly name: string
  readonly front: boolean
  readonly nextImageId: string | null
}

/**
 * What a list tells of images that was not known. To be given the list before it is kept, and called once everything
 * is known that happened before: then it gives events.
 */
export function imageWatch(
  db: Database,
  apps: { find(name: string): AppOfImages | undefined },
  now: () => number,
) {
  const ofApp = eq(deployments.appId, value('appId'))
  const since = db
    .select()
    .from(deployments)
    .where(
      and(
        ofApp,
        sql`${deployments.startedAt} >= coalesce((select max(started_at) from deployments as its where its.app_id = ${value('appId')} and its.image_id is not null), 0)`,
      ),
    )
    .orderBy(desc(deployments.startedAt), desc(deployments.id))
    .limit(MOST)
    .prepare()
  const known = db
    .select({ imageId: deployments.imageId, codeId: deployments.codeId })
    .from(deployments)
    .where(and(ofApp, sql`${deployments.imageId} in (select value from json_each(${value('ids')}))`))
    .orderBy(asc(deployments.id))
    .prepare()
  const byId = db
    .select({ buildId: deployments.buildId })
    .from(deployments)
    .where(eq(deployments.id, value('id')))
    .prepare()

  const codes = (appId: number, ids: readonly (string | null)[]): ReadonlyMap<string, number> =>
    new Map(
      known
        .all({ appId, ids: JSON.stringify(ids) })
        .flatMap(({ imageId, codeId }) =>
          imageId === null || codeId === null ? [] : [[imageId, codeId] as const],
        ),
    )

  /**
   * By app id: the image of its next start when that was last read with no deployment under way. One that was read
   * during a deployment may be that deployment's own, so that it says nothing of what there was before.
   */
  const settled = new Map<number, string | null>()

  const eventsOf = (app: AppOfImages, reading: ImageReading): readonly Event[] => {
    const own: readonly Imaged[] = since.all({ appId: app.id }).reverse()
    if (areDone(own, reading)) settled.set(app.id, reading.nextImageId)
    if (own.length === 0) return []
    const { nextImageId, previousImageId, containers } = reading
    const ids = [nextImageId, previousImageId, ...containers.map(({ imageId }) => imageId)]
    return imagesSeen(reading, own, codes(app.id, ids)).map(({ buildId, imageId, codeId }) => {
      const at = now()
      return seenEvent({
        id: eventId(at, 0, `${buildId}-image`),
        host: LOCAL,
        trigger: 'image-seen',
        at,
        args: [app.name, buildId, imageId, byId.get({ id: codeId })?.buildId ?? ''],
        buildId,
      })
    })
  }

  return (list: ContainerList) => {
    const previous = new Map(
      list.apps.map(({ app: name }) => {
        const app = apps.find(name)
        return [name, (app && settled.get(app.id)) ?? app?.nextImageId ?? null]
      }),
    )
    return (): readonly Event[] =>
      list.apps.flatMap(({ app: name, nextImageId }) => {
        const app = apps.find(name)
        if (app === undefined || app.front) return []
        const running = list.containers.filter(({ app, state }) => app === name && state === 'running')
        return eventsOf(app, {
          begunAt: list.readAt,
          previousImageId: previous.get(name) ?? null,
          nextImageId,
          containers: running.flatMap(({ facts }) => facts ?? []),
        })
      })
  }
}
