import { Hono } from 'hono'
import type { AppReads } from '../apps/app.ts'
import type { AppHeads } from '../apps/head.ts'
import type { DeploymentReads } from '../deployments/deployment.ts'
import { type AppEnv, knownApp } from '../web/app-page.ts'
import { NotFound } from '../web/errors.ts'
import { eventPage } from './event-views.ts'
import { EventsQuery, filterOf, MOST, PAGE } from './list.ts'
import { buildsOf, type EventReads } from './timeline.ts'
import { type EventsPage, eventsPage } from './views.ts'

export interface EventsOptions {
  readonly apps: AppReads
  readonly heads: AppHeads
  readonly deployments: DeploymentReads
  readonly events: EventReads
}

export const events = (options: EventsOptions) =>
  new Hono<AppEnv>()
    .get('/events', (c) => {
      const query = EventsQuery.parse(c.req.query())
      const appId = query.app === '' ? undefined : (options.apps.named(query.app)?.id ?? 0)
      return c.html(eventsPage(c.get('frame'), shown(options, query, appId)))
    })
    .get('/events/:seq{[0-9]+}', (c) => {
      const event = options.events.one(Number(c.req.param('seq')))
      if (event === undefined) throw new NotFound('There is no event with this number.')
      const { host, begins, appId } = event
      const folded = begins === '' || appId === null ? [] : options.events.ofBuild(host, begins, appId)
      return c.html(eventPage(c.get('frame'), { event, folded }))
    })
    .get('/apps/:app/events', knownApp(options.heads), (c) => {
      const head = c.get('head')
      const query = { ...EventsQuery.parse(c.req.query()), app: '' }
      return c.html(eventsPage(c.get('frame'), { head, ...shown(options, query, head.app.id) }))
    })

/** Where an app has more events than are read for this, who deployed it long ago is found by its deployments. */
const actorsOf = (deployments: DeploymentReads, events: EventReads, appId: number | undefined) =>
  appId === undefined
    ? events.actors()
    : [...new Set([...events.actors(appId), ...deployments.actors(appId)])].sort()

function shown(
  { apps, deployments, events }: EventsOptions,
  query: EventsQuery,
  appId: number | undefined,
): EventsPage {
  const { before, downTo } = query
  const found = events.page(filterOf(query, appId), {
    ...(before !== undefined && { before }),
    ...(downTo !== undefined && { downTo }),
    limit: downTo === undefined ? PAGE + 1 : MOST,
  })
  const some = downTo === undefined ? found.slice(0, PAGE) : found
  return {
    query,
    events: some,
    more: found.length > some.length,
    deployments: deployments.byBuilds(buildsOf(some)),
    apps: appId === undefined || query.app !== '' ? apps.all().map(({ name }) => name) : [],
    actors: actorsOf(deployments, events, appId),
  }
}
