import { Hono } from 'hono'
import type { App, AppReads } from '../apps/app.ts'
import type { AppHeads } from '../apps/head.ts'
import type { Status } from '../apps/status.ts'
import type { JobInBrief } from '../jobs/job.ts'
import { type AppEnv, knownApp } from '../web/app-page.ts'
import type { RowOfDeployment } from '../web/deployment-row.ts'
import { NotFound } from '../web/errors.ts'
import type { Frame } from '../web/frame.ts'
import { deploymentButtons } from './action-views.ts'
import type { Deployment, DeploymentInBrief, DeploymentReads } from './deployment.ts'
import { DeploymentsQuery, filterOf, MOST, PAGE } from './list.ts'
import type { Neighbors } from './neighbors.ts'
import { type DeploymentPage, deploymentPage, isExplained, type LogOfDeployment } from './page-views.ts'
import { type JobThatBegan, redeployOf } from './redeploy.ts'
import { holder, ownerOf } from './remedies.ts'
import { nextStep } from './retry-views.ts'
import { type DeploymentsPage, deploymentsPage } from './views.ts'

export interface DeploymentsOptions {
  readonly apps: AppReads
  readonly heads: AppHeads
  readonly deployments: DeploymentReads
  readonly log: LogOfDeployment
  readonly neighbors: { beside(appId: number, number: number): Neighbors }
  readonly jobs: {
    /** The job that ran for an app at a time. */
    during(app: string, at: number): (JobInBrief & JobThatBegan) | undefined
    /** Who canceled a deploy of this app by a job that ended within these times, as far as the panel did it. */
    cancelerOf(app: string, from: number, to: number): string | undefined
  }
}

export const deployments = (options: DeploymentsOptions) =>
  new Hono<AppEnv>()
    .get('/deployments', (c) => {
      const query = DeploymentsQuery.parse(c.req.query())
      const app = query.app === '' ? undefined : options.apps.named(query.app)
      // An app nobody knows narrows to nothing, not to everything.
      const appId = query.app === '' ? undefined : (app?.id ?? 0)
      return c.html(deploymentsPage(c.get('frame'), shown(options, query, appId)))
    })
    .get('/apps/:app/deployments', knownApp(options.heads), (c) => {
      const head = c.get('head')
      const query = { ...DeploymentsQuery.parse(c.req.query()), app: '' }
      return c.html(deploymentsPage(c.get('frame'), { head, ...shown(options, query, head.app.id) }))
    })
    .get('/apps/:app/deployments/:number{[0-9]+}', knownApp(options.heads), (c) => {
      const head = c.get('head')
      const number = Number(c.req.param('number'))
      const { deployments, jobs, neighbors, log } = options
      const deployment = deployments.numbered(head.app.id, number)
      if (deployment === undefined) throw new NotFound(`${head.app.name} has no deployment #${number}.`)
      const previous = previousOf(deployments, deployment)
      const job = deployment.door === 'panel' ? jobs.during(head.app.name, deployment.startedAt) : undefined
      const context = { app: head.app.name, keepsRunning: previous !== undefined && !head.app.stopped }
      return c.html(
        deploymentPage(c.get('frame'), head, {
          deployment,
          previous,
          usual: deployments.usual(head.app.id, deployment.kind),
          explanation: isExplained(deployment) ? log.explain(deployment, context) : null,
          job,
          neighbors: neighbors.beside(head.app.id, number),
          progress: deployment.status === 'running' ? log.progress(deployment) : null,
          log: log.pane(c.get('frame'), deployment, head.app.name),
          ...nextOf(c.get('frame'), head.app, deployments, deployment, job),
          runs: runsNow(head.status, deployment),
          live: liveOf(head.status, deployment),
          canceledBy: canceledBy(options, head.app, deployment),
          holder: heldBy(c.get('frame'), head.app, deployments, deployment),
        }),
      )
    })

/** What can be done about it: a button, or words where none helps and nothing later went live. */
const nextOf = (
  frame: Frame,
  app: App,
  deployments: DeploymentReads,
  deployment: Deployment,
  job: JobThatBegan | undefined,
): Pick<DeploymentPage, 'buttons' | 'nextStep'> => {
  if (app.front || app.destroyedAt !== null) return { buttons: '', nextStep: '' }
  const lately = deployments.page({ appId: app.id }, { limit: 50 })
  const again = redeployOf(app.name, deployment, lately, job)
  const isSuperseded = lately.some(
    ({ id, kind, status }) => id > deployment.id && kind === 'build' && status === 'succeeded',
  )
  return {
    buttons: deploymentButtons(frame, app.name, deployment, again),
    nextStep: again === null && !isSuperseded ? nextStep(frame, app.name, deployment) : '',
  }
}

/** Whether its code is what runs now, as far as that was observed; of a restart or a change of config, its image. */
const runsNow = ({ running }: Status, { id, imageId, liveAt }: Deployment): boolean =>
  running.kind === 'code' &&
  running.unsure === '' &&
  running.codes.some(
    (code) =>
      code.deployment !== null &&
      (code.deployment.id === id || (liveAt !== null && imageId !== null && code.imageId === imageId)),
  )

/** What runs instead of one that did not get there, as far as that was observed. */
const liveOf = ({ running }: Status, { status, id }: Deployment): DeploymentPage['live'] => {
  if (status === 'running' || status === 'succeeded' || running.kind !== 'code') return null
  const [code, other] = running.codes
  if (other !== undefined || code === undefined || code.deployment === null) return null
  return code.deployment.id === id ? null : { deployment: code.deployment, unsure: running.unsure }
}

/** The build's end is noticed after the job that ended it, or a little before. */
const AROUND_MS = 30_000

const canceledBy = ({ jobs }: DeploymentsOptions, app: App, deployment: Deployment): string | null => {
  const { status, startedAt, endedAt } = deployment
  if (status !== 'canceled' || endedAt === null) return null
  return jobs.cancelerOf(app.name, startedAt, endedAt + AROUND_MS) ?? null
}

const heldBy = (frame: Frame, app: App, deployments: DeploymentReads, deployment: Deployment) => {
  const { id, status, startedAt, endedAt } = deployment
  if (status !== 'refused' || app.destroyedAt !== null) return ''
  const refused = { id, from: startedAt, to: endedAt ?? startedAt }
  const owner = ownerOf(deployments, app.id, refused)
  // Whether an unknown one still holds it is only asked where the app is locked.
  return owner === undefined && !app.locked ? '' : holder(frame, app, owner)
}

function shown(
  { apps, deployments }: DeploymentsOptions,
  query: DeploymentsQuery,
  appId: number | undefined,
): DeploymentsPage {
  const filter = filterOf(query, appId)
  const { before, downTo } = query
  const found = deployments.page(filter, {
    ...(before !== undefined && { before }),
    ...(downTo !== undefined && { downTo }),
    limit: downTo === undefined ? PAGE + 1 : MOST,
  })
  const rows = downTo === undefined ? found.slice(0, PAGE) : found
  const running = query.status === undefined || query.status === 'running' ? deployments.running(filter) : []
  const asRows = rowsOf(apps, deployments, [...rows, ...running])
  return {
    query,
    running: asRows(running),
    rows: asRows(rows),
    more: found.length > rows.length,
    apps: appId === undefined || query.app !== '' ? apps.all().map(({ name }) => name) : [],
    actors: deployments.actors(appId),
    doors: deployments.doors(appId),
  }
}

/** What its code is compared with: the code that was live before, for what brings none simply what was live. */
const previousOf = (
  deployments: DeploymentReads,
  { appId, id, revision }: Deployment,
): Deployment | undefined => {
  const live = deployments.liveBefore(appId, id)
  if (revision === '' || live === undefined) return live
  return deployments.codeOf(appId, live.id) ?? live
}

/** Names and usual durations are asked for once an app, not once a row. */
function rowsOf(apps: AppReads, deployments: DeploymentReads, all: readonly DeploymentInBrief[]) {
  const known = apps.byIds([...new Set(all.map(({ appId }) => appId))])
  const usual = new Map<string, number | null>()
  const usualOf = ({ appId, kind }: DeploymentInBrief) => {
    const key = `${appId} ${kind}`
    const found = usual.get(key)
    if (found !== undefined) return found
    const asked = deployments.usual(appId, kind)
    usual.set(key, asked)
    return asked
  }
  return (some: readonly DeploymentInBrief[]): readonly RowOfDeployment[] =>
    some.map((deployment) => ({
      deployment,
      app: known.get(deployment.appId)?.name ?? '',
      usual: usualOf(deployment),
    }))
}
