/** What can be done to deployments: begun from a repository, an image or an archive, ended, done again. */
import { Hono } from 'hono'
import { HTTPException } from 'hono/http-exception'
import type { AppReads } from '../apps/app.ts'
import type { Ask, AskEnv } from '../jobs/asking.ts'
import type { End } from '../jobs/ending.ts'
import type { ReportReads } from '../reports/report.ts'
import { NotFound } from '../web/errors.ts'
import { refuse } from '../web/fields.ts'
import type { Uploads } from '../web/upload.ts'
import { archiveTypeOf } from './archive.ts'
import { isLocal, LOCAL_SWITCH } from './command.ts'
import type { DeploymentReads } from './deployment.ts'
import { withoutMacFiles } from './mac-zip.ts'
import { type JobThatBegan, redeployOf } from './redeploy.ts'

export interface DeploymentActionsOptions {
  readonly ask: Ask
  readonly end: End
  readonly apps: Pick<AppReads, 'named'>
  readonly deployments: Pick<DeploymentReads, 'numbered' | 'page'>
  /** The job that ran for an app at a time. */
  readonly jobDuring: (app: string, at: number) => JobThatBegan | undefined
  readonly uploads: Uploads
  readonly reports: Pick<ReportReads, 'server'>
  /** The job that runs for an app, if the panel has one. */
  readonly runningJob: (app: string) => { readonly id: number; readonly kind: string } | undefined
}

/** Jobs that are a deploy and nothing else: whoever cancels the deploy cancels the job. */
const DEPLOYS = new Set(['git:sync', 'git:from-image', 'git:from-archive', 'ps:rebuild'])

export const deploymentActions = (options: DeploymentActionsOptions) => {
  const { ask, end, apps, deployments, uploads, reports, runningJob, jobDuring } = options
  const allowed = () => reports.server('allowed')?.body ?? []

  const there = (name: string) => {
    const app = apps.named(name)
    if (app === undefined || app.destroyedAt !== null) throw new NotFound(`There is no app named ${name}.`)
    return app
  }
  const found = (name: string, number: string) => {
    const app = there(name)
    const deployment = deployments.numbered(app.id, Number(number))
    if (deployment === undefined) throw new NotFound(`${app.name} has no deployment #${number}.`)
    return deployment
  }

  return new Hono<AskEnv>()
    .post('/apps/:app/deployments', async (c) => {
      const { name: app } = there(c.req.param('app'))
      const { image, url, ref = '' } = await c.req.parseBody()
      if (typeof url === 'string' && isLocal(url) && !allowed().includes(LOCAL_SWITCH))
        refuse(LOCAL_IS_ROOT, ['url'])
      return image === undefined
        ? ask(c, { kind: 'git:sync', payload: { app, url, ref } })
        : ask(c, { kind: 'git:from-image', payload: { app, image } })
    })
    .post('/apps/:app/archives', async (c) => {
      const { name: app } = there(c.req.param('app'))
      const upload = await uploads.take(c.req.raw, 'archive')
      try {
        if (upload === null) return refuse('choose an archive; what came was empty', ['archive'])
        const type = archiveTypeOf(upload.head)
        if (type === null) return refuse('this is no tar, tar.gz or zip archive', ['archive'])
        if (type === 'zip') withoutMacFiles(upload.file)
        return await ask(c, {
          kind: 'git:from-archive',
          payload: { app, type },
          input: { file: upload.file },
        })
      } finally {
        // Nothing where a job took it.
        upload?.discard()
      }
    })
    .post('/apps/:app/deployments/:number{[0-9]+}/redeploys', (c) => {
      const { app, number } = c.req.param()
      const deployment = found(app, number)
      const lately = deployments.page({ appId: deployment.appId }, { limit: 50 })
      const job = deployment.door === 'panel' ? jobDuring(app, deployment.startedAt) : undefined
      const again = redeployOf(app, deployment, lately, job)
      if (again === null) throw new HTTPException(409, { message: NOT_KEPT })
      return ask(c, again)
    })
    .post('/apps/:app/deployments/:number{[0-9]+}/cancellation', (c) => {
      const { app, number } = c.req.param()
      const { status, kind, door } = found(app, number)
      if (status !== 'running')
        throw new HTTPException(409, { message: `${app} #${number} has ended: ${status}` })
      if (kind !== 'build') throw new HTTPException(409, { message: NO_LOCK })
      const job = door === 'panel' ? runningJob(app) : undefined
      return job && DEPLOYS.has(job.kind)
        ? end(c, job.id)
        : ask(c, { kind: 'builds:cancel', payload: { app } })
    })
}

const LOCAL_IS_ROOT = `a repository on the server’s own disk is as good as root on it; its root may allow it: sudo dokku dokkubase:set ${LOCAL_SWITCH} true`
const NOT_KEPT =
  'Dokku keeps no older code that was pushed or uploaded: push or upload it again to deploy it once more'
const NO_LOCK = 'Dokku cancels builds only; a restart goes to its end'
