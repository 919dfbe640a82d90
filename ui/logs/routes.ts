import { type Context, Hono } from 'hono'
import type { AppHeads } from '../apps/head.ts'
import type { Deployment, DeploymentReads } from '../deployments/deployment.ts'
import type { HintContext } from '../deployments/hint-context.ts'
import type { Dokku } from '../dokku/dokku.ts'
import { isAppName } from '../dokku/names.ts'
import { LOCAL, type RecordedEvent } from '../events/event.ts'
import type { Admit } from '../live/admission.ts'
import { type AppEnv, appPage, knownApp } from '../web/app-page.ts'
import { NotFound } from '../web/errors.ts'
import type { Frame } from '../web/frame.ts'
import type { Html } from '../web/layout.ts'
import { type Bound, download, joined, someLines } from './answers.ts'
import type { Copies } from './copies.ts'
import type { Progress } from './copy.ts'
import { copiedSource, deploymentPane, type Explanation, explain, runningPane } from './shown.ts'
import { type LineSource, lineStreams, type StreamOptions } from './stream.ts'
import { type Tails, tails } from './tails.ts'

export interface LogsOptions {
  readonly copies: Copies
  readonly dokku: Pick<Dokku, 'follow'>
  readonly heads: AppHeads
  readonly deployments: Pick<DeploymentReads, 'numbered'>
  readonly admit: Admit
  readonly stream?: StreamOptions
  readonly tail?: Omit<Parameters<typeof tails>[0], 'dokku'>
}

export interface Logs {
  readonly routes: Hono<LogsEnv>
  /** The viewer of a deployment's log, for its page. */
  pane(frame: Pick<Frame, 'now'>, deployment: Deployment, app: string): Html
  /** The lines that say why it failed, and what that usually means. */
  explain(deployment: Deployment, context: HintContext): Explanation
  /** How far it has come, while its log is written. */
  progress(deployment: Deployment): Progress | null
  /** After each commit: a running log follows the containers of the new deploy. */
  recorded(events: readonly RecordedEvent[]): void
  /** Streams that are open, and `dokku logs` that run for them. */
  viewers(): number
  following(): number
  close(): void
}

type LogsEnv = AppEnv & Bound

export function logs({ copies, dokku, heads, deployments, admit, stream, tail }: LogsOptions): Logs {
  const streams = lineStreams(stream)
  const running = tails({ dokku, ...tail })
  const known = knownApp(heads)

  const found = (c: Context<LogsEnv>): Deployment => {
    const { app } = c.get('head')
    const number = Number(c.req.param('number'))
    const deployment = deployments.numbered(app.id, number)
    if (deployment === undefined) throw new NotFound(`${app.name} has no deployment #${number}.`)
    return deployment
  }

  const join = (c: Context<LogsEnv>, key: string, source: () => LineSource): Response =>
    joined(streams, c, key, source, admit)

  const routes = new Hono<LogsEnv>()
    .get('/apps/:app/deployments/:number{[0-9]+}/log', known, (c) => {
      const name = `${c.get('head').app.name}-${c.req.param('number')}.log`
      return download(c, name, copies.text(found(c).id))
    })
    .get('/apps/:app/deployments/:number{[0-9]+}/log/lines', known, (c) => {
      const { id, reasonLines } = found(c)
      return someLines(c, copies, id, reasonLines)
    })
    .get('/apps/:app/deployments/:number{[0-9]+}/log/stream', known, (c) => {
      const deployment = found(c)
      return join(c, `deployment ${deployment.id}`, () =>
        copiedSource(copies, deployment.id, deployment.status === 'running'),
      )
    })
    .get('/apps/:app/logs', known, async (c) => {
      const { app } = c.get('head')
      const mayRun = app.destroyedAt === null && isAppName(app.name)
      if (mayRun) running.warm(app.name)
      if (mayRun && c.req.query('wait') !== undefined) await firstLines(running, app.name)
      const pane = runningPane(app.name, mayRun ? running.of(app.name) : null)
      return c.html(appPage(c.get('frame'), c.get('head'), { tab: 'logs', scripts: ['log.js'] }, pane))
    })
    .get('/apps/:app/logs/stream', known, (c) => {
      const { app } = c.get('head')
      if (app.destroyedAt !== null) throw new NotFound(`${app.name} was destroyed.`)
      if (!isAppName(app.name)) throw new NotFound(`Dokku cannot be asked for the log of ${app.name}.`)
      return join(c, `app ${app.name}`, () => running.of(app.name))
    })

  return {
    routes,
    pane: (_, deployment, app) => deploymentPane(copies, deployment, app),
    explain: (deployment, context) => explain(copies, deployment, context),
    progress: ({ id }) => copies.progress(id),
    recorded(events) {
      for (const { trigger, app, host } of events)
        if (trigger === 'post-deploy' && app !== null && host === LOCAL) running.deployed(app)
    },
    viewers: streams.viewers,
    following: running.running,
    close() {
      streams.close()
      running.close()
    },
  }
}

const WAIT_MS = 3000

/** Without script nothing else brings the first lines onto the page. */
function firstLines(running: Tails, app: string): Promise<void> {
  const tail = running.of(app)
  if (tail.last() > 0) return Promise.resolve()
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer)
      leave()
      resolve()
    }
    const timer = setTimeout(done, WAIT_MS)
    const leave = tail.watch(() => tail.last() > 0 && done())
  })
}
